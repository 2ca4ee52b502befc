"""What the add form does by itself, in Chromium: proposals that replace nothing, names made in place, the bookmark."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.browser.desk import signed_in
from tests.factories import SourceFactory
from tests.tracker.admin.forms import ADD
from tracker.models import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _editor_is_signed_in(page: Page, live_server: Any, editor: User) -> None:
    signed_in(page.context, str(live_server.url), editor)


def test_status_follows_attribution_until_it_is_chosen(page: Page, live_server: Any, faults: list[str]) -> None:
    page.goto(str(live_server.url) + ADD)
    status = page.locator("input[name=status]:checked")
    page.check("input[name=attribution][value=reporting]")
    expect(status).to_have_value("reported")
    page.check("input[name=attribution][value=document]")
    expect(status).to_have_count(0)
    page.check("input[name=status][value=on_hold]")
    page.check("input[name=attribution][value=reporting]")
    expect(status).to_have_value("on_hold")


def test_pasted_address_is_proposed_or_asked_about(page: Page, live_server: Any, faults: list[str]) -> None:
    known = SourceFactory.create(url="https://news.example/1")
    page.goto(str(live_server.url) + ADD)
    fold = page.locator("details", has=page.locator("#id_publisher"))
    page.fill("#id_source_url", "https://news.example/aid-to-kyiv-paused")
    page.press("#id_source_url", "Tab")
    expect(page.locator("#id_source_title")).to_have_value("Aid to kyiv paused")
    expect(page.locator("#id_publisher")).to_have_value(known.publisher.name)
    assert fold.get_attribute("open") is None
    page.fill("#id_source_url", "https://elsewhere.example/77")
    page.press("#id_source_url", "Tab")
    expect(page.locator("#id_publisher")).to_be_visible()


def test_actor_is_made_in_place_by_name_or_in_the_popup(page: Page, live_server: Any, faults: list[str]) -> None:
    page.goto(str(live_server.url) + ADD)
    page.locator(".field-actor .select2-selection").focus()
    page.keyboard.type("Pam Bondi")
    expect(page.locator(".select2-results__option--highlighted")).to_have_text("Pam Bondi (new)")
    page.keyboard.press("Enter")
    expect(page.locator("#id_actor")).to_have_value("new:Pam Bondi")
    page.locator("#add_id_actor").focus()
    with page.expect_popup() as opened:
        page.keyboard.press("Enter")
    opened.value.locator("#id_name").fill("Mike Waltz")
    with opened.value.expect_event("close"):
        opened.value.keyboard.press("Enter")
    expect(page.locator("#id_actor")).to_have_value(str(Actor.objects.get(name="Mike Waltz").pk))


def test_bookmark_does_nothing_on_its_own_page(page: Page, live_server: Any, faults: list[str]) -> None:
    page.goto(f"{live_server.url}/admin/tracker/policyaction/bookmarklet/")
    page.click("#bookmarklet")
    expect(page.get_by_role("status")).to_contain_text("Drag this to your bookmarks bar")
    assert len(page.context.pages) == 1
