"""What a column is, and how its values become cells and lines of a CSV."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

Sort = Literal["editorial", "derived", "ledger"]
Type = Literal["string", "slug", "code", "list", "addresses", "edtf", "day", "instant", "boolean", "integer", "address"]

# What was written can be read back: Python's own limit, 131,072 characters, is less than a list of addresses may have.
csv.field_size_limit(2**31 - 1)

_LOOKS_LIKE_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_WAS_GUARDED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True)
class Column:
    """One public column: its place in the canonical document is `path`, steps separated by dots."""

    name: str
    title: str
    type: Type
    sort: Sort
    path: str
    description: str
    max_length: int | None = None

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The keys from the document down to the value."""
        return tuple(self.path.split("."))

    def value(self, record: Mapping[str, Any]) -> Any:
        """Return the value in `record` (a canonical document): text, int, bool, a list of text, or None."""
        return _follow(record, self.steps)

    def cell(self, record: Mapping[str, Any]) -> str:
        """Return the value in `record` as unguarded CSV text."""
        return as_text(self.value(record), type_=self.type)


def _follow(node: Any, steps: tuple[str, ...]) -> Any:
    for index, step in enumerate(steps):
        if node is None:
            return None
        if isinstance(node, list):
            return [_follow(item, steps[index:]) for item in node]
        node = node[step]
    return node


def as_text(value: Any, *, type_: Type = "string") -> str:
    """Return `value` as a CSV cell: null is empty, lists are joined with "; ", booleans are true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        items = (str(item).replace(";", "%3B") for item in value) if type_ == "addresses" else map(str, value)
        return "; ".join(items)
    return str(value)


def instant(at: datetime) -> str:
    """Return `at` as the ledger and the files write instants: whole UTC seconds, ending in Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def guard(cell: str) -> str:
    """Return `cell` so that no spreadsheet takes it for a formula: one quote in front where needed."""
    return f"'{cell}" if _LOOKS_LIKE_FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Return what `guard` was given: one quote removed where one was put."""
    return cell[1:] if _WAS_GUARDED.match(cell) else cell


def csv_line(cells: Iterable[str]) -> str:
    """Return `cells` as one RFC 4180 line without its line end."""
    buffer = io.StringIO(newline="")
    # Only the characters of its line end are quoted by the writer, so it must be told the real one.
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")
