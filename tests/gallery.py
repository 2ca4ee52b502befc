"""A record rich in states, for looking at every page: the seeds, and an invented country whose entries had every fate.

`publish_gallery` writes it; `PAGES` names an address for each kind of page and each state that a reader may meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests import factories
from tests.factories import citation, line
from tracker import publishing
from tracker.models import Agency, Category, PolicyAction, Publisher, Source

SEEDS = Path(__file__).resolve().parent.parent / "seeds" / "us-russia-policy-2025"
FIRST = datetime(2025, 10, 1, 9, tzinfo=UTC)
ORDER, INJUNCTION, REVERSAL = "grain-exports-halted", "court-stops-the-export-halt", "grain-exports-allowed-again"
REPORTED, RETRACTED, DUPLICATE, MANY = "border-unit-told-to-stand-down", "false-tariff-pause", "halt-again", 48
SUMMARY = (
    "The ministry told customs offices by circular to stop clearing wheat and barley for export until the stocks have "
    "been counted. Ships that were loaded may leave. The order names no end and gives the drought as its reason; "
    "traders say that they first heard of it from the ports."
)
HISTORIES = (
    [line("in_effect", "2025-03-03"), line("reversed", "2025-03-11", by="issuer", note="Lifted after talks.")],
    [line("announced", "2025-02-20", by="issuer"), line("in_effect", "2025-04-01")],
    [line("announced", "2025-02-20"), line("withdrawn", "2025-05-02", by="issuer")],
    [line("in_effect", "2025-01-15"), line("partly_in_effect", "2025-03", by="court")],
    [line("in_effect", "2025-02"), line("on_hold", "2025-02-27", by="issuer")],
    [line("in_effect", "2025-02-01"), line("blocked", "[2025-02-10..2025-02-14]", by="court")],
    [line("in_effect", "2024-11"), line("expired", "2025-05-01", by="terms")],
    [line("in_effect", "2024-12-05"), line("superseded", "2025-04-15", by="issuer")],
    [line("took_place", "2025-03-18")],
    [line("reported", "2025-03-20")],
)
TITLES = (
    "Visa interviews suspended at three consulates",
    "Development bank told to stop new loans to the eastern provinces",
    "Sanctions on two shipping companies eased",
    "Working group on seized assets closed",
    "Import duty on machine tools raised",
    "Satellite pictures no longer shared with the neighbours",
    "Ceasefire talks held in Strelsau",
    "Rule on foreign agents proposed, with a very long title that says what it asks of whom and from which day on",
)


@dataclass
class Cast:
    """The terms of the invented country."""

    at: datetime = FIRST
    agencies: list[Agency] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    kind: dict[str, Any] = field(default_factory=dict)

    def prepare(self) -> None:
        """Create them."""
        country = factories.PartyFactory.create(name="Ruritania", iso_3166_1_alpha_3="")
        self.country = country
        self.group = factories.PartyFactory.create(name="Eastern League", group=True)
        self.group.members.add(country)
        ministry = factories.AgencyFactory.create(
            name="Ministry of Trade and Industry of Ruritania", abbreviation="MTI", country=country, valid_from="1990"
        )
        customs = factories.AgencyFactory.create(name="Ruritanian Customs", parent=ministry, country=country)
        ports = factories.AgencyFactory.create(name="Office of Ports", parent=customs, country=country)
        factories.AgencyFactory.create(
            name="Grain Board", successor=ministry, successor_date="2012-01-01", country=country, aliases="Corn Board"
        )
        self.old = factories.AgencyFactory.create(name="Harbour Office", country=country)
        guard = factories.AgencyFactory.create(name="Border Guard", country=country)
        self.agencies = [ministry, customs, ports, guard, self.old]
        self.actors = [
            factories.ActorFactory.create(name=name) for name in ("Rudolf Rassendyll", "Antoinette de Mauban")
        ]
        self.topics = [factories.TopicFactory.create(name=name) for name in ("Grain", "Ports", "Visas", "Sanctions")]
        self.sources = [_source(number) for number in range(9)]
        self.kind = {"category": Category.objects.get(slug="trade-measure")}


def _source(number: int) -> Source:
    papers = ("Strelsau Gazette", "Le Courrier de l’Est", "جريدة الشرق")
    paper = Publisher.objects.filter(name=papers[number % 3]).first()
    return factories.SourceFactory.create(
        slug=f"report-{number}",
        title=("Exports halted, ports say", "Les exportations suspendues", "وقف صادرات القمح")[number % 3],
        language=("en", "fr", "ar")[number % 3],
        publisher=paper or factories.PublisherFactory.create(name=papers[number % 3]),
        published=f"2025-03-{number + 1:02}",
        kind=("news_report", "official_document", "news_report")[number % 3],
        archive_url=f"https://archive.example/{number}" if number % 2 else "",
        archived_at=None,
    )


def publish_gallery() -> None:
    """Publish the seeds and the invented entries: eight editions, with a correction, a merger and two retractions."""
    call_command("load_vocabulary", verbosity=0)
    call_command("load_package", str(SEEDS), publish=True, verbosity=0)
    cast = Cast()
    cast.prepare()
    chain = _chain(cast)
    factories.publish(*chain, *_many(cast), at=cast.at)
    _edits(cast, chain)
    _retractions(cast)
    _terms(cast)


def _chain(cast: Cast) -> list[PolicyAction]:
    ministry, customs, _, guard, old = cast.agencies
    shared: dict[str, Any] = {
        "topics": cast.topics[:2],
        "affects": [cast.country],
        "actor": cast.actors[0],
        "at": cast.at,
    }
    order = factories.save(
        slug=ORDER, title="Grain exports halted", summary=SUMMARY, agency=ministry, other_agencies=[customs],
        where_it_stands="Ships have sailed again since 11 March.", date="2025-03-03", form="agency_memo",
        identifiers=["memo:17"], due_date="2025-12-31", actor_office="Minister of Trade", **shared,
        status_history=[
            line("announced", "2025-02-27", by="issuer", note="The minister told the press."),
            line("in_effect", "2025-03-03"),
            line("", "2025-03-05", note="Two ships were sent back to port.", source={"slug": cast.sources[0].slug}),
            line("reversed", "2025-03-11", by="issuer", note="Lifted by a second circular."),
        ],
        citations=[citation(source, attribution="document") for source in cast.sources[:4]],
    )  # fmt: skip
    stop = factories.save(
        slug=INJUNCTION, title="Court stops the export halt for the port of Zenda", agency=old, date="2025-03-06",
        where_it_stands="Zenda may export.", summary=SUMMARY, **shared,
        relations=[_relation("blocks", ORDER, in_part=True)],
        status_history=[line("in_effect", "2025-03-06", by="court")],
    )  # fmt: skip
    back = factories.save(
        slug=REVERSAL, title="Grain exports allowed again", agency=ministry, date="2025-03-11", summary=SUMMARY,
        where_it_stands="Exports need a licence.", **shared,
        relations=[_relation("reverses", ORDER), _relation("responds_to", INJUNCTION)],
        status_history=[line("in_effect", "2025-03-11"), line("superseded", "2025-06", by="issuer")],
    )  # fmt: skip
    told = factories.save(
        slug=REPORTED, title="Border unit told to stand down", agency=guard, date="[2025-02-17..2025-02-28]",
        where_it_stands="No document is public; the ministry denies it.", disputed=True, **shared,
        dispute_note="The ministry denied any such order on 4 March.", date_note="The reports agree on the week only.",
        status_history=[line("reported", "2025-02-28")],
        citations=[
            citation(cast.sources[0], attribution="unnamed_sources"), citation(cast.sources[4], stance="disputes"),
        ],
    )  # fmt: skip
    return [order, stop, back, told]


def _relation(kind: str, to: str, *, in_part: bool = False) -> dict[str, Any]:
    return {"kind": kind, "in_part": in_part, "to": to, "title": None, "identifier": None, "url": None, "note": None}


def _many(cast: Cast) -> Iterator[PolicyAction]:
    """Yield entries enough for a second page, of every status."""
    for number, title, history in islice(zip(range(MANY), cycle(TITLES), cycle(HISTORIES), strict=False), MANY):
        yield factories.save(
            slug=f"measure-{number}", title=f"{title} ({number + 1})", summary=SUMMARY, at=cast.at,
            date=history[0]["date"] if number % 7 else "2025-03", status_history=history,
            agency=cast.agencies[number % 4], actor=cast.actors[number % 2], topics=[cast.topics[number % 4]],
            affects=[cast.country if number % 3 else cast.group], **cast.kind, where_it_stands="So it stands.",
            citations=[
                citation(cast.sources[number % 9]), citation(cast.sources[(number + 1) % 9], attribution="document"),
            ],
        )  # fmt: skip


def _edits(cast: Cast, chain: list[PolicyAction]) -> None:
    later = cast.at + timedelta(days=1)
    order = factories.edit(chain[0], at=later, where_it_stands="Ships sail again since 11 March.", date="2025-03-02")
    note = "We had given the day of the report as the day of the order."
    factories.publish(order, at=later, change="corrected", change_note=note)
    again = factories.edit(order, at=later, summary=f"{SUMMARY} A second circular lifted the halt.")
    factories.publish(again, at=later + timedelta(hours=2), change="updated", change_note="The halt was lifted.")


def _retractions(cast: Cast) -> None:
    values: dict[str, Any] = {"agency": cast.agencies[0], "at": cast.at, "actor": cast.actors[1], **cast.kind}
    false = factories.save(slug=RETRACTED, title="Tariff pause of one hour", date="2025-04-07", **values)
    double = factories.save(slug=DUPLICATE, title="Exports of grain halted", date="2025-03-03", **values)
    at = cast.at + timedelta(days=2)
    factories.publish(false, double, at=at)
    publishing.retract(
        RETRACTED, reason="did_not_happen", note="The report was called off within the hour.", by=None, at=at
    )
    publishing.retract(DUPLICATE, reason="duplicate", note="The same circular.", by=None, at=at, replaced_by=[ORDER])


def _terms(cast: Cast) -> None:
    at = cast.at + timedelta(days=3)
    cast.old.merged_into = cast.agencies[2]
    cast.old.save()
    publishing.publish_terms([("agency", cast.old.slug)], by=None, at=at, note="Two records of one office.")


PAGES = {
    "timeline": "/",
    "timeline, second page": "/?page=2",
    "timeline, filtered": "/?agency=justice-department&status=in_effect&from=2025-02",
    "timeline, words": "/?q=grain+exports",
    "timeline, in force on": "/?in_force_on=2025-03-05",
    "timeline, no match": "/?agency=white-house&status=blocked",
    "timeline, refused": "/?from=2025-13-01&status=in_efect",
    "timeline, unknown name": "/?agencies=white-house",
    "timeline, earlier edition": "/?as_of=1",
    "timeline, empty record": "/?as_of=0",
    "tracks": "/?view=tracks",
    "tracks, filtered": "/?view=tracks&agency=white-house",
    "entry": f"/actions/{ORDER}/",
    "entry, disputed": f"/actions/{REPORTED}/",
    "entry, of the seeds": "/actions/military-aid-to-ukraine-paused/",
    "entry, retracted": f"/actions/{RETRACTED}/",
    "entry, earlier edition": f"/actions/{ORDER}/?as_of=2",
    "entry, not yet": f"/actions/{ORDER}/?as_of=1",
    "entry, old version": f"/actions/{ORDER}/versions/1/",
    "entry, compared": f"/actions/{ORDER}/compare/?from=1&to=3",
    "entry, cite": f"/actions/{ORDER}/cite/",
    "actors": "/actors/",
    "actor": "/actors/donald-trump/",
    "agencies": "/agencies/",
    "agency": "/agencies/ministry-of-trade-and-industry-of-ruritania/",
    "agency, filtered": "/agencies/justice-department/?status=in_effect",
    "parties": "/parties/",
    "party": "/parties/ruritania/",
    "topics": "/topics/",
    "topic": "/topics/grain/",
    "categories": "/categories/",
    "category": "/categories/aid-pause/",
    "publishers": "/publishers/",
    "publisher": "/publishers/strelsau-gazette/",
    "sources": "/sources/",
    "source": "/sources/report-1/",
    "method": "/method/",
    "about": "/about/",
    "data": "/data/",
    "data, filtered": "/data/?status=reversed",
    "cite": "/cite/?status=reversed",
    "changes": "/changes/",
    "edition": "/changes/2/",
    "corrections": "/corrections/",
    "embed": "/embed/",
    "embed, tracks": "/embed/?view=tracks&theme=dark",
    "api": "/api/",
    "not found": "/nowhere/",
}
"""The kind of page or its state -> an address that shows it."""

SPANISH = {name: f"/es{address}" for name, address in PAGES.items() if name != "api"}
"""The same in Spanish; the API is described in English alone."""

ANSWERS = dict.fromkeys(PAGES, 200) | {
    "timeline, refused": 400,
    "entry, retracted": 410,
    "entry, not yet": 404,
    "not found": 404,
}
"""The HTTP status of each."""
