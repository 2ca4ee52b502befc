"""One selection, many renderings: for random valid selections, page and file hold the same rows in the same order.

No draft, and no row retracted or superseded at the edition served, ever appears.
"""

import csv
import io
import os
import random
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tracker import codebook, publishing
from tracker.models import Edition, PolicyAction, PublishedAction

CANARY = "quetzal"
# Random selections: EXAMPLES=200 looks deeper.
EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
DATES = [
    "2024",
    "2025-02",
    "2025-02-05",
    "[2025-02-17..2025-02-28]",
    "2025-03-03",
    "2025-03-05?",
    "2025-02-27/2025-03-02",
]
LINES = [
    [("in_effect", "2025-02-05")],
    [("in_effect", "2025-02"), ("reversed", "2025-03-11")],
    [("reported", "2025-02-28")],
    [("announced", "2025-02-01"), ("in_effect", "2025-02-15~"), ("blocked", "[2025-02-20..2025-03-02]")],
    [("took_place", "2025-02-18")],
    [("in_effect", "2024"), ("partly_in_effect", "2025-02-10")],
]


class Ledger:
    """A small random ledger: agencies with parts, groups with members, edits, retractions, drafts."""

    def __init__(self) -> None:
        self.random = random.Random(20250303)
        root = factories.AgencyFactory.create(slug="root", name="Root Department")
        part = factories.AgencyFactory.create(slug="part", name="Part of Root", parent=root)
        self.agencies = [root, part, factories.AgencyFactory.create(slug="alone", name="Alone Agency")]
        state = factories.PartyFactory.create(slug="ruritania", name="Ruritania")
        group = factories.PartyFactory.create(slug="league", name="The League", group=True)
        group.members.add(state)
        self.parties = [state, group]
        self.topics = [factories.TopicFactory.create(slug=f"topic-{letter}", name=f"Topic {letter}") for letter in "ab"]
        self.actors = [factories.ActorFactory.create(slug=f"actor-{letter}", name=f"Actor {letter}") for letter in "ab"]
        self.categories = [factories.CategoryFactory.create(slug=slug, name=slug) for slug in ("talks", "aid-pause")]
        self.sources = [factories.SourceFactory.create(slug=f"source-{n}", official=n == 0) for n in range(4)]
        self.at = factories.NOW

    def fill(self) -> None:
        """Write eight editions: new entries, edits, a retraction, and drafts that stay drafts."""
        actions: list[PolicyAction] = []
        for number in range(24):
            actions.append(factories.save(slug=f"entry-{number:02}", at=self.at, **self.values(number)))
            if number % 4 == 3:
                self.at += timedelta(days=1)
                factories.publish(*actions[-4:], at=self.at)
        edited = [factories.edit(action, at=self.at, summary="Edited.") for action in actions[:3]]
        factories.publish(*edited, at=self.at + timedelta(days=1))
        publishing.retract("entry-05", reason="did_not_happen", note="It did not.", by=None, at=self.at)
        factories.edit(actions[7], title=f"{CANARY} unpublished edit")
        factories.save(slug=f"{CANARY}-draft", **self.values(99) | {"title": f"{CANARY} draft"})

    def values(self, number: int) -> dict[str, Any]:
        """Return the values of one random entry."""
        choose = self.random.choice
        source = choose(self.sources)
        return {
            "title": f"Decision {number} about {choose(['grain', 'coal', 'café'])}",
            "date": choose(DATES),
            "agency": choose(self.agencies),
            "actor": choose(self.actors),
            "category": choose(self.categories),
            "affects": [party for party in self.parties if self.random.random() < 0.4],
            "topics": [topic for topic in self.topics if self.random.random() < 0.5],
            "status_history": [factories.line(status, date) for status, date in choose(LINES)],
            "citations": [factories.citation(source, attribution=choose(["document", "reporting"]))],
        }


def _some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def _one(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.sampled_from(values).map(lambda value: [value])


SELECTIONS = st.fixed_dictionaries(
    {},
    optional={
        "q": _one(["grain", "CAFÉ", "decision 1", "100%", "nothing like it", '"about coal" -3', "-cafe", "dec edi"]),
        "from": _one(["2024", "2025-02", "2025-02-17"]),
        "to": _one(["2025-02-28", "2025-03", "2025"]),
        "dates": _one(["possible", "certain"]),
        "agency": _some(["root", "part", "alone"]),
        "actor": _some(["actor-a", "actor-b"]),
        "category": _some(["talks", "aid-pause", "not-coded"]),
        "topic": _some(["topic-a", "topic-b"]),
        "affects": _some(["ruritania", "league"]),
        "status": _some(list(codebook.STATUSES)),
        "had_status": _some(["in_effect", "blocked", "reported"]),
        "in_force": _some(list(codebook.IN_FORCE)),
        "in_force_on": _one(["2025-02-05", "2025-02-18", "2025-03-01", "2025-03-11"]),
        "evidence": _some(list(codebook.EVIDENCE)),
        "corroborated": _one(["yes", "no"]),
        "disputed": _one(["yes", "no"]),
        "changed_since": _one(["0", "3", "7"]),
        "as_of": _one([str(number) for number in range(9)]),
        "sort": _one(["newest", "oldest", "changed", "added", "relevance"]),
    },
)


def answer(path: str) -> Any:
    """Return the response of the view behind `path`; the test client would copy the context of every template."""
    request = RequestFactory().get(path)
    found = resolve(request.path_info)
    return found.func(request, *found.args, **found.kwargs)


def slugs_of_page(query: str) -> list[str]:
    """Return the slugs listed on the timeline page."""
    response = answer(f"/?{query}&per_page=200")
    assert response.status_code == 200, query
    html = response.content.decode()
    assert CANARY not in html.replace(query, "")
    return re.findall(r'<h4[^>]*><a href="/actions/([a-z0-9-]+)/', html)


def slugs_of_file(query: str) -> list[str]:
    """Return the slugs of the CSV, after checking its length."""
    response = answer(f"/actions.csv?{query}")
    assert response.status_code == 200, query
    body = b"".join(response.streaming_content)
    assert len(body) == int(response["Content-Length"])
    assert CANARY.encode() not in body
    return [row["slug"] for row in csv.DictReader(io.StringIO(body.decode(), newline=""))]


@pytest.mark.timeout(400)
@pytest.mark.django_db
def test_page_and_file_agree_on_random_selections() -> None:
    """Random selections; every row that comes stood at the edition served."""
    Ledger().fill()
    newest = Edition.objects.count()
    sizes: list[int] = []

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(SELECTIONS)
    def check(values: dict[str, list[str]]) -> None:
        if values.get("from") == ["2025-02-17"] and values.get("to") == ["2024"]:
            return
        query = urlencode(values, doseq=True)
        listed = slugs_of_page(query)
        assert listed == slugs_of_file(query)
        served = int(values.get("as_of", [str(newest)])[0])
        standing = PublishedAction.objects.sealed_by(served).exclude(change="retracted")
        assert set(listed) <= set(standing.values_list("slug", flat=True))
        sizes.append(len(listed))

    check()
    assert len(sizes) >= EXAMPLES
    assert sum(size > 0 for size in sizes) > EXAMPLES // 4, "the selections must find something"
