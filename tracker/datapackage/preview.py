"""A plan row by row, in words: what becomes of each entry, and what changes in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from tracker import document
from tracker.comparing import Difference, differences
from tracker.datapackage.edits import printed
from tracker.datapackage.merging import Conflict
from tracker.datapackage.plan import Plan
from tracker.datapackage.words import Words
from tracker.record import Draft

State = Literal["new", "changed", "conflict", "kept", "same"]


@dataclass(frozen=True)
class PlannedRow:
    """What becomes of one entry: `number` is its row in the file, `differences` are from the record as it is."""

    number: int
    slug: str
    title: str
    state: State
    differences: list[Difference] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def planned_rows(plan: Plan, *, most: int) -> list[PlannedRow]:
    """Return the first `most` rows, those that need a look first: conflicts, changes, new entries, kept ones.

    Entries at fault are told by the plan's faults, those that stay the same by their number alone.
    """
    return list(islice(_rows(plan), most))


def _rows(plan: Plan) -> Iterator[PlannedRow]:
    for slug, found in _by_slug(plan.conflicts).items():
        yield PlannedRow(plan.rows[slug], slug, slug, "conflict", sentences=[_sentence(each) for each in found])
    refused = set(plan.refused)
    for state, drafts in (("changed", plan.changed), ("new", plan.new)):
        for draft in sorted(drafts, key=lambda draft: plan.rows[draft.slug or ""]):
            if draft.slug not in refused:
                yield _of_draft(plan, draft, state)
    for slug in plan.kept:
        if slug not in plan.conflicting:
            yield PlannedRow(plan.rows[slug], slug, slug, "kept")


def _of_draft(plan: Plan, draft: Draft, state: Any) -> PlannedRow:
    slug = draft.slug or ""
    after = {"entry": _in_words(plan, draft), "relations": draft.relations}
    found = differences(plan.before.get(slug), after)
    return PlannedRow(plan.rows[slug], slug, draft.entry["title"] or slug, state, found)


def _in_words(plan: Plan, draft: Draft) -> dict[str, Any]:
    """Return the entry with the names of its terms, and with its sources as far as they are known."""
    assert plan.vocabulary is not None  # noqa: S101 - for the type checker
    words, before = plan.vocabulary.words, plan.before.get(draft.slug or "", {"entry": {}})["entry"]
    entry = {name: _said(name, value, before.get(name), words) for name, value in draft.entry.items()}
    brought = {source["slug"]: source for source in plan.vocabulary.sources}
    cited = {item["source"]["slug"]: item["source"] for item in _cited_before(plan, draft)} | brought
    citations = [
        item | {"source": cited.get(item["source"]["slug"], item["source"])} for item in draft.entry["citations"]
    ]
    return entry | {"citations": citations}


def _said(name: str, value: Any, before: Any, words: Words) -> Any:
    """Return a fact in words: as it was where it stays, since a term has more to it than its name."""
    return before if document.meaning(value) == document.meaning(before) else printed(name, value, words)


def _cited_before(plan: Plan, draft: Draft) -> list[dict[str, Any]]:
    before = plan.before.get(draft.slug or "")
    return before["entry"]["citations"] if before else []


def _by_slug(conflicts: list[Conflict]) -> dict[str, list[Conflict]]:
    found: dict[str, list[Conflict]] = {}
    for conflict in conflicts:
        found.setdefault(conflict.slug, []).append(conflict)
    return found


def _sentence(conflict: Conflict) -> str:
    place = conflict.column or conflict.file
    return f"{place} was also changed here since that version; the entry is left as it is."
