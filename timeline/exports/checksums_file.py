"""checksums.txt: the SHA-256 of the CSV and the JSON Lines of a selection, as `sha256sum --check` reads them.

Computed when it is asked for, by reading what it sums up: no page pays for it, and a package carries its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from timeline.exports.base import Export, Size
from timeline.exports.chunks import CHUNK
from timeline.exports.csv_file import CSV
from timeline.exports.jsonl_file import JSONL
from timeline.selection import Selection


class Checksums(Export):
    """A line for each file, under the name by which it is saved."""

    stem = "checksums"
    suffix = "txt"
    content_type = "text/plain; charset=utf-8"

    def measure(self, selection: Selection) -> Size:
        return Size(rows=None, length=None)

    def content(self, selection: Selection, size: Size, *, first: int = 0, chunk: int = CHUNK) -> Iterator[bytes]:
        for export in (CSV, JSONL):
            digest = hashlib.sha256()
            for part in export.content(selection, export.measure(selection), chunk=chunk):
                digest.update(part)
            yield f"{digest.hexdigest()}  {export.name(selection)}\n".encode()


CHECKSUMS = Checksums()
