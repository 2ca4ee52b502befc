"""The chain that an entry is part of, and its neighbours in the list that it was found in."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import line
from tests.timeline import page
from tests.timeline.scene import SECOND, publish_scene
from timeline.presenting import chains
from tracker import publishing
from tracker.models import PolicyAction

pytestmark = pytest.mark.django_db


def _relation(kind: str, to: str) -> dict[str, Any]:
    return {"kind": kind, "to": to, "in_part": False, "title": None, "identifier": None, "url": None, "note": None}


def _save(slug: str, day: int, *relations: dict[str, Any], status: str = "in_effect") -> PolicyAction:
    """Save an entry of that day of March; what others undo ends on the last."""
    lines = [line(date=f"2025-03-{day:02}"), *([line(status, "2025-03-31")] if status != "in_effect" else [])]
    return factories.save(
        slug=slug, title=slug.title(), date=f"2025-03-{day:02}", status_history=lines, relations=relations
    )


@pytest.fixture
def chained() -> None:
    """First is reversed by second, second superseded by third, third amended by fourth; all in one edition."""
    factories.publish(
        _save("first", 1, status="reversed"),
        _save("second", 2, _relation("reverses", "first"), status="superseded"),
        _save("third", 3, _relation("supersedes", "second")),
        _save("fourth", 4, _relation("amends", "third")),
    )


def _chain(client: Client, path: str) -> list[str]:
    html = page.get(client, path)
    steps = re.findall(r"<li(.*?)</li>", page.part(html, '<ol class="steps chain">', "</ol>"), re.DOTALL)
    return [page.words(f"<li{step}") for step in steps]


def test_chain_is_followed_through_others_in_order_of_time(client: Client, chained: None) -> None:
    assert _chain(client, "/actions/first/") == [
        "This entry First 1 Mar 2025 Reversed",
        "Reversed by Second 2 Mar 2025 Superseded",
        "Second: Superseded by Third 3 Mar 2025 In effect",
        "Third: Amended by Fourth 4 Mar 2025 In effect",
    ]


def test_chain_is_drawn_from_its_middle_both_ways(client: Client, chained: None) -> None:
    assert [step.partition(" 2025")[0] for step in _chain(client, "/actions/second/")] == [
        "Reverses First 1 Mar",
        "This entry Second 2 Mar",
        "Superseded by Third 3 Mar",
        "Third: Amended by Fourth 4 Mar",
    ]


def test_present_entry_is_marked_and_no_link(client: Client, chained: None) -> None:
    part = page.part(page.get(client, "/actions/second/"), '<ol class="steps chain">', "</ol>")
    assert part.count('aria-current="true"') == 1
    assert 'href="/actions/second/"' not in part


def test_links_of_the_chain_keep_the_filters(client: Client, chained: None) -> None:
    assert 'href="/actions/second/?sort=oldest"' in page.get(client, "/actions/first/?sort=oldest")


def test_chain_is_that_of_the_edition_served(client: Client) -> None:
    first = _save("first", 1, status="reversed")
    factories.publish(first)
    factories.publish(_save("second", 2, _relation("reverses", "first")), at=SECOND)
    assert '<ol class="steps chain">' not in page.get(client, "/actions/first/?as_of=1")
    assert len(_chain(client, "/actions/first/")) == 2


def test_retracted_entry_breaks_the_chain(client: Client, chained: None) -> None:
    publishing.retract("second", reason="out_of_scope", note="A remark.", by=None, at=SECOND)
    assert '<ol class="steps chain">' not in page.get(client, "/actions/first/")


def test_draft_is_in_no_chain(client: Client) -> None:
    first = _save("first", 1)
    factories.publish(first)
    factories.save(slug="draft", title="Canary", relations=[_relation("amends", "first")])
    assert "Canary" not in page.get(client, "/actions/first/")


def test_chain_that_leads_back_to_itself_ends() -> None:
    rows = [{"from": a, "to": b, "kind": "amends", "in_part": False, "note": None} for a, b in ("ab", "bc", "ca")]
    entry = {"title": "T", "date": "2025-03-01", "derived": {"date_earliest": "2025-03-01", "status": "in_effect"}}
    found = chains.chain("a", rows, records={slug: {"entry": entry} for slug in "abc"})
    assert [link.slug for link in found] == ["a", "b", "c"]


def test_chain_is_bounded_and_the_rest_is_listed_beneath(client: Client) -> None:
    first = _save("first", 1)
    many = [_save(f"order-{number:02}", 2, _relation("amends", "first")) for number in range(14)]
    factories.publish(first, *many)
    html = page.get(client, "/actions/first/")
    assert len(_chain(client, "/actions/first/")) == chains.LONGEST
    assert html.count('<span class="rel-k">Amended by</span>') == 14 + 1 - chains.LONGEST


def test_longer_chain_costs_no_more_queries(client: Client, chained: None) -> None:
    page.get(client, "/")
    with CaptureQueriesContext(connection) as captured:
        page.get(client, "/actions/first/?status=reversed")
    assert len(captured) <= 12


# --- neighbours ----------------------------------------------------------------------------------------------------


def _beside(client: Client, path: str) -> dict[str, str]:
    """Return the address by word of what stands beside the entry in the list."""
    html = page.get(client, path)
    found = re.findall(r'<a (?:class="later" )?href="([^"]+)" rel="(?:prev|next)"><span>(.*?)</span>', html)
    return {word: href.replace("&amp;", "&") for href, word in found}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Earlier": "/actions/talks/", "Later": "/actions/rule/"}),
        ("?sort=oldest", {"Earlier": "/actions/talks/?sort=oldest", "Later": "/actions/rule/?sort=oldest"}),
        ("?agency=white-house", {"Earlier": "/actions/talks/?agency=white-house"}),
        ("?as_of=1", {"Earlier": "/actions/talks/?as_of=1"}),
        ("?status=blocked", {}),
        ("?status=reversed", {}),
        ("?q=pause&sort=relevance", {}),
    ],
    ids=["all", "the same by time", "within filters", "of the edition", "not in the list", "alone", "by relevance"],
)
def test_neighbours_are_those_of_the_list(client: Client, query: str, found: dict[str, str]) -> None:
    publish_scene()
    assert _beside(client, f"/actions/pause/{query}") == found


def test_neighbours_by_another_order_are_before_and_behind(client: Client) -> None:
    publish_scene()
    found = _beside(client, "/actions/pause/?sort=added")
    assert found == {
        "Previous in the list": "/actions/memo/?sort=added", "Next in the list": "/actions/talks/?sort=added"
    }  # fmt: skip


def test_neighbours_walk_the_whole_list(client: Client) -> None:
    publish_scene()
    walked = ["memo"]
    while later := _beside(client, f"/actions/{walked[-1]}/").get("Later"):
        walked.append(later.split("/")[2])
    assert walked[::-1] == page.slugs(page.get(client, "/"))
