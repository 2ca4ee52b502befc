"""The page of a term: its facts, its place, and the same rows that asking for it on the timeline gives."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from tests import factories
from tests.timeline import page
from tests.timeline.scene import FIRST, SECOND, Scene, publish_scene
from tests.timeline.terms.bodies import Bodies, publish_bodies
from tracker import publishing

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


@pytest.fixture
def bodies() -> Bodies:
    return publish_bodies()


KINDS = {
    "agency": "/agencies/white-house/",
    "party": "/parties/ukraine/",
    "category": "/categories/aid-paused/",
}


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_list_is_that_of_the_timeline(client: Client, scene: Scene, path: str) -> None:
    html = page.get(client, path)
    timeline = page.part(html, '<ul class="tools">', "</ul>").split('href="')[1].split('"')[0]
    assert page.slugs(html) == page.slugs(page.get(client, timeline.replace("&amp;", "&"))) != []


def test_name_kind_and_definition_are_told(client: Client) -> None:
    topic = factories.TopicFactory.create(name="Arms & aid", definition="Weapons given.")
    factories.published(topics=[topic])
    html = page.get(client, "/topics/arms-aid/")
    assert "<h1><bdi>Arms &amp; aid</bdi></h1>" in html
    assert '<p class="when-l">Topic</p>' in html
    assert "Weapons given." in html


def test_agency_tells_its_facts(client: Client, bodies: Bodies) -> None:
    facts = page.words(page.part(page.get(client, "/agencies/ministry/"), '<dl class="facts">', "</dl>"))
    assert "Abbreviation MIN" in facts
    assert "Country Ruritania" in facts
    assert "Took over from Board 1 Mar 2025" in facts


def test_predecessor_tells_what_it_became(client: Client, bodies: Bodies) -> None:
    html = page.get(client, "/agencies/board/")
    assert "Became Ministry 1 Mar 2025" in page.words(html)
    assert 'href="/agencies/ministry/"' in html


def test_agency_stands_in_its_tree(client: Client, bodies: Bodies) -> None:
    tree = page.part(page.get(client, "/agencies/office/"), '<ul class="tree">', "</aside>")
    assert page.words(tree) == "Ministry MIN · 4 actions Office 2 actions Unit 1 action"
    assert '<b aria-current="page"><bdi>Office</bdi></b>' in tree


def test_body_alone_has_no_tree(client: Client, bodies: Bodies) -> None:
    assert 'class="tree"' not in page.get(client, "/agencies/board/")


INCLUDING = {
    "parts and a predecessor": ("ministry", "4 actions including 2 parts and 1 predecessor"),
    "a part": ("office", "2 actions including 1 part"),
    "nothing else": ("unit", "1 action"),
}


@pytest.mark.parametrize(("slug", "told"), INCLUDING.values(), ids=INCLUDING)
def test_what_else_is_counted_is_told(client: Client, bodies: Bodies, slug: str, told: str) -> None:
    html = page.get(client, f"/agencies/{slug}/")
    assert page.words(page.part(html, '<h2 id="count">', "</h2>")) == told


def test_member_tells_the_group_whose_actions_it_shows(client: Client, scene: Scene) -> None:
    html = page.get(client, "/parties/ukraine/")
    assert "Member of Europe" in page.words(html)
    assert "including 1 group that it belongs to" in page.words(html)
    assert page.slugs(html) == ["pause", "talks"]


def test_actor_tells_the_offices_held(client: Client) -> None:
    actor = factories.ActorFactory.create(name="Ada")
    for slug, office, day in (("a", "Minister", "2025-03-01"), ("b", "Minister", "2025-03-09"), ("c", "Chair", "2024")):
        factories.published(slug=slug, actor=actor, actor_office=office, date=day)
    facts = page.words(page.part(page.get(client, "/actors/ada/"), '<dl class="facts">', "</dl>"))
    assert facts == (
        "Office, as held on the day of an action Minister 1 Mar 2025 to 9 Mar 2025 Chair 1 Jan 2024 to 31 Dec 2024"
    )


def test_publisher_lists_its_sources(client: Client) -> None:
    source = factories.SourceFactory.create(slug="memo", title="A memo")
    factories.published(citations=[factories.citation(source)])
    html = page.get(client, f"/publishers/{source.publisher.slug}/")
    assert '<a href="/sources/memo/" lang="en"><bdi>A memo</bdi></a>' in html
    assert "cited by 1 action" in html


def test_publisher_of_many_sources_leads_to_the_rest(client: Client) -> None:
    publisher = factories.PublisherFactory.create(slug="gazette")
    sources = [factories.SourceFactory.create(publisher=publisher) for _ in range(11)]
    factories.published(citations=[factories.citation(source) for source in sources])
    assert 'href="/sources/?publisher=gazette">All 11 sources</a>' in page.get(client, "/publishers/gazette/")


def test_statuses_lead_to_the_timeline_under_both_filters(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/white-house/")
    assert 'href="/?agency=white-house&amp;status=reversed"' in html
    assert page.words(page.part(html, '<ul class="by-status"', "</ul>")) == "Reversed1 action Took place1 action"


def test_other_filters_narrow_and_are_chips(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/white-house/?status=reversed")
    assert page.slugs(html) == ["pause"]
    assert page.chips(html) == [("Status Reversed", "/agencies/white-house/")]


def test_files_feed_and_citation_are_those_of_the_selection(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/white-house/?status=reversed&sort=oldest&per_page=10")
    query = "agency=white-house&amp;status=reversed&amp;sort=oldest"
    for path in ("/", "/actions.csv", "/data/", "/cite/"):
        assert f'href="{path}?{query}"' in html
    assert 'href="/feed.atom?agency=white-house&amp;status=reversed' in html


def test_pages_keep_the_filters(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/white-house/?per_page=1&sort=oldest")
    assert 'href="/agencies/white-house/?sort=oldest&amp;page=2&amp;per_page=1"' in html
    assert page.slugs(page.get(client, "/agencies/white-house/?sort=oldest&page=2&per_page=1")) == ["pause"]


def test_page_past_the_last_is_not_found(client: Client, scene: Scene) -> None:
    page.get(client, "/agencies/white-house/?page=2", status=404)


def test_bad_value_is_refused_and_shows_no_rows(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/white-house/?status=x%3Cb%3E", status=400)
    assert "Status: “x&lt;b&gt;” is not one of the values here." in html
    assert page.slugs(html) == []


def test_own_dimension_cannot_be_widened(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/white-house/?agency=justice-department", status=400)
    assert "This page is about one agency already." in html
    assert page.slugs(html) == []


def test_unknown_name_is_told_with_its_correction(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/white-house/?statis=reversed&utm_source=x")
    assert 'Did you mean <a href="/agencies/white-house/?status=reversed"><bdi>status</bdi></a>?' in html
    assert html.count("We do not know") == 1


def test_term_without_actions_says_so(client: Client, bodies: Bodies) -> None:
    publishing.retract("of-unit", reason="did_not_happen", note="No.", by=None, at=SECOND)
    html = page.get(client, "/agencies/unit/")
    assert "No published actions" in html
    assert "Export CSV" not in html


def test_finding_is_explained(client: Client) -> None:
    nobody = factories.ActorFactory.create(slug="not-named", name="Not named")
    factories.published(actor=nobody)
    assert "the sources name nobody" in page.get(client, "/actors/not-named/")


ABSENT = {
    "never heard of": "/agencies/nowhere/",
    "not coded": "/categories/not-coded/",
    "of another kind": "/actors/white-house/",
    "no slug": "/agencies/White_House/",
}


@pytest.mark.parametrize("path", ABSENT.values(), ids=ABSENT)
def test_what_was_never_published_is_not_found(client: Client, scene: Scene, path: str) -> None:
    page.get(client, path, status=404)


def test_term_of_a_draft_is_not_found(client: Client, scene: Scene) -> None:
    """A draft's terms are as absent as the draft."""
    source = factories.SourceFactory.create(title="Quetzal Four")
    canary = {
        "actors": factories.ActorFactory.create(name="Quetzal One"),
        "agencies": factories.AgencyFactory.create(name="Quetzal Two"),
        "topics": factories.TopicFactory.create(name="Quetzal Three"),
    }
    factories.save(
        actor=canary["actors"], agency=canary["agencies"], topics=[canary["topics"]],
        citations=[factories.citation(source)],
    )  # fmt: skip
    for plural, term in {**canary, "sources": source}.items():
        assert "Quetzal" not in page.get(client, f"/{plural}/{term.slug}/", status=404)
        assert "Quetzal" not in page.get(client, f"/{plural}/")


