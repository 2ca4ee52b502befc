"""For search engines: every page that stands, in parts of at most 50,000 addresses, and the list of these parts.

Drafts are not here, since only the ledger is read; nor are retracted entries, removed or merged terms. Like the other
files of the record each part shows one edition; a query string narrows the entries.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from itertools import islice
from math import ceil
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import rfc3339_date
from django.utils.translation import override
from django.utils.xmlutils import SimplerXMLGenerator

from timeline.exports.base import Export, Size
from timeline.exports.chunks import CHUNK, chunks
from timeline.exports.companions import by_key
from timeline.presenting import links
from timeline.selection import Selection
from timeline.terms import PARAMETERS, is_redacted
from tracker import codebook, dates
from tracker.models.ledger import PublishedTerm
from tracker.models.pages import SLUGS

LARGEST = 50_000  # addresses of one part, as the protocol has it
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_FIXED = ("timeline", "changes", "corrections", "method", "data", "api_documentation")

Addresses = Iterator[tuple[str, datetime | None]]
"""Paths of ours, each with the instant of its last change, where it has one."""


class Sitemap(Export):
    """A list of addresses as XML."""

    suffix = "xml"
    content_type = "application/xml; charset=utf-8"
    is_saved = False
    # What the list and each of its items is called.
    outer, inner = "urlset", "url"

    def measure(self, selection: Selection) -> Size:
        return Size(rows=None, length=None)

    @abstractmethod
    def addresses(self, selection: Selection, *, chunk: int) -> Addresses:
        """Yield what is listed."""

    def content(self, selection: Selection, size: Size, *, first: int = 0, chunk: int = CHUNK) -> Iterator[bytes]:
        listed = self.addresses(selection, chunk=chunk)
        yield f'<?xml version="1.0" encoding="utf-8"?>\n<{self.outer} xmlns="{_SPACE}">'.encode()
        while part := self._written(listed, chunk=chunk):
            yield part
        yield f"</{self.outer}>".encode()

    def _written(self, listed: Addresses, *, chunk: int) -> bytes:
        """Return the next `chunk` of what is listed; nothing at its end."""
        text = StringIO()
        xml: Any = SimplerXMLGenerator(text, "utf-8")
        with override(settings.LANGUAGE_CODE):
            for path, changed in islice(listed, chunk):
                xml.startElement(self.inner, {})
                xml.addQuickElement("loc", settings.PUBLIC_URL + path)
                if changed:
                    xml.addQuickElement("lastmod", rfc3339_date(changed))
                xml.endElement(self.inner)
        return text.getvalue().encode()


class Part(Sitemap):
    """A part: at most LARGEST of the addresses of one kind, by its number from 1."""

    def __init__(self, number: int = 1) -> None:
        self.number = number

    def numbered(self, number: int) -> Part:
        """Return another part of the same kind; that it exists is asked for when it is read."""
        return type(self)(number)

    @property
    def file(self) -> str:
        return f"{self.stem}-{self.number}.{self.suffix}"

    @abstractmethod
    def count(self, selection: Selection) -> int:
        """Return how many addresses of this kind there are. At most one query."""

    def parts(self, selection: Selection) -> int:
        """Return how many parts there are; without any address there is an empty one."""
        return max(1, ceil(self.count(selection) / LARGEST))

    @property
    def first(self) -> int:
        """The place of its first address among all of the kind, from 0."""
        return (self.number - 1) * LARGEST

    def measure(self, selection: Selection) -> Size:
        if self.number < 1 or (self.number > 1 and self.number > self.parts(selection)):
            raise Http404("There is no such part.")
        return super().measure(selection)


class Pages(Part):
    """The pages about the record, and those of its terms."""

    stem = "sitemap-pages"

    def count(self, selection: Selection) -> int:
        return len(_pages(selection))

    def addresses(self, selection: Selection, *, chunk: int) -> Addresses:
        return ((path, None) for path in _pages(selection)[self.first : self.first + LARGEST])


class Sources(Part):
    """The sources that entries cite, or once did, by key."""

    stem = "sitemap-sources"

    def count(self, selection: Selection) -> int:
        return _sources(selection).count()

    def addresses(self, selection: Selection, *, chunk: int) -> Addresses:
        rows = _sources(selection)
        if self.first:
            begin = rows.order_by("slug").values_list("slug", flat=True)[self.first]
            rows = rows.filter(slug__gte=begin)
        listed = (slug for found in by_key(rows, "slug", chunk=chunk) for (slug,) in found)
        return ((links.source(slug), None) for slug in islice(listed, LARGEST))


class Entries(Part):
    """The entries that stand, in the order of the selection."""

    stem = "sitemap-entries"

    def count(self, selection: Selection) -> int:
        return selection.narrowed().count()

    def addresses(self, selection: Selection, *, chunk: int) -> Addresses:
        keys = selection.rows().values_list(f"projection__{selection.order}", "projection__slug")
        after = keys[self.first - 1] if self.first else None
        rows = (row for found in chunks(selection, "projection__changed", chunk=chunk, after=after) for row in found)
        return ((links.action(slug), dates.instant_of(changed)) for _, slug, changed in islice(rows, LARGEST))


class Index(Sitemap):
    """The list of all parts."""

    stem = "sitemap"
    outer, inner = "sitemapindex", "sitemap"

    def addresses(self, selection: Selection, *, chunk: int) -> Addresses:
        changed = selection.edition.published_at if selection.edition else None
        for each in PARTS:
            for number in range(1, each.parts(selection) + 1):
                yield links.sitemap(each.stem, number), changed


def _pages(selection: Selection) -> list[str]:
    """Return the addresses of the fixed pages and of the standing terms that were not merged into others."""
    terms = [
        links.term_page(kind, slug)
        for kind in PARAMETERS
        for slug, term in sorted(selection.vocabulary.standing.get(kind, {}).items())
        if selection.vocabulary.survivor(kind, slug) == slug and not is_redacted(term)
    ]
    indexes = [links.term_index(kind) for kind in codebook.TERM_KINDS]
    fixed = [reverse(f"timeline:{name}") for name in _FIXED]
    return [*fixed, *map(links.policy, SLUGS), *indexes, *terms]


def _sources(selection: Selection) -> Any:
    return PublishedTerm.objects.sealed_by(selection.number).filter(kind="source").exclude(record="")


INDEX = Index()
PARTS: tuple[Part, ...] = (Pages(), Entries(), Sources())
