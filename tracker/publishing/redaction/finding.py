"""Finding what a redaction takes away: a search through everything that the ledger and the record hold. Reads only.

Every text is read, not asked for by an index: a redaction is rare and must miss nothing (100,000 rows: half a minute).
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import slugify

from tracker import document
from tracker.columns.rows import outward
from tracker.models import Edition, PageText, PolicyAction, PublishedAction, PublishedRelation, PublishedTerm, Revision
from tracker.publishing.vocabulary import MODELS, live_terms

Key = tuple[str, str]
"""("action", slug) of an entry, (kind, slug) of a term or source."""

REMOVED, REPRINTED, FORGOTTEN = "removed", "reprinted", "forgotten"
SHORTEST = 3  # characters of a search
_FETCH = 500
# What of a term's document names other terms, or says what it is: it stays.
_KEPT = frozenset(
    {*("parent", "successor", "country", "merged_into", "members", "agency", "publisher", "republished_by")}
    | {*("kind", "language", "successor_date")}
)


@dataclass(frozen=True)
class Item:
    """One entry, term or source of the list.

    `how`: removed (all versions blanked, a neutral key), reprinted (all versions blanked, a new one without the text)
    or forgotten (only what editors kept of it goes: it is not public, or readers never saw the text).
    """

    kind: str
    slug: str
    name: str
    how: str
    versions: int

    @property
    def key(self) -> Key:
        return self.kind, self.slug


@dataclass(frozen=True)
class Found:
    """What a search found: the list, the relations whose text goes, what stands in the way, what is out of reach."""

    items: list[Item] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)  # keys of published relations
    refused: list[str] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)

    def keys(self, how: str) -> set[Key]:
        """Return what is to be treated so."""
        return {item.key for item in self.items if item.how == how}


class Needles:
    """The text looked for, as it is written, as it stands in JSON, and as it would stand in a key."""

    def __init__(self, text: str) -> None:
        quoted = json.dumps(unicodedata.normalize("NFC", text.strip()), ensure_ascii=False)[1:-1]
        self.forms = {form for form in (quoted.casefold(), slugify(text)) if len(form) >= SHORTEST}

    def hit(self, value: Any) -> bool:
        """Return whether the text stands in `value`, a text or anything that JSON can say."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        folded = unicodedata.normalize("NFC", text).casefold()
        return any(form in folded for form in self.forms)


def find(text: str) -> Found:
    """Return everything that holds `text`, however it is cased, and what follows for each."""
    needles = Needles(text)
    if not needles.forms:
        return Found(refused=[f"Search for at least {SHORTEST} characters."])
    terms = _terms(needles)
    entries = _Entries(needles, {key for key, item in terms.items() if item.how == REMOVED})
    items = [*terms.values(), *entries.items.values()]
    removed = {item.key for item in items if item.how == REMOVED}
    return Found(
        items=sorted(items, key=lambda item: (item.kind != "action", item.kind, item.slug)),
        relations=sorted(_relations(needles, removed)),
        refused=entries.refused,
        unreachable=list(_unreachable(needles)),
    )


def neutral(term: Mapping[str, Any], slug: str) -> dict[str, Any]:
    """Return the document of a removed term or source: a neutral key and name, and nothing that it said."""
    bare = {name: value if name in _KEPT else [] if isinstance(value, list) else None for name, value in term.items()}
    return bare | {"slug": slug, "title" if "title" in term else "name": slug}


def renamed(kind: str, term: Mapping[str, Any], names: Mapping[Key, str]) -> dict[str, Any]:
    """Return the document of a term with the keys of others as `names` has them; publishers are printed elsewhere."""
    fields = {"parent": "agency", "successor": "agency", "country": "party", "agency": "party", "merged_into": kind}
    fields["agency"] = "agency"
    fresh = dict(term)
    for name, other in fields.items():
        if isinstance(fresh.get(name), str):
            fresh[name] = names.get((other, fresh[name]), fresh[name])
    if "members" in fresh:
        fresh["members"] = sorted(names.get(("party", member), member) for member in fresh["members"])
    return fresh


# --- terms ---------------------------------------------------------------------------------------------------------


