"""The Federal Register's list of executive orders -> documents, from its CSV and its JSON.

Both are what its document search exports: one row, or one object in "results", per document. Days are written as
05/20/2016 (month first, as everything American) or 2016-05-20, and one row may have both.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tracker.datapackage.faults import Faults
from tracker.models.fields import clean_text

MAX_BYTES = 100_000_000
"""The whole register of orders is half a megabyte."""

_NEEDED = ("document_number", "executive_order_number", "html_url", "publication_date", "signing_date", "title")
_ORDER = re.compile(r"\d{1,5}(?:-[A-Z])?")
_LONGEST_CELL = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Document:
    """One executive order as the register lists it. Days are YYYY-MM-DD; `row` counts as a spreadsheet does."""

    row: int
    number: str
    title: str
    signed: str
    published: str
    citation: str
    document_number: str
    url: str
    note: str


@dataclass
class Listing:
    """What was read from a file of the register."""

    name: str
    documents: list[Document] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    notes: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)  # number of an order -> its first row


def read_listing(content: bytes, *, name: str, max_rows: int) -> Listing:
    """Read an export of the register, CSV or JSON. Never raises on what is in it: see `.faults`."""
    listing = Listing(name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        listing.faults.add(name, f"Line {line} is not UTF-8. The register's exports are: fetch the file again.")
        return listing
    rows = _json_rows(text, listing) if text.lstrip()[:1] in ("{", "[") else _csv_rows(text, listing)
    try:
        for count, (number, row) in enumerate(rows):
            if count == max_rows:
                listing.faults.add(name, f"More than {max_rows} rows; nothing after them was read.", row=number)
                break
            _take(listing, number, row)
    except csv.Error as error:
        listing.faults.add(name, f"This cannot be read to its end as CSV: {error}.")
    return listing


Rows = Iterable[tuple[int, Mapping[str, str]]]


def _csv_rows(text: str, listing: Listing) -> Iterator[tuple[int, Mapping[str, str]]]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [cell.strip() for cell in next(lines, [])]
    if missing := [column for column in _NEEDED if column not in header]:
        message = f"This is no list of documents of the Federal Register: it has no {', '.join(missing)}."
        listing.faults.add(listing.name, message, row=1)
        return
    for number, cells in enumerate(lines, start=2):
        if len(cells) > len(header):
            message = f"This row has {len(cells)} cells, the header has {len(header)}."
            listing.faults.add(listing.name, message, row=number)
        elif any(cells):
            yield number, dict(zip(header, cells, strict=False))


def _json_rows(text: str, listing: Listing) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        listing.faults.add(listing.name, f"This cannot be read as JSON: {str(error)[:100]}.")
        return
    if isinstance(found, dict):
        found = found.get("results", [found])
    if not isinstance(found, list) or not all(isinstance(item, dict) and "document_number" in item for item in found):
        message = 'This is no list of documents of the Federal Register: it has no "results" with document_number.'
        listing.faults.add(listing.name, message)
        return
    for number, item in enumerate(found, start=1):
        plain = {key: str(value) for key, value in item.items() if isinstance(value, str | int)}
        yield number, {"executive_order_number": "", **plain}


def _take(listing: Listing, number: int, row: Mapping[str, str]) -> None:
    """Add the document in a row, or say what is wrong with it; other kinds of documents are left aside."""
    cells = {column: clean_text(cell[:_LONGEST_CELL]) for column, cell in row.items()}
    if not cells.get("executive_order_number"):
        listing.notes.append(f"{listing.name}:{number}: no executive order (it has no number), left aside.")
        return
    wrong = dict(_complaints(cells))
    first = listing.rows.setdefault(cells["executive_order_number"], number)
    if first != number:
        wrong["executive_order_number"] = f"Row {first} is about the same order."
    for column, sentence in wrong.items():
        listing.faults.add(listing.name, sentence, row=number, column=column)
    if not wrong:
        listing.documents.append(_document(number, cells))


def _complaints(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column in ("title", "document_number", "html_url"):
        if not cells.get(column):
            yield column, "It may not be empty."
    if not _ORDER.fullmatch(cells["executive_order_number"]):
        yield "executive_order_number", "This is not the number of an executive order."
    for column in ("signing_date", "publication_date"):
        if not day_in(cells.get(column, "")):
            yield column, "Write the day like 2016-05-20 or 05/20/2016, month first."
    for column, cell in cells.items():
        if _CONTROL.search(cell):
            yield column, "It contains a control character."


def _document(number: int, cells: Mapping[str, str]) -> Document:
    return Document(
        row=number,
        number=cells["executive_order_number"],
        title=" ".join(cells["title"].split()),
        signed=day_in(cells["signing_date"]),
        published=day_in(cells["publication_date"]),
        citation=cells.get("citation", ""),
        document_number=cells["document_number"],
        url=cells["html_url"],
        note=cells.get("disposition_notes", ""),
    )


def day_in(text: str) -> str:
    """Return a day of the register as YYYY-MM-DD; blank when it is none."""
    try:
        if "/" in text:
            return datetime.strptime(text, "%m/%d/%Y").date().isoformat()  # noqa: DTZ007 - a day has no zone
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
