"""A reader whose browser runs no scripts, in Chromium: every filter, sort, page, export, citation."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.timeline.scene import publish_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# facet -> (value to tick, entries found)
FACETS = {
    "status": ("reversed", ["pause"]),
    "category": ("aid-paused", ["pause"]),
    "agency": ("justice-department", ["rule", "memo"]),
    "form": ("agency_memo", ["memo"]),
    "affects": ("ukraine", ["pause", "talks"]),
    "disputed": ("yes", ["rule"]),
    "in_force": ("yes", ["memo"]),
    "status_by": ("court", ["rule"]),
    "had_status": ("in_effect", ["pause", "memo"]),
}
# fields -> (what is typed into them, entries found)
TYPED = {
    "words": ({"q": "disbanded"}, ["memo"]),
    "from": ({"from": "2025-03"}, ["rule", "pause"]),
    "range": ({"from": "2025-02-10", "to": "2025-02-28"}, ["talks", "cyber"]),
    "in force on": ({"in_force_on": "2025-03-05", "in_force": "yes"}, ["pause", "memo"]),
    "changed since": ({"changed_since": "1"}, ["rule"]),
    "as of": ({"as_of": "1"}, ["pause", "talks", "cyber", "memo"]),
}


@pytest.fixture
def plain(browser: Browser, transactional_db: None, live_server: Any) -> Iterator[Page]:
    """A page that runs no scripts, at the timeline of the scene."""
    publish_scene()
    context = browser.new_context(java_script_enabled=False, base_url=str(live_server.url))
    context.set_default_timeout(8_000)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def _shown(page: Page) -> list[str]:
    return [str(item.get_attribute("id")) for item in page.locator(".act").all()]


def _reach(page: Page, name: str) -> None:
    """Open whatever is folded around a control."""
    for group in page.locator("details.facet, details.more", has=page.locator(f"[name={name}]")).all():
        if group.get_attribute("open") is None:
            group.locator("> summary").click()


def _apply(page: Page) -> None:
    page.get_by_role("button", name="Apply filters").click()


def test_every_facet_filters(plain: Page, subtests: pytest.Subtests) -> None:
    for name, (value, found) in FACETS.items():
        with subtests.test(name):
            plain.goto("/")
            _reach(plain, name)
            plain.locator(f"input[name={name}][value={value}]").check()
            _apply(plain)
            assert _shown(plain) == found
            expect(plain.locator(f"input[name={name}][value={value}]")).to_be_checked()


@pytest.mark.parametrize("name", ["topic", "actor", "publisher", "evidence", "corroborated"])
def test_facet_filters_to_as_many_as_it_says(plain: Page, name: str) -> None:
    factories.published(title="Grain exports halted", topics=[factories.TopicFactory.create(name="Grain")])
    plain.goto("/")
    _reach(plain, name)
    option = plain.locator("label:not(.zero)", has=plain.locator(f"input[name={name}]")).first
    count = option.locator(".opt-n").inner_text().split()[0]
    value = option.locator("input").get_attribute("value")
    option.locator("input").check()
    _apply(plain)
    expect(plain.locator("#count")).to_have_text(f"{count} of 6 actions")
    expect(plain.locator(f"input[name={name}][value={value}]")).to_be_checked()
    assert len(_shown(plain)) == int(count)


def test_every_field_filters(plain: Page, subtests: pytest.Subtests) -> None:
    for circumstance, (fields, found) in TYPED.items():
        with subtests.test(circumstance):
            plain.goto("/")
            for name, text in fields.items():
                _reach(plain, name)
                if name == "in_force":
                    plain.locator(f"input[name=in_force][value={text}]").check()
                else:
                    plain.locator(f"input[name={name}]").fill(text)
            _apply(plain)
            assert _shown(plain) == found


def test_range_may_be_meant_strictly(plain: Page) -> None:
    plain.goto("/?from=2025-02-18&to=2025-03")
    assert _shown(plain) == ["pause", "talks", "cyber"]
    plain.get_by_label("Surely falls in this range").check()
    _apply(plain)
    assert _shown(plain) == ["pause"]


def test_boxes_with_zero_are_there_and_may_be_ticked(plain: Page) -> None:
    plain.goto("/?agency=white-house")
    plain.locator("input[name=status][value=blocked]").check()
    _apply(plain)
    expect(plain.locator("#count")).to_have_text("No actions match")


@pytest.mark.parametrize("sort", ["oldest", "changed", "added"])
def test_every_order_can_be_chosen(plain: Page, sort: str) -> None:
    plain.get_by_label("Sort").select_option(sort)
    plain.get_by_role("button", name="Go and sort").click()
    expect(plain.get_by_label("Sort")).to_have_value(sort)
    assert sorted(_shown(plain)) == ["cyber", "memo", "pause", "rule", "talks"]
    assert f"sort={sort}" in plain.url


def test_pages_chips_and_months_are_links(plain: Page) -> None:
    plain.goto("/?per_page=2")
    plain.get_by_role("link", name="Next page").click()
    assert _shown(plain) == ["talks", "cyber"]
    plain.get_by_role("link", name=re.compile("^Feb ")).click()
    assert _shown(plain) == ["talks", "cyber"]
    plain.get_by_role("link", name="Remove filter: From Feb 2025").click()
    expect(plain.locator(".chip")).to_have_count(1)
    plain.get_by_role("link", name="Clear all").last.click()
    expect(plain.locator("#count")).to_have_text("5 actions")


def test_tracks_are_a_link_and_stay(plain: Page) -> None:
    plain.get_by_role("link", name="Tracks").click()
    expect(plain.locator(".track")).to_have_count(5)
    plain.locator("input[name=agency][value=white-house]").check()
    _apply(plain)
    expect(plain.locator(".track")).to_have_count(2)


def test_files_of_the_selection_can_be_fetched(plain: Page) -> None:
    plain.goto("/?agency=white-house")
    with plain.expect_download() as fetched:
        plain.get_by_role("link", name="Export CSV of these 2 actions").click()
    assert len(fetched.value.path().read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.parametrize("name", ["Feed", "Calendar"])
def test_subscriptions_of_the_selection_answer(plain: Page, name: str) -> None:
    plain.goto("/?agency=white-house")
    href = plain.locator(".tools a", has_text=name).get_attribute("href")
    answer = plain.request.get(str(href))
    assert answer.ok
    assert "Military aid" in answer.text()


def test_selection_can_be_cited_and_fetched_in_other_formats(plain: Page) -> None:
    plain.goto("/?agency=white-house")
    plain.get_by_role("link", name="Cite these actions").click()
    expect(plain.get_by_role("heading", level=1)).to_be_visible()
    assert "agency=white-house" in plain.url
    plain.goto("/?agency=white-house")
    plain.get_by_role("link", name="More formats").click()
    expect(plain.get_by_role("columnheader", name="This selection 2 actions")).to_be_visible()


def test_what_needs_scripts_is_not_shown(plain: Page) -> None:
    expect(plain.locator("#brush")).to_be_hidden()
    assert plain.locator(".find:visible").count() == 0
    expect(plain.locator(".live-hint")).to_be_hidden()
