"""Publishing entries: from accepted revisions to versions in one edition."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F

from tracker import codebook, document
from tracker.bulk import collecting_later
from tracker.checking import Problems, missing_for_publication
from tracker.models import Edition, PolicyAction, PublishedAction, Revision
from tracker.publishing.four_eyes import OWN_WORK, own_work
from tracker.publishing.press import Press, PublishingError, TermKey, chunks, random_salt, unprintable
from tracker.publishing.relations import disagreements, seal_relations
from tracker.publishing.vocabulary import publish_missing

# What a minor change may not touch (codebook 9).
_NEVER_MINOR = (
    "date",
    "actor",
    "agency",
    "category",
    "status_history",
    "where_it_stands",
    "disputed",
    "affects",
)
_KINDS = ("updated", "corrected", "minor")


@dataclass(frozen=True)
class Change:
    """Which kind of change an edit of a public entry is, and the note that readers see."""

    kind: str
    note: str = ""


@dataclass
class Candidate:
    """One entry on its way: the action, its accepted document, its standing row if it was published before."""

    action: PolicyAction
    entry: dict[str, Any]
    relations: list[dict[str, Any]]
    before: PublishedAction | None
    change: Change | None

    @cached_property
    def public_entry(self) -> dict[str, Any] | None:
        """The entry that readers see now."""
        return json.loads(self.before.record)["entry"] if self.before else None


@transaction.atomic
def publish(
    entries: Mapping[str, int],
    *,
    by: User | None,
    at: datetime,
    note: str = "",
    changes: Mapping[str, Change] | None = None,
    with_terms: Iterable[TermKey] = (),
    salt: Callable[[], str] = random_salt,
) -> Edition | None:
    """Publish entries (slug to the revision that was reviewed) as one edition; return it.

    None if nothing differs from what readers see already: the revisions are then accepted without an edition.
    `changes` says for each entry that is public already what kind of change this is; `with_terms` become
    public too, though no entry names them. Raises PublishingError, naming each entry that is refused, and then
    publishes nothing.
    """
    with collecting_later(len(entries)):
        # First the entries, then the lock: an import holds the entries that it saved when it asks for the lock.
        actions = _held(sorted(entries))
        press = Press.open(by=by, at=at, note=note, salt=salt)
        candidates = _candidates(entries, actions, changes or {})
        named = {each.action.slug: document.terms_named(each.entry) for each in candidates}
        terms = publish_missing(press, set(with_terms).union(*named.values()))
        _refuse({slug: _vanished(keys - terms.keys()) for slug, keys in named.items()})
        for each in candidates:
            each.entry = document.reprint(each.entry, terms)
        own = own_work(actions.values(), by=by)
        _refuse({each.action.slug: _objections(each, is_own=each.action.slug in own) for each in candidates})
        _refuse(disagreements({each.action.slug: (each.entry, each.relations) for each in candidates}))
        for each in candidates:
            if each.entry != each.public_entry:
                _seal(press, each)
        seal_relations(press, {each.action.slug: each.relations for each in candidates})
        edition = press.print()
        _accept([each.action.slug for each in candidates])
    return edition


def _held(slugs: list[str]) -> dict[str, PolicyAction]:
    """Return the entries by slug as they are once nobody is saving them, and hold them until the end."""
    found = _by_slug(PolicyAction.objects.all(), slugs)
    if not connection.features.has_select_for_update:
        return found  # SQLite's transaction holds the whole file
    keys = sorted(action.pk for action in found.values())
    return {row.slug: row for row in PolicyAction.objects.filter(pk__in=keys).select_for_update().order_by("pk")}


def _candidates(
    entries: Mapping[str, int], actions: Mapping[str, PolicyAction], changes: Mapping[str, Change]
) -> list[Candidate]:
    slugs = sorted(entries)
    rows = _by_slug(PublishedAction.objects.current(), slugs)
    _refuse({slug: _staleness(slug, actions.get(slug), rows.get(slug), entries[slug]) for slug in slugs})
    documents = _documents(actions)
    return [Candidate(actions[slug], *documents[slug], rows.get(slug), changes.get(slug)) for slug in slugs]


def _by_slug(queryset: Any, slugs: list[str]) -> dict[str, Any]:
    return {row.slug: row for chunk in chunks(slugs) for row in queryset.filter(slug__in=chunk)}


def _staleness(slug: str, action: PolicyAction | None, row: PublishedAction | None, revision: int) -> list[str]:
    if action is None:
        return [f"There is no entry {slug!r}."]
    if row is not None and row.change == "retracted":
        return ["It was retracted: log the action anew if it should stand."]
    if action.revision != revision:
        return [f"Changed meanwhile: revision {revision} was reviewed, it is now {action.revision}."]
    return []


def _documents(actions: Mapping[str, PolicyAction]) -> dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return entry and relations of each action as its present revision keeps them."""
    by_key = {action.pk: action for action in actions.values()}
    found = {}
    for chunk in chunks(sorted(by_key)):
        for revision in Revision.objects.filter(action__in=chunk, number=F("action__revision")):
            saved = revision.document
            found[by_key[revision.action_id].slug] = (saved["entry"], saved["relations"])
    return found


