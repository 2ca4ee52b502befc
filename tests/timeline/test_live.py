"""The answer that htmx gets: the parts that a change of filters changes, and nothing that passes for a page."""

from typing import Any

import pytest
from django.test import Client

from tests.timeline import page
from tests.timeline.scene import Scene, publish_scene

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PARTS = ("notices", "chart", "filters")


@pytest.fixture(autouse=True)
def scene() -> Scene:
    return publish_scene()


def _asked(client: Client, path: str) -> Any:
    return client.get(path, headers=HTMX)


def test_htmx_gets_the_parts_alone(client: Client) -> None:
    html = _asked(client, "/?agency=white-house").content.decode()
    assert page.slugs(html) == ["pause", "talks"]
    assert [part for part in PARTS if f'id="{part}"' in html] == list(PARTS)
    assert not [tag for tag in ("<html", "<head", "<main", "<header", "<footer", "<script") if tag in html]
    assert 'id="live"' not in html


def test_parts_say_where_they_go(client: Client) -> None:
    html = _asked(client, "/").content.decode()
    assert html.count("data-hx-swap-oob") == len(PARTS)
    assert "data-hx-swap-oob" not in page.get(client, "/")


@pytest.mark.parametrize("query", ["", "?agency=white-house", "?status=blocked&agency=white-house", "?view=tracks"])
def test_parts_are_those_of_the_whole_page(client: Client, query: str) -> None:
    part, whole = _asked(client, f"/{query}").content.decode(), page.get(client, f"/{query}")
    assert page.part(part, '<h2 id="count"', "</h2>") == page.part(whole, '<h2 id="count"', "</h2>")
    assert page.part(part, "<title>", "</title>") == page.part(whole, "<title>", "</title>")
    assert page.facet(part, "agency") == page.facet(whole, "agency")
    assert page.slugs(part) == page.slugs(whole)


def test_parts_name_the_canonical_address(client: Client) -> None:
    answer = _asked(client, "/?q=&status=reversed&agency=white-house&dates=possible&sort=newest")
    assert answer["Content-Location"] == "/?agency=white-house&status=reversed"


def test_address_of_a_later_page_keeps_its_number(client: Client) -> None:
    assert _asked(client, "/?per_page=2&page=2")["Content-Location"] == "/?page=2&per_page=2"


def test_no_cache_keeps_the_parts(client: Client) -> None:
    assert _asked(client, "/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "parts"])
@pytest.mark.parametrize("query", ["", "?from=2025-13-01"], ids=["list", "refusal"])
def test_caches_are_told_what_tells_parts_from_pages(client: Client, headers: dict[str, str], query: str) -> None:
    varies = client.get(f"/{query}", headers=headers)["Vary"]
    assert "HX-Request" in [name.strip() for name in varies.split(",")]


def test_page_is_no_part(client: Client) -> None:
    answer = client.get("/")
    assert "Content-Location" not in answer
    assert "no-store" not in answer.get("Cache-Control", "")


def test_refusal_is_a_page_of_its_own(client: Client) -> None:
    answer = _asked(client, "/?from=2025-13-01")
    assert (answer.status_code, "Content-Location" in answer) == (400, False)
    assert "<title>Error: " in answer.content.decode()


def test_page_that_is_not_there_is_not_found(client: Client) -> None:
    assert _asked(client, "/?page=9").status_code == 404
