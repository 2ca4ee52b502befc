"""package.zip: a selection as a data package, with all that it takes to read, cite, check and load it.

The data come from the ledger and are raw, as `seeds/` holds them; `package_texts` writes what explains them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from timeline.exports.archive import Archive
from timeline.exports.base import BuiltExport
from timeline.exports.chunks import CHUNK, chunks
from timeline.exports.companions import COMPANIONS, Rows
from timeline.exports.csv_file import CSV, reread
from timeline.exports.jsonl_file import JSONL
from timeline.exports.ledger_files import LEDGER_FILES
from timeline.exports.package_texts import About, texts, wording
from timeline.selection import Selection
from tracker import columns

CHECK = Path(__file__).with_name("check_package.py")


class PackageFile(BuiltExport):
    """A zip with the files of the public table, their description, and the script that checks them."""

    stem = "package"
    suffix = "zip"
    content_type = "application/zip"

    def etag(self, selection: Selection) -> str:
        """Return the strong ETag; the words around the data are part of it, since they change with a release."""
        parts = (super().etag(selection), wording(), CHECK.read_bytes())
        return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'

    def build(self, selection: Selection, file: BinaryIO, *, chunk: int = CHUNK) -> None:
        # Read first: what a redaction takes away meanwhile makes the last of the data files short, and that is told.
        size, about = JSONL.measure(selection), About.of(selection)
        with Archive(file, at=about.edition.published_at if about.edition else None) as archive:
            archive.add("actions.csv", _actions(selection, chunk=chunk))
            for name, rows in (COMPANIONS | LEDGER_FILES).items():
                archive.add(name, _table(name, rows(selection, chunk=chunk)))
            archive.add("actions.jsonl", JSONL.content(selection, size, chunk=chunk))
            archive.add(CHECK.name, [CHECK.read_bytes()])
            for name, text in texts(about, archive.members, rows=size.rows or 0):
                archive.add(name, [text.encode()])


def _actions(selection: Selection, *, chunk: int) -> Iterator[bytes]:
    """Yield actions.csv without the guards against formulas, which only spreadsheets need."""
    yield CSV.head(selection)
    line = reread(selection, is_raw=True)
    for found in chunks(selection, *CSV.fields, chunk=chunk):
        yield "".join([line(*fields) for _, _, *fields in found]).encode()


def _table(name: str, rows: Rows) -> Iterator[bytes]:
    yield f"{columns.csv_line(columns.FILES_BY_NAME[name].columns)}\r\n".encode()
    for found in rows:
        yield "".join([f"{columns.csv_line(cells.values())}\r\n" for cells in found]).encode()


PACKAGE = PackageFile()
