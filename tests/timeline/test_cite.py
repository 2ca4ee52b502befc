"""Citations: a selection or an entry, as text, BibTeX, RIS and CSL-JSON, whatever the titles hold."""

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories
from tests.timeline import page
from tests.timeline.scene import SECOND, Scene, publish_scene
from timeline.presenting.citing import FORMATS, Work, bibtex, csl, ris, text
from tracker import publishing
from tracker.models import Edition

SITE = "Policy Change Record"
NOW = datetime(2025, 6, 3, 12, tzinfo=timezone.utc)  # noqa: UP017
# What TeX prints for what stands in a .bib file: signs by their names, and signs behind a backslash.
NAMED = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~", "asciicircum": "^"}
SIGN = re.compile(r"\\text(\w+){}|\\([#$%&_])")
HOSTILE = {
    "an opening brace": "Aid {paused",
    "a closing brace": "Aid } paused, author = {Mallory",
    "a backslash": r"\write18{rm} C:\new",
    "signs of TeX": "100% of $5 & #3 for a_b ~ ^",
    "quotation marks": 'He said "no", “never”',
    "another script": "ゼロ Übung الحظر 🎉",
    "a line end": "One\nTY  - BOOK\r\nER  - ",
    "an at sign": "@misc{evil, title={x}}",
    "markup": "<script>alert(1)</script>",
    "a comma at the end": "Aid paused,",
}


def _work(title: str, **values: Any) -> Work:
    defaults: dict[str, Any] = {
        "key": "pause-v1", "site": SITE, "edition": 2, "published_at": NOW, "digest": "ab" * 32,
        "url": "https://timeline.example/actions/pause/?as_of=2", "is_dataset": False, "version": 1,
    }  # fmt: skip
    return Work(title=title, **(defaults | values))


def _from_bibtex(written: str) -> dict[str, str]:
    """Return the fields of the one entry as a reader of .bib files gets them, TeX's signs read back."""
    library = parse_string(written)
    assert library.failed_blocks == []
    (found,) = library.entries
    fields = {field.key: str(field.value).removeprefix("{").removesuffix("}") for field in found.fields}
    return {name: SIGN.sub(_sign, value) for name, value in fields.items()} | {"ID": found.key}


def _sign(found: re.Match[str]) -> str:
    return NAMED[found[1]] if found[1] else found[2]


def _from_ris(written: str) -> dict[str, Any]:
    (found,) = rispy.loads(written)
    return dict(found)


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_hostile_title_is_read_back_from_bibtex(title: str) -> None:
    found = _from_bibtex(bibtex(_work(title)))
    assert found["title"] == " ".join(title.split())
    assert found["ID"] == "pause-v1"


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_hostile_title_is_read_back_from_ris(title: str) -> None:
    found = _from_ris(ris(_work(title)))
    assert found["title"] == " ".join(title.split())
    assert found["type_of_reference"] == "ELEC"


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_hostile_title_is_read_back_from_csl(title: str) -> None:
    (found,) = json.loads(csl(_work(title)))
    assert (found["title"], found["type"]) == (title, "webpage")


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_any_title_leaves_braces_in_balance_and_lines_whole(title: str) -> None:
    written = bibtex(_work(title))
    assert written.count("{") == written.count("}")
    assert len(written.splitlines()) == 9
    assert [line[2:6] for line in ris(_work(title)).split("\r\n")[:-1]] == ["  - "] * 11
    assert len(ris(_work(title)).splitlines()) == 11


def test_instants_are_told_in_utc() -> None:
    at = datetime(2025, 1, 1, 1, tzinfo=timezone(timedelta(hours=3)))
    assert json.loads(csl(_work("A", published_at=at)))[0]["issued"] == {"date-parts": [[2024, 12, 31]]}
    assert "DA  - 2024/12/31/" in ris(_work("A", published_at=at))
    assert "month = dec" in bibtex(_work("A", published_at=at))


def test_text_names_edition_day_digest_and_address() -> None:
    assert text(_work("Aid paused")) == (
        "“Aid paused.” Policy Change Record, version 1 (edition 2), 3 Jun 2025. "
        f"SHA-256 of edition 2: {'ab' * 32}. https://timeline.example/actions/pause/?as_of=2"
    )


