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
    return file("actions.csv", query)


def cite(query: str = "") -> str:
    """Return the address of the page that cites a selection."""
    return reverse("timeline:cite") + (f"?{query}" if query else "")


def cite_entry(slug: str, query: str = "") -> str:
    """Return the address of the page that cites an entry."""
    return reverse("timeline:cite_action", args=[slug]) + (f"?{query}" if query else "")


def cite_file(suffix: str, *, query: str, slug: str = "") -> str:
    """Return the address of the citation as a file: of the entry `slug`, or of a selection where it is ""."""
    route = f"timeline:cite_action_{suffix}" if slug else f"timeline:cite_{suffix}"
    return reverse(route, args=[slug] if slug else []) + f"?{query}"


def data(query: str = "") -> str:
    """Return the address of the downloads of a selection."""
    return reverse("timeline:data") + (f"?{query}" if query else "")


def file(name: str, query: str = "") -> str:
    """Return the address of a file of a selection, such as actions.csv."""
    return reverse(f"timeline:{name.replace('.', '_')}") + (f"?{query}" if query else "")


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
