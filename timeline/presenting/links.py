"""Addresses within the timeline, and which foreign addresses may become links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from timeline.terms import DIMENSIONS
from tracker import codebook


@dataclass(frozen=True)
class TermLink:
    """A name that leads to its page or its actions; `href` is "" for a finding such as "Not named".

    `is_said` tells that the name is in the language of the page, not in that of the record.
    """

    name: str
    href: str = ""
    is_said: bool = False


def timeline(query: str = "") -> str:
    """Return the address of the timeline under a canonical query string."""
    return reverse("timeline:timeline") + (f"?{query}" if query else "")


def action(slug: str, query: str = "") -> str:
    """Return the address of an entry; `query` lets its page lead back to the list it was found on."""
    return reverse("timeline:action", args=[slug]) + (f"?{query}" if query else "")


def version(slug: str, number: int, query: str = "") -> str:
    """Return the address of one version of an entry."""
    return reverse("timeline:version", args=[slug, number]) + (f"?{query}" if query else "")


def compare(slug: str, first: int, second: int, *, as_of: str = "") -> str:
    """Return the address of the comparison of two versions of an entry."""
    pairs = {"from": first, "to": second} | ({"as_of": as_of} if as_of else {})
    return reverse("timeline:compare", args=[slug]) + f"?{urlencode(pairs)}"


def entry_json(slug: str, query: str = "") -> str:
    """Return the address of an entry in the API."""
    return reverse("timeline:api_action", args=[slug]) + (f"?{query}" if query else "")


def changes(query: str = "") -> str:
    """Return the address of the list of editions."""
    return reverse("timeline:changes") + (f"?{query}" if query else "")


def edition(number: int, query: str = "") -> str:
    """Return the address of all that one edition changed."""
    return reverse("timeline:edition", args=[number]) + (f"?{query}" if query else "")


def corrections(query: str = "") -> str:
    """Return the address of the list of corrections."""
    return reverse("timeline:corrections") + (f"?{query}" if query else "")


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


def embed(query: str = "") -> str:
    """Return the address of a selection as other sites frame it."""
    return reverse("timeline:embed") + (f"?{query}" if query else "")


def embed_code(query: str = "") -> str:
    """Return the address of the page with the lines that embed a selection."""
    return reverse("timeline:embed_code") + (f"?{query}" if query else "")


def card(slug: str = "", query: str = "") -> str:
    """Return the address of the picture that stands beside a link: of an entry, or of the site where it is ""."""
    path = reverse("timeline:action_card", args=[slug]) if slug else reverse("timeline:card")
    return path + (f"?{query}" if query else "")


def data(query: str = "") -> str:
    """Return the address of the downloads of a selection."""
    return reverse("timeline:data") + (f"?{query}" if query else "")


def method(anchor: str = "") -> str:
    """Return the address of the method page, or of one place on it."""
    return reverse("timeline:method") + (f"#{anchor}" if anchor else "")


def file(name: str, query: str = "") -> str:
    """Return the address of a file of a selection, such as actions.csv."""
    return reverse(f"timeline:{name.replace('.', '_')}") + (f"?{query}" if query else "")


def feed_document(route: str, query: str = "", *, archive: int = 0) -> str:
    """Return the address of a feed by its route, or of one of its archive documents."""
    path = reverse(f"timeline:{route}_archive", args=[archive]) if archive else reverse(f"timeline:{route}")
    return path + (f"?{query}" if query else "")


def feed(query: str = "") -> str:
    """Return the address of the feed of new entries of a selection."""
    return feed_document("feed", query)


def changes_feed(query: str = "") -> str:
    """Return the address of the feed of all changes to the entries of a selection."""
    return feed_document("changes_feed", query)


def corrections_feed(query: str = "") -> str:
    """Return the address of the feed of corrections and retractions of the entries of a selection."""
    return feed_document("corrections_feed", query)


def sitemap(part: str = "", number: int = 1) -> str:
    """Return the address of the list of all pages, or of a part of it, such as sitemap-entries."""
    return reverse(f"timeline:{part}", args=[number]) if part else reverse("timeline:sitemap")


def calendar(query: str = "") -> str:
    """Return the address of the calendar of a selection."""
    return file("calendar.ics", query)


def filtered(name: str, value: str, *, as_of: str = "") -> str:
    """Return the address of the timeline under this one filter, of the same edition where one is pinned."""
    pairs = {name: value} | ({"as_of": as_of} if as_of else {})
    return timeline(urlencode(pairs))


def term_page(kind: str, slug: str, *, as_of: str = "", query: str = "") -> str:
    """Return the address of a term or source; `query` is canonical, `as_of` what is pinned where that is all."""
    query = query or (urlencode({"as_of": as_of}) if as_of else "")
    return reverse(f"timeline:{kind}", args=[slug]) + (f"?{query}" if query else "")


def source(slug: str, as_of: str = "") -> str:
    """Return the address of the page of a source."""
    return term_page("source", slug, as_of=as_of)


def term_index(kind: str, query: str = "") -> str:
    """Return the address of the list of all terms of a kind (of TERM_KINDS)."""
    return reverse(f"timeline:{codebook.TERM_KINDS[kind].plural}") + (f"?{query}" if query else "")


def term(name: str, named: Mapping[str, str] | None, *, as_of: str = "") -> TermLink | None:
    """Return the link of a term to its page, as the record prints it; None where nothing is recorded.

    `name` is the parameter by which it is asked for.
    """
    if named is None:
        return None
    if named["slug"] in (codebook.NOT_NAMED, codebook.NOT_KNOWN):
        return TermLink(named["name"])
    return TermLink(named["name"], term_page(DIMENSIONS[name], named["slug"], as_of=as_of))


def policy(slug: str, wording: str = "") -> str:
    """Return the address of one of the site's texts about itself, of that wording where one is named."""
    base = reverse("timeline:about") if slug == "about" else reverse("timeline:policy", args=[slug])
    return base + (f"?{urlencode({'wording': wording})}" if wording else "")


def safe(url: str | None) -> str:
    """Return a foreign address if it may be opened from our page, else "".

    The record takes http and https alone; a page looks again before it makes a link of anything.
    """
    return url if url and url.lower().startswith(("https://", "http://")) else ""
