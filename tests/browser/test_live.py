"""What htmx and the page's own script do in Chromium: swaps, history, focus, the brush, type-to-find, failures."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests import factories
from tests.timeline.scene import publish_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("faults")]

NAMES = ("Álava", "Bergen", "Cadiz", "Dover", "Essen", "Fribourg", "Graz", "Hull", "Izmir", "Jerez")
ORDER = "boxes => boxes.map(box => box.closest('label').textContent.replace(/[0-9]+ actions?/, ''))"


@pytest.fixture
def address(transactional_db: None, live_server: Any) -> str:
    """Serve the scene and ten entries of other agencies, one in each month from June 2025."""
    publish_scene()
    actions = [
        factories.save(
            slug=f"more-{place}",
            title=f"Office {name} opened",
            agency=factories.AgencyFactory.create(name=f"{name} Office"),
            date=f"2025-{6 + place // 5:02}-{1 + place % 5 * 6:02}",
        )
        for place, name in enumerate(NAMES)
    ]
    factories.publish(*actions)
    return str(live_server.url)


@pytest.fixture
def on_page(page: Page, address: str) -> Callable[[str], Page]:
    """Open the timeline under a query and wait until its script runs."""

    def opened(query: str = "") -> Page:
        page.goto(f"{address}/{query}")
        expect(page.locator("html")).to_have_class("is-live")
        page.evaluate("window.stayed = true")
        return page

    return opened


Opened = Callable[[str], Page]


def _stayed(page: Page) -> bool:
    """Whether the page is still the one that was opened: nothing was loaded in full."""
    return bool(page.evaluate("window.stayed === true"))


def _count(page: Page, text: str) -> None:
    expect(page.locator("#count")).to_have_text(text)


def _counts(page: Page, name: str) -> list[str]:
    return page.locator(f"#facet-{name} .opt-n").all_text_contents()


# --- filters -------------------------------------------------------------------------------------------------------


def test_ticking_an_agency_leaves_the_other_agencies_as_they_are(on_page: Opened) -> None:
    page = on_page("")
    before, order = _counts(page, "agency"), page.locator("#facet-agency input[name]").evaluate_all(ORDER)
    page.get_by_role("checkbox", name="White House").check()
    _count(page, "2 of 15 actions")
    assert _counts(page, "agency") == before
    assert page.locator("#facet-agency input[name]").evaluate_all(ORDER) == order
    assert _stayed(page)


def test_removing_a_chip_equals_unticking(on_page: Opened) -> None:
    page = on_page("?status=reversed")
    page.get_by_role("checkbox", name="White House").check()
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("checkbox", name="White House").uncheck()
    expect(page.locator(".chip")).to_have_count(1)
    unticked = page.url, page.locator("#results").inner_html(), _counts(page, "topic")
    page.get_by_role("checkbox", name="White House").check()
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("link", name="Remove filter: Agency White House").click()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.get_by_role("checkbox", name="White House")).not_to_be_checked()
    assert (page.url, page.locator("#results").inner_html(), _counts(page, "topic")) == unticked


def test_changes_replace_the_address_and_links_add_to_the_history(on_page: Opened) -> None:
    page = on_page("")
    length = page.evaluate("history.length")
    page.get_by_role("checkbox", name="White House").check()
    _count(page, "2 of 15 actions")
    assert page.evaluate("history.length") == length
    page.get_by_role("link", name=re.compile("^Mar ")).click()
    _count(page, "1 of 15 actions")
    assert page.evaluate("history.length") == length + 1
    expect(page.get_by_role("textbox", name="From")).to_have_value("2025-03")
    assert _stayed(page)


def test_address_is_the_canonical_one(on_page: Opened, address: str) -> None:
    page = on_page("?status=reversed")
    page.get_by_role("checkbox", name="White House").check()
    expect(page).to_have_url(f"{address}/?agency=white-house&status=reversed")
    expect(page).to_have_title(re.compile("^1 of 15 actions: Agency White House"))


def test_open_groups_stay_open(on_page: Opened) -> None:
    page = on_page("")
    page.locator("#facet-actor > summary").click()
    page.get_by_role("checkbox", name="White House").check()
    _count(page, "2 of 15 actions")
    expect(page.locator("#facet-actor")).to_have_attribute("open", "")


def test_switch_to_tracks_is_kept_by_the_next_tick(on_page: Opened, address: str) -> None:
    page = on_page("")
    page.get_by_role("link", name="Tracks").click()
    expect(page.locator(".track")).to_have_count(15)
    expect(page.get_by_role("link", name="Tracks")).to_be_focused()
    page.get_by_role("checkbox", name="White House").check()
    expect(page.locator(".track")).to_have_count(2)
    assert page.url == f"{address}/?agency=white-house&view=tracks"
    assert _stayed(page)


def test_narrow_screens_wait_for_the_button(on_page: Opened, page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    on_page("")
    page.locator("#filters > summary").click()
    page.get_by_role("checkbox", name="White House").check()
    page.get_by_role("checkbox", name="Reversed").first.check()
    page.wait_for_timeout(300)
    _count(page, "15 actions")
    page.get_by_role("button", name="Apply filters").click()
    _count(page, "1 of 15 actions")
    expect(page).to_have_url(f"{address}/?status=reversed&agency=white-house")


def test_live_region_says_the_count_alone_and_is_never_replaced(on_page: Opened) -> None:
    page = on_page("")
    page.evaluate("document.querySelector('#live').dataset.mine = 'yes'")
    expect(page.locator("#live")).to_have_text("")
    page.get_by_role("checkbox", name="White House").check()
    expect(page.locator("#live")).to_have_text("2 of 15 actions")
    page.get_by_role("link", name="Remove filter: Agency White House").click()
    expect(page.locator("#live")).to_have_text("15 actions")
    expect(page.locator("#live")).to_have_attribute("data-mine", "yes")
    assert page.locator("#results #live").count() == 0


def test_empty_state_offers_only_removals_that_help(on_page: Opened) -> None:
    query = "?agency=white-house&status=blocked&form=agency_memo"
    page = on_page(query)
    _count(page, "No actions match")
    expect(page.get_by_role("link", name="Export CSV")).to_have_count(0)
    offers = page.locator(".empty li a").all_text_contents()
    for offer in offers:
        on_page(query)
        said = page.locator(".empty li", has_text=offer).locator("> span").inner_text()
        page.locator(".empty li a", has_text=offer).click()
        _count(page, said if offer == "Clear all filters" else f"{said.split()[0]} of 15 actions")
        expect(page.locator(".empty")).to_have_count(0)
    assert "Clear all filters" in offers


# --- the way back --------------------------------------------------------------------------------------------------


def test_back_restores_results_ticks_and_focus(on_page: Opened) -> None:
    page = on_page("?per_page=5")
    page.get_by_role("checkbox", name="In effect", exact=False).first.check()
    _count(page, "11 of 15 actions")
    page.get_by_role("link", name="Page 2").press("Enter")
    expect(page.locator(".pager [aria-current]")).to_have_text("Page 2")
    expect(page.locator("#results")).to_be_focused()
    page.go_back()
    expect(page.locator(".pager [aria-current]")).to_have_text("Page 1")
    expect(page.get_by_role("link", name="Page 2")).to_be_focused()
    expect(page.locator("input[name=status][value=in_effect]")).to_be_checked()
    assert _stayed(page)


def test_back_over_a_chip_ticks_its_box_again(on_page: Opened) -> None:
    page = on_page("?agency=white-house")
    page.get_by_role("link", name="Remove filter: Agency White House").click()
    _count(page, "15 actions")
    expect(page.get_by_role("checkbox", name="White House")).not_to_be_checked()
    page.go_back()
    _count(page, "2 of 15 actions")
    expect(page.get_by_role("checkbox", name="White House")).to_be_checked()
    expect(page.get_by_role("link", name="Remove filter: Agency White House")).to_be_focused()
    page.go_forward()
    _count(page, "15 actions")
    assert _stayed(page)


def test_back_from_an_entry_restores_all_even_when_the_page_was_not_kept(on_page: Opened) -> None:
    page = on_page("")
    page.evaluate("addEventListener('unload', () => {})")  # no browser keeps such a page for the way back
    page.get_by_role("checkbox", name="White House").check()
    _count(page, "2 of 15 actions")
    page.get_by_role("link", name="Military aid 100% paused").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Military aid")
    page.go_back()
    _count(page, "2 of 15 actions")
    expect(page.get_by_role("checkbox", name="White House")).to_be_checked()
    expect(page.get_by_role("link", name="Military aid 100% paused")).to_be_focused()


def test_reload_shows_the_whole_page_of_the_address(on_page: Opened) -> None:
    page = on_page("")
    page.get_by_role("checkbox", name="White House").check()
    _count(page, "2 of 15 actions")
    page.reload()
    _count(page, "2 of 15 actions")
    expect(page.locator("header.mast")).to_have_count(1)
    expect(page.get_by_role("checkbox", name="White House")).to_be_checked()


# --- late answers, no answers --------------------------------------------------------------------------------------


def test_stale_answer_is_dropped(on_page: Opened, page: Page, address: str) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/\?agency=white-house$"), lambda route: held.append(route))  # noqa: PLW0108 - it takes no builtin
    on_page("")
    page.get_by_role("checkbox", name="White House").check()
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    page.get_by_role("checkbox", name="Reversed").first.check()
    _count(page, "1 of 15 actions")
    assert len(held) == 1
    page.wait_for_timeout(200)
    assert page.url == f"{address}/?agency=white-house&status=reversed"
    expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    assert _stayed(page)


def test_nothing_is_dimmed_for_a_moment(on_page: Opened) -> None:
    page = on_page("")
    page.evaluate(
        """() => { window.seen = 0; new MutationObserver(() => { window.seen += 1; })
            .observe(document.querySelector("#results"), {attributes: true, attributeFilter: ["aria-busy"]}); }"""
    )
    page.clock.install()
    page.clock.pause_at("2030-01-01")
    page.get_by_role("checkbox", name="White House").check()
    _count(page, "2 of 15 actions")
    assert page.evaluate("window.seen") == 0


@pytest.mark.parametrize("failure", ["no answer", "fault of the server"])
def test_failure_leads_to_the_whole_page(on_page: Opened, page: Page, address: str, failure: str) -> None:
    def fail(route: Route) -> None:
        if "hx-request" not in route.request.headers:
            route.continue_()
        elif failure == "no answer":
            route.abort()
        else:
            route.fulfill(status=500, body="Oh")

    page.route(re.compile(r"/\?"), fail)
    on_page("")
    with page.expect_navigation():
        page.get_by_role("checkbox", name="White House").check()
    _count(page, "2 of 15 actions")
    assert page.url == f"{address}/?agency=white-house"
    expect(page.get_by_role("checkbox", name="White House")).to_be_checked()


# --- the brush -----------------------------------------------------------------------------------------------------


def test_brush_works_by_keyboard_and_keeps_the_focus(on_page: Opened) -> None:
    page = on_page("")
    handle = page.get_by_role("slider", name="Shown from")
    expect(handle).to_have_attribute("aria-valuetext", "from 3 Feb 2025")
    handle.press("ArrowRight")
    handle.press("ArrowRight")
    expect(page.get_by_role("textbox", name="From")).to_have_value("2025-02-17")
    expect(handle).to_have_attribute("aria-valuetext", "from 17 Feb 2025")
    _count(page, "14 of 15 actions")
    expect(handle).to_be_focused()
    handle.press("Home")
    _count(page, "15 actions")
    expect(page.get_by_role("textbox", name="From")).to_have_value("")
    assert _stayed(page)


def test_upper_handle_writes_the_last_day_of_its_column(on_page: Opened) -> None:
    page = on_page("")
    handle = page.get_by_role("slider", name="Shown up to")
    handle.press("Home")
    expect(page.get_by_role("textbox", name="To", exact=True)).to_have_value("2025-02-09")
    expect(handle).to_have_attribute("aria-valuetext", "up to 9 Feb 2025")
    _count(page, "1 of 15 actions")


def test_handles_follow_what_was_typed(on_page: Opened) -> None:
    page = on_page("")
    page.get_by_role("textbox", name="From").fill("2025-03")
    page.get_by_role("textbox", name="From").press("Enter")
    _count(page, "12 of 15 actions")
    expect(page.get_by_role("slider", name="Shown from")).to_have_attribute("aria-valuetext", "from 24 Feb 2025")
    expect(page.locator("#window")).not_to_have_class("idle")


def test_handle_never_passes_the_other(on_page: Opened) -> None:
    page = on_page("?from=2025-03-03&to=2025-03-09")
    low, high = page.get_by_role("slider", name="Shown from"), page.get_by_role("slider", name="Shown up to")
    low.press("End")
    assert int(low.input_value()) == int(high.input_value()) - 1


# --- type-to-find --------------------------------------------------------------------------------------------------


def test_typing_leaves_the_options_that_fit_and_the_chosen_ones(on_page: Opened) -> None:
    page = on_page("?agency=hull-office")
    facet = page.locator("#facet-agency")
    page.get_by_label("Find in Agency").fill("álAVA")
    expect(facet.locator(".opt:visible")).to_have_text([re.compile("Hull Office"), re.compile("Álava Office")])
    expect(facet.locator("output")).to_have_text("Options that fit: 1")
    page.get_by_label("Find in Agency").fill("alava")
    expect(facet.locator("output")).to_have_text("Options that fit: 1")
    page.get_by_label("Find in Agency").press("Enter")
    page.get_by_label("Find in Agency").fill("")
    expect(facet.locator(".opt:visible")).to_have_count(8 + facet.locator(".more[open] .opt").count())
    assert _stayed(page)
