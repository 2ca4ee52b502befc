"""Histories and sources of a selection."""

import csv
import io

import pytest
from django.test import Client

from tests import factories
from tests.timeline.api.asking import ask, every_item, keys
from tests.timeline.scene import publish_scene

pytestmark = pytest.mark.django_db


def _cells(client: Client, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _as_cells(item: dict[str, object]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in item.items()}


@pytest.mark.parametrize("query", ["", "had_status=blocked", "sort=oldest&as_of=1"])
def test_status_changes_are_those_of_the_file(client: Client, query: str) -> None:
    publish_scene()
    items = every_item(client, f"status-changes?{query}")
    assert [_as_cells(item) for item in items] == _cells(client, f"/status_changes.csv?{query}")


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_histories_go_on_in_the_middle_of_an_entry(client: Client, limit: int) -> None:
    publish_scene()
    everything = ask(client, "status-changes")["items"]
    assert len(everything) == 7
    assert every_item(client, f"status-changes?limit={limit}") == everything


def test_values_of_a_line_have_their_types(client: Client) -> None:
    publish_scene()
    line = ask(client, "status-changes?status=reported")["items"][0]
    assert (line["position"], line["by"], line["in_force"]) == (1, None, "unknown")


def test_sources_are_those_of_the_file(client: Client) -> None:
    publish_scene()
    items = every_item(client, "sources?limit=2")
    told = {(item["slug"], item["title"], item["publisher"]["name"]) for item in items}
    cells = _cells(client, "/sources.csv")
    assert len(items) == len(cells) == ask(client, "sources")["count"]
    assert told == {(cell["source_id"], cell["title"], cell["publisher"]) for cell in cells}


def test_sources_follow_the_selection(client: Client) -> None:
    scene = publish_scene()
    (cited,) = [citation.source.slug for citation in scene.memo.citations.all()]
    assert keys(ask(client, "sources?agency=task-force-unit")["items"]) == [cited]


def test_source_says_whether_it_is_official(client: Client) -> None:
    factories.published(citations=[factories.citation(factories.SourceFactory.create(official=True))])
    (item,) = ask(client, "sources")["items"]
    assert item["official"] is True
    assert ask(client, f"sources/{item['slug']}")["source"] == item


@pytest.mark.parametrize("slug", ["a-draft", "nobody-ever"])
def test_source_that_nothing_public_cites_is_not_found(client: Client, slug: str) -> None:
    publish_scene()
    factories.SourceFactory.create(slug="a-draft")
    ask(client, f"sources/{slug}", status=404)
