"""sitemap.xml, robots.txt, and the feeds that pages announce: what programs find without being told."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.test_same_rows import CANARY
from tests.timeline import page, subscribed
from tests.timeline.scene import SECOND, Scene, publish_scene
from timeline import sitemap
from tracker import publishing

pytestmark = pytest.mark.django_db
THIRD = SECOND + timedelta(days=1)
SITE = "https://timeline.example"
_SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _listed(path: str) -> dict[str, str | None]:
    """Return the paths that a part or the index lists, with their last change."""
    found = ElementTree.fromstring(subscribed.body(path))
    return {
        str(each.findtext("s:loc", namespaces=_SPACE)).removeprefix(SITE): each.findtext("s:lastmod", namespaces=_SPACE)
        for each in found
    }


def _everything() -> list[str]:
    return [path for part in _listed("/sitemap.xml") for path in _listed(part)]


def test_every_page_that_is_listed_answers(scene: Scene, client: Client) -> None:
    listed = _everything()
    assert len(listed) == len(set(listed)) > 30
    wrong = [path for path in listed if client.get(path).status_code != 200]
    assert wrong == []


def test_entries_are_listed_with_their_last_change(scene: Scene) -> None:
    factories.publish(factories.edit(scene.pause, title="Aid paused"), at=THIRD)
    factories.publish(factories.edit(scene.memo, summary="Spelling."), at=THIRD, change="minor")
    listed = _listed("/sitemap-entries-1.xml")
    assert list(listed) == [f"/actions/{slug}/" for slug in ("rule", "pause", "talks", "cyber", "memo")]
    assert listed["/actions/pause/"] == "2025-06-04T12:00:00+00:00"
    assert listed["/actions/memo/"] == "2025-06-01T12:00:00+00:00"


def test_terms_and_sources_are_listed(scene: Scene) -> None:
    pages, sources = _listed("/sitemap-pages-1.xml"), _listed("/sitemap-sources-1.xml")
    assert {"/", "/method/", "/about/", "/data/", "/agencies/", "/agencies/white-house/", "/parties/ukraine/"} <= set(
        pages
    )
    assert all(path.startswith("/sources/") for path in sources)
    assert sources


def test_what_does_not_stand_is_not_listed(scene: Scene) -> None:
    publishing.retract("pause", reason="did_not_happen", note="A false report.", by=None, at=THIRD)
    agency = factories.AgencyFactory.create(name=f"{CANARY} agency")
    factories.save(slug=f"{CANARY}-draft", agency=agency)
    listed = _everything()
    assert "/actions/pause/" not in listed
    assert [path for path in listed if CANARY in path] == []


def test_large_record_is_divided(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _everything()
    monkeypatch.setattr(sitemap, "LARGEST", 2)
    parts = list(_listed("/sitemap.xml"))
    assert {"/sitemap-entries-1.xml", "/sitemap-entries-3.xml"} <= set(parts)
    assert "/sitemap-entries-4.xml" not in parts
    assert max(len(_listed(part)) for part in parts) == 2
    assert _everything() == whole


@pytest.mark.parametrize("part", ["sitemap-entries-2", "sitemap-sources-99", "sitemap-pages-0"])
def test_part_that_does_not_exist_is_not_found(scene: Scene, client: Client, part: str) -> None:
    assert client.get(f"/{part}.xml").status_code == 404


def test_record_without_an_edition_has_a_sitemap(db: None) -> None:
    assert _listed("/sitemap-entries-1.xml") == {}
    assert _listed("/sitemap.xml")


def test_sitemap_is_asked_for_again_by_its_validators(scene: Scene, client: Client) -> None:
    for part in ("sitemap", "sitemap-entries-1"):
        first = client.get(f"/{part}.xml")
        assert (first["Content-Type"], first["X-Edition"]) == ("application/xml; charset=utf-8", "2")
        assert client.get(f"/{part}.xml", headers={"if-none-match": first["ETag"]}).status_code == 304


def test_part_takes_few_queries(scene: Scene) -> None:
    subscribed.body("/sitemap.xml")
    for path in ("/sitemap.xml", "/sitemap-entries-1.xml", "/sitemap-sources-1.xml", "/sitemap-pages-1.xml"):
        with CaptureQueriesContext(connection) as queries:
            subscribed.body(path)
        assert len(queries) <= 3, path


# --- robots.txt ----------------------------------------------------------------------------------------------------


def _robots(client: Client) -> list[str]:
    response: Any = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return str(response.content.decode()).splitlines()


def test_robots_learn_where_the_list_is(db: None, client: Client) -> None:
    assert f"Sitemap: {SITE}/sitemap.xml" in _robots(client)


def test_robots_are_kept_from_desks_and_endless_files_alone(scene: Scene, client: Client) -> None:
    closed = [found.removeprefix("Disallow: ") for found in _robots(client) if found.startswith("Disallow: ")]
    assert {"/admin/", "/preview/", "/actions.csv?"} <= set(closed)
    assert [path for path in _everything() if path.startswith(tuple(closed))] == []
    assert [
        path for path in ("/?agency=white-house&status=reversed", "/feed.atom?q=aid") if path.startswith(tuple(closed))
    ] == []


# --- autodiscovery -------------------------------------------------------------------------------------------------


def _announced(html: str, type_: str = "application/atom+xml") -> list[str]:
    found = re.findall(rf'<link rel="alternate" type="{re.escape(type_)}" title="[^"]+" href="([^"]+)">', html)
    return [unescape(href) for href in found]


SITE_FEEDS = ["/feed.atom", "/changes.atom", "/corrections.atom"]


@pytest.mark.parametrize("path", ["/", "/actions/pause/", "/method/", "/data/", "/changes/", "/about/"])
def test_every_page_announces_the_feeds_of_the_site(scene: Scene, client: Client, path: str) -> None:
    html = page.get(client, path)
    assert _announced(html)[-3:] == SITE_FEEDS
    assert _announced(html, "text/calendar")[-1] == "/calendar.ics"


def test_page_that_is_not_there_announces_them_too(db: None, client: Client) -> None:
    assert _announced(page.get(client, "/nothing/", status=404)) == SITE_FEEDS


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/?agency=white-house&sort=oldest&page=1", "agency=white-house"),
        ("/?status=reversed&as_of=1", "status=reversed"),
        ("/agencies/white-house/", "agency=white-house"),
    ],
)
def test_list_announces_the_feeds_of_its_selection_first(scene: Scene, client: Client, path: str, query: str) -> None:
    html = page.get(client, path)
    assert _announced(html)[:3] == [f"{feed}?{query}" for feed in SITE_FEEDS]
    assert _announced(html, "text/calendar")[0] == f"/calendar.ics?{query}"
    for href in _announced(html):
        assert client.head(href).status_code == 200, href


def test_list_with_an_error_announces_no_selection(scene: Scene, client: Client) -> None:
    assert _announced(page.get(client, "/?status=nope", status=400)) == SITE_FEEDS
