"""Real entries, published through the front door, and variations of them whose stored lines have gaps to fill.

A *printing* is what publishing would seal for one variation: canonical JSON, CSV line, facets, spans and date bounds,
all made by `tracker.document`. Only what differs between two copies (slug, number, version, edition, instants, salt)
is left open, so that filling it in costs microseconds where composing costs a millisecond.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from tests import factories
from tracker import codebook, document
from tracker.models import PublishedAction

FIRST_DAY, DAYS = date(2009, 1, 20), 5_800
PROTOTYPES = 240
LATER_NOTE = "A court ruled on it, and the agency answered."

# What is left open in a printing, as it stands in the texts. None of it is escaped or guarded in either.
OPEN: dict[str, str | int] = {
    "slug": "zzslugzz",
    "number": "zznumberzz",
    "text": "zztextzz",
    "salt": "zzsaltzz",
    "first_published": "zzfirstzz",
    "last_changed": "zzlastzz",
    "version": 777_700_001,
    "edition": 777_700_002,
}
_GAPS = {str(mark): name for name, mark in OPEN.items()}
_GAP = re.compile("|".join(_GAPS))

_WORDS = (  # noqa: SIM905 - they are read as words
    "aid program order pause review funding agency court staff sanction tariff visa contract grant rule embargo export"
    " licence inspector data archive website guidance memorandum delegation treaty envoy base exercise intelligence"
    " the a to of for in with until after under which was were has been is not by from on and its their all some"
).split()
# How often histories of each kind come.
_HISTORIES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (40, ("in_effect",)),
    (12, ("took_place",)),
    (12, ("announced", "in_effect")),
    (10, ("announced",)),
    (9, ("in_effect", "reversed")),
    (6, ("announced", "in_effect", "blocked")),
    (5, ("in_effect", "partly_in_effect", "expired")),
    (4, ("reported",)),
    (2, ("announced", "in_effect", "blocked", "in_effect")),
)
_BY = {"reversed": "issuer", "blocked": "court"}
_DAYS_SAID: tuple[tuple[int, str], ...] = (
    (82, "{day}"),
    (6, "{day:%Y-%m}"),
    (3, "{day}?"),
    (3, "{day}~"),
    (4, "[{day}..{later}]"),
    (2, "{day:%Y}"),
)


@dataclass(frozen=True)
class Printing:
    """What publishing would seal, with gaps. `keys` are the fields of a projection that follow from the date."""

    words: str
    record: Template
    csv: Template
    facets: tuple[tuple[str, str], ...]
    spans: tuple[tuple[Any, ...], ...]
    keys: Mapping[str, Any]


class Template:
    """A text with gaps."""

    def __init__(self, text: str) -> None:
        self._names = [_GAPS[found[0]] for found in _GAP.finditer(text)]
        self._text = _GAP.sub("%s", text.replace("%", "%%"))

    def filled(self, values: Mapping[str, Any]) -> str:
        """Return the text with `values` in the gaps."""
        return self._text % tuple([values[name] for name in self._names])


def prototypes(*, at: datetime, seed: int) -> list[dict[str, Any]]:
    """Save and publish PROTOTYPES entries with their terms and sources as one edition; return their documents."""
    chance = random.Random(seed)
    terms = _Terms(chance)
    saved = [factories.save(at=at, **terms.entry(number)) for number in range(PROTOTYPES)]
    factories.publish(*saved, at=at, note="The entries that all others vary.")
    records = PublishedAction.objects.order_by("slug").values_list("record", flat=True)
    return [document_of(record) for record in records]


def document_of(record: str) -> dict[str, Any]:
    """Return the entry of a canonical JSON text."""
    entry: dict[str, Any] = json.loads(record)["entry"]
    return entry


class _Terms:
    """The vocabulary, as large as that of a national newsroom after years."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        roots = factories.AgencyFactory.create_batch(20)
        parts = [factories.AgencyFactory.create(parent=roots[_skewed(chance, 20)]) for _ in range(100)]
        states = factories.PartyFactory.create_batch(60)
        groups = factories.PartyFactory.create_batch(5, group=True)
        for group in groups:
            group.members.set(chance.sample(states, 12))
        self.agencies, self.parties = [*roots, *parts], [*states, *groups]
        self.actors = factories.ActorFactory.create_batch(200)
        self.topics = factories.TopicFactory.create_batch(40)
        self.categories = factories.CategoryFactory.create_batch(25)
        publishers = factories.PublisherFactory.create_batch(60)
        self.sources = [
            factories.SourceFactory.create(publisher=_pick(chance, publishers), official=number % 3 == 0)
            for number in range(PROTOTYPES * 2)
        ]

    def entry(self, number: int) -> dict[str, Any]:
        """Return the values of a prototype: terms, citations and short texts; the rest is varied."""
        chance = self.chance
        cited = chance.sample(self.sources, chance.choices((1, 2, 3), (60, 30, 10))[0])
        disputed = number % 25 == 0 and len(cited) > 1
        return {
            "title": f"Prototype {number}: {said(chance, 30)}",
            "actor": _pick(chance, self.actors),
            "agency": _pick(chance, self.agencies),
            "category": None if number % 40 == 1 else _pick(chance, self.categories),
            "imported": number % 40 == 1,
            "affects": _some(chance, self.parties, 3),
            "topics": _some(chance, self.topics, 4),
            "form": chance.choice(("", "", *codebook.FORMS)),
            "identifiers": [f"eo:{13_000 + number}"] if number % 4 == 0 else [],
            "disputed": disputed,
            "dispute_note": "The agency denies it." if disputed else "",
            "citations": [
                factories.citation(source, stance="disputes" if disputed and place == 1 else "supports")
                for place, source in enumerate(cited)
            ],
        }


