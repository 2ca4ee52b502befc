"""Atom feeds of a selection: their items, their order, their archives, and what must never break a feed reader."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pytest_django import Settings

from tests import factories
from tests.test_same_rows import CANARY, SELECTIONS, Ledger, slugs_of_file
from tests.timeline import subscribed
from tests.timeline.scene import SECOND, Scene, publish_scene
from timeline import feeds
from tracker import publishing

pytestmark = pytest.mark.django_db
THIRD = SECOND + timedelta(days=1)
TOLD = {"published", "updated", "corrected", "retracted"}
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three items fill an archive document."""
    monkeypatch.setattr(feeds, "PAGE", 3)


def _correct(scene: Scene) -> None:
    factories.publish(
        factories.edit(scene.pause, title="Aid paused"),
        at=THIRD,
        change="corrected",
        change_note="We had the wrong title.",
    )


def _retract(slug: str) -> None:
    publishing.retract(slug, reason="did_not_happen", note="A false report.", by=None, at=THIRD)


def _feed(path: str) -> Any:
    return subscribed.read(subscribed.body(path))


def _titles(path: str) -> list[str]:
    return [item.title for item in _feed(path).entries]


# --- the items -----------------------------------------------------------------------------------------------------


def test_new_entries_come_in_the_order_of_publication_whatever_the_sort(scene: Scene) -> None:
    expected = ["rule", "cyber", "memo", "pause", "talks"]
    assert subscribed.slugs("/feed.atom") == subscribed.slugs("/feed.atom?sort=oldest") == expected


def test_entry_has_what_readers_and_programs_ask_for(scene: Scene) -> None:
    item = _feed("/feed.atom?status=reversed").entries[0]
    assert item.id.startswith("urn:uuid:")
    assert (item.published, item.updated) == ("2025-06-01T12:00:00+00:00", "2025-06-01T12:00:00+00:00")
    assert [(each.rel, each.href) for each in item.links] == [
        ("alternate", "https://timeline.example/actions/pause/"),
        ("related", "https://timeline.example/actions/pause/versions/1/"),
    ]
    assert item.summary == "3 Mar 2025: Reversed\n\nPaused."
    assert [(tag.term, tag.label) for tag in item.tags] == [("reversed", "Reversed")]


def test_topics_are_categories(db: None) -> None:
    factories.published(topics=[factories.TopicFactory.create(slug="war", name="War & peace")])
    tags = _feed("/feed.atom").entries[0].tags
    assert ("war", "War & peace") in [(tag.term, tag.label) for tag in tags]


def test_feed_says_its_selection_licence_and_where_it_is(scene: Scene) -> None:
    found = _feed("/corrections.atom?agency=white-house&q=aid").feed
    assert found.subtitle == "Words: aid; Agency: White House"
    assert found.rights.startswith("Creative Commons Attribution 4.0")
    assert found.author == "Policy Change Record"
    assert subscribed.link(_feed("/feed.atom?q=aid"), "self") == "https://timeline.example/feed.atom?q=aid"
    assert subscribed.link(_feed("/feed.atom?q=aid"), "alternate") == "https://timeline.example/?q=aid"


def test_pinned_feed_tells_what_stood_then(scene: Scene) -> None:
    _correct(scene)
    _retract("memo")
    assert subscribed.slugs("/feed.atom?as_of=1") == ["cyber", "memo", "pause", "talks"]
    assert "Military aid 100% paused" in _titles("/feed.atom?as_of=2")
    assert _feed("/feed.atom?as_of=1").feed.subtitle == "All actions. As it stood at edition 1."
    assert _feed("/corrections.atom?as_of=2").entries == []


def test_correction_says_what_was_wrong_and_what_changed(scene: Scene) -> None:
    _correct(scene)
    item = _feed("/corrections.atom").entries[0]
    assert item.title == "Corrected: Aid paused"
    assert "We had the wrong title.\n\nTitle, was: Military aid 100% paused. Now: Aid paused" in item.summary
    assert item.updated == "2025-06-04T12:00:00+00:00"


def test_retraction_keeps_its_title_and_says_why(scene: Scene) -> None:
    _retract("pause")
    item = _feed("/corrections.atom?agency=white-house").entries[0]
    assert item.title == "Retracted: Military aid 100% paused"
    assert "A false report." in item.summary
    assert "The action was never taken" in item.summary
    assert "pause" not in subscribed.slugs("/feed.atom")


@pytest.mark.parametrize(
    ("change", "expected"),
    [("updated", ["changes"]), ("corrected", ["changes", "corrections"]), ("minor", [])],
)
def test_change_is_told_where_the_codebook_says(scene: Scene, change: str, expected: list[str]) -> None:
    factories.publish(factories.edit(scene.pause, summary="Told anew."), at=THIRD, change=change)
    told = [name for name in ("changes", "corrections") if subscribed.slugs(f"/{name}.atom?changed_since=2")]
    assert told == expected


