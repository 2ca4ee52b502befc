"""What pages tell those that show their address: OpenGraph, linked data, one canonical address each."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import factories
from tests.timeline import page
from tests.timeline.scene import Scene, publish_scene
from timeline.presenting.linked import script
from timeline.presenting.social import entry_description

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # texts of pages, the same on both

HOSTILE = '</script><script>alert("&1")</script> & <!-- \u2028'
# A page of each kind, and the address that it says is its own.
CANONICAL = {
    "/": "/",
    "/?sort=newest&status=reversed&utm_source=x": "/?status=reversed",
    "/?view=tracks": "/?view=tracks",
    "/actions/pause/": "/actions/pause/",
    "/actions/pause/?status=reversed": "/actions/pause/",
    "/actions/pause/?as_of=1": "/actions/pause/?as_of=1",
    "/actions/pause/versions/1/": "/actions/pause/versions/1/",
    "/agencies/": "/agencies/",
    "/agencies/white-house/": "/agencies/white-house/",
    "/agencies/white-house/?status=reversed": "/agencies/white-house/?status=reversed",
    "/actors/": "/actors/",
    "/parties/": "/parties/",
    "/topics/": "/topics/",
    "/categories/": "/categories/",
    "/publishers/": "/publishers/",
    "/sources/": "/sources/",
    "/data/": "/data/",
    "/method/": "/method/",
    "/about/": "/about/",
    "/changes/": "/changes/",
    "/changes/1/": "/changes/1/",
    "/corrections/": "/corrections/",
    "/api/": "/api/",
    "/embed/?status=reversed": "/?status=reversed",
    "/embed/code/": "/embed/code/",
}


@pytest.fixture
def scene() -> Scene:
    """Publish the small record."""
    return publish_scene()


def _meta(html: str) -> dict[str, str]:
    """Return the named texts of the head."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    return {name: unescape(text) for name, text in found}


