"""The Chromium of this machine, for tests and for pictures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright


def options() -> dict[str, Any] | None:
    """Return how to start it; None where there is none. Root may start it only without its sandbox."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return {"executable_path": found, "args": ["--no-sandbox"]} if found else None


@contextmanager
def launched() -> Iterator[Browser]:
    """Start it, and end it afterwards. Raises RuntimeError where there is none."""
    started = options()
    if started is None:
        raise RuntimeError("There is no Chromium on this machine.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**started)
        yield browser
        browser.close()
