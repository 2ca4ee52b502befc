"""The page of one entry: what it shows, at which edition, and what stays of a retracted one."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from tests import factories
from tests.factories import citation, line
from tests.timeline import page
from tests.timeline.scene import FIRST, SECOND, Scene, publish_scene
from tracker import publishing
from tracker.models import PolicyAction

pytestmark = pytest.mark.django_db

THIRD = datetime(2025, 6, 5, 12, tzinfo=UTC)


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


def _relation(kind: str, to: str | None, **values: object) -> dict[str, object]:
    return {
        "kind": kind,
        "to": to,
        "in_part": False,
        "title": None,
        "identifier": None,
        "url": None,
        "note": None,
    } | values


def _text(client: Client, path: str, *, status: int = 200) -> str:
    return page.words(page.get(client, path, status=status))


# --- the entry -----------------------------------------------------------------------------------------------------


def test_history_stands_oldest_first_with_numbered_sources(client: Client) -> None:
    first, second = factories.SourceFactory.create(), factories.SourceFactory.create(title="Denial")
    factories.published(
        slug="order",
        citations=[citation(first), citation(second, stance="disputes")],
        disputed=True,
        dispute_note="An account denies it.",
        status_history=[
            line(date="2025-03-03", source=first.slug, by="issuer", note="It begins."),
            line("", "2025-03-04", source=second.slug, note="A denial."),
            line("blocked", "2025-03-09", source=first.slug, by="court"),
        ],
    )
    html = page.get(client, "/actions/order/")
    steps = [page.words(step) for step in page.part(html, '<ol class="steps">', "</ol>").split("<li>")[1:]]
    assert steps == [
        "In effect 3 Mar 2025, by the issuer, in effect 6 days It begins. Source 1 for In effect, 3 Mar 2025",
        "Development 4 Mar 2025 A denial. Source 2 for this development, 4 Mar 2025",
        "Blocked by court 9 Mar 2025, by a court Source 1 for Blocked by court, 9 Mar 2025",
    ]
    assert 'id="source-2"' in html
    assert "Disputed. An account denies it." in page.words(html)


def test_sources_table_says_outlet_kind_attribution_and_copy(client: Client) -> None:
    outlet = factories.PublisherFactory.create(name="Local Paper")
    wire = factories.PublisherFactory.create(name="Wire Service")
    source = factories.SourceFactory.create(
        title="Memo published",
        publisher=wire,
        republished_by=outlet,
        kind="official_document",
        archive_url="https://archive.example/1",
        archived_at=FIRST,
    )
    bare = factories.SourceFactory.create(title="In print", url="", published=None)
    factories.published(slug="memo", citations=[citation(source, attribution="document"), citation(bare)])
    rows = [page.words(row) for row in page.get(client, "/actions/memo/").split("<tr id=")[1:]]
    assert (
        "1 Memo published Wire Service: all about source 1, read at Local Paper 3 Mar 2025"
        " Official document Document Archived" in rows[0]
    )
    assert "In print" in rows[1]
    assert "no date News report Named official no archive yet" in rows[1]


def test_source_in_print_is_no_link(client: Client) -> None:
    bare = factories.SourceFactory.create(title="In print", url="")
    factories.published(slug="memo", citations=[citation(bare)])
    assert "In print</a>" not in page.get(client, "/actions/memo/")


def test_facts_name_terms_codes_and_certainty(client: Client, scene: Scene) -> None:
    html = page.get(client, "/actions/cyber/")
    facts = page.words(page.part(html, '<dl class="facts">', "</dl>"))
    assert "Agency Cyber Command Part of Defense Department" in facts
    assert "Date certainty Not known to the day: from 17 Feb 2025 to 28 Feb 2025." in facts
    assert "Evidence On the record" in facts
    assert 'href="/agencies/cyber-command/"' in html


def test_fact_that_is_a_finding_is_no_link(client: Client) -> None:
    nobody = factories.ActorFactory.create(slug="not-named", name="Not named")
    factories.published(slug="memo", actor=nobody)
    html = page.get(client, "/actions/memo/")
    assert "Not named" in html
    assert "actor=not-named" not in html


def test_days_in_force_are_facts(client: Client, scene: Scene) -> None:
    assert "In force from 3 Mar 2025 No longer in force on 11 Mar 2025" in _text(client, "/actions/pause/")


def test_citation_names_version_edition_and_address(client: Client, scene: Scene) -> None:
    assert (
        "“Military aid 100% paused.” Policy Change Record, version 1 (edition 1). "
        "https://timeline.example/actions/pause/?as_of=1"
    ) in _text(client, "/actions/pause/")


@pytest.mark.parametrize(
    ("query", "href", "text"),
    [
        ("", "/", "Back to the timeline"),
        ("?status=reversed", "/?status=reversed", "Back to 1 filtered action"),
        ("?sort=oldest&page=2&per_page=2", "/?sort=oldest&amp;page=2&amp;per_page=2", "Back to the timeline"),
        ("?status=nonsense", "/", "Back to the timeline"),
    ],
)
def test_back_link_keeps_the_filters(client: Client, scene: Scene, query: str, href: str, text: str) -> None:
    assert f'<a href="{href}">{text}</a>' in page.get(client, f"/actions/pause/{query}")


# --- relations -----------------------------------------------------------------------------------------------------


def _pair(kind: str, **values: object) -> tuple[PolicyAction, PolicyAction]:
    """Publish an entry "target" and a later one that relates to it."""
    settled = [line(date="2025-03-03"), line("reversed", "2025-03-11")]
    target = factories.save(slug="target", title="Target", status_history=settled)
    relation = _relation(kind, "target", **values)
    later = factories.save(slug="later", title="Later", date="2025-03-11", relations=[relation])
    factories.publish(target, later)
    return target, later


@pytest.mark.parametrize(
    ("kind", "values", "ours", "theirs"),
    [
        ("reverses", {}, "Reverses Target 3 Mar 2025 Reversed", "Reversed by Later 11 Mar 2025 In effect"),
        ("amends", {"in_part": True}, "Amends, in part Target", "Amended by, in part Later"),
        ("implements", {}, "Implements Target", "Implemented by Later"),
        ("see_also", {"note": "Same memo."}, "See also Target 3 Mar 2025 Reversed Same memo.", "See also Later"),
    ],
)
def test_relation_is_shown_at_both_ends(
    client: Client, kind: str, values: dict[str, object], ours: str, theirs: str
) -> None:
    _pair(kind, **values)
    assert ours in _text(client, "/actions/later/")
    assert theirs in _text(client, "/actions/target/")


def test_see_also_entered_twice_is_shown_once(client: Client) -> None:
    first = factories.save(slug="first", title="First")
    second = factories.save(slug="second", title="Second", relations=[_relation("see_also", "first")])
    first = factories.edit(first, relations=[_relation("see_also", "second")])
    factories.publish(first, second)
    assert _text(client, "/actions/first/").count("See also") == 1


def test_relation_to_something_outside_is_shown_with_its_address(client: Client) -> None:
    outside = _relation(
        "amends", None, title="Order 13628", identifier="eo:13628", url="https://register.example/13628"
    )
    factories.published(slug="order", relations=[outside])
    html = page.get(client, "/actions/order/")
    assert '<a href="https://register.example/13628" rel="external noopener"><bdi>Order 13628</bdi></a>' in html
    assert "eo:13628" in html


def test_relation_to_a_draft_is_not_shown(client: Client) -> None:
    factories.save(slug="draft", title="Canary draft")
    factories.published(slug="order", relations=[_relation("amends", "draft")])
    assert "Canary" not in page.get(client, "/actions/order/")


def test_relation_ends_with_the_entry_at_its_other_end(client: Client) -> None:
    _pair("see_also")
    publishing.retract("target", reason="out_of_scope", note="A remark.", by=None, at=SECOND)
    assert "See also" not in _text(client, "/actions/later/")


# --- changes and editions ------------------------------------------------------------------------------------------


@pytest.fixture
def changed(scene: Scene) -> PolicyAction:
    """The entry `memo`, corrected in edition 3."""
    edited = factories.edit(scene.memo, title="Task force closed", at=THIRD)
    factories.publish(edited, at=THIRD, change="corrected", change_note="The title said disbanded.")
    return edited


def test_every_version_is_listed_the_newest_first(client: Client, changed: PolicyAction) -> None:
    changes = page.words(page.part(page.get(client, "/actions/memo/"), '<ol class="chg"', "</ol>").partition(">")[2])
    assert changes == (
        "5 Jun 2025 Corrected: The title said disbanded. Compare version 2 with the one before Version 2, edition 3"
        " 1 Jun 2025 Published Version 1, edition 1"
    )


def test_earlier_edition_shows_what_it_said(client: Client, changed: PolicyAction) -> None:
    text = _text(client, "/actions/memo/?as_of=2")
    assert "The record as it stood at edition 2" in text
    assert "Task force disbanded" in text
    assert "Corrected" not in text


def test_term_links_keep_the_pin(client: Client, scene: Scene) -> None:
    assert 'href="/agencies/white-house/?as_of=1"' in page.get(client, "/actions/pause/?as_of=1")


@pytest.mark.parametrize("path", ["/actions/rule/?as_of=1", "/actions/memo/?as_of=0", "/actions/absent/"])
def test_entry_that_was_not_public_is_not_found(client: Client, scene: Scene, path: str) -> None:
    page.get(client, path, status=404)


def test_draft_answers_like_nothing_at_all(client: Client, scene: Scene) -> None:
    factories.save(slug="secret", title="Secret")
    draft, nothing = (page.get(client, f"/actions/{slug}/", status=404) for slug in ("secret", "absent"))
    assert draft.replace("/secret/", "/absent/") == nothing


def test_edition_that_is_none_is_refused(client: Client, scene: Scene) -> None:
    text = _text(client, "/actions/memo/?as_of=2025", status=400)
    assert "A bare number is an edition: 2025 is above the newest, 2." in text


def test_texts_run_in_the_direction_of_their_script(client: Client) -> None:
    factories.published(
        slug="pause", title="\u062a\u0645 \u062a\u0639\u0644\u064a\u0642", summary="\u0645\u0644\u062e\u0635."
    )
    html = page.get(client, "/actions/pause/")
    assert "<h1><bdi>\u062a\u0645" in html
    assert '<p class="lead"><bdi>\u0645' in html


# --- retraction ----------------------------------------------------------------------------------------------------


def test_retracted_entry_leaves_a_tombstone(client: Client, scene: Scene) -> None:
    publishing.retract("memo", reason="did_not_happen", note="The report was withdrawn.", by=None, at=THIRD)
    text = _text(client, "/actions/memo/", status=410)
    assert "Retracted on 5 Jun 2025, in edition 3 Task force disbanded" in text
    assert "Did not happen." in text
    assert "The report was withdrawn." in text


def test_tombstone_of_what_did_not_happen_names_who_reported_it(client: Client) -> None:
    factories.published(slug="hoax", citations=[citation(factories.SourceFactory.create(title="Port closed, say two"))])
    publishing.retract("hoax", reason="did_not_happen", note="The report was withdrawn.", by=None, at=THIRD)
    table = page.part(page.get(client, "/actions/hoax/", status=410), '<table class="src">', "</table>")
    assert "Port closed, say two" in page.words(table)


def test_tombstone_of_a_true_event_names_no_sources(client: Client, scene: Scene) -> None:
    publishing.retract("memo", reason="out_of_scope", note="A remark.", by=None, at=THIRD)
    assert '<table class="src">' not in page.get(client, "/actions/memo/", status=410)


def test_split_entry_leads_to_what_replaced_it(client: Client, scene: Scene) -> None:
    publishing.retract("memo", reason="split", note="Two acts.", replaced_by=["rule", "pause"], by=None, at=THIRD)
    html = page.get(client, "/actions/memo/", status=410)
    assert '<a href="/actions/pause/"><bdi>Military aid 100% paused</bdi></a>' in html
    assert '<a href="/actions/rule/"><bdi>Rule proposed</bdi></a>' in html


def test_duplicate_redirects_to_the_entry_that_stays(client: Client, scene: Scene) -> None:
    publishing.retract("memo", reason="duplicate", note="The same.", replaced_by=["pause"], by=None, at=THIRD)
    response = client.get("/actions/memo/")
    assert (response.status_code, response["Location"]) == (301, "/actions/pause/")


def test_duplicate_of_an_entry_that_is_gone_leaves_a_tombstone(client: Client, scene: Scene) -> None:
    publishing.retract("memo", reason="duplicate", note="The same.", replaced_by=["pause"], by=None, at=THIRD)
    publishing.retract("pause", reason="out_of_scope", note="A remark.", by=None, at=THIRD)
    page.get(client, "/actions/memo/", status=410)


def test_earlier_edition_shows_a_retracted_entry_under_a_banner(client: Client, scene: Scene) -> None:
    publishing.retract("memo", reason="did_not_happen", note="Withdrawn.", by=None, at=THIRD)
    text = _text(client, "/actions/memo/?as_of=2")
    assert "Task force disbanded" in text
    assert "This entry was retracted since, in edition 3." in text


def test_citation_can_be_fetched_by_programs(client: Client, scene: Scene) -> None:
    box = page.part(page.get(client, "/actions/pause/"), '<section class="citebox"', "</section>")
    assert page.words(box).endswith("BibTeX RIS CSL-JSON More ways to cite this entry")
    assert 'href="/actions/pause/cite.bib?as_of=1"' in box
    assert client.get("/actions/pause/cite.bib?as_of=1").status_code == 200


@pytest.mark.parametrize("query", ["", "?as_of=1"])
def test_entry_as_json_is_of_the_edition_shown(client: Client, scene: Scene, query: str) -> None:
    href = f"/api/v1/actions/pause{query}"
    assert f'<a href="{href}">This entry as JSON</a>' in page.get(client, f"/actions/pause/{query}")
    assert client.get(href).status_code == 200


@pytest.mark.parametrize(("url", "is_offered"), [("", False), ("mailto:desk@timeline.example", True)])
def test_error_can_be_reported_where_somebody_reads_it(
    client: Client, scene: Scene, url: str, is_offered: bool
) -> None:
    with override_settings(CONTACT_URL=url):
        html = page.get(client, "/actions/pause/")
    assert ("Report an error" in html) is is_offered


# --- what it costs -------------------------------------------------------------------------------------------------


def test_page_of_an_entry_costs_few_queries(client: Client) -> None:
    _pair("reverses")
    page.get(client, "/")
    with CaptureQueriesContext(connection) as captured:
        page.get(client, "/actions/target/?status=reversed")
    assert len(captured) <= 10


def test_edition_before_the_first_says_where_the_entry_appeared(client: Client) -> None:
    factories.published(slug="first")
    factories.published(slug="second")
    response = client.get("/actions/second/?as_of=1")
    assert response.status_code == 404
    assert "first appeared in" in response.content.decode()
    assert 'href="/actions/second/?as_of=2"' in response.content.decode()


def test_each_change_leads_to_the_entry_as_it_then_was(client: Client) -> None:
    action = factories.published(slug="entry")
    factories.publish(factories.edit(action, summary="More."))
    html = client.get("/actions/entry/").content.decode()
    assert 'href="/actions/entry/versions/1/"' in html
    assert 'href="/actions/entry/compare/?from=1&amp;to=2"' in html


def test_redacted_entry_answers_451_without_its_words(client: Client) -> None:
    factories.published(slug="entry", title="Forbidden words")
    factories.published(slug="later")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 2, record = '', csv = '', change_note = ''"
            " WHERE slug = 'entry'"
        )
    response = client.get("/actions/entry/")
    assert response.status_code == 451
    assert "Forbidden" not in response.content.decode()
