"""What every file of a selection has: a size, validators, headers, and content that cannot end short unnoticed."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os import SEEK_END
from tempfile import TemporaryFile
from typing import Any, BinaryIO, ClassVar, cast

from django.db.models import Count
from django.utils.http import http_date

from timeline.exports.ahead import ahead
from timeline.exports.chunks import CHUNK, chunks, release
from timeline.keyset import Place
from timeline.selection import Selection, Surface
from timeline.selection.addresses import as_query

_BLOCK = 256 * 1024  # bytes
_MOST_SIZES = 1_000
_sizes: dict[str, Size] = {}

Found = list[tuple[Any, ...]]


class ShortFileError(Exception):
    """The rows changed while the file was under way (a redaction): it must not end as if it were whole."""


@dataclass(frozen=True)
class Size:
    """How many rows the file has, and how many bytes (None: not known before it is made).

    `is_verbatim`: every stored line is sent as it is, none is older than a column.
    """

    rows: int | None
    length: int | None
    is_verbatim: bool = False


class Export(ABC):
    """One kind of file: how it is named, announced and made. Exports never see a request."""

    stem: ClassVar[str] = "actions"
    suffix: ClassVar[str]
    content_type: ClassVar[str]
    surface: ClassVar[Surface] = "data"
    # Whether a browser offers to save it; what programs subscribe to is read where it is.
    is_saved: ClassVar[bool] = True
    # Part of every ETag: raise it when the same rows would give other bytes.
    format: ClassVar[int] = 1

    @property
    def file(self) -> str:
        """The file as an address has it, such as actions.csv."""
        return f"{self.stem}.{self.suffix}"

    @property
    def is_offered(self) -> bool:
        """Whether what the format needs is installed."""
        return True

    def name(self, selection: Selection) -> str:
        """Return the name under which the file is saved: which edition, and whether it is only a part."""
        part = "-selection" if selection.is_filtered else ""
        return f"{self.stem}-edition-{selection.number}{part}.{self.suffix}"

    def problems(self, selection: Selection) -> dict[str, list[str]]:
        """Return why this selection cannot be given as this file, by parameter name."""
        return {}

    def etag(self, selection: Selection) -> str:
        """Return the strong ETag of the file, without a query.

        The newest edition is part of it also when an older one is served: a redaction takes text out of old ones.
        """
        newest = selection.newest_edition
        parts = (self.file, self.format, selection.number, newest.digest if newest else "", selection.query())
        return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'

    def validators(self, selection: Selection) -> dict[str, str]:
        """Return the headers by which a file is kept and asked for again; a 304 has them too."""
        newest = selection.newest_edition
        found = {
            "ETag": self.etag(selection),
            # A pinned file is not kept for ever: the law may require a redaction.
            "Cache-Control": "public, max-age=86400" if is_pinned(selection) else "no-cache",
        }
        return found | ({"Last-Modified": http_date(newest.published_at.timestamp())} if newest else {})

    def headers(self, selection: Selection, size: Size) -> dict[str, str]:
        """Return the headers of the file."""
        found = {
            "Content-Type": self.content_type,
            "X-Edition": str(selection.number),
            "Link": ", ".join(_links(selection)),
        }
        if self.is_saved:
            found["Content-Disposition"] = f'attachment; filename="{self.name(selection)}"'
        counted = {"X-Row-Count": size.rows, "Content-Length": size.length}
        found |= {name: str(count) for name, count in counted.items() if count is not None}
        return found | self.validators(selection)

    def measure(self, selection: Selection) -> Size:
        """Return the size of the file without making it. One query."""
        return Size(rows=selection.narrowed().aggregate(rows=Count("pk"))["rows"], length=None)

    @abstractmethod
    def content(self, selection: Selection, size: Size, *, first: int = 0, chunk: int = CHUNK) -> Iterator[bytes]:
        """Yield the file from byte `first` on, reading `chunk` rows at a time.

        Raises ShortFileError at the end if something else came than `size` announced, so that the transfer is cut.
        """


class BuiltExport(Export):
    """A file whose format needs all of it before its first byte is known (a workbook, an archive).

    It is built on disk in flat memory, then sent with its length. Building the same selection twice gives the same
    bytes, so that a broken download can go on.
    """

    @abstractmethod
    def build(self, selection: Selection, file: BinaryIO, *, chunk: int = CHUNK) -> None:
        """Write the whole file."""

    def built(self, selection: Selection) -> tuple[BinaryIO, int]:
        """Return the file at its beginning, which goes when it is closed, and its length in bytes."""
        file = cast(BinaryIO, TemporaryFile(prefix="export-"))  # noqa: SIM115 - closed by whoever sends it
        try:
            self.build(selection, file)
            release()  # sending may take the reader's time
        except BaseException:
            file.close()
            raise
        length = file.seek(0, SEEK_END)
        file.seek(0)
        return file, length

    def content(self, selection: Selection, size: Size, *, first: int = 0, chunk: int = CHUNK) -> Iterator[bytes]:
        file, _ = self.built(selection)
        return blocks(file, first=first)


def blocks(file: BinaryIO, *, first: int = 0) -> Iterator[bytes]:
    """Yield `file` from byte `first` on, then close it."""
    with file:
        file.seek(first)
        while block := file.read(_BLOCK):
            yield block


class StoredExport(Export):
    """A head and one stored line for each row: nothing is composed, so the length is known before and any part of it
    can be found again."""

    # What the ledger keeps of a row to make its line, and what is enough to know the length of the line.
    fields: ClassVar[tuple[str, ...]]
    ending: ClassVar[str]  # of each line, behind the first of `fields`
    size_fields: ClassVar[tuple[str, ...]]

    def measure(self, selection: Selection) -> Size:
        """Return the size of the file without making it. One query, whose answer is kept: it visits every row.

        What is kept goes by the ETag, so a new edition (a redaction is one) is measured anew.
        """
        etag = self.etag(selection)
        size = _sizes.get(etag) or self.counted(selection)
        if len(_sizes) >= _MOST_SIZES:
            _sizes.clear()
        _sizes[etag] = size
        return size

    @abstractmethod
    def counted(self, selection: Selection) -> Size:
        """Return the size of the file by counting. One query."""

    @abstractmethod
    def head(self, selection: Selection) -> bytes:
        """Return what stands before the first line."""

    @abstractmethod
    def line(self, selection: Selection) -> Callable[..., str]:
        """Return what turns the `fields` of a row into its line, line end included."""

    @abstractmethod
    def line_bytes(self, selection: Selection) -> Callable[..., int]:
        """Return what turns the `size_fields` of a row into the number of bytes of its line."""

    def content(self, selection: Selection, size: Size, *, first: int = 0, chunk: int = CHUNK) -> Iterator[bytes]:
        release()  # from here on nothing is held while the reader takes his time
        head = self.head(selection)
        after, skip = self._place(selection, first - len(head), chunk=chunk)
        fields, joined = self._joined(selection, size)
        sent = rows = 0
        if part := head[first:]:
            yield part
            sent = len(part)
        for found in ahead(chunks(selection, *fields, chunk=chunk, after=after)):
            part = joined(found).encode()[skip:]
            sent, rows, skip = sent + len(part), rows + len(found), 0
            yield part
        if (size.length is not None and sent != size.length - first) or (first == 0 and rows != size.rows):
            raise ShortFileError(
                f"{rows} rows ({sent} bytes) were sent where {size.rows} ({size.length}) were announced."
            )

    def _joined(self, selection: Selection, size: Size) -> tuple[tuple[str, ...], Callable[[Found], str]]:
        """Return which fields are read of the rows, and what turns (sort key, slug, *fields) of many into lines."""
        if size.is_verbatim:
            end = self.ending
            return self.fields[:1], lambda found: end.join([row[2] for row in found]) + end
        line = self.line(selection)
        return self.fields, lambda found: "".join([line(*fields) for _, _, *fields in found])

    def _place(self, selection: Selection, offset: int, *, chunk: int) -> tuple[Place | None, int]:
        """Return the row before the one that holds byte `offset` behind the head, and how much of that one to skip."""
        if offset <= 0:
            return None, 0
        after: Place | None = None
        length_of = self.line_bytes(selection)
        for found in chunks(selection, *self.size_fields, chunk=chunk):
            for key, slug, *fields in found:
                length = length_of(*fields)
                if offset < length:
                    return after, offset
                offset, after = offset - length, (key, slug)
        return after, 0


def _links(selection: Selection) -> Iterator[str]:
    yield '</method/#columns>; rel="describedby"'
    if "changed_since" in selection.texts:
        # What stands no longer is in no file of rows that stand (codebook 10).
        query = as_query({"changed_since": (str(selection.since),), "as_of": (str(selection.number),)})
        yield f'</retractions.csv?{query}>; rel="related"'


def is_pinned(selection: Selection) -> bool:
    """Return whether the address names an edition, so that its rows stay what they are."""
    return selection.values.get("as_of") is not None
