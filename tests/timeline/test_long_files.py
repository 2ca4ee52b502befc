"""The long files: one row per line of a history, citation, source and relation of the entries selected."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.timeline.scene import Scene, publish_scene, select, slugs
from timeline.exports.companions import COMPANIONS
from tracker import columns
from tracker.models import PublishedAction

STEMS = [name.removesuffix(".csv") for name in COMPANIONS]


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _csv(client: Client, stem: str, query: str = "") -> list[dict[str, str]]:
    body = client.get(f"/{stem}.csv?{query}").getvalue().decode()
    return list(csv.DictReader(io.StringIO(body, newline="")))


def _jsonl(client: Client, stem: str, query: str = "") -> list[dict[str, Any]]:
    body = client.get(f"/{stem}.jsonl?{query}").getvalue().decode()
    return [json.loads(line) for line in body.split("\n")[:-1]]


def _entries(query: str) -> list[dict[str, Any]]:
    return [json.loads(record)["entry"] for record in select(query).rows().values_list("record", flat=True)]


@pytest.mark.parametrize("stem", STEMS)
def test_header_is_the_public_columns(scene: Scene, client: Client, stem: str) -> None:
    body = client.get(f"/{stem}.csv").getvalue().decode()
    assert body.split("\r\n")[0] == ",".join(columns.FILES_BY_NAME[f"{stem}.csv"].columns)


@pytest.mark.parametrize("query", ["", "sort=oldest", "status=reversed", "as_of=1", "agency=white-house", "as_of=0"])
def test_histories_follow_the_order_of_the_selection(scene: Scene, client: Client, query: str) -> None:
    found = [(row["slug"], row["position"], row["status"]) for row in _csv(client, "status_changes", query)]
    assert found == [
        (slug, str(line["position"]), line["status"] or "")
        for slug, entry in zip(slugs(query), _entries(query), strict=True)
        for line in entry["status_history"]
    ]


@pytest.mark.parametrize("query", ["", "status=reversed", "as_of=1"])
def test_sources_are_those_cited_by_the_entries(scene: Scene, client: Client, query: str) -> None:
    cited = {item["source"]["slug"] for entry in _entries(query) for item in entry["citations"]}
    assert [row["source_id"] for row in _csv(client, "sources", query)] == sorted(cited)
    assert {row["source_id"] for row in _csv(client, "citations", query)} == cited


def test_sources_are_as_they_stood_at_the_edition(scene: Scene, client: Client) -> None:
    first = {row["source_id"] for row in _csv(client, "sources", "as_of=1")}
    assert first < {row["source_id"] for row in _csv(client, "sources")}


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("query", ["", "status=reversed"])
def test_both_formats_say_the_same(scene: Scene, client: Client, stem: str, query: str) -> None:
    as_text = [
        {name: "" if value is None else columns.as_text(value) for name, value in row.items()}
        for row in _jsonl(client, stem, query)
    ]
    assert as_text == _csv(client, stem, query)


def test_numbers_and_booleans_are_such_in_json(scene: Scene, client: Client) -> None:
    line = _jsonl(client, "status_changes")[0]
    assert (line["position"], line["note"]) == (1, None)
    assert _jsonl(client, "sources")[0]["official"] in (True, False)


@pytest.mark.parametrize("stem", STEMS)
def test_chunks_lose_and_repeat_nothing(scene: Scene, stem: str) -> None:
    def rows(chunk: int) -> list[dict[str, str]]:
        return [row for found in COMPANIONS[f"{stem}.csv"](select(), chunk=chunk) for row in found]

    assert rows(1) == rows(2) == rows(100)


def test_relation_is_given_once_both_ends_are_visible(db: None, client: Client) -> None:
    target = factories.published(title="Freeze")
    other = {"kind": "reverses", "in_part": False, "to": target.slug, "note": "Lifted."}
    source = factories.save(title="Talks", relations=[other])
    assert _csv(client, "relations") == []
    factories.publish(source)
    (row,) = _csv(client, "relations")
    assert (row["slug"], row["kind"], row["in_part"], row["to_slug"]) == ("talks", "reverses", "false", "freeze")
    assert _csv(client, "relations", "q=Freeze") == []


def test_formula_is_neutralised_unless_raw(db: None, client: Client) -> None:
    published = factories.published(status_history=[factories.line(note="=1+1")])
    assert PublishedAction.objects.current().get().slug == published.slug
    assert _csv(client, "status_changes")[0]["note"] == "'=1+1"
    assert _csv(client, "status_changes", "raw=1")[0]["note"] == "=1+1"
    assert _jsonl(client, "status_changes")[0]["note"] == "=1+1"


def test_byte_order_mark_comes_when_asked_for(scene: Scene, client: Client) -> None:
    assert client.get("/sources.csv?bom=1").getvalue()[:3] == b"\xef\xbb\xbf"


@pytest.mark.parametrize("stem", STEMS)
def test_columns_are_refused(scene: Scene, client: Client, stem: str) -> None:
    response = client.get(f"/{stem}.csv?columns=slug")
    assert (response.status_code, response.json()["errors"][0]["name"]) == (400, "columns")


def test_head_reads_no_row(scene: Scene, client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(3):
        response = client.head("/citations.csv")
    assert (response.status_code, response.getvalue()) == (200, b"")
    assert "Content-Length" not in response
