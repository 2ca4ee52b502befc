"""A reader at the timeline, in Chromium: with scripts, without, by keyboard, on a narrow screen, in both palettes."""

import gzip
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.timeline.scene import Scene, publish_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_VIEW = 80_000  # bytes, compressed
REQUESTS = 6


@pytest.fixture(autouse=True)
def scene(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Publish the scene; let Django be called beside the event loop that playwright runs in this thread."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    return publish_scene()


@pytest.fixture
def address(live_server: Any, scene: Scene) -> str:
    return str(live_server.url)


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """Collect what the browser refuses or cannot run: nothing may be left at the end."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: found.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield found
    assert found == []


def _shown(page: Page) -> list[str]:
    return [str(item.get_attribute("id")) for item in page.locator(".act").all()]


# --- with scripts --------------------------------------------------------------------------------------------------


def test_tick_applies_at_once_and_keeps_the_focus(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address)
    box = page.get_by_role("checkbox", name="White House")
    box.check()
    expect(page.locator("#count")).to_have_text("2 of 5 actions")
    assert _shown(page) == ["pause", "talks"]
    assert page.url == f"{address}/?agency=white-house"
    expect(box).to_be_focused()
    expect(page.locator("#live")).to_have_text("2 of 5 actions")
    expect(page).to_have_title(re.compile("^2 of 5 actions: Agency White House"))
    expect(page.get_by_role("button", name="Apply filters")).to_be_hidden()


def test_counts_beside_the_boxes_follow(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address)
    option = page.locator("label.opt", has=page.locator("input[name=status][value=blocked]"))
    expect(option.locator(".opt-n")).to_have_text("1 action")
    page.get_by_role("checkbox", name="White House").check()
    expect(option.locator(".opt-n")).to_have_text("0 actions")
    expect(option).to_have_class("opt zero")
    expect(page.locator("#facet-agency .facet-on")).to_have_text("1 selected")


def test_back_from_an_entry_restores_results_and_ticks(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address)
    page.get_by_role("checkbox", name="White House").check()
    expect(page.locator("#count")).to_have_text("2 of 5 actions")
    page.get_by_role("link", name="Military aid 100% paused").click()
    page.go_back()
    expect(page.locator("#count")).to_have_text("2 of 5 actions")
    expect(page.get_by_role("checkbox", name="White House")).to_be_checked()


def test_bad_date_leads_to_the_refusal(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("textbox", name="From").fill("2025-13-01")
    page.get_by_role("textbox", name="From").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is no month 13")
    expect(page.get_by_role("textbox", name="From")).to_have_value("2025-13-01")


def test_sort_applies_at_once_and_keeps_the_focus(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address)
    page.get_by_label("Sort").focus()
    page.get_by_label("Sort").select_option("oldest")
    expect(page.locator(".act").first).to_have_id("memo")
    expect(page.get_by_label("Sort")).to_be_focused()
    assert page.url == f"{address}/?sort=oldest"


# --- without -------------------------------------------------------------------------------------------------------


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A page that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, base_url=address)
    yield context.new_page()
    context.close()


def test_form_works_without_scripts(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_role("checkbox", name="White House").check()
    plain.get_by_label("Sort").select_option("oldest")
    plain.get_by_role("button", name="Apply filters").click()
    expect(plain.locator("#count")).to_have_text("2 of 5 actions")
    expect(plain.locator(".act").first).to_have_id("talks")


def test_chip_and_month_work_without_scripts(plain: Page) -> None:
    plain.goto("/?agency=white-house")
    plain.get_by_role("link", name=re.compile("^Mar ")).click()
    expect(plain.locator("#count")).to_have_text("1 of 5 actions")
    plain.get_by_role("link", name="Remove filter: Agency White House").click()
    expect(plain.locator(".chip")).to_have_count(2)


def test_sources_open_in_place(plain: Page) -> None:
    plain.goto("/")
    entry = plain.locator("#pause")
    expect(entry.locator(".srcs a")).to_be_hidden()
    entry.locator(".srcs summary").click()
    expect(entry.locator(".srcs a")).to_be_visible()


# --- for everyone --------------------------------------------------------------------------------------------------


def test_symbols_of_the_sprite_are_drawn(page: Page, address: str, faults: list[str]) -> None:
    with page.expect_response(re.compile(r"sprite\.svg")) as sprite:
        page.goto(address)
    assert sprite.value.ok


@pytest.fixture
def context_without_cache(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def test_first_view_keeps_its_budget(context_without_cache: BrowserContext, address: str) -> None:
    page = context_without_cache.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it takes no builtin
    page.goto(address, wait_until="networkidle")
    assert len(answers) <= REQUESTS
    assert sum(len(gzip.compress(answer.body())) for answer in answers) <= FIRST_VIEW