def _terms(needles: Needles) -> dict[Key, Item]:
    """Return the terms and sources that hold the text themselves, and those that print one of these."""
    live = {(kind, slug): term for kind in MODELS for (_, slug), term in live_terms(_every(kind)).items()}
    removed = {key for key, term in live.items() if needles.hit(_own(term))}
    versions: dict[Key, int] = {}
    touched = set(removed) | {key for kind in MODELS for key in _once_said(kind, needles)}
    for row in PublishedTerm.objects.filter(redacted_in=None).order_by("pk").iterator(_FETCH):
        key = (row.kind, row.slug)
        versions[key] = versions.get(key, 0) + 1
        if needles.hit(row.record) or outward(key, json.loads(row.record)["term"]) & removed:
            touched.add(key)
    touched |= {key for key, term in live.items() if key in versions and outward(key, term) & removed}
    found = {}
    for key in touched:
        how = REMOVED if key in removed else REPRINTED if versions.get(key) else FORGOTTEN
        term = live.get(key, {})
        found[key] = Item(*key, str(term.get("name") or term.get("title") or key[1]), how, versions.get(key, 0))
    return found


def _every(kind: str) -> list[Key]:
    return [(kind, slug) for slug in MODELS[kind].objects.values_list("slug", flat=True)]


def _own(term: Mapping[str, Any]) -> list[Any]:
    """Return what a term says itself, other than which terms it points at."""
    return [value for name, value in term.items() if name not in _KEPT]


def _once_said(kind: str, needles: Needles) -> Iterator[Key]:
    """Yield the terms of a kind whose kept history holds the text."""
    slugs = dict(MODELS[kind].objects.values_list("pk", "slug"))
    for row in MODELS[kind].history.order_by("pk").values().iterator(_FETCH):
        if row["id"] in slugs and needles.hit([str(value) for value in row.values()]):
            yield kind, slugs[row["id"]]


# --- entries -------------------------------------------------------------------------------------------------------


class _Entries:
    """The entries that hold the text, print a removed term, or lead on to a removed entry."""

    def __init__(self, needles: Needles, removed: set[Key]) -> None:
        self.needles = needles
        self.removed = removed
        self.items: dict[str, Item] = {}
        self.refused: list[str] = []
        self.kept = self._of_record()
        while self._of_ledger():  # an entry that goes may be the one that a tombstone leads on to
            pass
        for slug, (action, is_said) in self.kept.items():
            if slug not in self.items:
                public = action.published_revision is not None
                if public and is_said:
                    self.refused.append(f"The working copy of “{action.title}” holds the text: edit it first.")
                how = FORGOTTEN if public or not is_said else REMOVED
                self.items[slug] = Item("action", slug, action.title, how, 0)

    def _of_record(self) -> dict[str, tuple[PolicyAction, bool]]:
        """Return the entries of which editors kept something that holds it, and whether the working copy does."""
        found: dict[str, tuple[PolicyAction, bool]] = {}
        for revision in Revision.objects.select_related("action").order_by("pk").iterator(_FETCH):
            action = revision.action
            touches = self.needles.hit([revision.document, revision.reason]) or self._names(revision.document)
            if touches or self.needles.hit(action.slug):
                said = found.get(action.slug, (action, False))[1]
                is_last = revision.number == action.revision
                found[action.slug] = (action, said or (is_last and self._still(action.slug, revision.document)))
        return found

    def _names(self, saved: Mapping[str, Any]) -> bool:
        named = _named(saved["entry"]) if saved["entry"] else set()
        return bool((named | {("action", each["to"]) for each in saved.get("relations", ())}) & self.removed)

    def _still(self, slug: str, saved: Mapping[str, Any]) -> bool:
        """Return whether a text would hold it still once every removed term has a neutral name."""
        return self.needles.hit([slug, self._neutral(saved["entry"])])

    def _neutral(self, entry: dict[str, Any]) -> dict[str, Any]:
        return replaced(entry, {key: "removed-0" for key in self.removed if key[0] != "action"})

    def _of_ledger(self) -> bool:
        """Find public entries; return whether another one has to go since the last time."""
        before = len(self.removed)
        rows: list[PublishedAction] = []
        for row in PublishedAction.objects.filter(redacted_in=None).order_by("slug", "version").iterator(_FETCH):
            if rows and rows[0].slug != row.slug:
                self._judge(rows)
                rows = []
            rows.append(row)
        if rows:
            self._judge(rows)
        return len(self.removed) > before

    def _judge(self, rows: list[PublishedAction]) -> None:
        slug, records = rows[0].slug, [json.loads(row.record) for row in rows]
        if not any(self._concerned(record) for record in records):
            return
        standing = records[-1]["entry"] if rows[-1].superseded_in is None else None
        is_said = self.kept.get(slug, (None, False))[1]
        stands = standing is not None and not self._still(slug, records[-1])
        if standing and stands and is_said:
            self.refused.append(f"The working copy of “{standing['title']}” holds the text: edit it first.")
        title = next(record["entry"]["title"] for record in reversed(records) if record["entry"])
        if not stands:
            self.removed.add(("action", slug))
            if PublishedAction.objects.filter(slug=slug).exclude(redacted_in=None).exists():
                self.refused.append(f"Earlier versions of “{title}” were redacted already: it cannot be removed.")
        self.items[slug] = Item("action", slug, title, REPRINTED if stands else REMOVED, len(rows))

    def _concerned(self, record: Mapping[str, Any]) -> bool:
        if self.needles.hit(record) or ("action", record["slug"]) in self.removed:
            return True
        named = _named(record["entry"]) if record["entry"] else {("action", slug) for slug in record["replaced_by"]}
        return bool(named & self.removed)


