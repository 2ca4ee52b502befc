"""The plan of a load: what a package would do to the record. It only reads, and takes no lock.

The plan *is* `--dry-run` and the preview: nothing is decided afterwards. `apply` saves exactly what stands here, and
refuses when the record has moved since. What becomes of an entry that exists already: see `merging`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Protocol

from tracker.datapackage import entries, merging
from tracker.datapackage.entries import ACTIONS, Incoming, Prospect
from tracker.datapackage.faults import Faults
from tracker.datapackage.merging import Conflict, Content, Standing, Verdict
from tracker.datapackage.read import Package
from tracker.datapackage.vocabulary import Vocabulary, plan_vocabulary
from tracker.models import PublishedAction
from tracker.record import Draft

_CHUNK = 500


@dataclass
class Plan:
    """What a load would do. Only a plan without faults can be applied.

    `new` and `changed` are saved; `same` and `kept` (slugs) stay as they are, `kept` because the record says
    something else. `waiting` are entries (slug to revision) that are the same and were never published.
    """

    name: str
    faults: Faults
    notes: list[str] = field(default_factory=list)
    vocabulary: Vocabulary | None = None
    new: list[Draft] = field(default_factory=list)
    changed: list[Draft] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    before: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # changed entries as documents
    unready: frozenset[str] = frozenset()  # entries that wait for an editor: saved, and left out of the edition
    mapping: str = ""  # by which mapping a stranger's table was read

    @property
    def drafts(self) -> list[Draft]:
        """Everything that is to be saved."""
        return [*self.new, *self.changed]

    @property
    def conflicting(self) -> set[str]:
        """The entries with a conflict, which are left as they are."""
        return {conflict.slug for conflict in self.conflicts}

    @property
    def is_empty(self) -> bool:
        """Whether applying it would change nothing in the record."""
        words = self.vocabulary
        return not (self.drafts or (words and (words.terms or words.sources)))

    def save(self, slug: str, content: Content, here: Standing | None) -> None:
        """Note that an entry is to be saved with this content."""
        if here:
            self.before[slug] = {"entry": here.entry, "relations": here.relations}
        (self.changed if here else self.new).append(_draft(slug, content, here))

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to save and nothing that waits to be published."""
        return self.is_empty and not self.waiting

    @property
    def digest(self) -> str:
        """What tells this plan from another: what would be saved, on top of which revisions."""
        words = self.vocabulary
        drafts = [[draft.slug, draft.expected, draft.entry, draft.relations] for draft in self.drafts]
        said = [drafts, words and [words.terms, words.sources], sorted(self.waiting.items())]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


Judged = Iterable[tuple[Incoming, Verdict]]


class Judging(Protocol):
    """What says what becomes of entries: the default goes by the published version that a row names."""

    def __call__(self, incoming: list[Incoming], ours: dict[str, Content], standing: dict[str, Standing]) -> Judged: ...


def make_plan(
    package: Package,
    *,
    today: date,
    publish: bool = False,
    judging: Judging | None = None,
    unready: Iterable[str] = (),
) -> Plan:
    """Return what loading `package` would do; with `publish`, what the ledger would refuse is a fault too.

    Entries that are `unready` are saved and not published. A fixed number of queries for each 500 entries. Rows that
    could not be read as such are judged no further.
    """
    plan = Plan(package.name, package.faults, list(package.notes), unready=frozenset(unready))
    if not package.is_complete:
        return plan
    vocabulary = plan.vocabulary = plan_vocabulary(package, plan.faults)
    incoming = entries.gather(package, vocabulary.words, plan.faults)
    prospect = Prospect.of(vocabulary, incoming)
    for item in incoming:
        ready = publish and item.slug not in plan.unready
        entries.check(item, prospect=prospect, today=today, publish=ready, faults=plan.faults)
    plan.notes += [*vocabulary.notes, *(note for item in incoming for note in entries.notes_on(item))]
    plan.rows = {item.slug: item.row.number for item in incoming}
    _judge_all(plan, incoming, judging or partial(_by_version, package))
    plan.refused = sorted({item.slug for item in incoming if _is_refused(item, plan.faults)})
    return plan


def _is_refused(item: Incoming, faults: Faults) -> bool:
    return any(faults.touch(file, row.number) for file, row in entries.rows_of(item))


def _judge_all(plan: Plan, incoming: list[Incoming], judging: Judging) -> None:
    """Sort the entries into new, changed, same, kept and in conflict."""
    assert plan.vocabulary is not None  # noqa: S101 - for the type checker
    words = plan.vocabulary.words
    standing = merging.standing(sorted(item.slug for item in incoming))
    ours = {item.slug: merging.content_here(item, words) for item in incoming}
    for item, verdict in judging(incoming, ours, standing):
        here = standing.get(item.slug)
        if verdict.fault:
            plan.faults.add(ACTIONS, verdict.fault, row=item.row.number, column="version")
        plan.conflicts += verdict.conflicts
        if verdict.content is not None:
            plan.save(item.slug, verdict.content, here)
        elif verdict.is_same:
            plan.same.append(item.slug)
        else:
            plan.kept.append(item.slug)
    plan.public = {slug for slug, here in standing.items() if here.is_public}
    waiting = [slug for slug in plan.same if slug not in plan.unready]
    plan.waiting = {slug: standing[slug].revision for slug in never_published(waiting)}


def _by_version(
    package: Package, incoming: list[Incoming], ours: dict[str, Content], standing: dict[str, Standing]
) -> Judged:
    """Yield what becomes of each entry by the published version that its row names."""
    bases = merging.bases(_versions(incoming, ours, standing), edition=package.edition)
    for item in incoming:
        here = standing.get(item.slug)
        record = here.content if here else None
        yield item, merging.judge(item, ours[item.slug], record=record, base=bases.get(item.slug))


def _versions(incoming: list[Incoming], ours: dict[str, Content], standing: dict[str, Standing]) -> dict[str, int]:
    """Return which published versions must be read: those named by entries that differ from the record."""
    differing = [item for item in incoming if item.slug in standing and ours[item.slug] != standing[item.slug].content]
    named = {item.slug: merging.version_named(item.row["version"]) for item in differing}
    return {slug: version for slug, version in named.items() if version is not None}


def _draft(slug: str, content: Content, here: Standing | None) -> Draft:
    entry = {name: value for name, value in content.items() if name != "relations"}
    return Draft(
        entry=entry,
        relations=content["relations"],
        slug=slug,
        expected=here.revision if here else 0,
        imported=here is None,
    )


def never_published(slugs: Iterable[str]) -> list[str]:
    """Return those of `slugs` that readers never saw, retracted ones apart."""
    ordered = sorted(slugs)
    seen = {
        slug
        for start in range(0, len(ordered), _CHUNK)
        for slug in PublishedAction.objects.filter(slug__in=ordered[start : start + _CHUNK]).values_list(
            "slug", flat=True
        )
    }
    return [slug for slug in ordered if slug not in seen]
