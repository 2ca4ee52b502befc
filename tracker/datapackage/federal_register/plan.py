"""The plan of importing a list of the register: the same `Plan` as a package's. It only reads, and takes no lock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from tracker import document
from tracker.checking import check_entry, missing_for_publication
from tracker.columns import FILES, FILES_BY_NAME
from tracker.datapackage import merging
from tracker.datapackage.entries import column_of, with_status
from tracker.datapackage.federal_register import upkeep
from tracker.datapackage.federal_register.documents import Document, Listing
from tracker.datapackage.federal_register.edges import Order, Reading, read_note
from tracker.datapackage.federal_register.entries import (
    AGENCY,
    PUBLISHER,
    citations,
    content_said,
    slug_for,
    source_cells,
    source_slug,
)
from tracker.datapackage.federal_register.presidents import NAMES, president_on
from tracker.datapackage.federal_register.sayings import Saying, sayings
from tracker.datapackage.federal_register.verbs import status_after
from tracker.datapackage.merging import Content, Standing
from tracker.datapackage.plan import Plan, never_published
from tracker.datapackage.read import OPTIONAL, Package, Row
from tracker.datapackage.vocabulary import SOURCES, TERMS, Vocabulary, plan_vocabulary
from tracker.datapackage.words import Words
from tracker.models import Citation, PolicyAction, PublishedAction, Source
from tracker.models.fields import lines
from tracker.record import stem_of

_NAMED = (("publisher", PUBLISHER), ("agency", AGENCY))
_MARK = "eo:"
_CHUNK = 500


@dataclass(frozen=True)
class Leftover:
    """What an editor should look at: a piece of a note that was not understood, or not believed."""

    row: int
    number: str
    text: str
    reason: str


@dataclass
class RegisterPlan:
    """The plan, and what is told beside it. `matched` orders were entries before; `elsewhere` changed without a row.

    `vanished` are orders of the record that the file does not have: they stay.
    """

    plan: Plan
    statements: int = 0
    leftovers: list[Leftover] = field(default_factory=list)
    matched: int = 0
    elsewhere: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)


def plan_listing(listing: Listing, *, today: date, publish: bool = False) -> RegisterPlan:
    """Return what importing a list would do; with `publish`, what the ledger would refuse is a fault too.

    A fixed number of queries for each 500 orders.
    """
    plan = Plan(listing.name, listing.faults, list(listing.notes))
    found = RegisterPlan(plan)
    if listing.faults:
        return found
    vocabulary = plan.vocabulary = plan_vocabulary(_package(listing), plan.faults)
    plan.notes += vocabulary.notes
    _Desk(listing, found, vocabulary, _recorded()).plan_all(today=today, publish=publish)
    return found


# --- words and sources -----------------------------------------------------------------------------------------


def _package(listing: Listing) -> Package:
    """Return the terms and sources that the documents need, as a package would bring them."""
    package = Package(listing.name, {file.name: [] for file in FILES if file.name not in OPTIONAL})
    words = Words({})
    names = dict.fromkeys(president_on(each.signed) for each in listing.documents)
    for kind, name in (*_NAMED, *(("actor", name) for name in names if name)):
        if words.term(kind, name=name) is None:
            package.tables[TERMS].append(_row(TERMS, 1, kind=kind, slug=stem_of(name), name=name))
    package.tables[SOURCES] = [_row(SOURCES, each.row, **source_cells(each)) for each in listing.documents]
    return package


def _row(file: str, number: int, **cells: str) -> Row:
    return Row(number, dict.fromkeys(FILES_BY_NAME[file].columns, "") | cells)


def _terms(words: Words) -> dict[tuple[str, str], str]:
    """Return the slugs of the terms that entries name, by kind and name."""
    wanted = [*_NAMED, *(("actor", name) for name in NAMES)]
    known = {(kind, name): words.term(kind, name=name) for kind, name in wanted}
    return {(kind, name): words.here(kind, term["slug"]) for (kind, name), term in known.items() if term}


def _recorded() -> dict[str, Order]:
    """Return the executive orders that the record has, by number."""
    found: dict[str, Order] = {}
    actions = PolicyAction.objects.filter(identifiers__contains=_MARK)
    citations = Citation.objects.filter(action__identifiers__contains=_MARK).order_by("action", "position")
    own = dict(reversed(citations.values_list("action__slug", "source__slug")))
    for slug, identifiers, day in actions.order_by("slug").values_list("slug", "identifiers", "date_earliest"):
        for identifier in lines(identifiers):
            if identifier.startswith(_MARK):
                order = Order(slug, day.isoformat() if day else "", own.get(slug, ""))
                found.setdefault(identifier.removeprefix(_MARK), order)
    return found


# --- entries ---------------------------------------------------------------------------------------------------


@dataclass
class _Context:
    """What the record's checks look things up in, once the plan is applied (`checking.Context`)."""

    words: Words
    sources: set[str]
    entry_dates: dict[str, str | None]
    actions: dict[str, PolicyAction] = field(default_factory=dict)

    def get(self, model: type[Model], named: Mapping[str, Any] | str | None) -> Any:
        if not named:
            return None
        slug = document.slug_of(named)
        known = slug in self.sources if model is Source else self.words.will_know(model.ledger_kind, slug)  # type: ignore[attr-defined]
        return known or None


