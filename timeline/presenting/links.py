"""Addresses within the timeline, and which foreign addresses may become links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from tracker import codebook


@dataclass(frozen=True)
class TermLink:
    """A name that leads to the actions that carry it; `href` is "" for a finding such as "Not named"."""

    name: str
    href: str = ""


def timeline(query: str = "") -> str:
    """Return the address of the timeline under a canonical query string."""
    return reverse("timeline:timeline") + (f"?{query}" if query else "")


def action(slug: str, query: str = "") -> str:
    """Return the address of an entry; `query` lets its page lead back to the list it was found on."""
    return reverse("timeline:action", args=[slug]) + (f"?{query}" if query else "")


def csv(query: str = "") -> str:
    """Return the address of the CSV file of the same selection."""
    return reverse("timeline:actions_csv") + (f"?{query}" if query else "")


def filtered(name: str, value: str, *, as_of: str = "") -> str:
    """Return the address of the timeline under this one filter, of the same edition where one is pinned."""
    pairs = {name: value} | ({"as_of": as_of} if as_of else {})
    return timeline(urlencode(pairs))


def term(name: str, named: Mapping[str, str] | None, *, as_of: str = "") -> TermLink | None:
    """Return the link of a term as the record prints it; None where nothing is recorded."""
    if named is None:
        return None
    if named["slug"] in (codebook.NOT_NAMED, codebook.NOT_KNOWN):
        return TermLink(named["name"])
    return TermLink(named["name"], filtered(name, named["slug"], as_of=as_of))


def safe(url: str | None) -> str:
    """Return a foreign address if it may be opened from our page, else "".

    The record takes http and https alone; a page looks again before it makes a link of anything.
    """
    return url if url and url.lower().startswith(("https://", "http://")) else ""
