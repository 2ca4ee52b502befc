"""An Atom document (RFC 4287) that may be one of several (RFC 5005), as Django's generator does not write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from timeline.presenting.syndication import Category, printable

_HISTORY = "http://purl.org/syndication/history/1.0"


class _Writer(SimplerXMLGenerator):
    """Replaces what XML refuses instead of failing on it."""

    def characters(self, content: str) -> None:
        super().characters(printable(content))

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the name that SAX gives it
        clean: Any = {key: printable(value) for key, value in attrs.items()}
        super().startElement(name, clean)


class AtomDocument(Atom1Feed):
    """Takes three more things of a feed: `updated`, `links` (relation, address), `is_archive`; and of an item
    `summary` (plain text), `version_link` and `labelled`, its categories."""

    def write(self, outfile: Any, encoding: str) -> None:
        handler = _Writer(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def latest_post_date(self) -> datetime:
        """Return when the feed last changed: never the clock, or an empty feed would always be new."""
        updated: datetime = self.feed["updated"]
        return updated

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:fh": _HISTORY}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", self.feed["generator"])
        for relation, href in self.feed["links"]:
            handler.addQuickElement("link", "", {"rel": relation, "href": href})
        if self.feed["is_archive"]:
            handler.addQuickElement("fh:archive")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("link", "", {"rel": "related", "href": item["version_link"]})
        _add_categories(handler, item["labelled"])
        if item["summary"]:
            handler.addQuickElement("summary", item["summary"], {"type": "text"})


def _add_categories(handler: Any, categories: Iterable[Category]) -> None:
    for each in categories:
        handler.addQuickElement("category", "", {"scheme": each.scheme, "term": each.term, "label": each.label})
