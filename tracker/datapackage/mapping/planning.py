"""The plan of importing a mapped table: an ordinary `Plan`, and what its owner should look at, row by row."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model

from tracker import record
from tracker.datapackage.apply import imported_with
from tracker.datapackage.entries import ACTIONS, CITATIONS, LINES, RELATIONS, column_of, of_one_table
from tracker.datapackage.faults import Fault, Faults
from tracker.datapackage.mapping.building import Built, Problem, build
from tracker.datapackage.mapping.owning import Owning
from tracker.datapackage.mapping.reading import ALL_FAULTS, RawTable
from tracker.datapackage.mapping.spec import TableMapping
from tracker.datapackage.plan import Plan, make_plan
from tracker.datapackage.vocabulary import SOURCES, TERMS
from tracker.datapackage.words import MODELS
from tracker.models import Revision, Source

_FACTS = {LINES: "status_history", CITATIONS: "citations", RELATIONS: "relations", SOURCES: "citations"}


@dataclass
class MappedPlan:
    """A plan, its problems in words, and the entries of earlier imports that the file no longer has."""

    plan: Plan
    problems: list[Problem] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many entries are new, changed, the same and so on."""
        told = Counter(problem.state for problem in self.problems)
        return {
            "new": len(self.plan.new),
            "changed": len(self.plan.changed),
            "same": len(self.plan.same),
            "conflict": len(self.plan.conflicting),
            "refused": len({problem.row for problem in self.problems if problem.state == "refused"}),
            "queued": len(self.plan.unready),
            "vanished": told["vanished"],
        }


def plan_mapped(raw: RawTable, mapping: TableMapping, *, today: date, publish: bool = False) -> MappedPlan:
    """Return what importing the rows of `raw` would do; with `publish`, what the ledger would refuse is a fault.

    Reads only, takes no lock.
    """
    if raw.faults:
        return _refused(raw, mapping)
    built = build(raw, mapping)
    judging = Owning(mapping.name, mapping.owned, bool(mapping.status and mapping.status.appends), built.open)
    plan = make_plan(built.package, today=today, publish=publish, judging=judging, unready=built.open)
    plan.mapping = mapping.name
    plan.notes = [*raw.notes, *plan.notes]
    plan.faults = _translated(plan.faults, mapping, raw.name)
    _leave_uncited(plan)
    _check_changed(plan, mapping, today=today)
    found = MappedPlan(plan, built.problems)
    found.vanished = sorted(_imported_before(mapping) - built.numbers.keys())
    cells = {row.number: row.cells for row in raw.rows} if plan.faults or plan.conflicts else {}
    found.problems += [*_told(plan, built, cells), *(_vanished(slug) for slug in found.vanished)]
    return found


def _refused(raw: RawTable, mapping: TableMapping) -> MappedPlan:
    plan = Plan(raw.name, raw.faults, list(raw.notes), mapping=mapping.name)
    return MappedPlan(plan, [_of_fault(fault, {}) for fault in raw.faults])


def _translated(faults: Faults, mapping: TableMapping, name: str) -> Faults:
    """Return the faults of the package where the table has what they are about."""
    found = Faults(most=ALL_FAULTS)
    for fault in faults:
        column, message = fault.column, of_one_table(fault.message)
        if fault.file != name:
            fact = _FACTS.get(fault.file, fault.column or "")
            column = mapping.place_of(fact.removesuffix("_slug")) or None
            subject = fault.column if fault.file in (ACTIONS, TERMS) else f"{fault.file} {fault.column or ''}".strip()
            message = f"{subject}: {message}" if subject and subject != column else message
        found.add(name, message, row=fault.row, column=column)
    return found


def _check_changed(plan: Plan, mapping: TableMapping, *, today: date) -> None:
    """Ask the record whether it would take the entries as they come to be merged."""
    if plan.faults:
        return
    found = record.problems_of(plan.changed, today=today, coming=_coming(plan))
    for draft, problems in zip(plan.changed, found, strict=True):
        for path, sentences in problems.items():
            column = mapping.place_of(path.partition(".")[0]) or column_of(path)
            plan.faults.add(plan.name, " ".join(sentences), row=plan.rows[draft.slug or ""], column=column)


def _coming(plan: Plan) -> Iterator[tuple[type[Model], str]]:
    """Yield the terms and sources that the plan creates."""
    if plan.vocabulary:
        yield from ((MODELS[kind], term["slug"]) for kind, term in plan.vocabulary.terms)
        yield from ((Source, source["slug"]) for source in plan.vocabulary.sources)


def _leave_uncited(plan: Plan) -> None:
    """Take the sources away that no entry to be saved cites: those of rows that change nothing."""
    cited = {item["source"]["slug"] for draft in plan.drafts for item in draft.entry["citations"]}
    if plan.vocabulary:
        plan.vocabulary.sources = [source for source in plan.vocabulary.sources if source["slug"] in cited]


def _imported_before(mapping: TableMapping) -> set[str]:
    """Return the entries that imports of this mapping made or changed. One query."""
    rows = Revision.objects.filter(reason__startswith=imported_with(mapping.name))
    return set(rows.order_by().values_list("action__slug", flat=True).distinct())


def _told(plan: Plan, built: Built, cells: Mapping[int, Mapping[str, str]]) -> Iterator[Problem]:
    """Yield the faults and conflicts of a plan that are not told yet."""
    known = {(problem.row, problem.column) for problem in built.problems if problem.state == "refused"}
    for fault in plan.faults:
        if (fault.row, fault.column or "") not in known:
            yield _of_fault(fault, cells.get(fault.row or 0, {}))
    for conflict in plan.conflicts:
        reason = f"{conflict.column} was also changed here since the last import; the entry is left as it is."
        yield Problem("conflict", conflict.row, conflict.column or "", "", reason, conflict.slug)


def _of_fault(fault: Fault, cells: Mapping[str, str]) -> Problem:
    column = fault.column or ""
    return Problem("refused", fault.row, column, cells.get(column, "")[:200], fault.message)


def _vanished(slug: str) -> Problem:
    return Problem("vanished", None, "", "", "An earlier import had this entry, this file has not. It stays.", slug)


def problem_cells(problem: Problem) -> Mapping[str, str]:
    """Return a problem as a line of a CSV."""
    return {
        "state": problem.state,
        "row": str(problem.row or ""),
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason,
        "entry": problem.slug,
    }
