"""Pictures beside shared links: the right size, the same bytes, whatever a title holds; only of what stands."""

from datetime import timedelta
from io import BytesIO
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from tests import factories
from tests.timeline.scene import FIRST, publish_scene
from tests.timeline.test_templates import SCHEMES, SYMBOLS, _tokens
from timeline.presenting.glyphs import GLYPHS, glyph
from timeline.presenting.picture import TINTS, Words, picture, wrapped
from tracker import codebook, publishing

HOSTILE = {
    "right to left": "تعليق المساعدات العسكرية لأوكرانيا",
    "both directions": "Aid 100% השעיית paused",
    "emoji": "Aid paused 🎉👩‍👩‍👧🏽 for review",
    "another script": "制裁の解除 ゼロ",
    "control characters": "Aid\0paused\x08\x1b[31m\u202eonce\r\nmore\ufeff",
    "a lone surrogate": "Aid \ud800 paused",
    "marks piled up": "Z" + "\u0301" * 2000,
    "one long word": "W" * 20_000,
    "many words": "Aid paused " * 2_000,
    "only signs that nobody draws": "\u200b\u2060\U000e0001",
    "nothing": "",
}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    picture.cache_clear()


def _words(title: str, **values: str) -> Words:
    return Words(title=title, **({"foot": "Record", "corner": "Edition 1"} | values))


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


# --- drawing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_is_drawn_quickly(text: str) -> None:
    begun = perf_counter()
    content = picture(_words(text, line=text, status=text, glyph="reversed", foot=text))
    assert _opened(content).size == (1200, 630)
    assert perf_counter() - begun < 5


def test_same_words_give_the_same_bytes() -> None:
    first = picture(_words("Aid paused", status="Reversed", glyph="reversed"))
    picture.cache_clear()
    assert picture(_words("Aid paused", status="Reversed", glyph="reversed")) == first


def test_other_words_give_another_picture() -> None:
    assert picture(_words("Aid paused")) != picture(_words("Aid resumed"))


def test_font_that_is_not_there_gives_way_to_the_systems() -> None:
    assert picture(_words("Aid paused"), font="/nowhere/font.ttf") == picture(_words("Aid paused"))


@pytest.mark.parametrize("status", codebook.STATUSES.values(), ids=lambda status: status.code)
def test_status_has_the_colours_of_the_page(status: codebook.Status) -> None:
    tokens = dict(_tokens("light"))
    assert TINTS[status.glyph] == (tokens[f"s-{status.glyph}"], tokens[f"s-{status.glyph}-bg"])
    assert "light" in SCHEMES


def test_every_status_has_a_symbol_of_its_own() -> None:
    drawn = {name: glyph(name).tobytes() for name in GLYPHS}
    assert drawn.keys() == {status.glyph for status in codebook.STATUSES.values()}
    assert len(set(drawn.values())) == len(drawn)
    assert drawn.keys() <= SYMBOLS.keys()


class _Typewriter:
    """A font of which each sign is ten pixels wide."""

    def getlength(self, text: str) -> float:
        return len(text) * 10.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Aid paused", ["Aid paused"], id="fits"),
        pytest.param("Aid to Ukraine paused", ["Aid to", "Ukraine", "paused"], id="at blanks"),
        pytest.param("W" * 25, ["W" * 10, "W" * 10, "W" * 5], id="a long word is broken"),
        pytest.param("one two three four five six", ["one two", "three four", "five six"], id="to the last line"),
        pytest.param("W" * 40, ["W" * 10, "W" * 10, "W" * 9 + "…"], id="cut"),
    ],
)
def test_title_is_wrapped(text: str, expected: list[str]) -> None:
    assert wrapped(text, _Typewriter(), width=100, most=3) == expected


# --- answers -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/card.png", "/actions/pause/card.png", "/card.png?status=reversed"])
def test_picture_is_sent(client: Client, path: str) -> None:
    publish_scene()
    response: Any = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    assert _opened(response.content).size == (1200, 630)


@pytest.mark.django_db
def test_site_has_a_picture_before_the_first_edition(client: Client) -> None:
    assert client.get("/card.png").status_code == 200


@pytest.mark.django_db
def test_picture_that_is_there_already_is_not_sent_again(client: Client) -> None:
    factories.published(slug="pause")
    seal = client.get("/actions/pause/card.png").headers["ETag"]
    response = client.get("/actions/pause/card.png", headers={"if-none-match": seal})
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.django_db
def test_picture_changes_with_the_entry(client: Client) -> None:
    action = factories.published(slug="pause")
    before = client.get("/actions/pause/card.png").headers["ETag"]
    factories.publish(factories.edit(action, title="Aid cut"), change="corrected", at=FIRST)
    assert client.get("/actions/pause/card.png").headers["ETag"] != before


@pytest.mark.django_db
def test_pinned_picture_is_that_of_its_edition(client: Client) -> None:
    action = factories.published(slug="pause")
    before: Any = client.get("/actions/pause/card.png")
    factories.publish(factories.edit(action, title="Aid cut"), change="corrected", at=FIRST)
    pinned: Any = client.get("/actions/pause/card.png?as_of=1")
    assert pinned.content == before.content
    assert pinned.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/actions/draft/card.png", 404),
        ("/actions/nothing/card.png", 404),
        ("/actions/pause/card.png?as_of=0", 404),
        ("/actions/pause/card.png?as_of=99", 400),
        ("/card.png?status=gone", 400),
    ],
)
def test_what_is_not_public_has_no_picture(client: Client, path: str, status: int) -> None:
    factories.published(slug="pause")
    factories.save(slug="draft", title="canary")
    response: Any = client.get(path)
    assert response.status_code == status
    assert b"canary" not in response.content
    assert response.headers["Content-Type"] != "image/png"


@pytest.mark.django_db
def test_retracted_entry_has_no_picture_but_its_earlier_edition_has(client: Client) -> None:
    factories.published(slug="pause", at=FIRST)
    _retract("pause")
    assert client.get("/actions/pause/card.png").status_code == 410
    assert client.get("/actions/pause/card.png?as_of=1").status_code == 200


def _retract(slug: str) -> None:
    publishing.retract(slug, reason="out_of_scope", note="No entry.", at=FIRST + timedelta(hours=1), by=None)


@pytest.mark.django_db
def test_redacted_entry_has_no_picture(client: Client) -> None:
    factories.published(slug="pause", title="canary")
    factories.published(slug="other")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_publishedaction SET redacted_in = 2, record = '', csv = '', change_note = ''"
            " WHERE slug = 'pause'"
        )
    response: Any = client.get("/actions/pause/card.png?as_of=1")
    assert response.status_code == 451
    assert b"canary" not in response.content