@dataclass(frozen=True)
class _Checked:
    slug: str
    entry: Content
    relations: list[dict[str, Any]]


@dataclass
class _Desk:
    """Where each order is judged against the record, and the verdict put into the plan."""

    listing: Listing
    found: RegisterPlan
    vocabulary: Vocabulary
    recorded: Mapping[str, Order]

    def plan_all(self, *, today: date, publish: bool) -> None:
        """Sort the orders into new, changed and the same."""
        known = {**self.recorded, **{each.number: self._order(each) for each in self.listing.documents}}
        readings = {each.number: read_note(each, known, today=today) for each in self.listing.documents}
        said = sayings((edge for reading in readings.values() for edge in reading.edges), known)
        self._tell(readings)
        contents = self._contents(known, readings, said)
        additions = {known[number].slug: said[number] for number in said.keys() - readings.keys()}
        standing = merging.standing(sorted({*contents, *additions}))
        for slug in additions.keys() & standing.keys():
            contents[slug] = _added(standing[slug], additions[slug])
        self._judge(contents, standing)
        self.found.elsewhere = sorted({draft.slug or "" for draft in self.found.plan.changed} & additions.keys())
        self._check(standing, today=today, publish=publish)

    def _order(self, found: Document) -> Order:
        slug = self.recorded[found.number].slug if found.number in self.recorded else slug_for(found.number)
        return Order(slug, found.signed, self.vocabulary.words.here("source", source_slug(found)))

    def _tell(self, readings: Mapping[str, Reading]) -> None:
        found, rows = self.found, {each.number: each.row for each in self.listing.documents}
        found.matched = len(rows.keys() & self.recorded.keys())
        found.vanished = sorted(self.recorded.keys() - rows.keys())
        for number, reading in readings.items():
            found.statements += len(reading.edges) + len(reading.queued)
            pairs = [(text, "This was not understood.") for text in reading.remainder]
            pairs += [(each.text, each.reason) for each in reading.queued]
            found.leftovers += [Leftover(rows[number], number, *pair) for pair in pairs]

    def _contents(
        self, known: Mapping[str, Order], readings: Mapping[str, Reading], said: Mapping[str, Saying]
    ) -> dict[str, Content]:
        terms, found = _terms(self.vocabulary.words), {}
        for each in self.listing.documents:
            order, saying = known[each.number], said.get(each.number, Saying())
            found[order.slug] = content_said(each, saying, readings[each.number], source=order.source, terms=terms)
            self.found.plan.rows[order.slug] = each.row
        return found

    def _judge(self, contents: Mapping[str, Content], standing: Mapping[str, Standing]) -> None:
        plan, owned = self.found.plan, upkeep.ownership(standing)
        told = {slug for slug in contents if slug in plan.rows} | self._own_sources()
        retracted = _retracted(sorted(standing))
        for slug, content in contents.items():
            here = standing.get(slug)
            if slug in retracted:
                plan.kept.append(slug)
                continue
            if here is None:
                plan.save(slug, merging.content_of(content, content["relations"]), None)
                continue
            about = told if slug in plan.rows else ()
            now = upkeep.brought_up_to_date(here.content, content, owned[slug], told=about)
            if now != here.content:
                plan.save(slug, now, here)
            elif slug in plan.rows:
                plan.same.append(slug)
        plan.public = {slug for slug, here in standing.items() if here.is_public}
        plan.waiting = {slug: standing[slug].revision for slug in never_published(plan.same)}

    def _own_sources(self) -> set[str]:
        return {self.vocabulary.words.here("source", source_slug(each)) for each in self.listing.documents}

    def _check(self, standing: Mapping[str, Standing], *, today: date, publish: bool) -> None:
        """Note whatever the record, and with `publish` the ledger, would refuse."""
        plan = self.found.plan
        sources = {citation["source"]["slug"] for here in standing.values() for citation in here.content["citations"]}
        sources |= self._own_sources() | {order.source for order in self.recorded.values()}
        context = _Context(self.vocabulary.words, sources, self._dates(plan))
        for draft in plan.drafts:
            problems = check_entry(
                _Checked(draft.slug or "", dict(draft.entry), [dict(item) for item in draft.relations]),
                context=context,
                today=today,
            )
            if publish and not problems:
                problems = missing_for_publication(with_status(draft.entry), imported=True)
            for path, sentences in problems.items():
                row = plan.rows.get(draft.slug or "")
                plan.faults.add(plan.name, f"{draft.slug}: {' '.join(sentences)}", row=row, column=column_of(path))

    def _dates(self, plan: Plan) -> dict[str, str | None]:
        targets = sorted({item["to"] for draft in plan.drafts for item in draft.relations if item["to"]})
        found: dict[str, str | None] = {}
        for start in range(0, len(targets), _CHUNK):
            found |= dict(
                PolicyAction.objects.filter(slug__in=targets[start : start + _CHUNK]).values_list("slug", "date")
            )
        return found | {draft.slug or "": draft.entry["date"] for draft in plan.drafts}


