"""What every public template, the stylesheet and the sprite must keep: strict CSP, one glyph and tint per status."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from tests.timeline import page
from timeline.views.reading import read_only
from tracker import codebook

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "timeline" / "static" / "timeline"
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.relative_to(ROOT / "templates").parts
)
STYLE = (STATIC / "timeline.css").read_text(encoding="utf-8")
SPRITE = (STATIC / "sprite.svg").read_text(encoding="utf-8")
SYMBOLS = dict(re.findall(r'<symbol id="i-([\w-]+)"[^>]*>(.*?)</symbol>', SPRITE))
SCHEMES = {
    "light": STYLE.partition("@media (prefers-color-scheme: dark)")[0],
    "dark": STYLE.partition("@media (prefers-color-scheme: dark)")[2].partition("/* Ground */")[0],
}


def _tokens(scheme: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", SCHEMES[scheme]))


def _luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" or "#rgb" (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template_has_no_inline_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template_draws_known_symbols_only(path: Path) -> None:
    named = set(re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8")))
    assert named - SYMBOLS.keys() == set()


def test_sprite_has_no_code_and_no_style() -> None:
    assert not re.search(r"<script|\son\w+=|\sstyle=", SPRITE)


@pytest.mark.parametrize("status", codebook.STATUSES.values(), ids=lambda status: status.code)
def test_status_has_a_symbol_of_its_own(status: codebook.Status) -> None:
    drawn = SYMBOLS[status.glyph]
    assert [name for name, shape in SYMBOLS.items() if shape == drawn] == [status.glyph]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("status", codebook.STATUSES.values(), ids=lambda status: status.code)
def test_status_can_be_read_on_its_tint_and_on_the_page(status: codebook.Status, scheme: str) -> None:
    tokens = _tokens(scheme)
    ink = tokens[f"s-{status.glyph}"]
    assert _contrast(ink, tokens[f"s-{status.glyph}-bg"]) >= 4.5
    assert _contrast(ink, tokens["bg"]) >= 4.5
    assert f".st-{status.glyph} {{" in STYLE


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["ink", "ink2", "ink3", "link", "error"])
@pytest.mark.parametrize("ground", ["bg", "panel"])
def test_text_can_be_read(scheme: str, ink: str, ground: str) -> None:
    tokens = _tokens(scheme)
    assert _contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_columns_stand_out_from_each_other(scheme: str) -> None:
    tokens = _tokens(scheme)
    assert _contrast(tokens["bar-m"], tokens["bar-t"]) >= 3


# --- pages that tell of a fault ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "500"])
def test_fault_page_needs_no_context(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert "Policy Change Record" in html
    assert 'name="robots" content="noindex"' in html


@pytest.mark.django_db
def test_missing_page_is_told_in_the_look(client: Client) -> None:
    html = page.get(client, "/nowhere/", status=404)
    assert "<h1>Page not found</h1>" in html
    assert "timeline.css" in html


def test_other_methods_are_told_in_the_look(rf: RequestFactory) -> None:
    view = read_only(lambda *_: pytest.fail("was called"))
    response = view(rf.post("/"))
    assert response.status_code == 405
    assert b"This page can only be read" in getattr(response, "content", b"")
