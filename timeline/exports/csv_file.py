"""actions.csv: the stored lines of a selection, one after the other (RFC 4180, CRLF, UTF-8).

Publishing wrote each line once, so exporting reads, pads and sends.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from django.db.models import Count, Sum

from timeline.exports.base import Size, StoredExport
from timeline.selection import Selection
from tracker import columns

BOM = b"\xef\xbb\xbf"


class CSVFile(StoredExport):
    """The public columns. With `columns` or `raw` each stored line is read again, and the length is not known."""

    suffix = "csv"
    content_type = "text/csv; charset=utf-8; header=present"
    surface = "csv"
    fields = ("csv", "edition__columns")
    ending = "\r\n"
    size_fields = ("csv_bytes", "edition__columns")

    def counted(self, selection: Selection) -> Size:
        sums = selection.narrowed().aggregate(
            rows=Count("pk"), stored=Sum("csv_bytes", default=0), cells=Sum("edition__columns", default=0)
        )
        rows = int(sums["rows"])
        if _is_reread(selection):
            return Size(rows=rows, length=None)
        padding = rows * len(selection.all_columns) - sums["cells"]
        length = len(self.head(selection)) + sums["stored"] + padding + 2 * rows
        return Size(rows=rows, length=length, is_verbatim=padding == 0)

    def head(self, selection: Selection) -> bytes:
        line = columns.csv_line(selection.columns or selection.all_columns)
        return (BOM if selection.has_bom else b"") + f"{line}\r\n".encode()

    def line(self, selection: Selection) -> Callable[..., str]:
        """Return what turns (stored line, number of columns it has) into the line that is sent."""
        if _is_reread(selection):
            return reread(selection, is_raw=selection.is_raw)
        count = len(selection.all_columns)
        return lambda line, had: f"{line}{',' * (count - had)}\r\n"

    def line_bytes(self, selection: Selection) -> Callable[..., int]:
        count = len(selection.all_columns)
        return lambda stored, had: int(stored + count - had + 2)


def _is_reread(selection: Selection) -> bool:
    return selection.columns is not None or selection.is_raw


def reread(selection: Selection, *, is_raw: bool) -> Callable[..., str]:
    """Return what turns (stored line, number of columns it has) into the columns wanted, raw or guarded."""
    count = len(selection.all_columns)
    places = [selection.all_columns.index(name) for name in selection.columns or selection.all_columns]
    shown: Callable[[str], str] = columns.unguard if is_raw else str

    def line(stored: str, had: int) -> str:
        cells = next(csv.reader(io.StringIO(stored, newline=""))) + [""] * (count - had)
        return columns.csv_line(shown(cells[place]) for place in places) + "\r\n"

    return line


CSV = CSVFile()
