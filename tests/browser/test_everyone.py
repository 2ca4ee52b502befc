"""Every kind of page and every state, in Chromium: both palettes, wide and narrow; axe is content, nothing juts out."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk import watched
from tests.browser.looking import COLOURS, violations, wider
from tests.gallery import ANSWERS, PAGES, SPANISH, publish_gallery

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_HIDDEN = """() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    const heading = at.closest(".month")?.querySelector(".mh")?.getBoundingClientRect();
    return heading && box.bottom <= heading.bottom && box.top >= 0 ? [at.outerHTML.slice(0, 160)] : [];
}"""


@pytest.fixture
def address(transactional_db: None, live_server: Any) -> str:
    publish_gallery()
    return str(live_server.url)


def _opened(page: Page, address: str, name: str, *, pages: Mapping[str, str] = PAGES) -> None:
    """Open the page of this name, which must answer as it should."""
    answer = page.goto(address + pages[name])
    assert answer is not None
    assert answer.status == ANSWERS[name], name


@pytest.mark.timeout(300)
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_have_no_fault_that_axe_can_find(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    refused = watched(context)
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for name in PAGES:
        page.emulate_media(color_scheme="light")
        _opened(page, address, name)
        wrong = [*refused, *violations(page)]
        page.emulate_media(color_scheme="dark")
        wrong += [f"dark: {each}" for each in violations(page, rules=COLOURS)]  # a palette changes nothing else
        found |= {name: wrong} if wrong else {}
        refused.clear()
    context.close()
    assert not found, "\n".join(f"{name}: {each}" for name, wrong in found.items() for each in wrong)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("pages", "widths"),
    # Words are longer in Spanish: narrow screens, and where the columns of a wide one are narrowest.
    [(PAGES, (320, 390, 768, 1100, 1280, 1600)), (SPANISH, (320, 390, 1100))],
    ids=["English", "Spanish"],
)
def test_nothing_is_wider_than_the_screen(
    page: Page, address: str, pages: Mapping[str, str], widths: tuple[int, ...]
) -> None:
    found = []
    for name in pages:
        _opened(page, address, name, pages=pages)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{name}, {width}: {each}" for each in wider(page)]
    assert not found, "\n".join(found)


def test_focus_is_never_hidden_under_a_heading(page: Page, address: str) -> None:
    hidden = []
    for name in ("timeline", "tracks", "agency"):
        for key in ("Tab", "Shift+Tab"):
            _opened(page, address, name)
            for _ in range(150):
                page.keyboard.press(key)
                hidden += page.evaluate(_HIDDEN)
    assert hidden == []
