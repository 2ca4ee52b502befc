"""The timeline page: every state it can be in, and what it costs."""

import itertools

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.timeline import page
from tests.timeline.scene import Scene, publish_scene

pytestmark = pytest.mark.django_db

ALL = ["rule", "pause", "talks", "cyber", "memo"]


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


# --- the list ------------------------------------------------------------------------------------------------------


def test_list_shows_the_published_entries_newest_first(client: Client, scene: Scene) -> None:
    assert page.slugs(page.get(client, "/")) == ALL


def test_draft_is_on_no_page(client: Client, scene: Scene) -> None:
    factories.save(title="Canarybird order", slug="canarybird")
    assert "anarybird" not in page.get(client, "/")
    page.get(client, "/actions/canarybird/", status=404)


def test_months_say_how_many_of_their_entries_match(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?agency=white-house")
    assert page.headings(html) == ["March 2025 1 action", "February 2025 1 of 3"]


@pytest.mark.parametrize(
    ("query", "headings"),
    [
        ("sort=changed", ["Last changed in June 2025"]),
        ("sort=added", ["Added in June 2025"]),
        ("sort=oldest", ["February 2025 3 actions", "March 2025 1 action", "May 2025 1 action"]),
        ("sort=relevance&q=paused", ["Best match first"]),
    ],
)
def test_headings_fit_the_order(client: Client, scene: Scene, query: str, headings: list[str]) -> None:
    assert page.headings(page.get(client, f"/?{query}")) == headings


def test_entry_shows_tag_standing_trail_and_sources(client: Client, scene: Scene) -> None:
    html = page.part(page.get(client, "/"), '<li class="act" id="pause"', "</article>")
    text = page.words(html)
    assert "Reversed Where it stands: Paused." in text
    assert "In effect 3 Mar Reversed 11 Mar in effect 8 days" in text
    assert "1 source (none official)" in text
    assert 'datetime="2025-03-03"' in html


def test_entry_that_is_disputed_says_so(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?disputed=yes")
    assert "Disputed. The agency denies it." in page.words(html)


def test_entry_links_lead_back_to_the_list(client: Client, scene: Scene) -> None:
    assert 'href="/actions/pause/?agency=white-house&amp;status=reversed"' in page.get(
        client, "/?status=reversed&agency=white-house"
    )


def test_result_bar_counts_what_became_of_them(client: Client, scene: Scene) -> None:
    text = page.words(page.get(client, "/"))
    assert "5 actions" in text
    assert "1 in force, 1 stopped by a court, 1 undone, 1 took place, 1 unconfirmed" in text


def test_result_bar_counts_only_the_ticked_statuses(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?status=reversed&status=blocked")
    assert "2 of 5 actions" in html
    assert page.words(page.part(html, '<p class="fates">', "</p>")) == "1 stopped by a court, 1 undone"


def test_csv_link_is_of_this_view(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?status=reversed&per_page=20&sort=oldest")
    assert 'href="/actions.csv?status=reversed&amp;sort=oldest"' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Export CSV of all 5 actions"),
        ("?agency=white-house", "Export CSV of these 2 actions"),
        ("?status=reversed", "Export CSV of this 1 action"),
    ],
    ids=["all", "several", "one"],
)
def test_csv_link_says_how_many_it_exports(client: Client, scene: Scene, query: str, words: str) -> None:
    tools = page.part(page.get(client, f"/{query}"), '<ul class="tools">', "</ul>")
    assert page.words(tools).startswith(f"{words} More formats")


def test_card_runs_in_the_direction_of_its_script(client: Client) -> None:
    factories.published(slug="pause", title="\u062a\u0645 \u062a\u0639\u0644\u064a\u0642")
    assert "<bdi>\u062a\u0645" in page.part(page.get(client, "/"), "<h4", "</h4>")


# --- the filter panel ----------------------------------------------------------------------------------------------


def test_status_stands_in_three_headed_groups(client: Client, scene: Scene) -> None:
    facet = page.words(page.part(page.get(client, "/"), 'id="facet-status"', "</fieldset>"))
    places = [
        facet.index(name) for name in ("In force", "Partly", "Not in force", "Withdrawn", "Neither", "Took place")
    ]
    assert places == sorted(places)


def test_facet_ignores_its_own_selection(client: Client, scene: Scene) -> None:
    free = page.facet(page.get(client, "/"), "agency")
    assert page.facet(page.get(client, "/?agency=white-house"), "agency") == free


def test_zero_stays_and_can_be_ticked(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?agency=white-house")
    assert page.facet(html, "status")["blocked"] == 0
    assert '<label class="opt zero"><input type="checkbox" name="status" value="blocked">' in html


def test_long_facets_are_cut_to_eight(client: Client) -> None:
    for number in range(12):
        factories.published(title=f"Entry {number}")
    html = page.part(page.get(client, "/"), 'id="facet-agency"', "</fieldset>")
    before, after = html.split('<details class="more">')
    assert before.count('name="agency"') == 8
    assert after.count('name="agency"') == 4
    assert "4 more in Agency" in page.words(after)


def test_more_is_open_when_something_in_it_is_ticked(client: Client) -> None:
    for number in range(12):
        factories.published(title=f"Entry {number}")
    hidden = list(page.facet(page.get(client, "/"), "actor"))[-1]
    assert '<details class="more" open>' in page.get(client, f"/?actor={hidden}")


@pytest.mark.parametrize(
    ("query", "facet", "is_open"),
    [
        ("", "status", True),
        ("", "topic", True),
        ("", "agency", True),
        ("", "actor", False),
        ("", "form", False),
        ("", "in-force", False),
        ("form=agency_memo", "form", True),
        ("in_force_on=2025-03-05", "in-force", True),
        ("had_status=blocked", "had-status", True),
    ],
)
def test_facets_are_open_by_rank_or_by_use(client: Client, scene: Scene, query: str, facet: str, is_open: bool) -> None:
    opening = page.part(page.get(client, f"/?{query}"), f'<details class="facet" id="facet-{facet}"', ">")
    assert opening.endswith(" open") is is_open


def test_form_keeps_what_was_typed_and_ticked(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?q=aid&from=2025-01&dates=certain&status=reversed&per_page=20&sort=oldest")
    assert 'name="q" type="search" value="aid"' in html
    assert 'name="from" type="text" value="2025-01"' in html
    assert 'name="dates" value="certain" checked' in html
    assert 'name="status" value="reversed" checked' in html
    assert 'type="hidden" name="per_page" value="20"' in html
    assert '<option value="oldest" selected>' in html


@pytest.mark.parametrize(("query", "is_offered"), [("", False), ("q=aid", True)])
def test_best_match_is_offered_with_words_only(client: Client, scene: Scene, query: str, is_offered: bool) -> None:
    assert ('<option value="relevance"' in page.get(client, f"/?{query}")) is is_offered


# --- chips, title, addresses ---------------------------------------------------------------------------------------


def test_chip_is_a_link_without_its_value(client: Client, scene: Scene) -> None:
    chips = page.chips(page.get(client, "/?status=reversed&status=blocked&agency=white-house&page=1"))
    assert chips == [
        ("Agency White House", "/?status=blocked&status=reversed"),
        ("Status Blocked by court", "/?agency=white-house&status=reversed"),
        ("Status Reversed", "/?agency=white-house&status=blocked"),
    ]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "5 actions – Timeline – Policy Change Record"),
        ("status=reversed", "1 of 5 actions: Status Reversed – Timeline – Policy Change Record"),
        ("as_of=1", "4 actions, as it stood at edition 1 – Timeline – Policy Change Record"),
        ("per_page=2&page=2", "5 actions, page 2 – Timeline – Policy Change Record"),
        ("status=withdrawn", "No actions match: Status Withdrawn – Timeline – Policy Change Record"),
        ("from=2025-13", "Error: A problem with this address – Timeline – Policy Change Record"),
    ],
)
def test_title_says_the_state_in_plain_words(client: Client, scene: Scene, query: str, title: str) -> None:
    assert (
        page.words(page.part(page.get(client, f"/?{query}", status=400 if "13" in query else 200), "<title>", "</t"))
        == title
    )


def test_canonical_address_is_that_of_the_selection(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?status=reversed&agency=white-house&utm_source=x&sort=newest")
    assert '<link rel="canonical" href="https://timeline.example/?agency=white-house&amp;status=reversed">' in html


@pytest.mark.parametrize(
    ("query", "is_hidden"), [("", False), ("status=reversed", False), ("status=reversed&agency=white-house", True)]
)
def test_more_than_one_filter_is_not_indexed(client: Client, scene: Scene, query: str, is_hidden: bool) -> None:
    assert ('content="noindex,follow"' in page.get(client, f"/?{query}")) is is_hidden


def test_unknown_name_is_told_and_corrected(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?agencies=white-house&status=reversed")
    assert "We do not know agencies. Did you mean agency?" in page.words(html)
    assert 'href="/?agency=white-house&amp;status=reversed"><bdi>agency</bdi></a>' in html
    assert page.slugs(html) == ["pause"]


def test_tracking_names_are_dropped_in_silence(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?utm_source=letter&fbclid=1")
    assert "We do not know" not in html


# --- earlier editions and days -------------------------------------------------------------------------------------


def test_pinned_edition_has_a_banner_and_keeps_its_pin(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?as_of=1&status=reversed")
    assert "The record as it stood at edition 1, published on 1 Jun 2025." in page.words(html)
    assert '<a href="/?status=reversed">See the newest edition</a>' in html
    assert "/agencies/white-house/?as_of=1" in html
    assert "Edition 1, published" in page.words(html.split("<footer")[1])


def test_edition_zero_is_an_empty_record_and_says_so(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?as_of=0")
    assert "This is an empty record: before the first edition" in page.words(html)
    assert page.slugs(html) == []


def test_day_before_the_first_edition_is_an_empty_record(client: Client, scene: Scene) -> None:
    assert "before the first edition" in page.get(client, "/?as_of=2025-05-31")


def test_year_as_edition_is_refused_with_the_reason(client: Client, scene: Scene) -> None:
    assert "A bare number is an edition" in page.words(page.get(client, "/?as_of=2025", status=400))


def test_question_about_a_day_says_what_it_leaves_out(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?in_force_on=2025-03-05")
    assert "1 action known from reports alone was left out" in page.words(html)
    assert 'href="/?in_force=unknown&amp;in_force_on=2025-03-05">see it</a>' in html


def test_question_about_unknown_leaves_nothing_out(client: Client, scene: Scene) -> None:
    assert "left out" not in page.get(client, "/?in_force_on=2025-03-05&in_force=unknown")


# --- nothing found, nothing there, nonsense ------------------------------------------------------------------------


def test_no_match_offers_only_removals_that_help(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?status=reversed&agency=justice-department&disputed=no")
    empty = page.part(html, '<div class="empty">', "</ul>")
    assert "Nothing in the record fits all 3 filters together." in page.words(empty)
    assert "Remove Agency: Justice Department 1 action" in page.words(empty)
    assert "Remove Status: Reversed 1 action" in page.words(empty)
    assert "Disputed" not in empty
    assert "Clear all filters 5 actions" in page.words(empty)
    assert "Export CSV<" not in page.part(html, 'id="results"', "</section>")


@pytest.mark.parametrize(
    ("query", "removal"),
    [
        ("changed_since=2&status=reversed", "Remove Changed since: edition 2 1 action"),
        ("q=zebra", "Remove Words: zebra 5 actions"),
        ("from=2030", "Remove From: 2030 5 actions"),
        ("from=2025-02-18&to=2025-02-18&dates=certain", "Remove Dates: Certain 2 actions"),
        ("in_force_on=2020-01-01", "Remove In force on: 1 Jan 2020 5 actions"),
        ("topic=x", None),
    ],
)
def test_each_kind_of_filter_can_be_offered(client: Client, scene: Scene, query: str, removal: str | None) -> None:
    html = page.get(client, f"/?{query}", status=200 if removal else 400)
    if removal:
        assert removal in page.words(page.part(html, '<div class="empty">', "</ul>"))
    else:
        assert '<div class="empty">' not in html


def test_empty_record_says_so(client: Client) -> None:
    assert "No actions published yet" in page.words(page.get(client, "/"))


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ("from=2025-13-01", "from", "From: There is no month 13"),
        ("status=nonsense", "facet-status", "Status: “nonsense” is not one of the values"),
        ("agency=no-such", "facet-agency", "Agency: “no-such” is not in the published record."),
        ("q=a%00b", "q", "Search words: The words hold a character"),
        ("dates=maybe", "dates", "Dates: “maybe” is not one of the values"),
        ("in_force_on=2025", "in_force_on", "On this day: “2025” is not a full day"),
        ("had_status=gone", "facet-had-status", "Ever had the status: “gone” is not one"),
    ],
)
def test_bad_value_is_refused_by_the_name_of_its_field(
    client: Client, scene: Scene, query: str, field: str, told: str
) -> None:
    html = page.get(client, f"/?{query}", status=400)
    summary = page.part(html, '<div class="errors"', "</div>")
    assert f'<a href="#{field}">' in summary
    assert told in page.words(summary)
    assert f'id="{field}"' in html
    assert page.slugs(html) == []


def test_refused_page_keeps_what_was_typed_and_ticked(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?from=%3Cscript%3E&status=reversed&sort=oldest", status=400)
    assert 'value="&lt;script&gt;"' in html
    assert "<script>" not in html
    assert 'name="status" value="reversed" checked' in html
    assert 'type="hidden" name="sort" value="oldest"' in html
    assert 'aria-invalid="true" aria-describedby="from-wrong hint-dates"' in html


@pytest.mark.parametrize("query", ["sort=nonsense", "per_page=0", "view=grid", "page=x"])
def test_bad_value_without_a_field_is_named_without_a_link(client: Client, scene: Scene, query: str) -> None:
    summary = page.part(page.get(client, f"/?{query}", status=400), '<div class="errors"', "</div>")
    assert "<a" not in summary


@pytest.mark.parametrize("number", ["0", "-1", "4", "9" * 23])
def test_page_out_of_range_is_not_found(client: Client, scene: Scene, number: str) -> None:
    page.get(client, f"/?per_page=2&page={number}", status=404)


def test_pages_follow_each_other_without_overlap(client: Client, scene: Scene) -> None:
    pages = [page.slugs(page.get(client, f"/?per_page=2&page={number}")) for number in (1, 2, 3)]
    assert [slug for slugs in pages for slug in slugs] == ALL


def test_pager_names_this_page_and_its_neighbours(client: Client, scene: Scene) -> None:
    pager = page.part(page.get(client, "/?per_page=2&page=2"), '<nav class="pager"', "</nav>")
    assert 'href="/?page=2&amp;per_page=2" aria-current="page"' in pager
    assert 'href="/?per_page=2" rel="prev"' in pager
    assert 'href="/?page=3&amp;per_page=2" rel="next"' in pager


# --- the chart -----------------------------------------------------------------------------------------------------


def test_chart_links_each_month_with_its_counts(client: Client, scene: Scene) -> None:
    axis = page.part(page.get(client, "/?status=reversed"), '<svg class="hist-axis"', "</svg>")
    assert (
        'href="/?from=2025-03&amp;to=2025-03&amp;status=reversed" aria-label="Mar 1 of 1 action: show only Mar 2025"'
        in axis
    )
    assert 'aria-label="Feb 0 of 3 actions: show only Feb 2025"' in axis


def test_chart_marks_the_range_and_fades_the_rest(client: Client, scene: Scene) -> None:
    html = page.get(client, "/?from=2025-03&to=2025-03")
    assert 'class="win"' in html
    assert 'class="b-m out"' in html
    assert 'class="b-v out"' in html


# --- doors that stay shut ------------------------------------------------------------------------------------------

DOORS = [
    *itertools.product(["/", "/actions/pause/"], ["post", "put", "patch", "delete", "options", "trace"]),
    # OPTIONS asks data whether other sites may read it: they may.
    *itertools.product(["/actions.csv"], ["post", "put", "patch", "delete", "trace"]),
]


@pytest.mark.parametrize(("path", "method"), DOORS)
def test_public_page_can_only_be_read(scene: Scene, path: str, method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


def test_backslash_is_no_redirect(client: Client) -> None:
    assert client.get("/\\evil.example").status_code == 404


@pytest.mark.parametrize("path", ["/", "/actions.csv", "/actions/pause/", "/?from=x", "/nowhere"])
def test_public_page_sets_no_cookie(client: Client, scene: Scene, path: str) -> None:
    assert not client.get(path).cookies


def test_csp_lets_no_inline_code_in(client: Client) -> None:
    assert "unsafe" not in client.get("/")["Content-Security-Policy"]


def test_words_of_an_entry_are_never_markup(client: Client) -> None:
    factories.published(title="<script>alert(1)</script>", summary="<b onclick=x>bold</b>", slug="hostile")
    for path in ("/", "/actions/hostile/"):
        html = page.get(client, path)
        assert "<script>" not in html
        assert "<b onclick" not in html
        assert "&lt;script&gt;" in html


# --- what it costs -------------------------------------------------------------------------------------------------


def test_page_asks_for_no_session_and_no_user(client: Client, scene: Scene) -> None:
    with CaptureQueriesContext(connection) as captured:
        page.get(client, "/")
    statements = " ".join(query["sql"] for query in captured)
    assert "session" not in statements
    assert "auth_user" not in statements
    assert "BEGIN" not in statements


def test_head_answers_the_headers_of_get_without_a_body(client: Client) -> None:
    factories.published()
    got, told = client.get("/"), client.head("/")
    assert (told.status_code, told.content) == (200, b"")
    assert told["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize("contact", ["", "mailto:editors@timeline.example"], ids=["nowhere", "somewhere"])
def test_empty_state_asks_for_a_source_where_one_can_be_sent(client: Client, scene: Scene, contact: str) -> None:
    with override_settings(CONTACT_URL=contact):
        html = page.get(client, "/?agency=white-house&status=blocked")
    assert ("Send us a source" in html) == bool(contact)


@pytest.mark.parametrize("base", ["/", "/agencies/white-house/"])
def test_clearing_filters_keeps_how_the_list_is_drawn_and_sorted(client: Client, scene: Scene, base: str) -> None:
    html = page.get(client, f"{base}?status=reversed&from=2025-02&sort=oldest&view=tracks&per_page=20")
    shown = f'<a class="clear" href="{base}?sort=oldest&amp;view=tracks&amp;per_page=20">'
    assert shown in html
    assert f'<a class="clear" href="{base}">' in page.get(client, f"{base}?status=reversed")
