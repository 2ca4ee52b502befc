"""Lists of invented orders, in the shapes in which the Federal Register exports its own."""

import csv
import io
import json
from typing import Any

COLUMNS = (
    "citation", "document_number", "end_page", "html_url", "pdf_url", "type", "subtype", "publication_date",
    "signing_date", "start_page", "title", "disposition_notes", "executive_order_number",
)  # fmt: skip


def order(number: int | str, signed: str = "2015-05-04", note: str = "", **cells: str) -> dict[str, str]:
    """Return the row of an invented order."""
    return {
        "citation": f"80 FR {number}",
        "document_number": f" 2015-{number}",
        "html_url": f"https://www.federalregister.gov/documents/2015/05/06/2015-{number}/lighthouses",
        "publication_date": "05/06/2015",
        "signing_date": signed,
        "title": f"Care of Lighthouse {number}",
        "disposition_notes": note,
        "executive_order_number": str(number),
        **cells,
    }


def as_csv(*orders: dict[str, str]) -> bytes:
    """Return the list as the CSV export has it."""
    stream = io.StringIO(newline="")
    lines = csv.DictWriter(stream, COLUMNS, restval="")
    lines.writeheader()
    lines.writerows(orders)
    return stream.getvalue().encode()


def as_json(*orders: dict[str, Any]) -> bytes:
    """Return the list as the API answers it: numbers are numbers there, and more is said than is read."""
    results = [{**each, "start_page": 5, "agencies": [{"name": "A"}]} for each in orders]
    return json.dumps({"count": len(results), "results": results}).encode()
