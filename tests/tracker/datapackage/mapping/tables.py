"""Invented tables and mappings for tests."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.datapackage import Outcome, apply_plan
from tracker.datapackage.mapping import MappedPlan, plan_mapped, read_mapping, read_table

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)

MAPPING = """
name = "harbour"
[key]
columns = ["No"]
prefix = "harbour"
[fields]
title = { column = "What", cut = 200 }
summary = "What"
date = { column = "Day", dates = ["%d.%m.%Y"] }
[fields.agency]
column = "Who"
parent = "Above"
unknown = "create"
[fields.topics]
flags = ["Fish", "Ships"]
unknown = "create"
[status]
date = { column = "Day", dates = ["%d.%m.%Y"] }
[[status.rules]]
when = { Over = "yes" }
status = "reversed"
[[status.rules]]
status = "in_effect"
[[sources]]
title = { template = "Harbour gazette, no. {No}" }
publisher = { constant = "Harbour Gazette" }
kind = { constant = "official_document" }
url = { template = "https://gazette.example/{No}" }
"""

ROW = {
    "No": "7", "What": "Quay closed to trawlers", "Day": "03.02.2025", "Who": "Harbour Board", "Above": "",
    "Fish": "yes", "Ships": "no", "Over": "no",
}  # fmt: skip


def row(**cells: str) -> dict[str, str]:
    return ROW | cells


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows as a CSV and return its path."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def plan(folder: Path, *rows: Mapping[str, str], mapping: str = MAPPING, publish: bool = True) -> MappedPlan:
    """Return the plan of importing these rows."""
    read = read_mapping(mapping, file="harbour.toml")
    table = read_table(write(folder / "table.csv", rows), read)
    return plan_mapped(table, read, today=AT.date(), publish=publish)


def load(folder: Path, *rows: Mapping[str, str], note: str = "News", **named: Any) -> Outcome:
    """Import these rows and publish them."""
    return apply_plan(plan(folder, *rows, **named).plan, by=None, at=AT, publish=True, note=note)
