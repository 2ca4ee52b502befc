"""The lists of all terms of a kind, as of an edition."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from tests import factories
from tests.timeline import page
from tests.timeline.scene import Scene, publish_scene
from tests.timeline.terms.bodies import Bodies, publish_bodies
from tracker import codebook

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


@pytest.fixture
def bodies() -> Bodies:
    return publish_bodies()


def _listed(html: str) -> list[str]:
    return [page.words(line) for line in page.part(html, '<ul class="named', "</ul>").split("</li>")[:-1]]


def test_terms_stand_by_name_with_their_counts(client: Client, scene: Scene) -> None:
    assert _listed(page.get(client, "/parties/")) == ["Europe Group · 1 action", "Ukraine State · 2 actions"]


def test_marks_and_case_do_not_change_the_order(client: Client) -> None:
    for number, name in enumerate(("Zeta", "Éclair", "echo")):
        factories.published(slug=f"e-{number}", actor=factories.ActorFactory.create(name=name))
    assert [line.split()[0] for line in _listed(page.get(client, "/actors/"))] == ["echo", "Éclair", "Zeta"]


def test_agencies_stand_in_their_trees_under_their_countries(client: Client, bodies: Bodies) -> None:
    html = page.get(client, "/agencies/")
    assert [page.words(part.split("</h2>")[0]) for part in html.split('<h2 id="c-')[1:]] == [
        'ruritania">Ruritania',
        'none">Country not recorded',
    ]
    assert "Ministry MIN · 4 actions Office 2 actions Unit 1 action" in page.words(html)


def test_categories_tell_what_they_mean(client: Client, scene: Scene) -> None:
    assert "Aid paused 1 action" in page.words(page.get(client, "/categories/"))
    assert "Does something." in page.get(client, "/categories/")


def test_list_is_that_of_the_edition_asked_for(client: Client, scene: Scene) -> None:
    factories.published(slug="late", agency=factories.AgencyFactory.create(name="Late Office"))
    assert "Late Office" in page.get(client, "/agencies/")
    html = page.get(client, "/agencies/?as_of=2")
    assert "Late Office" not in html
    assert 'href="/agencies/white-house/?as_of=2"' in html


def test_words_find_names_abbreviations_and_aliases(client: Client) -> None:
    agency = factories.AgencyFactory.create(name="Justice Department", abbreviation="DOJ", aliases="Main Justice")
    factories.published(agency=agency)
    for words in ("justice dep", "doj", "MAIN"):
        assert "Justice Department 1 action" in page.words(page.get(client, f"/agencies/?q={words}")).replace(
            "DOJ · ", ""
        )


def test_nothing_found_is_said(client: Client, scene: Scene) -> None:
    assert "Nothing in the published record fits." in page.get(client, "/actors/?q=zebra")


def test_empty_record_is_said(client: Client) -> None:
    for kind in codebook.TERM_KINDS.values():
        assert "Nothing published yet." in page.get(client, f"/{kind.plural}/")


def test_filter_of_the_timeline_is_told_and_left_out(client: Client, scene: Scene) -> None:
    html = page.get(client, "/actors/?status=reversed&foo=1")
    assert "status belongs to the timeline and says nothing here." in page.words(html)
    assert "We do not know foo." in page.words(html)


BAD = {
    "edition": "/actors/?as_of=99",
    "NUL": "/actors/?q=a%00",
    "long words": f"/actors/?q={'a' * 201}",
    "twice": "/actors/?q=a&q=b",
    "kind of source": "/sources/?kind=leaflet",
    "publisher": "/sources/?publisher=nobody",
}


@pytest.mark.parametrize("path", BAD.values(), ids=BAD)
def test_bad_value_is_refused(client: Client, scene: Scene, path: str) -> None:
    assert "There is a problem with this address" in page.get(client, path, status=400)


def test_long_list_has_pages(client: Client) -> None:
    topics = [factories.TopicFactory.create(name=f"Subject {number:03}") for number in range(101)]
    factories.published(topics=topics)
    assert 'href="/topics/?page=2"' in page.get(client, "/topics/")
    assert _listed(page.get(client, "/topics/?page=2")) == ["Subject 100 1 action"]
    page.get(client, "/topics/?page=3", status=404)


@pytest.mark.parametrize("kind", codebook.TERM_KINDS)
def test_list_takes_few_queries(
    client: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]], kind: str,
    scene: Scene,
) -> None:  # fmt: skip
    path = f"/{codebook.TERM_KINDS[kind].plural}/"
    page.get(client, path)
    with django_assert_max_num_queries(6):
        page.get(client, path)