def test_page_keeps_the_edition_asked_for(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/justice-department/?as_of=1")
    assert page.slugs(html) == ["memo"]
    assert 'href="/agencies/task-force-unit/?as_of=1"' in html
    assert '<a href="/agencies/justice-department/">See the newest edition</a>' in html


def test_term_of_a_later_edition_says_when_it_came(client: Client, scene: Scene) -> None:
    late = factories.AgencyFactory.create(name="Late Office")
    factories.publish(factories.save(agency=late, at=SECOND), at=SECOND)
    html = page.get(client, "/agencies/late-office/?as_of=2", status=404)
    assert "Not published yet at edition 2" in html
    assert 'href="/agencies/late-office/?as_of=3"' in html


def test_wrong_edition_is_refused(client: Client, scene: Scene) -> None:
    assert "above the newest" in page.get(client, "/agencies/white-house/?as_of=99", status=400)


def test_renamed_term_shows_what_it_was_called(client: Client) -> None:
    agency = factories.AgencyFactory.create(name="Old Name")
    factories.published(agency=agency, at=FIRST)
    agency.name = "New Name"
    agency.save()
    publishing.publish_terms([("agency", "old-name")], by=None, at=SECOND, note="Renamed.")
    assert "Also called, or called before Old Name" in page.words(page.get(client, "/agencies/old-name/"))


def test_queries_do_not_grow_with_the_record(
    client: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]], scene: Scene
) -> None:
    for number in range(12):
        factories.published(slug=f"more-{number}", agency=scene.pause.agency)
    for path in ("/agencies/white-house/", "/parties/ukraine/", "/categories/aid-paused/"):
        page.get(client, path)
        with django_assert_max_num_queries(4):
            page.get(client, path)


def test_statuses_may_be_drawn_as_tracks(client: Client, scene: Scene) -> None:
    html = page.get(client, "/agencies/white-house/?view=tracks&sort=oldest")
    assert html.count('class="track"') == 2
    switch = page.part(html, '<ul class="views"', "</ul>")
    assert 'href="/agencies/white-house/?sort=oldest"' in switch
    assert 'href="/agencies/white-house/?sort=oldest&amp;view=tracks" aria-current="true"' in switch
