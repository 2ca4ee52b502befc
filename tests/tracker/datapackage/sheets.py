"""Tables, workbooks and archives for tests: made from cells, or spoilt on purpose."""

import csv
import io
import stat
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tracker.columns import COLUMNS
from tracker.models import PublishedAction

Cells = dict[str, str]
NAMES = [column.name for column in COLUMNS]


def exported(*slugs: str) -> list[Cells]:
    """Return the public rows of these entries as /actions.csv has them, guards and all."""
    rows = {row.slug: row.csv for row in PublishedAction.objects.current().filter(slug__in=slugs)}
    lines = csv.reader(io.StringIO("\r\n".join(rows[slug] for slug in slugs), newline=""))
    return [dict(zip(NAMES, cells, strict=True)) for cells in lines]


def as_csv(rows: Sequence[Mapping[str, str]], *, columns: Sequence[str] = (), delimiter: str = ",") -> bytes:
    """Return a CSV of `columns`, by default those of the first row."""
    stream = io.StringIO(newline="")
    names = list(columns or rows[0])
    writer = csv.DictWriter(stream, names, restval="", extrasaction="ignore", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a workbook whose one sheet has these rows, the header first."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_of(rows: Sequence[Mapping[str, str]], *, columns: Sequence[str] = ()) -> bytes:
    """Return a workbook of the same cells as `as_csv`."""
    names = list(columns or rows[0])
    return as_xlsx([names, *([row.get(name, "") for name in names] for row in rows)])


# --- archives --------------------------------------------------------------------------------------------------


def zipped(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of `members`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def zipped_folder(folder: Path, *, inside: str = "") -> bytes:
    """Return the zip of a package's folder."""
    return zipped({f"{inside}{path.name}": path.read_bytes() for path in sorted(folder.iterdir())})


def with_link() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("actions.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return stream.getvalue()


def with_a_name_twice() -> bytes:
    content = zipped({"a.csv": b"1", "b.csv": b"2"})
    return content.replace(b"b.csv", b"a.csv")


def encrypted() -> bytes:
    """Return a zip that says its only file needs a password: bit 0 of the flags, in both headers."""
    content = bytearray(zipped({"datapackage.json": b"{}"}, method=zipfile.ZIP_STORED))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with one of its parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return zipped({**parts, name: content})


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
SHEET = "xl/worksheets/sheet1.xml"


_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>'
_DECLARED = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def with_shared_strings(strings: bytes, rows: bytes) -> bytes:
    """Return a workbook with this XML inside its shared strings and its sheet, as spreadsheets save text."""
    book = with_part(with_sheet(rows), "xl/sharedStrings.xml", _STRINGS % strings)
    types = "[Content_Types].xml"
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        declared = archive.read(types).replace(b"</Types>", _DECLARED)
    return with_part(book, types, declared)


def with_sheet(rows: bytes) -> bytes:
    """Return a workbook whose sheet has this XML inside."""
    return with_part(as_xlsx([["slug", "title"]]), SHEET, _SHEET % rows)