def test_redacted_version_is_told_nowhere(scene: Scene) -> None:
    _correct(scene)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 3, record = '', csv = '', change_note = ''"
            " WHERE slug = 'pause' AND version = 1"
        )
    titles = _titles("/changes.atom")
    assert [title for title in titles if "aid" in title.lower()] == ["Corrected: Aid paused"]
    assert "Military" not in subscribed.body("/changes.atom").decode()


def test_ids_stay_over_versions_editions_and_addresses(scene: Scene, settings: Settings) -> None:
    before = {item.title: item.id for item in subscribed.items("/changes.atom")}
    (entry,) = [item.id for item in subscribed.items("/feed.atom?status=reversed")]
    feed = _feed("/feed.atom?status=reversed").feed.id
    _correct(scene)
    settings.PUBLIC_URL = "https://elsewhere.example"
    after = {item.title: item.id for item in subscribed.items("/changes.atom")}
    (item,) = subscribed.items("/feed.atom?status=reversed")
    assert (item.id, item.title) == (entry, "Aid paused")
    assert before.items() < after.items()
    assert len({*after.values(), entry}) == len(after) + 1
    assert _feed("/feed.atom?status=reversed&as_of=2").feed.id == feed


# --- hostile texts -------------------------------------------------------------------------------------------------

_HOSTILE = {
    "end of CDATA": "a ]]> b <![CDATA[ c",
    "markup": "<script>alert(1)</script> & &amp; \"'",
    "emoji": "Aid \U0001f468\u200d\U0001f469\u200d\U0001f467 paused",
    "right to left": "المساعدات العسكرية \u05e2\u05d1\u05e8\u05d9\u05ea",
    "20,000 signs": "long " * 4_000,
}


@pytest.mark.parametrize("text", _HOSTILE.values(), ids=_HOSTILE.keys())
def test_hostile_text_comes_back_as_it_was_written(db: None, text: str) -> None:
    factories.published(title=text[:190].strip(), summary=text.strip(), where_it_stands=text[:110].strip())
    for name in ("feed", "changes"):
        root = ElementTree.fromstring(subscribed.body(f"/{name}.atom"))
        assert root.findtext(f"{ATOM}entry/{ATOM}title").endswith(text[:190].strip())
    summary = ElementTree.fromstring(subscribed.body("/feed.atom")).findtext(f"{ATOM}entry/{ATOM}summary")
    assert summary.endswith(text.strip())