# --- pages and files -----------------------------------------------------------------------------------------------


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _csl(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    (found,) = json.loads(response.content)
    return dict(found)


def test_selection_is_cited_with_its_filters_pinned(scene: Scene, client: Client) -> None:
    found = _csl(client, "/cite.json?status=reversed&agency=white-house")
    digest = Edition.objects.get(number=2).digest
    assert found["URL"] == "https://timeline.example/?agency=white-house&status=reversed&as_of=2"
    assert found["title"] == "1 of 5 actions: Agency White House, Status Reversed"
    assert (found["type"], found["version"]) == ("dataset", "edition 2")
    assert found["note"] == f"SHA-256 of edition 2: {digest}"
    assert found["issued"] == {"date-parts": [[2025, 6, 3]]}


def test_cited_address_shows_the_same_after_a_publication(scene: Scene, client: Client) -> None:
    url = _csl(client, "/cite.json?agency=white-house")["URL"].removeprefix("https://timeline.example")
    before = page.slugs(page.get(client, url))
    factories.published(slug="later", agency=scene.pause.agency, at=SECOND)
    assert page.slugs(page.get(client, url)) == before
    assert len(page.slugs(page.get(client, "/?agency=white-house"))) == len(before) + 1


@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.suffix)
@pytest.mark.parametrize("place", ["/cite", "/actions/pause/cite"])
def test_file_is_what_the_page_shows(scene: Scene, client: Client, place: str, format_: Any) -> None:
    html = page.get(client, f"{place}/")
    response = client.get(f"{place}.{format_.suffix}")
    assert response["Content-Type"] == format_.content_type
    shown = page.part(html, f'id="cite-{format_.suffix}"', "</pre>").partition(">")[2]
    assert page.words(shown) == " ".join(response.content.decode().split())


def test_page_links_files_of_the_same_edition(scene: Scene, client: Client) -> None:
    html = page.get(client, "/cite/?agency=white-house&view=tracks&utm_source=x&as_of=1")
    assert 'href="/cite.bib?agency=white-house&amp;as_of=1"' in html
    assert 'href="/package.zip?agency=white-house&amp;as_of=1"' in html


def test_entry_is_cited_by_the_version_that_is_shown(scene: Scene, client: Client) -> None:
    factories.publish(factories.edit(scene.pause, title="Aid paused"), at=SECOND, change="corrected")
    now, before = _csl(client, "/actions/pause/cite.json"), _csl(client, "/actions/pause/cite.json?as_of=2")
    assert (now["title"], now["version"], now["id"]) == ("Aid paused", "version 2 (edition 3)", "pause-v2")
    assert (before["title"], before["version"]) == ("Military aid 100% paused", "version 1 (edition 1)")
    assert before["URL"] == "https://timeline.example/actions/pause/?as_of=1"


def test_hostile_title_is_escaped_on_the_page(db: None, client: Client) -> None:
    factories.published(slug="evil", title='<script>alert("1")</script> {')
    html = page.get(client, "/actions/evil/cite/")
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_action_page_leads_to_its_citation(scene: Scene, client: Client) -> None:
    assert 'href="/actions/pause/cite/?as_of=1"' in page.get(client, "/actions/pause/?as_of=1")


def test_timeline_leads_to_its_citation_and_data(scene: Scene, client: Client) -> None:
    html = page.get(client, "/?status=reversed&page=1")
    assert 'href="/cite/?status=reversed"' in html
    assert 'href="/data/?status=reversed"' in html


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/cite/?agency=nowhere", 400),
        ("/cite.bib?agency=nowhere", 400),
        ("/cite.bib?agencies=white-house", 400),
        ("/cite.ris?as_of=0", 404),
        ("/cite/?as_of=0", 200),
        ("/cite/?agencies=white-house", 200),
        ("/actions/nowhere/cite/", 404),
        ("/actions/nowhere/cite.bib", 404),
        ("/actions/rule/cite/?as_of=1", 404),
        ("/actions/rule/cite.json?as_of=9", 400),
    ],
)
def test_what_cannot_be_cited_is_told(scene: Scene, client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize("place", ["/cite/", "/actions/{}/cite/", "/actions/{}/cite.bib"])
def test_draft_and_retracted_entry_have_no_citation(scene: Scene, client: Client, place: str) -> None:
    factories.save(slug="draft", title="Quetzal")
    publishing.retract("pause", reason="out_of_scope", note="No entry.", by=None, at=SECOND)
    for slug, status in (("draft", 404), ("pause", 410)):
        response = client.get(place.format(slug))
        assert response.status_code == (200 if place == "/cite/" else status)
        assert b"Quetzal" not in response.content


def test_nothing_published_is_told(db: None, client: Client) -> None:
    assert "nothing had been published" in page.get(client, "/cite/")
    assert client.get("/cite.bib").status_code == 404


@pytest.mark.parametrize("address", ["/cite/?agency=white-house", "/actions/pause/cite/", "/cite.bib"])
def test_queries_are_few(scene: Scene, client: Client, django_assert_max_num_queries: Any, address: str) -> None:
    with django_assert_max_num_queries(5):
        client.get(address)
