"""Canonical texts and their digests."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tracker import columns
from tracker.columns import instant

__all__ = ["canonical", "csv_line", "digest", "instant"]


def canonical(value: Any) -> str:
    """Return the one JSON text of `value`: sorted keys, no blanks, no floats that JSON lacks."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Return the SHA-256 of `text` as UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def csv_line(record: Mapping[str, Any], *, public_url: str) -> str:
    """Return the CSV line of a public record, guarded against formulas, without its line end."""
    addressed = {**record, "url": f"{public_url}/actions/{record['slug']}/"}
    return columns.csv_line(columns.guard(column.cell(addressed)) for column in columns.COLUMNS)
