"""Time travel: what an edition served is served again, byte for byte, on both databases and whatever came after.

A machine with a fixed seed makes 50 editions of every kind of edit, with salts and instants of its own. So the
digest of the last edition, which seals all before it, is one constant for SQLite and PostgreSQL.
"""

import hashlib
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tests.factories import NOW
from tracker import publishing, verification
from tracker.models import (
    Actor,
    AffectedParty,
    Agency,
    Category,
    Edition,
    PolicyAction,
    PublishedAction,
    PublishedRelation,
    PublishedTerm,
    Publisher,
    Source,
    Topic,
)
from tracker.record import Draft, save_entry

pytestmark = pytest.mark.django_db

EDITIONS = 50
# Changes when the documents, the columns, the codebook's version or the digests' recipe change; then say so.
LAST_DIGEST = "fa25ca2fd291dfb0ba0e2187eb774f0d2ba8ea8433fbe279306e2bdbde159785"
# SHA-256 of all that readers could download at the last edition.
LAST_FILES = "487fe37a16b490411bc482554844db56136e82289d70802889b756fd8805b9c3"

_STATUSES = ("announced", "in_effect", "partly_in_effect", "on_hold", "blocked", "reversed", "expired")
_DATES = ("2025-02-{:02}", "2025-02-{:02}?", "[2025-01-03..2025-02-{:02}]", "2025-02", "2025~")


