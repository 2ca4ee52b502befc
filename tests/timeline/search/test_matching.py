"""What the databases answer, against words compared one by one in Python; and the order of relevance."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.test_same_rows import slugs_of_file, slugs_of_page
from tests.timeline.api.asking import every_item, keys
from tests.timeline.scene import slugs
from timeline.models import SearchText
from timeline.search import index
from timeline.search.matching import containing
from timeline.search.query import Item, Query
from timeline.search.tokens import tokens
from tracker.models import PublishedAction

pytestmark = pytest.mark.django_db

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
WORDS = st.sampled_from(["aid", "aids", "to", "kyiv", "Kyiv's", "U.S.", "co-op", "ё", "é", "中国", "x" * 70, "1,5"])
TEXTS = st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=12)
SIGNED = st.tuples(st.sampled_from(["", "", "-", '"', '-"']), WORDS, st.sampled_from(["", '"', "*"])).map("".join)
QUERIES = st.lists(SIGNED, max_size=4).map(" ".join) | st.text(max_size=12)
ENTRY = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "where_it_stands": st.none() | TEXTS,
        "summary": st.none() | TEXTS,
        "identifiers": st.lists(TEXTS, max_size=2),
        "citations": st.lists(TEXTS.map(lambda title: {"source": {"title": title}}), max_size=2),
    }
)


def _reindex(entries: list[dict[str, Any]]) -> list[int]:
    """Let the published rows have other words; return their ids."""
    ids = list(PublishedAction.objects.order_by("pk").values_list("pk", flat=True))[: len(entries)]
    SearchText.objects.all().delete()
    index.write([(pk, json.dumps({"entry": entry})) for pk, entry in zip(ids, entries, strict=True)])
    return ids


def _parts(entry: dict[str, Any]) -> Iterator[list[str]]:
    yield tokens(entry["title"])
    yield from (tokens(entry[name] or "") for name in ("where_it_stands", "summary"))
    yield from map(tokens, entry["identifiers"])
    yield from (tokens(citation["source"]["title"]) for citation in entry["citations"])


def _has(entry: dict[str, Any], item: Item) -> bool:
    return any(item.ends_at(place, words) for words in _parts(entry) for place in range(len(words)))


def _is_found(entry: dict[str, Any], query: Query) -> bool:
    if not query.wanted and not query.unwanted:
        return False
    wanted, unwanted = ([_has(entry, item) for item in items] for items in (query.wanted, query.unwanted))
    return all(wanted) and not any(unwanted)


@pytest.fixture
def rows() -> None:
    factories.publish(*(factories.save(slug=f"row-{number}") for number in range(4)))


def test_found_is_what_holds_the_words(rows: None) -> None:
    @QUIET
    @given(st.lists(ENTRY, min_size=4, max_size=4), st.lists(QUERIES, min_size=3, max_size=3))
    def check(entries: list[dict[str, Any]], queries: list[str]) -> None:
        ids = _reindex(entries)
        for typed in queries:
            right = {pk for pk, entry in zip(ids, entries, strict=True) if _is_found(entry, Query.parse(typed))}
            assert set(PublishedAction.objects.filter(containing(typed)).values_list("pk", flat=True)) == right, typed

    check()


def test_nothing_typed_is_an_error(rows: None) -> None:
    @QUIET
    @given(st.text(max_size=200, alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
    def check(typed: str) -> None:
        slugs(urlencode({"q": typed, "sort": "relevance"}))

    check()


LONG = {
    "thousands of words": " ".join(f"word{number}" for number in range(20_000)),
    "one word, thousands of times": "aid " * 20_000,
    "words of other scripts": " ".join("ж" * 50 + str(number) for number in range(5_000)),
    "thousands of characters without a blank": "政" * 20_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_text_beyond_every_limit_is_indexed_in_part(rows: None, text: str) -> None:
    first = tokens(text)[0]
    (pk,) = _reindex([{"title": "t", "where_it_stands": None, "summary": text, "identifiers": [], "citations": []}])
    for typed in (first, f'"t" "{first}"'):
        assert list(PublishedAction.objects.filter(containing(typed)).values_list("pk", flat=True)) == [pk]


# --- relevance -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ranked() -> list[str]:
    """Publish entries that hold "grain exports" ever further from the title; return them as relevance has them."""
    plain: dict[str, Any] = {"where_it_stands": "", "imported": True, "date": "2025-01-01"}
    far = [factories.citation(factories.SourceFactory.create(title="Grain exports"))]
    values: dict[str, dict[str, Any]] = {
        "phrase": {"title": "Grain exports stopped"},
        "apart": {"title": "Exports of grain stopped"},
        "begun": {"title": "Grain, and exportsx"},
        "place": {"where_it_stands": "Grain exports go on."},
        "newer": {"summary": "Grain exports stopped.", "date": "2025-02-01"},
        "older": {"summary": "Grain exports stopped."},
        "source": {"citations": far},
    }
    near = [factories.citation(factories.SourceFactory.create(title="Note"))]
    saved = [
        factories.save(slug=slug, **{**plain, "title": slug, "citations": near, **each})
        for slug, each in values.items()
    ]
    factories.publish(*saved)
    return list(values)


def test_relevance_goes_by_where_the_words_stand(ranked: list[str]) -> None:
    assert slugs("q=grain+exports&sort=relevance") == ranked


def test_newest_stays_the_order_unless_relevance_is_asked_for(ranked: list[str]) -> None:
    assert slugs("q=grain+exports")[0] == "newer"


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_relevance_is_one_order_everywhere(client: Client, ranked: list[str], limit: int) -> None:
    query = "q=grain+exports&sort=relevance"
    assert slugs_of_page(query) == ranked
    assert slugs_of_file(query) == ranked
    assert keys(every_item(client, f"actions?{query}&limit={limit}")) == ranked


def test_relevance_of_exclusions_alone_is_newest(ranked: list[str]) -> None:
    assert slugs("q=-stopped&sort=relevance") == slugs("q=-stopped")


def test_pages_by_relevance_keep_their_order_while_others_are_published(client: Client, ranked: list[str]) -> None:
    first = client.get("/api/v1/actions?q=grain+exports&sort=relevance&limit=3").json()
    for number in range(3):
        factories.published(slug=f"meanwhile-{number}", title="Grain exports, grain exports")
    rest = client.get(first["next"].removeprefix("https://timeline.example")).json()
    assert keys(first["items"] + rest["items"]) == ranked[:6]


def test_broken_download_by_relevance_goes_on(client: Client, ranked: list[str]) -> None:
    address = "/actions.csv?q=grain+exports&sort=relevance&as_of=1"
    whole = b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]
    start = len(whole) // 2
    part = client.get(address, headers={"Range": f"bytes={start}-"})
    assert b"".join(part.streaming_content) == whole[start:]  # type: ignore[attr-defined]