def test_sign_that_xml_refuses_breaks_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record refuses such signs and the ledger is sealed: this is one that came by another door."""
    monkeypatch.setattr(feeds, "loads", lambda text: json.loads(text.replace("Odd sign", "Odd \\u0008 \\uffff")))
    factories.published(title="Odd sign", summary="Odd sign.")
    (item,) = _feed("/feed.atom").entries
    assert item.title == "Odd \ufffd \ufffd"
    assert item.summary.endswith("Odd \ufffd \ufffd.")
    assert _titles("/changes.atom") == ["Published: Odd \ufffd \ufffd"]


# --- the same rows as the files ------------------------------------------------------------------------------------


@pytest.mark.timeout(300)
def test_feeds_hold_what_the_files_hold_on_random_selections(short: None) -> None:
    """All documents of the feed of new entries hold the slugs of the CSV; those of changes what changes.csv tells."""
    Ledger().fill()
    sizes: list[int] = []

    @tried(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(SELECTIONS, st.booleans())
    def check(values: dict[str, list[str]], is_wide: bool) -> None:
        if is_wide:  # most random selections find little, and an archive needs some
            values = dict(list(values.items())[:1])
        query = urlencode(values, doseq=True)
        if subscribed.answer(f"/actions.csv?{query}").status_code != 200:
            return
        listed = subscribed.slugs(f"/feed.atom?{query}")
        assert sorted(listed) == sorted(slugs_of_file(query))
        assert _versions(f"/changes.atom?{query}") == _changed(query, TOLD)
        assert _versions(f"/corrections.atom?{query}") == _changed(query, {"corrected", "retracted"})
        sizes.append(len(listed))

    check()
    assert max(sizes) > 9, "some feed must have archives of archives"


def _versions(address: str) -> list[tuple[str, str]]:
    found = [(item.links[1].href.split("/")[4], item.published) for item in subscribed.items(address)]
    assert found == sorted(found, key=lambda pair: (pair[1], pair[0]), reverse=True)
    return sorted(found)


def _changed(query: str, kinds: set[str]) -> list[tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(subscribed.body(f"/changes.csv?{query}").decode(), newline=""))
    found = {(row["slug"], row["instant"].replace("Z", "+00:00")) for row in rows if row["change"] in kinds}
    return sorted(found)


def test_drafts_are_in_no_feed(short: None) -> None:
    Ledger().fill()
    for name in subscribed.FEEDS:
        for document in subscribed.documents(f"/{name}.atom").values():
            assert CANARY.encode() not in document


# --- archives ------------------------------------------------------------------------------------------------------


def test_newest_document_holds_all_that_fills_no_archive(short: None) -> None:
    Ledger().fill()
    for name in ("feed", "changes"):
        newest, *archives = subscribed.documents(f"/{name}.atom").values()
        assert 3 <= len(_entries(newest)) <= 5
        assert {len(_entries(each)) for each in archives} == {3}
        assert ElementTree.fromstring(newest).find(f"{HISTORY}archive") is None
        assert all(ElementTree.fromstring(each).find(f"{HISTORY}archive") is not None for each in archives)


def _entries(document: bytes) -> list[Any]:
    return subscribed.read(document).entries


def test_archives_never_change_after_more_publications(short: None) -> None:
    ledger = Ledger()
    ledger.fill()
    queries = ("", "?agency=root", "?status=in_effect&sort=oldest")
    before: dict[str, bytes] = {}
    for name in subscribed.FEEDS:
        for query in queries:
            _, *archives = subscribed.documents(f"/{name}.atom{query}").items()
            before |= dict(archives)
    later = [factories.save(slug=f"later-{number}", at=ledger.at, **ledger.values(number)) for number in range(7)]
    factories.publish(*later, at=ledger.at + timedelta(days=3))
    publishing.retract("entry-09", reason="did_not_happen", note="It did not.", by=None, at=ledger.at)
    assert len(before) > 20
    assert {address: subscribed.body(address) for address in before} == before


def test_archives_of_all_changes_keep_their_addresses(short: None) -> None:
    ledger = Ledger()
    ledger.fill()
    _, *before = subscribed.documents("/changes.atom")
    later = [factories.save(slug=f"later-{number}", at=ledger.at, **ledger.values(number)) for number in range(7)]
    factories.publish(*later, at=ledger.at + timedelta(days=3))
    _, *after = subscribed.documents("/changes.atom")
    assert after[-len(before) :] == before
    assert len(after) == len(before) + 2


def test_archive_leads_to_the_newest_document(short: None) -> None:
    Ledger().fill()
    _, archive, *_ = subscribed.documents("/feed.atom?agency=root").values()
    assert subscribed.link(subscribed.read(archive), "current") == "https://timeline.example/feed.atom?agency=root"


@pytest.mark.parametrize("method", ["get", "head"])
def test_archive_that_does_not_exist_is_not_found(scene: Scene, client: Client, method: str) -> None:
    for number in (0, 1, 10**9):
        assert getattr(client, method)(f"/feed/archive/{number}.atom?as_of=2").status_code == 404


def test_archive_without_its_edition_is_refused(scene: Scene, client: Client) -> None:
    response = client.get("/feed/archive/1.atom")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert "as_of" in response.json()["errors"][0]["name"]


# --- answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", subscribed.FEEDS)
def test_empty_selection_is_a_sound_empty_feed(scene: Scene, name: str) -> None:
    for query in ("q=nothing+like+it", "as_of=0"):
        found = _feed(f"/{name}.atom?{query}")
        assert found.entries == []
        assert found.feed.updated


def test_feed_before_the_first_edition_is_sound(db: None) -> None:
    assert _feed("/feed.atom").feed.updated == "1970-01-01T00:00:00+00:00"


@pytest.mark.parametrize("query", ["agencies=doj", "view=tracks", "page=2", "columns=slug", "status=nope"])
@pytest.mark.parametrize("name", subscribed.FEEDS)
def test_wrong_names_and_values_are_problems(scene: Scene, client: Client, name: str, query: str) -> None:
    response = client.get(f"/{name}.atom?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("name", subscribed.FEEDS)
def test_feed_is_asked_for_again_by_its_validators(scene: Scene, client: Client, name: str) -> None:
    first = client.get(f"/{name}.atom")
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Content-Disposition" not in first
    assert first["Last-Modified"] == "Tue, 03 Jun 2025 12:00:00 GMT"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/{name}.atom", headers={"if-none-match": first["ETag"]}).status_code == 304
    _correct(scene)
    assert client.get(f"/{name}.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_each_document_has_an_etag_of_its_own(short: None) -> None:
    Ledger().fill()
    addresses = [address for name in subscribed.FEEDS for address in subscribed.documents(f"/{name}.atom")]
    assert len({subscribed.answer(address)["ETag"] for address in addresses}) == len(addresses) > 10


@pytest.mark.parametrize("name", subscribed.FEEDS)
def test_queries_do_not_grow_with_the_record(scene: Scene, name: str) -> None:
    subscribed.body(f"/{name}.atom")
    counts = []
    for number in range(2):
        _correct(scene) if number else None
        subscribed.body(f"/{name}.atom")
        with CaptureQueriesContext(connection) as queries:
            subscribed.body(f"/{name}.atom?agency=white-house")
        counts.append(len(queries))
    assert max(counts) <= 5


def test_feed_speaks_the_language_of_the_site(scene: Scene) -> None:
    root = ElementTree.fromstring(subscribed.body("/feed.atom"))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_record_of_an_item_is_the_published_one(scene: Scene) -> None:
    """An unpublished edit reaches no feed."""
    factories.edit(scene.pause, title=f"{CANARY} unpublished")
    assert CANARY not in json.dumps(_titles("/feed.atom") + _titles("/changes.atom"))
