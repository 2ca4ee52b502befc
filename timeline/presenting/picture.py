"""The picture that stands beside a link elsewhere: 1200 by 630 pixels, drawn from words alone.

The same words give the same bytes on the same machine. Fonts are those of the system (or CARD_FONT): a script that
none of them knows is drawn as boxes, and signs without a letter, such as emoji, are left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from timeline.presenting.glyphs import glyph

SIZE = (1200, 630)
FORMAT = 1
"""Part of every ETag: raise it when the same words would be drawn otherwise."""

_INK, _QUIET, _PAPER, _RULE = "#1a1c20", "#494d55", "#fcfbf8", "#d8d4c9"
# Ink and tint of each status by its glyph: the light tokens of the stylesheet, which a test holds against it.
TINTS = {
    "reported": ("#4a463f", "#eeebe3"),
    "announced": ("#22477a", "#e5ecf7"),
    "in-effect": ("#0a4d57", "#d9eeee"),
    "partly-in-effect": ("#1d4f4a", "#e7f1ee"),
    "on-hold": ("#6b4600", "#fbeccb"),
    "blocked": ("#8a1c3a", "#f9e3e8"),
    "reversed": ("#54307f", "#ede5f7"),
    "superseded": ("#6a2660", "#f6e4f3"),
    "expired": ("#5c4229", "#f0e7dc"),
    "withdrawn": ("#40485c", "#e6e8ef"),
    "took-place": ("#3f444b", "#e8e8e8"),
}
# Marks without a shape, some of which turn the direction of what follows; two of them only join letters.
_UNSEEN, _JOINERS = ("Cf", "Cs", "Co", "Cn"), "\u200c\u200d"
# Marks over a letter beyond the third: no script piles them higher, and each costs as much as all before it.
_PILED = re.compile(r"(?<=[\u0300-\u036f]{3})[\u0300-\u036f]+")
_MARGIN = 72
_WIDTH = SIZE[0] - 2 * _MARGIN
_MOST_CHARACTERS = 400
"""More is never legible in four lines; what is longer is cut before it is measured."""
_MOST_LINES = 4
_TITLE_SIZES = (66, 58, 50)
# Looked for in the system's own folders; the first that knows all letters is taken, else the one that lacks fewest.
_TITLE_FONTS = (
    *("NotoSerif-Bold.ttf", "DejaVuSerif-Bold.ttf", "LiberationSerif-Bold.ttf", "Georgia Bold.ttf", "georgiab.ttf"),
    *("NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf", "NotoSansArabic-Bold.ttf", "NotoSansCJK-Bold.ttc", "arialbd.ttf"),
)
_TEXT_FONTS = (
    *("NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf"),
    *("NotoSansArabic-Regular.ttf", "NotoSansCJK-Regular.ttc"),
)

Font = Any


@dataclass(frozen=True)
class Words:
    """What a picture says: a title, a status by its glyph and word ("" for none), and one quiet line at the foot.

    `line` stands beside the status, `foot` and `corner` at the bottom, left and right.
    """

    title: str
    foot: str
    corner: str
    line: str = ""
    glyph: str = ""
    status: str = ""


@lru_cache(maxsize=64)
def picture(words: Words, *, font: str = "") -> bytes:
    """Return the picture as PNG, about 30 KB; `font` is the path of a font file that comes before the system's."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], 14), fill=_INK)
    top = 76
    if words.glyph or words.line:
        _draw_status(image, pen, words, top, font=font)
        top += 92
    _draw_title(pen, words.title, top, font=font)
    _draw_foot(pen, words, font=font)
    sent = BytesIO()
    image.save(sent, "PNG", optimize=True)
    return sent.getvalue()


# --- words ---------------------------------------------------------------------------------------------------------


def clean(text: str, font: Font) -> str:
    """Return `text` in one line without control and direction marks, and without signs that `font` lacks."""
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text[:4000])
    kept = "".join(sign for sign in kept if sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN)
    kept = _PILED.sub("", " ".join(kept.split()))[:_MOST_CHARACTERS]
    lacking = {sign for sign in set(kept) if _is_sign(sign) and not _has(font, sign)}
    return " ".join("".join(sign for sign in kept if sign not in lacking).split())


def _is_sign(sign: str) -> bool:
    """Whether it is a symbol or a mark of its own: an emoji, a variation selector."""
    return unicodedata.category(sign) in ("So", "Sk", "Mn", "Me") and not sign.isascii()


def _has(font: Font, sign: str) -> bool:
    """Whether `font` knows a sign: one that it lacks looks like one that nobody has."""
    return bytes(font.getmask(sign)) != bytes(font.getmask("\U0010fffe"))


