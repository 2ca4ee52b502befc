"""An editor's day in Chromium, by keyboard alone: from article to published entry, and nothing typed is ever lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.desk import ARTICLE, Typist, from_article, sign_in, signed_in, watched
from tests.factories import ActorFactory, AgencyFactory, CategoryFactory, SourceFactory, citation, published, save
from tests.tracker.admin.forms import ADD, LIST, change_address
from tracker.models import PolicyAction, PublishedAction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WRITING = {"keys": 25, "letters": 80, "pages": 2, "fields": 9}
"""At most, from the form that the bookmark opens to the list that saving leads to. Keys are those beside letters."""
REVIEWING = {"keys": 80, "letters": 0, "pages": 6, "fields": 0}
"""At most, from the first page by list, preview and entry to what was published: nearly all of the keys are Tab."""
DEVELOPING = {"keys": 40, "letters": 120, "pages": 3, "fields": 6}
SAVE = "button[name=_save]:not([value]) >> nth=0"


@pytest.fixture
def address(live_server: Any, settings: Any) -> str:
    """The site, with the rule that nobody publishes what they wrote."""
    settings.REVIEW_REQUIRED = True
    return str(live_server.url)


@pytest.fixture
def _terms(transactional_db: None) -> None:
    CategoryFactory.create(name="Cyber or intelligence order", definition="Starts or stops it.", example="A stop.")
    AgencyFactory.create(name="Defense Department", abbreviation="DOD")
    AgencyFactory.create(name="Dodging Board")
    ActorFactory.create(name="Pete Hegseth")


@pytest.fixture
def desk_of_the_reviewer(browser: Browser, address: str, reviewer: User) -> Iterator[Page]:
    """A second browser, where the reviewer is signed in."""
    context: BrowserContext = browser.new_context()
    found = watched(context)
    signed_in(context, address, reviewer)
    yield context.new_page()
    context.close()
    assert found == []


@pytest.fixture
def desk(page: Page, address: str, editor: User, faults: list[str]) -> Page:
    """The editor's browser, signed in."""
    signed_in(page.context, address, editor)
    return page


def _within(typist: Typist, ceilings: dict[str, int], what: str) -> None:
    print(f"\n{what}: {typist.count}")  # noqa: T201
    assert all(typist.count[name] <= most for name, most in ceilings.items()), typist.count


# --- from article to published entry ---------------------------------------------------------------------------


def _log(typist: Typist) -> None:
    """Fill in the form that the bookmark opened, and send it for review."""
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
    typist.follow("button[name=_review]:not([value])")


def _review(typist: Typist, title: str) -> None:
    """Find on the first page what waits, look at the preview, and publish it."""
    page = typist.page
    typist.follow(".worklist a:has-text('Waiting for review: 1')")
    typist.follow(f"#result_list th a:text-is('{title}')")
    typist.follow(".object-tools a:has-text('Preview')")
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.go_back()  # Alt and the arrow, which this browser without a window does not know
    typist.count["keys"] += 1
    typist.follow("button[name=_publish]:not([value]) >> nth=0")


@pytest.mark.usefixtures("_terms")
def test_article_to_published_entry_by_keyboard(
    page: Page, address: str, editor: User, desk_of_the_reviewer: Page, faults: list[str]
) -> None:
    page.goto(f"{address}/admin/")
    sign_in(page, editor)
    writing = Typist(from_article(page, address))
    writing.count["pages"] = 1  # it was opened with the form
    _log(writing)
    action: Any = PolicyAction.objects.with_status().get()
    source = action.citations.get().source
    assert (action.status, action.agency.name, action.actor.name) == ("reported", "Defense Department", "Pete Hegseth")
    assert (source.url, source.publisher.name, source.published) == (ARTICLE, "The Record", "2025-02-28")
    _within(writing, WRITING, "From article to saved")

    reviewing = Typist(desk_of_the_reviewer)
    desk_of_the_reviewer.goto(f"{address}/admin/")
    _review(reviewing, action.title)
    _within(reviewing, REVIEWING, "From first page to published")
    assert PublishedAction.objects.current().get().slug == action.slug
    assert action.title in page.request.get(f"{address}/actions.csv").text()
    page.goto(address)
    expect(page.get_by_role("link", name=action.title).first).to_be_visible()


