"""For tests in Chromium: nothing that the browser refuses or cannot run may be left at the end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.desk import watched


@pytest.fixture
def faults(context: BrowserContext) -> Iterator[list[str]]:
    """Collect what the browser complains of on any page of `context`."""
    found = watched(context)
    yield found
    assert found == []
