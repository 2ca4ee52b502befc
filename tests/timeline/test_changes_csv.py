"""changes.csv and retractions.csv: every change of the public record, in words, and what stands no longer."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests import factories
from tests.factories import line
from tests.timeline.scene import SECOND, Scene, publish_scene, select
from timeline.exports.changes_file import CHANGES_FILES, changes
from tracker import codebook, columns, publishing
from tracker.models import Topic

pytestmark = pytest.mark.django_db
THIRD = SECOND + timedelta(days=1)


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _csv(client: Client, query: str = "", *, file: str = "changes") -> list[dict[str, str]]:
    response = client.get(f"/{file}.csv?{query}")
    assert response.status_code == 200, response.content
    return list(csv.DictReader(io.StringIO(response.getvalue().decode(), newline="")))


def _told(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [(row["edition"], row["slug"], row["field"], row["change"]) for row in rows]


def _correct(scene: Scene) -> None:
    """Publish edition 3: the title of `pause` was wrong, and so was a line of its history."""
    lines = [line(date="2025-03-03"), line("reversed", "2025-03-12", by="issuer")]
    factories.publish(
        factories.edit(scene.pause, title="Aid paused", status_history=lines),
        at=THIRD, change="corrected", change_note="We had the wrong day.",
    )  # fmt: skip


def _retract(slug: str) -> None:
    publishing.retract(slug, reason="did_not_happen", note="A false report.", by=None, at=THIRD)


def test_header_is_declared_once(scene: Scene, client: Client) -> None:
    body = client.get("/changes.csv").getvalue().decode()
    assert body.split("\r\n")[0] == ",".join(columns.CHANGES.columns)


def test_first_publication_is_a_row_with_the_title(scene: Scene, client: Client) -> None:
    rows = _csv(client)
    assert _told(rows) == [
        *(("1", slug, "", "published") for slug in ("cyber", "memo", "pause", "talks")),
        ("2", "rule", "", "published"),
    ]
    assert rows[-1] == {
        "slug": "rule", "field": "", "before": "", "after": "Rule proposed", "change": "published", "note": "",
        "edition": "2", "instant": "2025-06-03T12:00:00Z",
    }  # fmt: skip


def test_each_changed_field_is_a_row_in_the_words_of_the_page(scene: Scene, client: Client) -> None:
    _correct(scene)
    title, history = _csv(client, "changed_since=2")
    assert (title["field"], title["before"], title["after"]) == ("title", "Military aid 100% paused", "Aid paused")
    assert history["field"] == "status_history.2"
    assert (history["before"], history["after"]) == (
        "Reversed, 11 Mar 2025, by the issuer", "Reversed, 12 Mar 2025, by the issuer"
    )  # fmt: skip
    assert {row["note"] for row in (title, history)} == {"We had the wrong day."}
    assert {row["change"] for row in (title, history)} == {"corrected"}


def test_renamed_term_is_a_change_of_the_entries_that_show_it(db: None, client: Client) -> None:
    topic = factories.TopicFactory.create(slug="war", name="War")
    factories.published(slug="entry", topics=[topic])
    Topic.objects.filter(slug="war").update(name="The war", name_key="the war")
    publishing.publish_terms([("topic", "war")], by=None, at=THIRD, note="Spelling.")
    (row,) = _csv(client, "changed_since=1")
    assert (row["field"], row["before"], row["after"], row["change"]) == ("topics", "War", "The war", "minor")


def test_retraction_is_a_row_without_text(scene: Scene, client: Client) -> None:
    _retract("pause")
    (row,) = _csv(client, "changed_since=2")
    assert (row["slug"], row["field"], row["before"], row["after"]) == ("pause", "", "", "")
    assert (row["change"], row["note"]) == ("retracted", "A false report.")


def test_redacted_text_is_in_no_row(scene: Scene, client: Client) -> None:
    _correct(scene)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 3, record = '', csv = '', change_note = ''"
            " WHERE slug = 'pause' AND version = 1"
        )
    rows = [row for row in _csv(client) if row["slug"] == "pause"]
    assert [(row["field"], row["before"], row["after"]) for row in rows] == [("", "", "")] * 2


def test_relation_is_a_change_also_where_the_entry_is_not(db: None, client: Client) -> None:
    target = factories.published(title="Freeze")
    source = factories.published(title="Talks")
    linked = factories.edit(source, relations=[{"kind": "see_also", "in_part": False, "to": target.slug, "note": "A"}])
    factories.publish(linked, at=SECOND)
    factories.publish(factories.edit(linked, relations=[]), at=THIRD)
    put, taken = _csv(client, "changed_since=2")
    assert (put["slug"], put["field"], put["before"]) == ("talks", "relations.see_also|freeze", "")
    assert (put["after"], taken["before"]) == ("See also: freeze. A", "See also: freeze. A")
    assert (taken["after"], taken["change"], taken["edition"]) == ("", "", "4")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("as_of=1", ["cyber", "memo", "pause", "talks"]),
        ("changed_since=1", ["rule"]),
        ("changed_since=2", []),
        ("changed_since=1&as_of=1", []),
        ("agency=white-house", ["pause", "talks"]),
        ("agency=white-house&changed_since=1", []),
        ("as_of=0", []),
        ("sort=oldest", ["cyber", "memo", "pause", "talks", "rule"]),
    ],
)
def test_filters_choose_entries_and_editions(scene: Scene, client: Client, query: str, found: list[str]) -> None:
    assert [row["slug"] for row in _csv(client, query)] == found


@pytest.mark.parametrize(
    ("query", "is_in"),
    [
        ("", True),
        ("agency=white-house", True),
        ("agency=justice-department", False),
        ("status=reversed&in_force_on=2025-03-04", True),
        ("status=blocked", False),
        ("q=military", True),
        ("from=2025-04", False),
    ],
)
def test_retracted_entry_counts_as_it_last_stood(scene: Scene, client: Client, query: str, is_in: bool) -> None:
    _retract("pause")
    assert ("pause" in {row["slug"] for row in _csv(client, query)}) is is_in


def test_entry_is_selected_as_of_the_edition_served(scene: Scene, client: Client) -> None:
    _correct(scene)
    assert {row["slug"] for row in _csv(client, "q=military")} == set()
    assert {row["slug"] for row in _csv(client, "q=military&as_of=2")} == {"pause"}


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_chunks_lose_and_repeat_nothing(scene: Scene, chunk: int) -> None:
    _correct(scene)
    linked = factories.edit(scene.memo, relations=[{"kind": "see_also", "in_part": False, "to": "pause", "note": None}])
    factories.publish(linked, at=THIRD)
    _retract("talks")
    rows = [row for found in changes(select(), chunk=chunk) for row in found]
    assert rows == [row for found in changes(select()) for row in found]
    assert [(int(row["edition"]), row["slug"]) for row in rows] == sorted(
        (int(row["edition"]), row["slug"]) for row in rows
    )
    assert len(rows) == 9


def test_replayed_changes_give_the_present_titles(scene: Scene, client: Client) -> None:
    _correct(scene)
    titles: dict[str, str] = {}
    for row in _csv(client):
        if row["field"] in ("", "title"):
            titles[row["slug"]] = row["after"]
    assert titles == {
        json.loads(row.record)["slug"]: json.loads(row.record)["entry"]["title"] for row in select().rows()
    }


def test_both_formats_say_the_same(scene: Scene, client: Client) -> None:
    _correct(scene)
    lines = [json.loads(text) for text in client.get("/changes.jsonl").getvalue().decode().split("\n")[:-1]]
    assert [{name: columns.as_text(value) for name, value in row.items()} for row in lines] == _csv(client)
    assert {type(row["edition"]) for row in lines} == {int}


def test_formula_is_neutralised_unless_raw(scene: Scene, client: Client) -> None:
    factories.publish(factories.edit(scene.pause, summary="=1+1"), at=THIRD)
    assert _csv(client, "changed_since=2")[0]["after"] == "'=1+1"
    assert _csv(client, "changed_since=2&raw=1")[0]["after"] == "=1+1"


def test_change_codes_are_the_codebooks(scene: Scene, client: Client) -> None:
    _correct(scene)
    _retract("talks")
    assert {row["change"] for row in _csv(client)} <= {*codebook.CHANGES}


@pytest.mark.parametrize("query", ["columns=slug", "changed_since=9", "agency=nowhere", "page=2"])
def test_bad_selection_is_refused(scene: Scene, client: Client, query: str) -> None:
    response = client.get(f"/changes.csv?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_queries_do_not_grow_with_the_editions(scene: Scene, django_assert_max_num_queries: Any) -> None:
    _correct(scene)
    selection = select("agency=white-house", surface="csv")
    export = CHANGES_FILES[0]
    with django_assert_max_num_queries(2):
        assert b"".join(export.content(selection, export.measure(selection))).count(b"\r\n") == 5


# --- retractions ---------------------------------------------------------------------------------------------------


def test_retractions_tell_what_stands_no_longer(scene: Scene, client: Client) -> None:
    _retract("pause")
    (row,) = _csv(client, file="retractions")
    assert row == {
        "slug": "pause", "reason": "did_not_happen", "replaced_by": "", "note": "A false report.", "edition": "3",
        "retracted_at": "2025-06-04T12:00:00Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 1), ("as_of=2", 0), ("changed_since=2", 1), ("changed_since=3", 0), ("status=blocked", 1)],
)
def test_retractions_take_editions_and_ignore_filters(scene: Scene, client: Client, query: str, found: int) -> None:
    _retract("pause")
    assert len(_csv(client, query, file="retractions")) == found


@pytest.mark.parametrize("file", ["actions.csv", "actions.jsonl", "status_changes.csv", "changes.csv", "package.zip"])
def test_answer_to_changed_since_leads_to_the_retractions(scene: Scene, client: Client, file: str) -> None:
    _retract("pause")
    link = client.head(f"/{file}?changed_since=2025-06-03&status=blocked")["Link"]
    assert '</retractions.csv?changed_since=1&as_of=3>; rel="related"' in link
    assert "related" not in client.head(f"/{file}")["Link"]