def printings(count: int, *, of: Sequence[dict[str, Any]], seed: int, later: bool) -> Iterator[Printing]:
    """Yield `count` variations: the terms of one entry, the texts and days of chance.

    The same seed gives the same variations, as first (`later=False`) and as later versions of an entry.
    """
    chance = random.Random(seed)
    for _ in range(count):
        yield _printing(_varied(chance, of), later=later)


def _varied(chance: random.Random, of: Sequence[dict[str, Any]]) -> dict[str, Any]:
    texts, actor, agency, about = (of[_skewed(chance, len(of))] for _ in range(4))
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    fresh = texts | {
        "title": f"{said(chance, chance.randint(20, 90)).capitalize()} {OPEN['number']}",
        "summary": _summary(chance),
        "where_it_stands": f"{said(chance, 70)[:85].capitalize()}, as of text {OPEN['text']}.",
        "actor": actor["actor"],
        "agency": agency["agency"],
        "category": about["category"],
        "affects": about["affects"],
        "topics": about["topics"],
        "date": _day_said(chance, day),
        "status_history": _history(chance, day, source=texts["status_history"][0]["source"]),
    }
    return fresh | {"derived": document.derive(fresh)}


def _printing(entry: dict[str, Any], *, later: bool) -> Printing:
    record = {
        **{name: mark for name, mark in OPEN.items() if name not in ("number", "text")},
        "change": "updated" if later else "published",
        "change_note": LATER_NOTE if later else None,
        "last_change": "updated" if later else "published",
        "entry": entry,
    }
    instants = {"first_published": "2009-01-01T00:00:00Z", "last_changed": "2009-01-01T00:00:00Z"}
    keys = document.projection(record | instants)
    return Printing(
        words=re.sub("[^a-z]+", "-", entry["title"].lower().removesuffix(str(OPEN["number"])))[:60].strip("-"),
        record=Template(document.canonical(record)),
        csv=Template(document.csv_line(record, public_url=settings.PUBLIC_URL)),
        facets=tuple(sorted(document.facets(record))),
        spans=tuple(map(tuple, document.spans(entry))),
        keys={name: keys[name] for name in ("earliest", "latest", "qualified", "newest", "oldest")},
    )


def _history(chance: random.Random, day: date, *, source: str | None) -> list[dict[str, Any]]:
    (statuses,) = chance.choices([each for _, each in _HISTORIES], [weight for weight, _ in _HISTORIES])
    lines = []
    for position, status in enumerate(statuses, start=1):
        said_day = _day_said(chance, day) if position == 1 else day.isoformat()
        by = _BY.get(status)
        lines.append(
            {"position": position, "status": status, "date": said_day, "by": by, "source": source, "note": None}
        )
        day += timedelta(days=chance.randint(370, 500))
    return lines


def _day_said(chance: random.Random, day: date) -> str:
    (form,) = chance.choices([form for _, form in _DAYS_SAID], [weight for weight, _ in _DAYS_SAID])
    return form.format(day=day, later=day + timedelta(days=chance.randint(1, 20)))


def _summary(chance: random.Random) -> str | None:
    """Return a text of some 330 characters, one in a hundred several times as long; sometimes with quotes and lines."""
    length = min(int(chance.lognormvariate(5.7, 0.55)), 8_000)
    text = f"{said(chance, length).capitalize()}."
    if chance.random() < 0.1:
        text = f'The order says: "{text}"\nSee also “{said(chance, 20)}” – §3.'
    return None if chance.random() < 0.03 else text


def said(chance: random.Random, length: int) -> str:
    """Return words of some `length` characters."""
    return " ".join(chance.choices(_WORDS, k=max(2, length // 6)))


def _skewed(chance: random.Random, size: int) -> int:
    """Return a place below `size`, the first ones far more often than the last."""
    return int(size * chance.random() ** 2.5)


def _pick(chance: random.Random, among: Sequence[Any]) -> Any:
    return among[_skewed(chance, len(among))]


def _some(chance: random.Random, among: Sequence[Any], most: int) -> list[Any]:
    return list({item.pk: item for item in (_pick(chance, among) for _ in range(chance.randint(0, most)))}.values())
