"""What docs/privacy.md says of readers: no cookie, nothing kept in the browser, nothing loaded from elsewhere."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests import factories

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "timeline/static").rglob("*.js"))
PAGES = ["/", "/actions/named/", "/method/", "/data/", "/changes/", "/embed/", "/no-such-page", "/?as_of=x"]
LOADED = re.compile(r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|data|srcset)=\"([^\"]*)\"")
LINKED = re.compile(r"<link\b[^>]*\brel=\"(?:stylesheet|icon|preload|preconnect|dns-prefetch)\"[^>]*>")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_page_sets_no_cookie(client: Client, path: str) -> None:
    factories.published(slug="named")
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_page_loads_nothing_from_elsewhere(client: Client, path: str) -> None:
    factories.published(slug="named")
    html = client.get(path).content.decode()
    assert LINKED.search(html)
    found = [*LOADED.findall(html), *(re.findall(r'href="([^"]*)"', tag)[0] for tag in LINKED.findall(html))]
    assert [address for address in found if not address.startswith(("/static/", "/card", "/actions/", "data:"))] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_keeps_nothing_in_the_browser(script: Path) -> None:
    said = script.read_text(encoding="utf-8")
    assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie|sendBeacon", said)
