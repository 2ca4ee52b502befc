"""The one writer of the record: admin, import and restore all save an entry through here.

An entry is handed over as a `Draft`: the document form of `tracker.document`, in which terms and sources are found
by slug. It is checked as a whole, written with its lines, citations and relations, and kept as a Revision.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils.text import slugify

from tracker import codebook, document
from tracker.bulk import collecting_later
from tracker.checking import Problems, check_entry
from tracker.models import (
    Citation,
    PolicyAction,
    PublishedAction,
    Relation,
    Revision,
    Source,
    StatusChange,
)
from tracker.models.fields import SLUG_PATTERN, clean_text
from tracker.models.keyed import numbered

_BATCH = 500
_STEMS_A_QUERY = 50
_LONGEST_REASON = 1000
_IS_SLUG = re.compile(SLUG_PATTERN)
_TEXTS = (
    "title",
    "summary",
    "where_it_stands",
    "actor_office",
    "date_note",
    "dispute_note",
    "form",
    "date",
    "due_date",
)


@dataclass(frozen=True)
class Draft:
    """An entry to be saved.

    `entry` has the form of the document's "entry": terms and sources count by their "slug" alone, "derived" is
    ignored, a missing key means absent. `expected` is the revision it was opened with (0: it is new).
    """

    entry: Mapping[str, Any]
    relations: Sequence[Mapping[str, Any]] = ()
    slug: str | None = None
    expected: int = 0
    workflow: str = "draft"
    imported: bool = False


class RecordError(Exception):
    """What is wrong: one mapping of field path to sentences per draft, in their order."""

    def __init__(self, problems: list[Problems]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{path}: {' '.join(found)}" for each in problems for path, found in each.items()))


class ConflictError(Exception):
    """Entries that somebody else saved since they were opened."""

    def __init__(self, slugs: list[str]) -> None:
        self.slugs = slugs
        super().__init__(f"Changed meanwhile: {', '.join(slugs)}.")


def save_entry(draft: Draft, *, by: User | None, at: datetime, reason: str = "") -> PolicyAction:
    """Save one entry as a new revision and return it. Raises RecordError and ConflictError; then nothing is saved."""
    return save_entries([draft], by=by, at=at, reason=reason)[0]


@transaction.atomic
def save_entries(drafts: Sequence[Draft], *, by: User | None, at: datetime, reason: str = "") -> list[PolicyAction]:
    """Save entries, each as a new revision, all or none; return them in order.

    A fixed number of queries for each 500. Raises RecordError and ConflictError, and IntegrityError when somebody
    else took the slug of a new entry at the same moment: a second try then sees theirs.
    """
    context = _Context.load(drafts, lock=True)
    if stale := context.stale(drafts):
        raise ConflictError(stale)
    problems = _problems(drafts, context, today=at.astimezone(UTC).date())
    if len(reason) > _LONGEST_REASON:
        problems = [{**found, "reason": [f"At most {_LONGEST_REASON} characters."]} for found in problems]
    if any(problems):
        raise RecordError(problems)
    with collecting_later(len(drafts)):
        actions = [_filled(draft, context) for draft in drafts]
        _write(actions, drafts, context)
        saved = _reload(actions)
        Revision.objects.bulk_create(
            [_revision(action, by=by, at=at, reason=reason) for action in saved], batch_size=_BATCH
        )
    return saved


def problems_of(
    drafts: Sequence[Draft], *, today: date, coming: Iterable[tuple[type[Model], str]] = ()
) -> list[Problems]:
    """Return what `save_entries` would refuse, per draft: field path to sentences. Reads only, takes no lock.

    `coming` are the terms and sources (by slug) that will be created first.
    """
    context = _Context.load(drafts, lock=False)
    context.found |= dict.fromkeys(coming, True)
    return _problems(drafts, context, today=today)


def _problems(drafts: Sequence[Draft], context: "_Context", *, today: date) -> list[Problems]:
    """Return what is wrong with each draft by itself, and with its slug among the others and in the ledger."""
    times = Counter(draft.slug for draft in drafts if draft.slug)
    problems = []
    for draft in drafts:
        found = check_entry(draft, context=context, today=today)
        if draft.slug and times[draft.slug] > 1:
            found.setdefault("slug", []).append("Two entries cannot have one key.")
        if draft.slug in context.retired:
            found.setdefault("slug", []).append("This key was used before; keys are never used again.")
        problems.append(found)
    return problems


# --- looking things up once ------------------------------------------------------------------------------------


@dataclass
class _Context:
    """Everything that the drafts name, loaded once: records by slug, actions by slug, dates of related entries.

    `retired` are slugs that the ledger has had and no entry of the record has.
    """

    found: dict[tuple[type[Model], str], Any] = field(default_factory=dict)
    actions: dict[str, PolicyAction] = field(default_factory=dict)
    entry_dates: dict[str, str | None] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, drafts: Sequence[Draft], *, lock: bool) -> "_Context":
        """Read what `drafts` name; `lock` holds the entries to be changed until the transaction ends."""
        context = cls()
        for model, slugs in _slugs_named(drafts).items():
            for found in _by_slug(model, slugs):
                context.found[model, found.slug] = found
        targets = {relation["to"] for draft in drafts for relation in draft.relations if relation.get("to")}
        own = {draft.slug for draft in drafts if draft.slug}
        actions = _held(own | targets) if lock else _by_slug(PolicyAction, own | targets)
        context.actions = {action.slug: action for action in actions}
        context.retired = {row.slug for row in _by_slug(PublishedAction, own - context.actions.keys())}
        context.entry_dates = {slug: action.date for slug, action in context.actions.items()}
        context.entry_dates |= {draft.slug: draft.entry.get("date") for draft in drafts if draft.slug}
        return context

    def get(self, model: type[Model], named: Mapping[str, Any] | str | None) -> Any:
        """Return the record that `named` (a slug, or a mapping with "slug") names; None if there is none."""
        return self.found.get((model, document.slug_of(named))) if named else None

    def stale(self, drafts: Sequence[Draft]) -> list[str]:
        """Return the slugs whose saved revision is not the one the draft was opened with."""
        return [draft.slug for draft in drafts if draft.slug and self._revision(draft.slug) != draft.expected]

    def _revision(self, slug: str) -> int:
        return self.actions[slug].revision if slug in self.actions else 0


def _slugs_named(drafts: Sequence[Draft]) -> dict[type[Model], set[str]]:
    models: list[type[Model]] = [*document.TERMS.values(), *document.TERM_SETS.values(), Source]
    named: dict[type[Model], set[str]] = {model: set() for model in models}
    for draft in drafts:
        for key, model in document.TERMS.items():
            named[model] |= {document.slug_of(term) for term in [draft.entry.get(key)] if term}
        for key, model in document.TERM_SETS.items():
            named[model] |= {document.slug_of(term) for term in draft.entry.get(key) or ()}
        rows = [*(draft.entry.get("citations") or ()), *(draft.entry.get("status_history") or ())]
        named[Source] |= {document.slug_of(row["source"]) for row in rows if row.get("source")}
    return named


def _by_slug(model: type[Model], slugs: set[str]) -> Iterator[Any]:
    """Yield the records with these slugs. What is no slug is not asked for: PostgreSQL refuses some of it."""
    ordered = sorted(slug for slug in slugs if _IS_SLUG.match(slug))
    for chunk in _chunks(ordered):
        yield from model._default_manager.filter(slug__in=chunk)


def _held(slugs: set[str]) -> Iterable[PolicyAction]:
    """Return the entries with these slugs, as they are once nobody else is saving them, and hold them.

    All savers take them in the order of their keys, so that no two ever wait for each other. (On SQLite the
    transaction holds the whole file.)
    """
    found = _by_slug(PolicyAction, slugs)
    if not connection.features.has_select_for_update:
        return found
    keys = sorted(action.pk for action in found)
    return PolicyAction.objects.filter(pk__in=keys).select_for_update().order_by("pk")


def _chunks(items: Sequence[Any], size: int = _BATCH) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


# --- writing ---------------------------------------------------------------------------------------------------


def _filled(draft: Draft, context: _Context) -> PolicyAction:
    """Return the action with every plain field of the draft set, not yet saved."""
    entry = draft.entry
    action = context.actions.get(draft.slug or "") or PolicyAction(slug=draft.slug or "")
    for name in _TEXTS:
        setattr(action, name, clean_text(entry.get(name) or ""))
    action.date, action.due_date = action.date or None, action.due_date or None
    action.identifiers = "\n".join(clean_text(item) for item in entry.get("identifiers") or ())
    for name, model in document.TERMS.items():
        setattr(action, name, context.get(model, entry.get(name)))
    action.disputed = bool(entry.get("disputed"))
    verified = entry.get("last_verified")
    action.last_verified = date.fromisoformat(verified) if verified else None
    action.workflow = draft.workflow
    action.imported = action.imported or draft.imported
    action.revision += 1
    return action


def _write(actions: list[PolicyAction], drafts: Sequence[Draft], context: _Context) -> None:
    """Write actions, then everything that hangs on them. Lines, citations and relations are written anew."""
    new = [action for action in actions if action.pk is None]
    old = [action for action in actions if action.pk is not None]
    _give_slugs(new)
    PolicyAction.objects.bulk_create(new, batch_size=_BATCH)
    _update(old)
    context.actions |= {action.slug: action for action in actions}
    _clear(StatusChange, "action", old)
    _clear(Citation, "action", old)
    _clear(Relation, "from_action", old)
    StatusChange.objects.bulk_create(_lines(actions, drafts, context), batch_size=_BATCH)
    Citation.objects.bulk_create(_citations(actions, drafts, context), batch_size=_BATCH)
    Relation.objects.bulk_create(_relations(actions, drafts, context), batch_size=_BATCH)
    for name, model in document.TERM_SETS.items():
        _write_set(name, model, actions, drafts, context, old)


def _update(actions: list[PolicyAction]) -> None:
    """Write saved actions again. An upsert takes a third of the time of bulk_update, and the bounds follow the date."""
    kept = ("id", "slug", "published_revision")
    fields = [item.name for item in PolicyAction._meta.concrete_fields if item.name not in kept]
    PolicyAction.objects.bulk_create(
        actions, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def _clear(model: Any, name: str, actions: list[PolicyAction]) -> None:
    for chunk in _chunks(actions):
        model._default_manager.filter(**{f"{name}__in": chunk}).delete()


def _write_set(
    name: str,
    model: type[Model],
    actions: list[PolicyAction],
    drafts: Sequence[Draft],
    context: _Context,
    old: list[PolicyAction],
) -> None:
    relation = getattr(PolicyAction, name)
    through, target = relation.through, relation.field.m2m_reverse_field_name()
    _clear(through, "policyaction", old)
    pairs = {
        (action.pk, context.get(model, term).pk)
        for action, draft in zip(actions, drafts, strict=True)
        for term in draft.entry.get(name) or ()
    }
    rows = [through(**{"policyaction_id": action, f"{target}_id": term}) for action, term in sorted(pairs)]
    through._default_manager.bulk_create(rows, batch_size=_BATCH)


def _lines(actions: list[PolicyAction], drafts: Sequence[Draft], context: _Context) -> list[StatusChange]:
    return [
        StatusChange(
            action=action,
            position=position,
            status=line.get("status") or "",
            date=line["date"],
            by=line.get("by") or "",
            source=context.get(Source, line.get("source")),
            note=clean_text(line.get("note") or ""),
        )
        for action, draft in zip(actions, drafts, strict=True)
        for position, line in enumerate(draft.entry.get("status_history") or (), start=1)
    ]


def _citations(actions: list[PolicyAction], drafts: Sequence[Draft], context: _Context) -> list[Citation]:
    return [
        Citation(
            action=action,
            position=position,
            source=context.get(Source, item["source"]),
            stance=item.get("stance") or "supports",
            bears_on=" ".join(_bearing(item.get("bears_on") or ["action"])),
            attribution=item["attribution"],
        )
        for action, draft in zip(actions, drafts, strict=True)
        for position, item in enumerate(draft.entry.get("citations") or (), start=1)
    ]


def _bearing(given: Sequence[str]) -> list[str]:
    return [code for code in codebook.BEARS_ON.codes if code in given]


def _relations(actions: list[PolicyAction], drafts: Sequence[Draft], context: _Context) -> list[Relation]:
    return [
        Relation(
            from_action=action,
            kind=item["kind"],
            in_part=bool(item.get("in_part")),
            to_action=context.actions[item["to"]] if item.get("to") else None,
            to_title=clean_text(item.get("title") or ""),
            to_identifier=clean_text(item.get("identifier") or ""),
            to_url=item.get("url") or "",
            note=clean_text(item.get("note") or ""),
        )
        for action, draft in zip(actions, drafts, strict=True)
        for item in draft.relations
    ]


def _give_slugs(actions: list[PolicyAction]) -> None:
    """Give each new action without a slug one from its title that no entry has or had."""
    waiting = [(action, stem_of(action.title)) for action in actions if not action.slug]
    taken = {action.slug for action in actions} | _used(Counter(stem for _, stem in waiting))
    candidates = {stem: numbered(stem) for _, stem in waiting}
    for action, stem in waiting:
        action.slug = next(slug for slug in candidates[stem] if slug not in taken)
        taken.add(action.slug)


def stem_of(title: str) -> str:
    """Return the slug that an entry with this title gets when no other has or had it."""
    return slugify(title).replace("_", "-")[:80].strip("-") or "action"


def _used(stems: Counter[str]) -> set[str]:
    """Return the slugs, of the record and of the ledger, that stand in the way of `stems` (with how many want each).

    One query for each 500, and one more for each 50 that are in use or wanted more than once.
    """
    found: set[str] = set()
    for model in (PolicyAction, PublishedAction):
        found |= {row.slug for row in _by_slug(model, set(stems))}
    crowded = sorted(stem for stem, times in stems.items() if times > 1 or stem in found)
    for chunk in _chunks(crowded, _STEMS_A_QUERY):
        near = reduce(or_, (Q(slug__startswith=f"{stem}-") for stem in chunk))
        for model in (PolicyAction, PublishedAction):
            found |= set(model._default_manager.filter(near).values_list("slug", flat=True))
    return found


def _reload(actions: list[PolicyAction]) -> list[PolicyAction]:
    """Return the actions as the database has them now, with all that documents read, in the same order."""
    keys = [action.pk for action in actions]
    fresh: dict[int, PolicyAction] = {}
    for chunk in _chunks(keys):
        fresh |= {action.pk: action for action in PolicyAction.objects.for_documents().filter(pk__in=chunk)}
    return [fresh[key] for key in keys]


def _revision(action: PolicyAction, *, by: User | None, at: datetime, reason: str) -> Revision:
    content = {"entry": document.entry_of(action), "relations": document.relations_of(action)}
    return Revision(
        action=action,
        number=action.revision,
        document=content,
        by=by,
        at=at,
        reason=reason,
        workflow=action.workflow,
    )
