"""actions.csv: the stored lines of a selection, one after the other (RFC 4180, CRLF, UTF-8).

Publishing wrote each line once, so exporting reads, pads and sends. Lines come in keyset chunks: each is one query
of its own and gives its connection back, so that a reader who stalls holds nothing that an editor needs.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, F, Func, Sum, Value

from timeline.selection import Selection
from tracker import columns

CHUNK = 5_000  # rows of one query
BOM = b"\xef\xbb\xbf"
# Part of every ETag: raise it when the same rows would give other bytes.
FORMAT = 1
CONTENT_TYPE = "text/csv; charset=utf-8; header=present"


class ShortFileError(Exception):
    """The rows changed while the file was under way (a redaction): it must not end as if it were whole."""


@dataclass(frozen=True)
class Size:
    """How many rows the file has, and how many bytes with header and line ends (None: not known before)."""

    rows: int
    length: int | None


def etag(selection: Selection) -> str:
    """Return the strong ETag of the file, without a query.

    The newest edition is part of it also when an older one is served: a redaction takes text out of old editions.
    """
    newest = selection.newest_edition
    parts = (FORMAT, selection.number, newest.digest if newest else "", selection.query())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def measure(selection: Selection) -> Size:
    """Return the size of the file. One query; its length is known when stored lines are sent as they are."""
    sums = selection.narrowed().aggregate(
        rows=Count("pk"), stored=Sum("csv_bytes", default=0), cells=Sum("edition__columns", default=0)
    )
    rows = int(sums["rows"])
    if _is_reread(selection):
        return Size(rows=rows, length=None)
    padding = rows * len(selection.all_columns) - sums["cells"]
    return Size(rows=rows, length=len(_head(selection)) + sums["stored"] + padding + 2 * rows)


def validators(selection: Selection) -> dict[str, str]:
    """Return the headers by which a file is kept and asked for again; a 304 has them too."""
    is_pinned = selection.values.get("as_of") is not None
    return {
        "ETag": etag(selection),
        # A pinned file is not kept for ever: the law may require a redaction.
        "Cache-Control": "public, max-age=86400" if is_pinned else "no-cache",
    }


def headers(selection: Selection, size: Size) -> dict[str, str]:
    """Return the headers of the file."""
    part = "-selection" if selection.is_filtered else ""
    found = {
        "Content-Type": CONTENT_TYPE,
        "Content-Disposition": f'attachment; filename="actions-edition-{selection.number}{part}.csv"',
        "X-Edition": str(selection.number),
        "X-Row-Count": str(size.rows),
        "Link": '</method/#columns>; rel="describedby"',
    }
    found |= validators(selection)
    return found if size.length is None else found | {"Content-Length": str(size.length)}


def content(selection: Selection, size: Size, *, chunk: int = CHUNK) -> Iterator[bytes]:
    """Yield the file: its header, then `chunk` rows at a time.

    Raises ShortFileError at the end if other rows came than `size` announced, so that the transfer is cut off.
    """
    _release()  # from here on nothing is held while the reader takes his time
    yield _head(selection)
    write = _line_writer(selection)
    sent = length = 0
    for rows in _chunks(selection, chunk=chunk):
        part = "".join(f"{write(line, had)}\r\n" for line, had in rows).encode()
        sent, length = sent + len(rows), length + len(part)
        yield part
    if sent != size.rows or (size.length is not None and length != size.length - len(_head(selection))):
        raise ShortFileError(f"{sent} rows were sent where {size.rows} were announced.")


def _is_reread(selection: Selection) -> bool:
    return selection.columns is not None or selection.is_raw


def _head(selection: Selection) -> bytes:
    line = columns.csv_line(selection.columns or selection.all_columns)
    return (BOM if selection.has_bom else b"") + f"{line}\r\n".encode()


# --- lines -----------------------------------------------------------------------------------------------------

LineWriter = Callable[[str, int], str]


def _line_writer(selection: Selection) -> LineWriter:
    """Return what turns (stored line, number of columns it has) into the line that is sent."""
    wanted, count = selection.columns, len(selection.all_columns)
    if not _is_reread(selection):
        return lambda line, had: line + "," * (count - had)
    places = [selection.all_columns.index(name) for name in wanted or selection.all_columns]
    shown: Callable[[str], str] = columns.unguard if selection.is_raw else str

    def reread(line: str, had: int) -> str:
        cells = next(csv.reader(io.StringIO(line, newline=""))) + [""] * (count - had)
        return columns.csv_line(shown(cells[place]) for place in places)

    return reread


class _After(Func):
    """(key, slug) > (given key, given slug) as one row value, which one index answers."""

    output_field = BooleanField()
    arity = 4

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(part) for part in self.source_expressions]
        key, slug, given_key, given_slug = (sql for sql, _ in parts)
        return (
            f"({key}, {slug}) > ({given_key}, {given_slug})",
            [value for _, values in parts for value in values],
        )


def _chunks(selection: Selection, *, chunk: int) -> Iterator[list[tuple[str, int]]]:
    """Yield lists of (stored line, columns it has) in the order of the selection, by keyset: no OFFSET."""
    key, slug = f"projection__{selection.order}", "projection__slug"
    fields = (key, slug, "csv", "edition__columns")
    rows = selection.rows().values_list(*fields)
    found = list(rows[:chunk])
    while found:
        _release()
        yield [(line, had) for _, _, line, had in found]
        if len(found) < chunk:
            return
        last_key, last_slug = found[-1][:2]
        after = _After(F(key), F(slug), Value(last_key), Value(last_slug))
        found = list(rows.filter(after)[:chunk])


def _release() -> None:
    """Give the connection back, unless a transaction (of a test) needs it."""
    if not connection.in_atomic_block:
        connection.close()