def replaced(entry: dict[str, Any], names: Mapping[Key, str]) -> dict[str, Any]:
    """Return an entry that prints each term of `names` (key to neutral key) as removed, wherever it names it."""
    terms: dict[Key, dict[str, Any]] = {}
    for key, named in _printed(entry):
        if key in names and key[0] != "agency":
            terms[key] = neutral(named, names[key])
    publishers = {key: {"slug": slug, "name": slug} for key, slug in names.items() if key[0] == "publisher"}
    fresh = document.reprint(entry, terms | publishers)
    fresh["agency"] = entry["agency"] and _agency(entry["agency"], names)
    fresh["other_agencies"] = [_agency(each, names) for each in entry["other_agencies"]]
    fresh["status_history"] = [
        line | {"source": names.get(("source", line["source"]), line["source"])} for line in entry["status_history"]
    ]
    return fresh | {"derived": document.derive(fresh)}


def _agency(agency: Mapping[str, Any], names: Mapping[Key, str]) -> dict[str, Any]:
    """Return an agency, as an entry prints it, with a neutral name for it and its parent where they have one."""
    fresh = dict(agency)
    if neutral_slug := names.get(("agency", agency["slug"])):
        fresh |= {"slug": neutral_slug, "name": neutral_slug} | ({"abbreviation": None} if "parent" in agency else {})
    parent = agency.get("parent")
    if parent and (above := names.get(("agency", parent["slug"]))):
        fresh["parent"] = {"slug": above, "name": above}
    return fresh


def _printed(entry: Mapping[str, Any]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Yield each term and source that an entry prints, but what these print in their turn."""
    single = [("category", entry["category"]), ("actor", entry["actor"]), ("agency", entry["agency"])]
    sets = {"other_actors": "actor", "other_agencies": "agency", "affects": "party", "topics": "topic"}
    single += [(kind, item) for name, kind in sets.items() for item in entry[name]]
    single += [("source", citation["source"]) for citation in entry["citations"]]
    for kind, named in single:
        if named:
            yield (kind, named["slug"]), named


def _named(entry: Mapping[str, Any]) -> set[Key]:
    """Return every term that an entry names, a parent agency and the publishers of its sources included."""
    found: set[Key] = set()
    for key, named in _printed(entry):
        found.add(key)
        if key[0] == "source":
            found |= outward(key, named)
        if key[0] == "agency" and named.get("parent"):
            found.add(("agency", named["parent"]["slug"]))
    return found


# --- the rest ------------------------------------------------------------------------------------------------------


def _relations(needles: Needles, removed: Iterable[Key]) -> set[str]:
    """Return the keys of the published relations that hold the text or lead from or to what goes."""
    gone = {slug for kind, slug in removed if kind == "action"}
    rows = PublishedRelation.objects.filter(redacted_in=None).order_by("pk")
    return {
        row.key
        for row in rows.iterator(_FETCH)
        if row.from_slug in gone or row.to_slug in gone or needles.hit(row.record)
    }


def _unreachable(needles: Needles) -> Iterator[str]:
    """Yield what holds the text and cannot be changed by a redaction."""
    for number, note in Edition.objects.exclude(note="").order_by("number").values_list("number", "note"):
        if needles.hit([note]):
            yield f"The note of edition {number} is sealed with the edition and stays."
    for text in PageText.objects.order_by("slug", "number"):
        if needles.hit([text.title, text.body, text.note]):
            yield f"Wording {text.number} of the page “{text.slug}” is kept for readers and stays."
