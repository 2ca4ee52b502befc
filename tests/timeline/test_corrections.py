"""The list of corrections: what was, what is now, and why; the newest first."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import line
from tests.timeline import page
from tests.timeline.scene import SECOND, Scene, publish_scene
from tracker import publishing

pytestmark = pytest.mark.django_db
THIRD, FOURTH = SECOND + timedelta(days=1), SECOND + timedelta(days=2)


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


@pytest.fixture
def corrected(scene: Scene) -> Scene:
    """Edition 3 corrects `pause`, edition 4 retracts `memo`."""
    lines = [line(date="2025-03-03"), line("reversed", "2025-03-12", by="issuer")]
    edited = factories.edit(scene.pause, title="Military aid paused", status_history=lines)
    factories.publish(edited, at=THIRD, change="corrected", change_note="We had the wrong day.")
    publishing.retract("memo", reason="did_not_happen", note="A false report.", by=None, at=FOURTH)
    return scene


def _articles(html: str) -> list[str]:
    return [page.words(found) for found in re.findall(r'<article class="correction".*?</article>', html, re.DOTALL)]


def test_no_corrections_are_said_to_be_none(client: Client, scene: Scene) -> None:
    assert "No corrections so far" in page.words(page.get(client, "/corrections/"))


def test_correction_tells_before_after_and_why(client: Client, corrected: Scene) -> None:
    _, correction = _articles(page.get(client, "/corrections/"))
    assert correction == (
        "4 Jun 2025, edition 3 Military aid paused Corrected: We had the wrong day."
        " Compare version 2 of Military aid paused with the one before"
        " Title Was Military aid [removed: 100%] paused Now Military aid paused"
        " Status history, line 2 Was Reversed, [removed: 11] Mar 2025, by the issuer"
        " Now Reversed, [added: 12] Mar 2025, by the issuer"
    )


def test_retraction_tells_the_title_and_why(client: Client, corrected: Scene) -> None:
    html = page.get(client, "/corrections/")
    assert _articles(html)[0] == (
        "5 Jun 2025, edition 4 Task force disbanded Retracted: A false report."
        " The action was never taken; the reports were wrong."
    )
    assert '<a href="/actions/memo/"><bdi>Task force disbanded</bdi></a>' in html


def test_news_and_spelling_are_no_corrections(client: Client, scene: Scene) -> None:
    edited = factories.edit(scene.pause, summary="It was lifted.")
    factories.publish(edited, at=THIRD, change="updated", change_note="It was lifted.")
    factories.publish(factories.edit(edited, title="Military aid 100 % paused"), at=THIRD, change="minor")
    assert _articles(page.get(client, "/corrections/")) == []


def test_relation_that_changed_with_it_is_told(client: Client, scene: Scene) -> None:
    relation = {"kind": "see_also", "in_part": False, "to": "talks", "note": None}
    edited = factories.edit(scene.pause, title="Aid paused", relations=[relation])
    factories.publish(edited, at=THIRD, change="corrected", change_note="It belongs to the talks.")
    assert "Relation Was nothing Now See also: Talks held" in _articles(page.get(client, "/corrections/"))[0]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("agency=white-house", ["Military aid paused"]),
        ("agency=justice-department", ["Task force disbanded"]),
        ("as_of=3", ["Military aid paused"]),
        ("as_of=2", []),
        ("changed_since=3", ["Task force disbanded"]),
    ],
)
def test_list_is_narrowed_as_every_list(client: Client, corrected: Scene, query: str, titles: list[str]) -> None:
    html = page.get(client, f"/corrections/?{query}")
    assert re.findall(r'<h2 id="c-[^>]*>.*?<bdi>(.*?)</bdi>', html) == titles


def test_filter_can_be_taken_away_here(client: Client, corrected: Scene) -> None:
    html = page.get(client, "/corrections/?agency=white-house&status=reversed")
    assert page.chips(html)[0] == ("Agency White House", "/corrections/?status=reversed")


def test_filtered_list_without_any_says_so(client: Client, corrected: Scene) -> None:
    text = page.words(page.get(client, "/corrections/?agency=cyber-command"))
    assert "No corrections to what is chosen here. See all corrections" in text


def test_feed_and_changes_are_of_the_same_selection(client: Client, corrected: Scene) -> None:
    html = page.get(client, "/corrections/?agency=white-house")
    for address in ("/corrections.atom?agency=white-house", "/changes/?agency=white-house"):
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200


def test_wrong_value_is_refused_and_widens_nothing(client: Client, corrected: Scene) -> None:
    html = page.get(client, "/corrections/?agency=nonsense", status=400)
    assert "“nonsense” is not in the published record." in html
    assert _articles(html) == []


def test_unknown_name_is_told(client: Client, corrected: Scene) -> None:
    assert 'Did you mean <a href="/corrections/?agency=white-house"><bdi>agency</bdi></a>?' in page.get(
        client, "/corrections/?agencies=white-house"
    )


def test_pages_hold_fifty_and_end(client: Client, corrected: Scene) -> None:
    assert len(_articles(page.get(client, "/corrections/?per_page=1&page=2"))) == 1
    page.get(client, "/corrections/?page=2", status=404)


def test_redacted_correction_names_nothing(client: Client, corrected: Scene) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 4, record = '', csv = '', change_note = ''"
            " WHERE slug = 'pause'"
        )
    html = page.get(client, "/corrections/")
    assert "An entry that the law made us take out" in html
    assert "Military" not in html
    assert "wrong day" not in html


def test_unpublished_correction_is_not_listed(client: Client, corrected: Scene) -> None:
    factories.edit(corrected.talks, title="Canary")
    assert "Canary" not in page.get(client, "/corrections/")


def test_queries_do_not_grow_with_the_corrections(client: Client, corrected: Scene) -> None:
    counts = []
    for times in range(2):
        page.get(client, "/corrections/")
        with CaptureQueriesContext(connection) as captured:
            page.get(client, "/corrections/")
        counts.append(len(captured))
        talks = corrected.talks
        for number in range(5 * (1 - times)):
            talks = factories.edit(talks, title=f"Talks {number}")
            factories.publish(talks, at=FOURTH, change="corrected", change_note="Wrong.")
    assert counts[0] == counts[1]
    assert counts[0] <= 8
