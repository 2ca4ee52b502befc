"""What the first view costs: bytes and requests with fifty long entries, queries whatever the number of entries."""

import gzip
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import citation, line
from tests.timeline import page
from tests.timeline.scene import FIRST, publish_scene
from tracker import record
from tracker.models import Actor, Agency, PolicyAction, Topic

pytestmark = pytest.mark.django_db

HTML, CSS, SCRIPT, FIRST_VIEW = 20_000, 8_000, 4_000, 80_000  # bytes, compressed
REQUESTS = 6
QUERIES = 8
SENTENCE = (
    "The {office} directed its {unit} units to end support for {aim} by {day}, according to a memorandum that two "
    "officials described and that the department later confirmed in part to a committee of Congress. "
)
_LOADED = re.compile(r'<(?:script|img)[^>]* src="([^"]+)"|<use href="([^"#]+)#')


def _publish_fifty() -> None:
    """Publish fifty entries with texts, trails and sources as long as those that editors write."""
    agencies = [factories.AgencyFactory.create(name=f"{each} Department of State Affairs") for each in "ABCDEFGHIJKL"]
    actors = [factories.ActorFactory.create(name=f"Secretary {each} Montgomery-Jones") for each in "ABCDEF"]
    topics = [factories.TopicFactory.create(name=f"Sanctions and controls, part {number}") for number in range(12)]
    saved = [_save(number, agencies, actors, topics) for number in range(50)]
    factories.publish(*saved)


def _save(number: int, agencies: list[Agency], actors: list[Actor], topics: list[Topic]) -> PolicyAction:
    day = date(2024, 7, 1) + timedelta(days=number * 6)
    text = SENTENCE.format(office=agencies[number % 12].name, unit=number, aim=f"programme {number * 7}", day=day)
    return factories.save(
        title=f"Department {number} ends its support for programme {number * 7} in eastern Europe",
        summary=text * 2,
        where_it_stands=f"A judge halted part {number} of it on {day + timedelta(days=9)}; an appeal is pending.",
        date=day.isoformat(),
        agency=agencies[number % 12],
        actor=actors[number % 6],
        topics=[topics[number % 12], topics[(number + 1) % 12]],
        form="agency_memo",
        status_history=[
            line("announced", day.isoformat()),
            line("in_effect", (day + timedelta(days=3)).isoformat()),
            line("blocked", (day + timedelta(days=9)).isoformat(), by="court"),
        ],
        citations=[citation(), citation(), citation()],
    )


@pytest.fixture
def first_view(client: Client) -> str:
    _publish_fifty()
    html = page.get(client, "/")
    assert len(page.slugs(html)) == 50
    return html


def _static(name: str) -> Path:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found)


def _size(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def _loaded(html: str) -> set[str]:
    """Return the addresses that a browser fetches for a page: scripts, stylesheets, symbols, its icon."""
    found = {script or symbol for script, symbol in _LOADED.findall(html) if script or symbol}
    for tag in re.findall(r"<link[^>]+>", html):
        if re.search(r'rel="(stylesheet|icon)"', tag):
            found |= set(re.findall(r'href="([^"]+)"', tag))
    return {re.sub(r"[?#].*", "", address) for address in found}


def test_page_keeps_its_bytes(first_view: str) -> None:
    assert len(gzip.compress(first_view.encode())) <= HTML


def test_stylesheet_keeps_its_bytes() -> None:
    style = _static("timeline/timeline.css")
    assert _size(style) <= CSS
    assert "@import" not in style.read_text(encoding="utf-8")
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", style.read_text(encoding="utf-8"))


def test_own_script_keeps_its_bytes() -> None:
    assert _size(_static("timeline/timeline.js")) <= SCRIPT


def test_first_view_keeps_its_bytes_and_requests(first_view: str) -> None:
    loaded = _loaded(first_view)
    assert 1 + len(loaded) <= REQUESTS, loaded
    files = [_static(address.removeprefix("/static/")) for address in loaded]
    assert len(gzip.compress(first_view.encode())) + sum(map(_size, files)) <= FIRST_VIEW


# --- queries -------------------------------------------------------------------------------------------------------

ASKED = {
    "list": "",
    "tracks": "view=tracks",
    "filtered": "status=in_effect&from=2025",
    "in force": "in_force_on=2025-03-05&q=entry",
    "later page": "per_page=5&page=2&sort=changed",
}


def _publish_many(first: int, number: int) -> None:
    """Publish entries that share their terms and their source, as one edition."""
    shared = factories.entry()
    drafts = [record.Draft(entry=shared | {"title": f"Entry {first + place}"}, relations=[]) for place in range(number)]
    factories.publish(*record.save_entries(drafts, by=None, at=FIRST), at=FIRST)


def _queries(client: Client, query: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page.get(client, f"/?{query}")
    return len(captured)


def test_query_count_is_flat(client: Client) -> None:
    def costs() -> dict[str, int]:
        page.get(client, "/")  # the terms of an edition are read once by each process
        return {name: _queries(client, query) for name, query in ASKED.items()}

    _publish_many(0, 10)
    few = costs()
    _publish_many(10, 290)
    assert costs() == few
    assert max(few.values()) <= QUERIES


def test_parts_cost_no_more_queries_than_the_page(client: Client) -> None:
    publish_scene()
    whole = _queries(client, "agency=white-house")
    with CaptureQueriesContext(connection) as captured:
        client.get("/?agency=white-house", headers={"HX-Request": "true"})
    assert len(captured) <= whole


@pytest.mark.parametrize(
    "query", ["status=withdrawn&agency=white-house&disputed=yes&from=2025&to=2026&q=aid", "as_of=1&status=reversed"]
)
def test_other_states_cost_no_more(client: Client, query: str) -> None:
    publish_scene()
    page.get(client, "/?as_of=1")
    assert _queries(client, query) <= QUERIES
