"""actions.jsonl: the canonical JSON of each row, one to a line, as the ledger holds and seals it."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count, Sum

from timeline.exports.base import Size, StoredExport
from timeline.selection import Selection


class JSONLines(StoredExport):
    """Full records, nested, with everything that the digest of a row covers."""

    suffix = "jsonl"
    content_type = "application/jsonl; charset=utf-8"
    fields = ("record",)
    ending = "\n"
    size_fields = ("record_bytes",)

    def counted(self, selection: Selection) -> Size:
        sums = selection.narrowed().aggregate(rows=Count("pk"), stored=Sum("record_bytes", default=0))
        return Size(rows=int(sums["rows"]), length=int(sums["stored"] + sums["rows"]), is_verbatim=True)

    def head(self, selection: Selection) -> bytes:
        return b""

    def line(self, selection: Selection) -> Callable[..., str]:
        return "{}\n".format

    def line_bytes(self, selection: Selection) -> Callable[..., int]:
        return lambda stored: int(stored + 1)


JSONL = JSONLines()
