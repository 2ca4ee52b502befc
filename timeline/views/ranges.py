"""Parts of files (RFC 9110, section 14): a broken download goes on where it stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


class UnsatisfiableError(Exception):
    """The part asked for begins behind the end of the file."""


@dataclass(frozen=True)
class Part:
    """Bytes `first` to `last` of a file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Number of bytes."""
        return self.last - self.first + 1


def part_of(request: HttpRequest, *, length: int, etag: str, is_pinned: bool) -> Part | None:
    """Return the part of a file of `length` bytes that the request asks for; None means the whole.

    Several parts at once are answered with the whole, as the standard allows. So is a part of a file whose rows may
    have moved on since the rest was fetched: unless it is pinned, If-Range must name what it still is.
    Raises UnsatisfiableError.
    """
    condition = request.headers.get("If-Range", "")
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if request.method != "GET" or found is None or (condition != etag if condition else not is_pinned):
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:  # the last so many bytes
        return _part(max(0, length - int(last)), length - 1, length=length)
    if last and int(last) < int(first):
        return None
    return _part(int(first), int(last or length), length=length)


def _part(first: int, last: int, *, length: int) -> Part:
    if first >= length:
        raise UnsatisfiableError
    return Part(first=first, last=min(last, length - 1))


def limited(parts: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Yield the first `count` bytes of `parts`, and ask for no more of them than that takes."""
    for part in parts:
        if len(part) >= count:
            yield part[:count]
            return
        count -= len(part)
        yield part
