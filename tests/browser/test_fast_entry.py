"""From an article to a published entry, in Chromium, by keyboard alone; printed is what it takes."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import ActorFactory, AgencyFactory, CategoryFactory, SourceFactory
from tests.tracker.admin.forms import ADD, change_address
from tracker.models import Actor, PolicyAction, PublishedAction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARTICLE = "https://therecord.example/news/1234"
HTML = """<!doctype html><title>Cyber Command told to stand down | The Record</title>
<meta property="og:title" content="Cyber Command told to stand down on Russia planning">
<meta property="og:site_name" content="The Record">
<script type="application/ld+json">{broken</script>
<script type="application/ld+json">
{"@graph": [{"headline": "Other", "datePublished": "2025-02-28T18:01:00Z"}]}</script><h1>Cyber Command</h1>"""
# Keys pressed beyond the letters of what is typed, letters typed, pages loaded, fields filled in.
CEILINGS = {"keys": 25, "letters": 80, "pages": 2, "fields": 9}


@pytest.fixture(autouse=True)
def _vocabulary(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill the record; let Django be called beside the event loop that playwright runs in this thread."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    CategoryFactory.create(name="Cyber or intelligence order", definition="Starts or stops it.", example="A stop.")
    AgencyFactory.create(name="Defense Department", abbreviation="DOD")
    AgencyFactory.create(name="Dodging Board")
    ActorFactory.create(name="Pete Hegseth")


class Typist:
    """Types at whatever has the focus, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = {"keys": 0, "letters": 0, "pages": 0, "fields": 0}

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.count["keys"] += len(keys)

    def fill(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count["letters"] += len(text)
        self.count["fields"] += 1

    def tab_to(self, selector: str) -> None:
        for _ in range(9):
            if self.page.locator(selector).evaluate("field => field.contains(document.activeElement)"):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}.")


@pytest.fixture
def faults(context: BrowserContext) -> Iterator[list[str]]:
    """Collect what the browser refuses or cannot run: nothing may be left at the end."""
    found: list[str] = []
    context.on("weberror", lambda error: found.append(str(error.error)))
    context.on(
        "console",
        lambda message: found.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield found
    assert found == []


def _sign_in(page: Page, address: str, user: User) -> None:
    page.goto(f"{address}/admin/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", f"{user.username}-{user.username}")
    page.press("#id_password", "Enter")
    page.wait_for_url(f"{address}/admin/")


def _from_article(page: Page, address: str) -> Page:
    """Run the bookmark on the article, as the browser would, and return the tab that it opens."""
    page.goto(f"{address}/admin/tracker/policyaction/bookmarklet/")
    bookmark = str(page.locator("#bookmarklet").get_attribute("href"))
    page.context.route(f"{ARTICLE}*", lambda route: route.fulfill(body=HTML, content_type="text/html"))
    page.goto(f"{ARTICLE}?utm_source=x")
    with page.expect_popup() as opened:
        page.evaluate(unquote(bookmark.removeprefix("javascript:")))
    opened.value.wait_for_load_state()
    return opened.value


def _log(typist: Typist) -> None:
    page = typist.page
    typist.fill("un")  # how do we know: unnamed sources, so the status is Reported
    typist.tab_to("#id_where_it_stands")
    typist.fill("Stand-down reported on 28 Feb 2025.")
    typist.press("Tab")
    typist.fill("late Feb 2025")
    expect(page.locator("#id_date_understood")).to_contain_text("Understood as “Late Feb 2025, day not known”")
    typist.tab_to("#id_category")
    typist.fill("cy")
    for box, letters in ((".field-agency .select2-selection", "dod"), (".field-actor .select2-selection", "heg")):
        typist.tab_to(box)
        typist.fill(letters)
        expect(page.locator(".select2-results__option--highlighted")).to_be_visible()
        typist.press("Enter")


def test_article_to_published_entry_by_keyboard(
    page: Page, live_server: Any, editor: User, reviewer: User, faults: list[str]
) -> None:
    address = str(live_server.url)
    _sign_in(page, address, editor)
    form = _from_article(page, address)
    typist = Typist(form)
    _log(typist)
    typist.tab_to("button[name=_review]:not([value])")
    typist.press("Enter")
    form.wait_for_url(f"{address}/admin/tracker/policyaction/")
    action: Any = PolicyAction.objects.with_status().get()
    source = action.citations.get().source
    assert (action.status, action.agency.name, action.actor.name) == ("reported", "Defense Department", "Pete Hegseth")
    assert (source.url, source.publisher.name, source.published) == (ARTICLE, "The Record", "2025-02-28")
    typist.count["pages"] = 2  # the form, and the list that it leads to
    print(f"\nFrom article to saved: {typist.count}")  # noqa: T201
    assert all(typist.count[name] <= most for name, most in CEILINGS.items())

    form.context.clear_cookies()
    _sign_in(form, address, reviewer)
    form.goto(address + change_address(action))
    form.locator("button[name=_publish]:not([value])").first.press("Enter")
    form.wait_for_load_state()
    assert PublishedAction.objects.current().get().slug == action.slug
    assert action.title in form.request.get(f"{address}/actions.csv").text()
    form.goto(address)
    expect(form.get_by_role("link", name=action.title).first).to_be_visible()


def test_status_follows_attribution_until_it_is_chosen(
    page: Page, live_server: Any, editor: User, faults: list[str]
) -> None:
    _sign_in(page, str(live_server.url), editor)
    page.goto(str(live_server.url) + ADD)
    status = page.locator("input[name=status]:checked")
    page.check("input[name=attribution][value=reporting]")
    expect(status).to_have_value("reported")
    page.check("input[name=attribution][value=document]")
    expect(status).to_have_count(0)
    page.check("input[name=status][value=on_hold]")
    page.check("input[name=attribution][value=reporting]")
    expect(status).to_have_value("on_hold")


def test_pasted_address_is_proposed_or_asked_about(
    page: Page, live_server: Any, editor: User, faults: list[str]
) -> None:
    known = SourceFactory.create(url="https://news.example/1")
    _sign_in(page, str(live_server.url), editor)
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


def test_actor_is_made_in_place_by_name_or_in_the_popup(
    page: Page, live_server: Any, editor: User, faults: list[str]
) -> None:
    _sign_in(page, str(live_server.url), editor)
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "path", [f"{ADD}?source_url={ARTICLE}&attribution=reporting", "/admin/tracker/policyaction/bookmarklet/"]
)
def test_pages_are_accessible(
    page: Page, live_server: Any, editor: User, faults: list[str], path: str, width: int, scheme: Any
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    _sign_in(page, str(live_server.url), editor)
    page.goto(str(live_server.url) + path)
    page.wait_for_load_state("networkidle")
    assert faults == []
    results = Axe().run(page)
    faults.clear()  # what axe itself tried
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_bookmark_does_nothing_on_its_own_page(page: Page, live_server: Any, editor: User, faults: list[str]) -> None:
    _sign_in(page, str(live_server.url), editor)
    page.goto(f"{live_server.url}/admin/tracker/policyaction/bookmarklet/")
    page.click("#bookmarklet")
    expect(page.get_by_role("status")).to_contain_text("Drag this to your bookmarks bar")
    assert len(page.context.pages) == 1