def test_development_is_logged_from_the_list_by_keyboard(desk: Page, address: str) -> None:
    source = SourceFactory.create(url="https://news.example/jeddah")
    action = published(citations=[citation(source)])
    typist = Typist(desk)
    desk.goto(address + LIST)
    typist.follow("#result_list a.develop")
    typist.fill("rev")
    typist.tab_to("#id_status_date")
    typist.fill("11 March 2025")
    typist.tab_to("#id_status_note")
    typist.fill("The US said in Jeddah that it lifts the pause.")
    typist.tab_to("#id_source_url")
    typist.fill(source.url)
    typist.tab_to("#id_where_it_stands")
    typist.press("Control+A")
    typist.fill("Lifted on 11 March 2025.")
    typist.follow("input[name=_review]")
    _within(typist, DEVELOPING, "From list to development")
    action.refresh_from_db()
    found = action.status_changes.get(position=2)
    assert (found.status, found.date, found.source, action.workflow) == ("reversed", "2025-03-11", source, "in_review")


# --- nothing is lost -------------------------------------------------------------------------------------------


def test_second_of_two_editors_merges_both_texts(desk: Page, desk_of_the_reviewer: Page, address: str) -> None:
    action = save(summary="Paused.")
    for each in (desk, desk_of_the_reviewer):
        each.goto(address + change_address(action))
    desk_of_the_reviewer.fill("#id_title", "Theirs")
    desk_of_the_reviewer.fill("#id_summary", "Their summary.")
    with desk_of_the_reviewer.expect_navigation():
        desk_of_the_reviewer.locator(SAVE).press("Enter")

    desk.fill("#id_title", "Mine")
    with desk.expect_navigation():
        desk.locator(SAVE).press("Enter")
    expect(desk.get_by_role("heading", name="What differs")).to_be_visible()
    typist = Typist(desk)
    typist.tab_to("input[name=pick-title][value=theirs]")
    typist.press("ArrowDown")
    expect(desk.locator("input[name=pick-title][value=yours]")).to_be_checked()
    desk.fill("#id_title", "Theirs and mine")
    with desk.expect_navigation():
        desk.locator(SAVE).press("Enter")
    action.refresh_from_db()
    assert (action.title, action.summary, action.revision) == ("Theirs and mine", "Their summary.", 3)


def test_text_of_an_expired_session_is_sent_again_after_login(
    desk: Page, address: str, editor: User, settings: Any
) -> None:
    action = save()
    desk.goto(address + change_address(action))
    desk.fill("#id_summary", "Typed before lunch.")
    desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    with desk.expect_navigation():
        desk.locator(SAVE).press("Enter")
    expect(desk.get_by_text("What you typed is kept")).to_be_visible()
    sign_in(desk, editor)
    typist = Typist(desk)
    typist.follow("input[value='Send it now']")
    action.refresh_from_db()
    assert (action.summary, action.revision) == ("Typed before lunch.", 2)


def test_likely_duplicate_is_answered_with_one_enter(desk: Page, address: str) -> None:
    known = save(title="US pauses military aid to Ukraine", date="2025-03-01")
    desk.goto(f"{address}{ADD}?title=Military+aid+to+Ukraine+paused&agency={known.agency_id}&date=2025-03-03")
    with desk.expect_navigation():
        desk.locator(SAVE).press("Enter")
    expect(desk.get_by_role("button", name="It is another action: save draft")).to_be_focused()
    expect(desk.locator(".unsent")).to_have_count(0)  # the text is here: nothing to offer
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    assert PolicyAction.objects.count() == 2


def test_text_of_a_closed_tab_is_offered_again(desk: Page, address: str) -> None:
    desk.goto(address + ADD)
    desk.fill("#id_title", "Half a title")
    desk.wait_for_timeout(1100)  # it is kept a second after the last key
    desk.goto(address + ADD)
    expect(desk.get_by_role("region", name="Unsent text")).to_contain_text("You have unsent text")
    desk.get_by_role("button", name="Put it back").press("Enter")
    expect(desk.locator("#id_title")).to_have_value("Half a title")
