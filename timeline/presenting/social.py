"""How a page is shown where its address is shared: title, description, picture (OpenGraph, Twitter), linked data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from timeline.presenting.picture import SIZE
from timeline.presenting.words import cut
from tracker import codebook, dates

MOST_DESCRIBED = 200
"""Characters of a description; what shows it cuts longer ones in the middle of a word."""


@dataclass(frozen=True)
class Social:
    """A page in a few words; addresses are full ones. `kind` is article for an entry, else website.

    `data` are the objects of its linked data (timeline.presenting.linked).
    """

    title: str
    description: str
    url: str
    image: str
    image_alt: str
    kind: str = "website"
    data: Sequence[Mapping[str, Any]] = field(default=())

    @property
    def width(self) -> int:
        """The picture's width in pixels."""
        return SIZE[0]

    @property
    def height(self) -> int:
        """The picture's height in pixels."""
        return SIZE[1]


def described(text: str) -> str:
    """Return a text in one line, cut at a word."""
    return cut(" ".join(text.split()), MOST_DESCRIBED)


def entry_description(entry: Mapping[str, Any]) -> str:
    """Return what an entry says of itself: where it stands, then the decision."""
    told = [entry["where_it_stands"] or "", entry["summary"] or ""]
    return described(" ".join(filter(None, told)) or entry_line(entry))


def entry_line(entry: Mapping[str, Any]) -> str:
    """Return an entry's status, date and agency in one line: "Reversed, 3 Mar 2025, White House"."""
    status = codebook.STATUSES[entry["derived"]["status"]].label
    return ", ".join(filter(None, [status, *entry_facts(entry)]))


def entry_facts(entry: Mapping[str, Any]) -> list[str]:
    """Return an entry's date and, where it is known, its agency."""
    agency = entry["agency"]
    is_known = agency and agency["slug"] != codebook.NOT_KNOWN
    return [dates.display(entry["date"]), *([agency["name"]] if is_known else [])]


def image_alt(title: str, line: str) -> str:
    """Return what the picture says, for those who do not see it."""
    return _("%(title)s. %(line)s") % {"title": title.rstrip("."), "line": line}