def _vanished(keys: set[TermKey]) -> list[str]:
    """Say which terms an accepted document names by a key that they no longer have."""
    return [
        f"The {kind} {slug!r} has another key now: open the entry and save it again." for kind, slug in sorted(keys)
    ]


def _refuse(problems: Mapping[str, list[str] | Problems]) -> None:
    if refused := {slug: found for slug, found in problems.items() if found}:
        raise PublishingError(refused)


def _objections(candidate: Candidate, *, is_own: bool) -> Problems:
    found = {"": [OWN_WORK]} if is_own else {}
    found |= missing_for_publication(candidate.entry, imported=candidate.action.imported)
    if candidate.before and candidate.entry != candidate.public_entry:
        found |= change_problems(candidate.change, old=candidate.public_entry or {}, new=candidate.entry)
    return found


def change_objections(change: Change | None, *, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return why the change from entry `old` to `new` cannot be published as `change`; empty if it can."""
    return [sentence for found in change_problems(change, old=old, new=new).values() for sentence in found]


def change_problems(change: Change | None, *, old: Mapping[str, Any], new: Mapping[str, Any]) -> Problems:
    """Return the same by what of the Change is at fault: "change_kind", "change_note"."""
    if change is None or change.kind not in _KINDS:
        return {"change_kind": [f"Say what kind of change this is: {', '.join(_KINDS)}."]}
    if found := _against_kind(change.kind, old, new):
        return {"change_kind": found}
    if codebook.CHANGES[change.kind].needs_note and not change.note.strip():
        return {"change_note": [f"A change published as {change.kind} needs a note for readers."]}
    if found := unprintable(change.note):
        return {"change_note": found}
    return {}


def _against_kind(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    if kind == "minor":
        return _not_minor(old, new)
    if kind == "updated" and _rewritten(old["status_history"], new["status_history"]):
        return ["A line of the history that readers have seen was changed or removed: publish this as corrected."]
    return []


def _not_minor(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    touched = [name for name in _NEVER_MINOR if document.meaning(old[name]) != document.meaning(new[name])]
    kept = {item["source"]["slug"] for item in new["citations"]}
    if any(item["source"]["slug"] not in kept for item in old["citations"]):
        touched.append("a source that was removed")
    if not touched:
        return []
    return [f"Not a minor change: it touches {', '.join(touched).replace('_', ' ')}."]


def _rewritten(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> bool:
    """Return whether a published line is gone, altered or in another order.

    A `reported` line may go: it is replaced once we know the status.
    """

    def content(line: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in line.items() if name != "position"}

    left = iter([content(line) for line in new])
    # `in` takes from the iterator up to what it finds, so the lines must come in their old order.
    return any(content(line) not in left for line in old if line["status"] != "reported")


def _seal(press: Press, candidate: Candidate) -> None:
    change = candidate.change if candidate.before and candidate.change else Change("published")
    press.seal_entry(
        candidate.action.slug, candidate.entry, before=candidate.before, change=change.kind, note=change.note
    )


def _accept(slugs: list[str]) -> None:
    for chunk in chunks(slugs):
        PolicyAction.objects.filter(slug__in=chunk).update(published_revision=F("revision"), workflow="clean")
