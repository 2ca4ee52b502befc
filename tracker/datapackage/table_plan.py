"""The plan of loading one table of actions. It only reads, and takes no lock; it is the same `Plan` as a package's.

Rows about entries that are here become edits of single cells (`edits`), all others new entries (`additions`).
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker import record
from tracker.columns import COLUMNS, unguard
from tracker.datapackage import additions, edits, merging
from tracker.datapackage.edits import Base, Edit
from tracker.datapackage.entries import column_of
from tracker.datapackage.merging import Conflict, Standing
from tracker.datapackage.plan import Plan, make_plan, never_published
from tracker.datapackage.read import Row
from tracker.datapackage.table import Table
from tracker.datapackage.words import Words
from tracker.models import PublishedAction

_CHUNK = 500
_NO_VERSION = (
    "This row differs from the entry here, and nothing says which published version it was edited from: export it with "
    "the column version and edit that file."
)
_TITLE_IS_TAKEN = "There is an entry with this title already; give this row a slug of its own if it is another one."


def plan_table(table: Table, *, today: date, publish: bool = False) -> Plan:
    """Return what loading `table` would do; with `publish`, what the ledger would refuse in new entries is a fault.

    A fixed number of queries for each 500 rows.
    """
    rows = [Row(row.number, {**row.cells, "slug": _slug(row.cells)}) for row in table.rows]
    _refuse_unclear(rows, table)
    standing = merging.standing(sorted({row["slug"] for row in rows}))
    clear = [row for row in rows if not table.faults.touch(table.name, row.number)]
    new = [row for row in clear if row["slug"] not in standing and _may_be_new(row, table)]
    package = additions.package_of(new, name=table.name)
    plan = make_plan(package, today=today, publish=publish)
    additions.copy_faults(package, table.faults)
    plan.faults, plan.notes = table.faults, [*table.notes, *package.notes]
    assert plan.vocabulary is not None  # noqa: S101 - for the type checker
    known = [row for row in clear if row["slug"] in standing]
    plan.rows = {row["slug"]: row.number for row in reversed(rows)}
    unkeyed = {row.number for row in table.rows if not row.cells.get("slug", "").strip()}
    _Desk(plan, table, standing, plan.vocabulary.words, unkeyed).judge_all(known)
    plan.public |= {slug for slug, here in standing.items() if here.is_public}
    plan.waiting = {slug: standing[slug].revision for slug in never_published(plan.same)}
    _check_merged(plan, table, today=today)
    plan.refused = sorted({row["slug"] for row in rows if table.faults.touch(table.name, row.number)})
    return plan


def _slug(cells: Mapping[str, str]) -> str:
    """Return the slug of a row as it stands there or, where that is blank, as its title makes it."""
    return cells.get("slug", "").strip() or record.stem_of(cells.get("title", ""))


def _refuse_unclear(rows: Sequence[Row], table: Table) -> None:
    """Refuse rows that name no entry, and those that name one for the second time."""
    first: dict[str, int] = {}
    for row, typed in zip(rows, table.rows, strict=True):
        message = ""
        if not (typed.cells.get("slug", "").strip() or typed.cells.get("title", "").strip()):
            message = "This row names no entry: it has neither slug nor title."
        elif first.setdefault(row["slug"], row.number) != row.number:
            message = f"Row {first[row['slug']]} is about the same entry ({row['slug'][:100]})."
        if message:
            table.faults.add(table.name, message, row=row.number, column="slug")


def _may_be_new(row: Row, table: Table) -> bool:
    """Return whether a row about no entry of the record describes a new one; say so where it does not."""
    if row.cells.get("version", "").strip():
        message = "There is no entry with this key here. To log a new one, empty version."
    elif not row.cells.get("title", "").strip():
        message = "There is no entry with this key here, and a new one needs a title."
    else:
        return True
    table.faults.add(table.name, message, row=row.number, column="slug")
    return False


# --- entries that are here -------------------------------------------------------------------------------------


@dataclass
class _Desk:
    """Where rows about entries of the record are judged, and their verdicts put into the plan."""

    plan: Plan
    table: Table
    standing: Mapping[str, Standing]
    words: Words
    unkeyed: set[int]  # rows whose slug was made from their title

    def judge_all(self, rows: Sequence[Row]) -> None:
        """Judge each row against the version it names, the one that is public, or the record."""
        bases = _bases(rows)
        for row in rows:
            here, base = self.standing[row["slug"]], bases.get(row["slug"])
            if base is None and row.cells.get("version", "").strip():
                self._refuse(row, "version", _no_such(row["version"].strip()))
                continue
            base = base or Base(edits.cells_of({"slug": row["slug"], "entry": here.entry}), here.content)
            self._put(row, edits.judge(row, base=base, here=here, words=self.words), here)

    def _put(self, row: Row, edit: Edit, here: Standing) -> None:
        if not (edit.refusals or edit.changes or edit.conflicts):
            self.plan.same.append(row["slug"])
        elif row.number in self.unkeyed:
            self._refuse(row, "title", _TITLE_IS_TAKEN)
        elif edit.refusals:
            for column, sentence in edit.refusals:
                self._refuse(row, column, sentence)
        elif not row.cells.get("version", "").strip():
            self._refuse(row, "version", _NO_VERSION)
        elif edit.conflicts:
            self.plan.conflicts += [
                Conflict(each.slug, self.table.name, each.row, each.column) for each in edit.conflicts
            ]
        else:
            self.plan.save(row["slug"], here.content | edit.changes, here)

    def _refuse(self, row: Row, column: str, sentence: str) -> None:
        self.table.faults.add(self.table.name, sentence, row=row.number, column=column)


def _no_such(version: str) -> str:
    return f"There is no published version {version[:20]} of this entry here."


def _bases(rows: Sequence[Row]) -> dict[str, Base]:
    """Return the published versions that rows name, and for those that name none the one that readers see now."""
    named = {row["slug"]: row.cells.get("version", "").strip() for row in rows}
    versions = {slug: number for slug, cell in named.items() if (number := merging.version_named(cell)) is not None}
    found = {row.slug: _base(row) for row in merging.versions_of(versions)}
    unnamed = sorted(slug for slug, cell in named.items() if not cell)
    for start in range(0, len(unnamed), _CHUNK):
        current = PublishedAction.objects.current().filter(slug__in=unnamed[start : start + _CHUNK])
        found |= {row.slug: _base(row) for row in current if row.record and row.change != "retracted"}
    return found


def _base(row: PublishedAction) -> Base:
    """Return a published row as its file had it. A row older than a column has no cell for that."""
    cells = next(csv.reader(io.StringIO(row.csv, newline="")), [])
    names = [column.name for column in COLUMNS]
    unguarded = [*map(unguard, cells), *[""] * (len(names) - len(cells))]
    content = merging.content_of(json.loads(row.record)["entry"], ())
    return Base(dict(zip(names, unguarded, strict=True)), content)


def _check_merged(plan: Plan, table: Table, *, today: date) -> None:
    """Ask the record whether it would take the edited entries, and tell it at the cells of their rows."""
    for draft, problems in zip(plan.changed, record.problems_of(plan.changed, today=today), strict=True):
        for path, sentences in problems.items():
            number, column = plan.rows[draft.slug or ""], column_of(path)
            table.faults.add(table.name, " ".join(sentences), row=number, column=column)
