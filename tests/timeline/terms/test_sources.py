"""The list of sources, and the page of one with the entries that rest on it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from tests import factories
from tests.factories import citation
from tests.timeline import page
from tests.timeline.scene import SECOND
from tracker import publishing
from tracker.models import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def memo() -> Source:
    """A source that two entries cite, one of them against the claim."""
    source = factories.SourceFactory.create(
        slug="memo", title="Über die Hilfe", language="de", official=True, authors="Ada Byron\nNoor Khan",
        publisher=factories.PublisherFactory.create(name="The Gazette"),
        archive_url="https://archive.example/memo", published="2025-03-02",
    )  # fmt: skip
    factories.published(slug="one", title="Aid paused", citations=[citation(source, bears_on=["action", "date"])])
    against = citation(source, stance="disputes", attribution="document")
    factories.published(
        slug="two", title="Rule proposed", citations=[citation(), against], disputed=True, dispute_note="Denied."
    )
    return source


def test_source_tells_its_facts(client: Client, memo: Source) -> None:
    html = page.get(client, "/sources/memo/")
    assert '<h1 lang="de"><bdi>Über die Hilfe</bdi></h1>' in html
    facts = page.words(page.part(html, '<dl class="facts">', "</dl>"))
    assert facts == (
        "Publisher The Gazette Kind Official document official By Ada Byron Noor Khan Published 2 Mar 2025 "
        "Language German"
    )
    assert 'href="/publishers/the-gazette/"' in html


def test_original_and_archive_open_safely(client: Client, memo: Source) -> None:
    html = page.get(client, "/sources/memo/")
    assert f'<a href="{memo.url}" rel="external noopener">Open the original</a>' in html
    assert '<a href="https://archive.example/memo" rel="external noopener">Archived copy</a>' in html


def test_source_in_print_says_so(client: Client) -> None:
    factories.published(citations=[citation(factories.SourceFactory.create(slug="print", in_print=True))])
    assert "It is not on the web" in page.get(client, "/sources/print/")


def test_entries_tell_how_they_cite_it(client: Client, memo: Source) -> None:
    cited = page.words(page.part(page.get(client, "/sources/memo/"), '<ol class="cited">', "</ol>"))
    assert "Aid paused" in cited
    assert "Attribution: Named official · bears on action, date" in cited
    assert "Disputes it · Attribution: Document" in cited


def test_retracted_entry_no_longer_rests_on_it(client: Client, memo: Source) -> None:
    publishing.retract("two", reason="did_not_happen", note="No.", by=None, at=SECOND)
    assert "1 action rests on it" in page.get(client, "/sources/memo/")


def test_source_without_entries_says_so(client: Client, memo: Source) -> None:
    for slug in ("one", "two"):
        publishing.retract(slug, reason="did_not_happen", note="No.", by=None, at=SECOND)
    assert "No published actions" in page.get(client, "/sources/memo/")


def test_source_is_that_of_the_edition_asked_for(client: Client, memo: Source) -> None:
    memo.title = "About the aid"
    memo.save()
    publishing.publish_terms([("source", "memo")], by=None, at=SECOND, note="Translated.")
    assert "About the aid" in page.get(client, "/sources/memo/")
    html = page.get(client, "/sources/memo/?as_of=1")
    assert "Über die Hilfe" in html
    assert 'href="/actions/one/?as_of=1"' in html
    assert "/actions/two/" not in html


def test_source_of_a_later_edition_says_when_it_came(client: Client, memo: Source) -> None:
    factories.published(slug="three", citations=[citation(factories.SourceFactory.create(slug="late"))])
    assert "first published in edition 3" in page.get(client, "/sources/late/?as_of=2", status=404)


def test_unknown_source_is_not_found(client: Client, memo: Source) -> None:
    page.get(client, "/sources/nothing/", status=404)


def test_filters_narrow_the_entries(client: Client, memo: Source) -> None:
    html = page.get(client, "/sources/memo/?disputed=yes")
    assert "/actions/one/" not in html
    assert page.chips(html) == [("Disputed Yes", "/sources/memo/")]


def test_newest_source_stands_first(client: Client) -> None:
    days = {"a": "2024-12", "b": "2025-03-02", "c": None, "d": "[2025-03-03..2025-03-05]"}
    sources = [factories.SourceFactory.create(slug=slug, published=day) for slug, day in days.items()]
    factories.published(citations=[citation(source) for source in sources])
    listed = page.part(page.get(client, "/sources/"), '<ul class="listed">', "</ul>")
    assert [part.split("/")[0] for part in listed.split('<a href="/sources/')[1:]] == list("dbac")


FOUND = {
    "words, in any order": "q=hilfe+die",
    "a part of a word": "q=hilf",
    "kind": "kind=official-document",
    "publisher": "publisher=the-gazette",
    "all together": "q=hilfe&kind=official_document&publisher=the-gazette",
}


@pytest.mark.parametrize("query", FOUND.values(), ids=FOUND)
def test_sources_are_found_by(client: Client, memo: Source, query: str) -> None:
    assert "1 source newest first" in page.words(page.get(client, f"/sources/?{query}"))


def test_sources_of_a_merged_publisher_are_its_survivors(client: Client, memo: Source) -> None:
    survivor = factories.PublisherFactory.create(name="The Herald")
    factories.published(slug="three", citations=[citation(factories.SourceFactory.create(publisher=survivor))])
    memo.publisher.merged_into = survivor
    memo.publisher.save()
    publishing.publish_terms([("publisher", "the-gazette")], by=None, at=SECOND, note="Merged.", renew=False)
    assert "2 sources newest first" in page.words(page.get(client, "/sources/?publisher=the-herald"))


def test_source_page_takes_few_queries(
    client: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]], memo: Source
) -> None:
    page.get(client, "/sources/memo/")
    with django_assert_max_num_queries(4):
        page.get(client, "/sources/memo/")