def wrapped(text: str, font: Font, *, width: int, most: int = _MOST_LINES) -> list[str]:
    """Return `text` in lines of at most `width` pixels; after `most` lines it is cut and marked with an ellipsis."""
    lines: list[str] = []
    left = text
    while left and len(lines) < most:
        line, left = _first_line(left, font, width)
        lines.append(line)
    if left:
        lines[-1] = _cut(lines[-1], font, width)
    return lines


def _first_line(text: str, font: Font, width: int) -> tuple[str, str]:
    """Return as much of `text` as fits, up to a blank where there is one, and the rest."""
    if font.getlength(text) <= width:
        return text, ""
    fits = _fitting(text, font, width)
    head = text[:fits]
    if " " in head and text[fits : fits + 1] != " ":
        head = head[: head.rindex(" ")]
    return head.rstrip(), text[len(head) :].lstrip()


def _fitting(text: str, font: Font, width: int) -> int:
    """Return how many of the first characters fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle - 1)
    return low


def _cut(line: str, font: Font, width: int) -> str:
    return line[: _fitting(f"{line}…", font, width - int(font.getlength("…")))].rstrip(" ,;:–-") + "…"


def _face(text: str, size: int, *, names: tuple[str, ...], path: str) -> Font:
    """Return the font in which `text` is drawn: that at `path` before those of the system."""
    letters = {sign for sign in text[:_MOST_CHARACTERS] if sign.isalnum()}
    best, fewest = ImageFont.load_default(size), len(letters) + 1
    for font in filter(None, (_installed(name, size) for name in (path, *names) if name)):
        lacking = sum(not _has(font, sign) for sign in letters)
        if lacking < fewest:
            best, fewest = font, lacking
        if not lacking:
            break
    return best


@lru_cache(maxsize=64)
def _installed(name: str, size: int) -> Font | None:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


# --- drawing -------------------------------------------------------------------------------------------------------


def _draw_title(pen: ImageDraw.ImageDraw, title: str, top: int, *, font: str) -> None:
    """Draw the title in the largest size in which it fits; the smallest cuts it."""
    for size in _TITLE_SIZES:
        face = _face(title, size, names=_TITLE_FONTS, path=font)
        text = clean(title, face)
        lines = wrapped(text, face, width=_WIDTH)
        if len(wrapped(text, face, width=_WIDTH, most=_MOST_LINES + 1)) <= _MOST_LINES:
            break
    left, anchor = (SIZE[0] - _MARGIN, "ra") if _runs_left(text) else (_MARGIN, "la")
    for place, line in enumerate(lines):
        pen.text((left, top + place * size * 1.22), line, font=face, fill=_INK, anchor=anchor)


def _runs_left(text: str) -> bool:
    """Whether a text begins in a script that is written from right to left."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((each for each in strong if each in ("L", "R", "AL")), "L") != "L"


def _draw_foot(pen: ImageDraw.ImageDraw, words: Words, *, font: str) -> None:
    face = _face(words.foot + words.corner, 30, names=_TEXT_FONTS, path=font)
    corner = clean(words.corner, face)
    foot = wrapped(clean(words.foot, face), face, width=_WIDTH - int(face.getlength(corner)) - 40, most=1)
    pen.line((_MARGIN, 532, SIZE[0] - _MARGIN, 532), fill=_RULE, width=3)
    pen.text((_MARGIN, 552), "".join(foot), font=face, fill=_QUIET)
    pen.text((SIZE[0] - _MARGIN, 552), corner, font=face, fill=_QUIET, anchor="ra")


def _draw_status(image: Image.Image, pen: ImageDraw.ImageDraw, words: Words, top: int, *, font: str) -> None:
    """Draw the status as a tag, as on the page, and the line beside it."""
    face = _face(words.status + words.line, 32, names=_TEXT_FONTS, path=font)
    left = _MARGIN
    if words.glyph:
        ink, tint = TINTS[words.glyph]
        label = clean(words.status, face)
        width = int(face.getlength(label)) + 84
        pen.rounded_rectangle((left, top, left + width, top + 58), 8, fill=tint)
        image.paste(ink, (left + 20, top + 15), glyph(words.glyph))
        pen.text((left + 62, top + 29), label, font=face, fill=ink, anchor="lm")
        left += width + 24
    line = wrapped(clean(words.line, face), face, width=SIZE[0] - _MARGIN - left, most=1)
    pen.text((left, top + 29), "".join(line), font=face, fill=_QUIET, anchor="lm")