def _retracted(slugs: Sequence[str]) -> set[str]:
    """Return those of `slugs` that editors retracted: what should not stand is not brought up to date."""
    return {
        slug
        for start in range(0, len(slugs), _CHUNK)
        for slug in PublishedAction.objects.current()
        .filter(slug__in=slugs[start : start + _CHUNK], change="retracted")
        .values_list("slug", flat=True)
    }


def _added(here: Standing, saying: Saying) -> Content:
    """Return what the file adds to an order that it does not have: what others in it did to it, or it to them."""
    own = next((item["source"]["slug"] for item in here.content["citations"]), "")
    history = here.content["status_history"]
    known = {(line["date"], line["note"]) for line in history}
    told = [_line_after(history, line) for line in saying.lines if (line["date"], line["note"]) not in known]
    cited = [item for item in citations(own, told) if item["source"]["slug"] != own]
    blank = dict.fromkeys(upkeep.FIELDS)
    return {**blank, "identifiers": [], "citations": cited, "status_history": told, "relations": saying.relations}


def _line_after(history: Iterable[Mapping[str, Any]], line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line as it reads in a history that says more than the file does."""
    before = [other["status"] for other in history if other["status"] and other["date"] <= line["date"]]
    status = status_after(before[-1] if before else "", line["status"] or "") or None
    return {**line, "status": status, "by": line["by"] if status else None}
