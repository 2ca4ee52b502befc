"""An editor's desk in Chromium: who sits there, what their keyboard does, what the browser complains of."""

from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

ARTICLE = "https://therecord.example/news/1234"
HTML = """<!doctype html><title>Cyber Command told to stand down | The Record</title>
<meta property="og:title" content="Cyber Command told to stand down on Russia planning">
<meta property="og:site_name" content="The Record">
<script type="application/ld+json">{broken</script>
<script type="application/ld+json">
{"@graph": [{"headline": "Other", "datePublished": "2025-02-28T18:01:00Z"}]}</script><h1>Cyber Command</h1>"""
_TELL = """document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});"""
_FAR = 60


class Typist:
    """Types at whatever has the focus, and counts: keys beside letters, letters, pages loaded, fields filled in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = {"keys": 0, "letters": 0, "pages": 0, "fields": 0}
        page.on("framenavigated", lambda frame: self._turn() if frame == page.main_frame else None)

    def _turn(self) -> None:
        self.count["pages"] += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.count["keys"] += len(keys)

    def fill(self, text: str) -> None:
        expect(self.page.locator(":focus")).to_have_count(1)  # a page just loaded may not have given it yet
        self.page.keyboard.type(text)
        self.count["letters"] += len(text)
        self.count["fields"] += 1

    def tab_to(self, selector: str) -> None:
        for _ in range(_FAR):
            if self.page.locator(selector).evaluate("field => field.contains(document.activeElement)"):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}.")

    def follow(self, selector: str) -> None:
        """Go to a link or button by Tab, press it, and wait for the page that it leads to."""
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.press("Enter")


def watched(context: BrowserContext) -> list[str]:
    """Return a list that grows with what the browser refuses or cannot run on any page of `context`."""
    found: list[str] = []
    context.add_init_script(_TELL)
    context.on("weberror", lambda error: found.append(str(error.error)))
    context.on(
        "console",
        lambda message: found.append(message.text) if "Content Security Policy" in message.text else None,
    )
    return found


def signed_in(context: BrowserContext, address: str, user: User) -> None:
    """Let `user` be signed in already: the login page is a test of its own."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def sign_in(page: Page, user: User) -> None:
    """Fill in the login page that is shown."""
    page.fill("#id_username", user.username)
    page.fill("#id_password", f"{user.username}-{user.username}")
    with page.expect_navigation():
        page.press("#id_password", "Enter")


def from_article(page: Page, address: str) -> Page:
    """Run the bookmark on the article, as the browser would, and return the tab that it opens."""
    page.goto(f"{address}/admin/tracker/policyaction/bookmarklet/")
    bookmark = str(page.locator("#bookmarklet").get_attribute("href"))
    page.context.route(f"{ARTICLE}*", lambda route: route.fulfill(body=HTML, content_type="text/html"))
    page.goto(f"{ARTICLE}?utm_source=x")
    with page.expect_popup() as opened:
        page.evaluate(unquote(bookmark.removeprefix("javascript:")))
    opened.value.wait_for_load_state()
    return opened.value
