"""Lines of HTML for other sites: a frame that shows a selection, with or without the script that fits its height."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.translation import gettext as _

from timeline.presenting.form import Alternative
from tracker import codebook

# What the parts of a frame are high at 560 pixels of width, in pixels: its head and foot, and one entry.
_AROUND, _ENTRY, _TRACK = 150, 130, 84
_LEAST, _MOST = 240, 900


@dataclass(frozen=True)
class Frame:
    """A frame: the full address of what it shows, what it is called, and its height in pixels."""

    url: str
    title: str
    height: int


def height(entries: int, *, is_tracks: bool) -> int:
    """Return a sensible height for so many entries; a longer list scrolls within its frame."""
    wanted = _AROUND + entries * (_TRACK if is_tracks else _ENTRY)
    return max(_LEAST, min(wanted, _MOST))


def plain(frame: Frame) -> str:
    """Return the frame as HTML to copy, which a page shows as text; it needs no script."""
    return (
        f'<iframe src="{escape(frame.url)}"\n  title="{escape(frame.title)}"\n'
        f'  width="100%" height="{frame.height}" loading="lazy" style="border:0"></iframe>'
    )


def resized(frame: Frame, *, script: str) -> str:
    """Return the frame with the script at the address `script`, which makes it as high as what it shows."""
    return f'{plain(frame)}\n<script src="{escape(script)}" async></script>'


def themes(chosen: str) -> list[Alternative]:
    """Return what a frame can look like; "" follows the reader's device."""
    found = [Alternative("", _("As on the reader’s device"), not chosen)]
    return found + [Alternative(code, theme.label, code == chosen) for code, theme in codebook.THEMES.items()]