class Machine:
    """Edits and publishes at random, and remembers what readers could download at each edition."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.salts = count(1)
        self.at = NOW
        self.public: list[str] = []
        self.served: dict[int, str] = {}
        self._make_words()

    def _make_words(self) -> None:
        self.publishers = [Publisher.objects.create(slug=f"publisher-{n}", name=f"Publisher {n}") for n in range(3)]
        self.sources = [
            Source.objects.create(
                slug=f"source-{n}", title=f"Report {n}", publisher=self.publishers[n % 3], url=f"https://news.example/{n}",
                published=f"2025-03-0{n + 1}", kind="official_document" if n % 4 == 0 else "news_report",
            )
            for n in range(8)
        ]  # fmt: skip
        top = Agency.objects.create(slug="agency-0", name="Agency 0", abbreviation="A0")
        self.agencies = [
            top,
            *(Agency.objects.create(slug=f"agency-{n}", name=f"Agency {n}", parent=top) for n in (1, 2)),
        ]
        self.actors = [Actor.objects.create(slug=f"actor-{n}", name=f"Actor {n}") for n in range(3)]
        self.topics = [Topic.objects.create(slug=f"topic-{n}", name=f"Tópic {n}") for n in range(4)]
        self.parties = [
            AffectedParty.objects.create(slug=f"party-{n}", name=f"Party {n}", kind="state") for n in range(3)
        ]
        self.parties[0].members.set(self.parties[1:])
        self.categories = [
            Category.objects.create(slug=f"category-{n}", name=f"Category {n}", definition="Does something.")
            for n in range(2)
        ]

    def salt(self) -> str:
        return f"{next(self.salts):032x}"

    def turn(self, number: int) -> None:
        """Make edition `number`."""
        self.at += timedelta(hours=self.random.randrange(-2, 30))
        kinds: list[Callable[[], Edition | None]] = [self._create, self._create, self._edit, self._edit, self._term]
        kinds += [self._retract] if len(self.public) > 4 else []
        while (edition := self.random.choice(kinds)() if self.public else self._create()) is None:
            pass
        assert edition.number == number
        self.served[number] = download(number)

    def _create(self) -> Edition | None:
        slugs = [f"entry-{PolicyAction.objects.count() + n}" for n in range(self.random.randrange(1, 4))]
        actions = [self._save(slug) for slug in slugs]
        if self.random.random() < 0.2:
            actions.pop()  # stays a draft, which relations may point at
        self.public += [action.slug for action in actions]
        return self._publish(actions)

    def _edit(self) -> Edition | None:
        chosen = sorted(self.random.sample(self.public, min(2, len(self.public))))
        return self._publish([self._save(slug) for slug in chosen])

    def _publish(self, actions: list[PolicyAction]) -> Edition | None:
        change = publishing.Change("corrected", f"Turn {len(self.served)}, with a café.")
        revisions = {action.slug: action.revision for action in actions}
        changes = dict.fromkeys(revisions, change)
        return publishing.publish(revisions, by=None, at=self.at, note="Machine.", changes=changes, salt=self.salt)

    def _term(self) -> Edition | None:
        """Rename a term of any kind, whether or not it is public yet; publish it if it is."""
        words: list[list[Any]] = [self.actors, self.agencies, self.topics, self.publishers, self.parties]
        term = self.random.choice(self.random.choice(words))
        term.name = f"{term.slug.title()} in {len(self.served)}"
        term.save()
        if not term.is_published:
            return None
        return publishing.publish_terms(
            [(term.ledger_kind, term.slug)], by=None, at=self.at, note="Renamed.", salt=self.salt
        )

    def _retract(self) -> Edition | None:
        slug = self.public.pop(self.random.randrange(len(self.public)))
        values: dict[str, Any] = {"reason": "out_of_scope", "note": "No entry.", "by": None, "at": self.at}
        return publishing.retract(slug, **values, salt=self.salt)

    def _save(self, slug: str) -> PolicyAction:
        known = PolicyAction.objects.filter(slug=slug).first()
        draft = Draft(
            entry=self._entry(), relations=self._relations(slug), slug=slug, expected=known.revision if known else 0
        )
        return save_entry(draft, by=None, at=NOW)

    def _entry(self) -> dict[str, Any]:
        pick = self.random
        sources = pick.sample(self.sources, pick.randrange(1, 4))
        days = sorted(pick.sample(range(1, 28), pick.randrange(1, 4)))
        return {
            "title": pick.choice(["=Aid paused", "Aid, paused", 'Aid "paused"', "Hilfe für Kyjiw"]),
            "summary": pick.choice([None, "One.\nTwo.", "; ".join("abc")]),
            "where_it_stands": "Somewhere.",
            "category": pick.choice([None, {"slug": pick.choice(self.categories).slug}]) or {"slug": "category-0"},
            "actor": {"slug": pick.choice(self.actors).slug},
            "agency": {"slug": pick.choice(self.agencies).slug},
            "affects": [{"slug": party.slug} for party in pick.sample(self.parties, pick.randrange(3))],
            "topics": [{"slug": topic.slug} for topic in pick.sample(self.topics, pick.randrange(3))],
            "identifiers": pick.choice([[], ["eo:1", "fr:2"]]),
            "date": pick.choice(_DATES).format(pick.randrange(10, 28)),
            "status_history": [{"status": pick.choice(_STATUSES), "date": f"2025-03-{day:02}"} for day in days],
            "citations": [{"source": source.slug, "attribution": "named_official"} for source in sources],
        }

    def _relations(self, slug: str) -> list[dict[str, Any]]:
        others = sorted(PolicyAction.objects.exclude(slug=slug).values_list("slug", flat=True))
        chosen = self.random.sample(others, min(self.random.randrange(3), len(others)))
        inside = [{"kind": "see_also", "to": other, "note": "Kin."} for other in chosen]
        outside = {"kind": "see_also", "title": "An order", "identifier": f"eo:{self.random.randrange(3)}"}
        return [*inside, outside] if self.random.random() < 0.5 else inside


def download(number: int) -> str:
    """Return the lines that readers get at an edition, in the order of the slugs, with what surrounds them."""
    rows = [
        *sorted(PublishedAction.objects.as_of(number).values_list("csv", flat=True)),
        *sorted(PublishedAction.objects.as_of(number).values_list("record", flat=True)),
        *sorted(PublishedRelation.objects.as_of(number).values_list("record", flat=True)),
        *sorted(PublishedTerm.objects.sealed_by(number).values_list("record", flat=True)),
        *sorted(PublishedAction.objects.retracted_as_of(number).values_list("record", flat=True)),
    ]
    return "\r\n".join(rows)


@pytest.fixture
def machine() -> Machine:
    made = Machine(seed=2025)
    for number in range(1, EDITIONS + 1):
        made.turn(number)
    return made


def test_fifty_editions_are_served_again_byte_for_byte(machine: Machine) -> None:
    assert [number for number, text in machine.served.items() if download(number) != text] == []
    assert len(set(machine.served.values())) == EDITIONS
    assert list(verification.verify(full=True)) == []
    assert _what_happened() >= {"published", "corrected", "minor", "retracted", "relation", "removed relation"}
    newest = Edition.objects.get(number=EDITIONS)
    assert (newest.digest, hashlib.sha256(machine.served[EDITIONS].encode()).hexdigest()) == (LAST_DIGEST, LAST_FILES)


def _what_happened() -> set[str]:
    """Return what kinds of change the machine made, so that a new seed cannot make it tame."""
    found = set(PublishedAction.objects.values_list("change", flat=True))
    found |= {"relation" for _ in PublishedRelation.objects.filter(removed=False)[:1]}
    return found | {"removed relation" for _ in PublishedRelation.objects.filter(removed=True)[:1]}


def test_days_and_instants_of_the_machine_never_run_backwards(machine: Machine) -> None:
    instants = list(Edition.objects.order_by("number").values_list("published_at", flat=True))
    assert instants == sorted(instants)
    assert {type(at) for at in instants} == {datetime}
    assert max(instants).date() > date(2025, 6, 10)
