"""A page on another site that embeds us, in Chromium: who may be framed, and how high a frame becomes."""

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.timeline.scene import publish_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIAR = "<!doctype html><script>parent.postMessage({type: 'timeline-height', height: 5000}, '*')</script>"


@pytest.fixture
def address(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Publish the scene; let Django be called beside the event loop that playwright runs in this thread."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    publish_scene()
    return str(live_server.url)


class Site(BaseHTTPRequestHandler):
    """Another site: one page with the body given, and one that lies about its height."""

    body = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        text = LIAR if self.path == "/liar" else f"<!doctype html><title>News</title>{self.body}"
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    """The other site, served in earnest: a browser keeps pages that are made up from reaching a local server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _frame(source: str, name: str) -> str:
    return f'<iframe src="{source}" id="{name}" title="{name}" width="600" height="150"></iframe>'


def test_frame_becomes_as_high_as_its_content(page: Page, address: str, host: str) -> None:
    script = f'<script src="{address}/static/timeline/embed.js" async></script>'
    Site.body = _frame(f"{address}/embed/", "ours") + _frame("/liar", "liar") + script
    page.goto(host)
    inside = page.frame_locator("#ours").locator("body")
    expect(page.locator("#ours")).not_to_have_attribute("height", "150")
    height = inside.evaluate("node => Math.ceil(node.getBoundingClientRect().height)")
    expect(page.locator("#ours")).to_have_attribute("height", str(height))
    expect(page.locator("#liar")).to_have_attribute("height", "150")


def test_frame_without_the_script_stays_as_it_is(page: Page, address: str, host: str) -> None:
    Site.body = _frame(f"{address}/embed/?view=tracks", "ours")
    page.goto(host)
    expect(page.frame_locator("#ours").get_by_role("link", name="5 actions, as of edition 2")).to_be_visible()
    expect(page.locator("#ours")).to_have_attribute("height", "150")


def test_timeline_itself_is_not_shown_in_a_frame(page: Page, address: str, host: str) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    Site.body = _frame(f"{address}/", "ours")
    page.goto(host)
    expect(page.frame_locator("#ours").locator("#count")).to_have_count(0)
    assert any("frame-ancestors" in text for text in refused)


@pytest.mark.parametrize("width", [1280, 1000, 390, 320])
def test_tracks_fit_the_screen(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/?view=tracks")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    track = page.get_by_role("img", name="In effect 3 Mar 2025, then Reversed 11 Mar 2025 (in effect 8 days)")
    box = track.bounding_box()
    assert box is not None
    assert 200 < box["width"] <= width