def _things(html: str) -> dict[str, dict[str, Any]]:
    """Return the linked data of a page by type, read as a browser finds it: up to the first end of the element."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script', html, re.DOTALL)
    return {thing["@type"]: thing for thing in map(json.loads, found)}


# --- one address ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "expected"), CANONICAL.items(), ids=CANONICAL)
def test_page_names_its_canonical_address(client: Client, scene: Scene, path: str, expected: str) -> None:
    html = page.get(client, path)
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', html) == [settings.PUBLIC_URL + expected]


# --- OpenGraph -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "title", "image"),
    [
        ("/", "website", "Policy Change Record", "/card.png"),
        ("/?status=reversed", "website", "1 of 5 actions: Status Reversed", "/card.png?status=reversed"),
        ("/actions/pause/", "article", "Military aid 100% paused", "/actions/pause/card.png"),
        ("/actions/pause/?as_of=1", "article", "Military aid 100% paused", "/actions/pause/card.png?as_of=1"),
        ("/agencies/white-house/", "website", "White House", "/card.png"),
        ("/data/", "website", "Data", "/card.png"),
        ("/agencies/", "website", "Agencies", "/card.png"),
        ("/sources/", "website", "Sources", "/card.png"),
        ("/changes/", "website", "Changes to the record", "/card.png"),
        ("/changes/2/", "website", "Edition 2", "/card.png"),
        ("/corrections/", "website", "Corrections", "/card.png"),
        ("/actions/pause/compare/", "website", "Versions 1 and 1 of Military aid 100% paused", "/card.png"),
        ("/about/", "website", "About", "/card.png"),
        ("/method/privacy/", "website", "Privacy", "/card.png"),
    ],
)
def test_shared_page_has_title_and_picture(
    client: Client, scene: Scene, path: str, kind: str, title: str, image: str
) -> None:
    html = page.get(client, path)
    meta = _meta(html)
    assert (meta["og:type"], meta["og:title"], meta["og:image"]) == (kind, title, settings.PUBLIC_URL + image)
    assert meta["og:url"] in unescape(html)
    assert meta["twitter:card"] == "summary_large_image"
    assert meta["description"] == meta["og:description"] != ""


@pytest.mark.parametrize("path", ["/", "/?status=reversed", "/actions/pause/", "/actions/pause/?as_of=1"])
def test_picture_named_is_there(client: Client, scene: Scene, path: str) -> None:
    image = _meta(page.get(client, path))["og:image"].removeprefix(settings.PUBLIC_URL)
    assert client.get(image).headers["Content-Type"] == "image/png"


def test_description_of_an_entry_says_where_it_stands_first() -> None:
    entry: dict[str, Any] = {"where_it_stands": "Lifted on 11 March.", "summary": "Aid was\nheld back. " * 30}
    told = entry_description(entry)
    assert told.startswith("Lifted on 11 March. Aid was held back.")
    assert len(told) <= 200


def test_entry_without_words_is_described_by_its_facts(client: Client) -> None:
    agency = factories.AgencyFactory.create(name="White House")
    factories.publish(factories.save(slug="pause", where_it_stands=None, imported=True, agency=agency))
    assert _meta(page.get(client, "/actions/pause/"))["description"] == "In effect, 3 Mar 2025, White House"


def test_refused_address_is_not_described(client: Client, scene: Scene) -> None:
    assert "og:title" not in _meta(page.get(client, "/?status=gone", status=400))


# --- linked data ---------------------------------------------------------------------------------------------------


def test_hostile_text_cannot_end_its_element() -> None:
    html = script({"headline": HOSTILE})
    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not re.search(r"[<>&\u2028]", inside)
    assert json.loads(inside) == {"headline": HOSTILE}


def test_hostile_title_is_read_back_from_a_page(client: Client) -> None:
    title = HOSTILE.replace("\u2028", "").strip()
    factories.published(slug="evil", title=title)
    html = page.get(client, "/actions/evil/")
    assert "<script>alert" not in html
    assert _things(html)["Article"]["headline"] == title
    assert _meta(html)["og:title"] == title


def test_entry_is_an_article_that_cites_its_sources(client: Client) -> None:
    source = factories.SourceFactory.create(title="Aid paused", url="https://news.example/1", published="2025-03-03")
    factories.published(slug="pause", title="Aid paused", citations=[factories.citation(source)])
    things = _things(page.get(client, "/actions/pause/"))
    article = things["Article"]
    assert (article["headline"], article["version"]) == ("Aid paused", "1")
    assert (article["datePublished"], article["dateModified"]) == ("2025-06-01T12:00:00Z", "2025-06-01T12:00:00Z")
    (cited,) = article["citation"]
    assert (cited["name"], cited["url"], cited["datePublished"]) == (
        "Aid paused",
        "https://news.example/1",
        "2025-03-03",
    )
    steps = things["BreadcrumbList"]["itemListElement"]
    assert [step["item"] for step in steps] == [f"{settings.PUBLIC_URL}/", f"{settings.PUBLIC_URL}/actions/pause/"]


def test_vague_publication_is_the_narrowest_valid_date(client: Client) -> None:
    source = factories.SourceFactory.create(published="[2025-02-21..2025-02-28]", url="")
    factories.published(slug="pause", citations=[factories.citation(source)])
    (cited,) = _things(page.get(client, "/actions/pause/"))["Article"]["citation"]
    assert cited["datePublished"] == "2025-02"
    assert "url" not in cited


@pytest.mark.parametrize("path", ["/", "/data/"])
def test_record_is_a_dataset_with_its_files(client: Client, scene: Scene, path: str) -> None:
    dataset = _things(page.get(client, path))["Dataset"]
    assert (dataset["name"], dataset["version"]) == ("Policy Change Record", "2")
    assert dataset["dateModified"] == "2025-06-03T12:00:00Z"
    assert dataset["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert 50 <= len(dataset["description"]) <= 5000
    files = {each["name"]: each["contentUrl"] for each in dataset["distribution"]}
    assert files["actions.csv"] == f"{settings.PUBLIC_URL}/actions.csv"
    assert {"actions.jsonl", "package.zip"} <= files.keys()


def test_pinned_dataset_names_the_files_of_its_edition(client: Client, scene: Scene) -> None:
    dataset = _things(page.get(client, "/?as_of=1"))["Dataset"]
    assert dataset["version"] == "1"
    assert all(each["contentUrl"].endswith("?as_of=1") for each in dataset["distribution"])


def test_part_of_the_record_is_no_dataset(client: Client, scene: Scene) -> None:
    assert "Dataset" not in _things(page.get(client, "/?status=reversed"))


def test_term_lies_below_its_list(client: Client, scene: Scene) -> None:
    steps = _things(page.get(client, "/agencies/white-house/"))["BreadcrumbList"]["itemListElement"]
    assert [step["item"] for step in steps] == [
        f"{settings.PUBLIC_URL}/agencies/",
        f"{settings.PUBLIC_URL}/agencies/white-house/",
    ]
