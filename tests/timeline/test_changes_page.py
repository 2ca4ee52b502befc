"""The list of editions, and one edition in full."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.timeline import page
from tests.timeline.scene import SECOND, Scene, publish_scene
from tracker import publishing
from tracker.models import Edition, Topic

pytestmark = pytest.mark.django_db
THIRD, FOURTH = SECOND + timedelta(days=1), SECOND + timedelta(days=2)


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


@pytest.fixture
def moved(scene: Scene) -> Scene:
    """Edition 3, with a note, corrects `pause` and relates it to `talks`; edition 4 retracts `memo`."""
    relation = {"kind": "see_also", "in_part": False, "to": "talks", "note": None}
    edited = factories.edit(scene.pause, title="Military aid paused", relations=[relation])
    factories.publish(edited, at=THIRD, change="corrected", change_note="It was not all.", note="Corrections.")
    publishing.retract("memo", reason="did_not_happen", note="A false report.", by=None, at=FOURTH)
    return scene


def _editions(html: str) -> list[str]:
    return [page.words(found) for found in re.findall(r'<article class="edition".*?</article>', html, re.DOTALL)]


def test_every_edition_is_told_the_newest_first(client: Client, moved: Scene) -> None:
    told = _editions(page.get(client, "/changes/"))
    assert [text.partition(" UTC")[0] for text in told] == [
        f"Edition {number} {day} Jun 2025, 12:00" for number, day in ((4, 5), (3, 4), (2, 3), (1, 1))
    ]


def test_edition_tells_its_note_what_moved_and_its_digest(client: Client, moved: Scene) -> None:
    digest = Edition.objects.get(number=3).digest
    assert _editions(page.get(client, "/changes/"))[1] == (
        "Edition 3 4 Jun 2025, 12:00 UTC Corrections. Corrected 1 · Relations 1"
        " Corrected Military aid paused: It was not all."
        f" The record as it then stood · Its downloads of edition 3 SHA-256 {digest}"
    )


def test_edition_of_many_entries_names_the_first(client: Client, moved: Scene) -> None:
    first = _editions(page.get(client, "/changes/"))[-1]
    assert (
        "Published Cyber operations stopped Published Task force disbanded Published Military aid 100% paused" in first
    )
    assert "and 1 more in edition 1" in first


def test_edition_leads_to_its_comparison_its_page_and_its_downloads(client: Client, moved: Scene) -> None:
    html = page.get(client, "/changes/")
    for address in ("/actions/pause/compare/?from=1&amp;to=2", "/changes/3/", "/data/?as_of=3", "/?as_of=3"):
        assert f'href="{address}"' in html
        assert client.get(address.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("as_of=2", ["2", "1"]),
        ("as_of=0", []),
        ("changed_since=2", ["4", "3"]),
        ("agency=white-house", ["3", "1"]),
        ("agency=justice-department", ["4", "2", "1"]),
        ("per_page=1&page=2", ["3"]),
    ],
)
def test_list_is_narrowed_as_every_list(client: Client, moved: Scene, query: str, numbers: list[str]) -> None:
    assert re.findall(r'<h2 id="edition-(\d+)"', page.get(client, f"/changes/?{query}")) == numbers


def test_filtered_edition_counts_what_was_chosen(client: Client, moved: Scene) -> None:
    assert "Published 2" in _editions(page.get(client, "/changes/?agency=white-house"))[-1]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/changes/?page=2", 404),
        ("/changes/?agency=nonsense", 400),
        ("/changes/0/", 404),
        ("/changes/5/", 404),
        (f"/changes/{10**30}/", 404),
        ("/changes/3/?as_of=2", 404),
        ("/changes/3/?page=2", 404),
        ("/changes/3/?as_of=x", 400),
    ],
)
def test_what_is_not_there_is_refused(client: Client, moved: Scene, path: str, status: int) -> None:
    page.get(client, path, status=status)


def test_record_before_the_first_edition_is_empty(client: Client, db: None) -> None:
    assert "No edition has been published yet." in page.words(page.get(client, "/changes/"))


# --- one edition ---------------------------------------------------------------------------------------------------


def test_edition_shows_every_field_that_changed(client: Client, moved: Scene) -> None:
    text = page.words(page.get(client, "/changes/3/"))
    assert "Edition 3 Corrections. Corrected 1 · Relations 1" in text
    assert "Corrected: It was not all. Compare version 2 of Military aid paused with the one before" in text
    assert "Title Was Military aid [removed: 100%] paused Now Military aid paused" in text
    assert "Relation Was nothing Now See also: Talks held" in text


def test_retraction_is_told_with_its_reason(client: Client, moved: Scene) -> None:
    text = page.words(page.get(client, "/changes/4/"))
    assert "Task force disbanded Retracted: A false report. The action was never taken; the reports were wrong." in text


def test_terms_of_an_edition_are_named(client: Client, scene: Scene) -> None:
    topic = factories.TopicFactory.create(slug="war", name="War")
    factories.published(slug="entry", topics=[topic], at=THIRD)
    Topic.objects.filter(slug="war").update(name="The war", name_key="the war")
    publishing.publish_terms([("topic", "war")], by=None, at=FOURTH, note="Spelling.")
    assert "Topic: War, new" in page.words(page.get(client, "/changes/3/"))
    assert "Topic: The war, changed" in page.words(page.get(client, "/changes/4/"))


def test_edition_names_the_one_that_it_builds_on(client: Client, moved: Scene) -> None:
    text = page.words(page.get(client, "/changes/3/"))
    for number in (2, 3):
        assert Edition.objects.get(number=number).digest in text
    assert "How to check it" in text


def test_pages_of_an_edition_hold_all_of_it_once(client: Client, scene: Scene) -> None:
    whole = page.get(client, "/changes/1/")
    pattern = r'<h3>.*?</h3>|<li>[A-Z][a-z]+: <a href="/[^"]+"><bdi>.*?</bdi></a>, new'
    named = re.findall(pattern, whole)
    assert len(named) > 10
    found = []
    for number in range(1, -(-len(named) // 7) + 1):
        found += re.findall(pattern, page.get(client, f"/changes/1/?per_page=7&page={number}"))
    assert found == named


def test_redacted_entry_has_no_name_in_an_edition(client: Client, moved: Scene) -> None:
    factories.published(at=FOURTH)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 5, record = '', csv = '', change_note = ''"
            " WHERE slug = 'memo'"
        )
    for path in ("/changes/", "/changes/1/", "/changes/4/"):
        html = page.get(client, path)
        assert "An entry that the law made us take out" in html
        assert "Task force disbanded" not in html


def test_draft_is_in_no_edition(client: Client, moved: Scene) -> None:
    factories.save(slug="draft", title="Canary")
    factories.edit(moved.talks, title="Canary")
    for path in ("/changes/", "/changes/4/", "/changes/1/"):
        assert "Canary" not in page.get(client, path)


@pytest.mark.parametrize("path", ["/changes/", "/changes/1/"])
def test_queries_do_not_grow_with_the_record(client: Client, moved: Scene, path: str) -> None:
    counts = []
    for times in range(2):
        page.get(client, path)
        with CaptureQueriesContext(connection) as captured:
            page.get(client, path)
        counts.append(len(captured))
        for _ in range(5 * (1 - times)):
            factories.published(at=FOURTH)
    assert counts[0] == counts[1]
    assert counts[0] <= 12
