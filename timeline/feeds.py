"""For readers who subscribe: a selection as Atom feeds of its new entries, its changes, its corrections.

The order is that of publication: edition, then slug; `sort` is taken, since one query string serves every rendering,
and asks nothing here. The document at the plain address holds the newest 50 items, and those that do not fill a
document yet (50 to 99 in all). Older ones stand in archive documents of 50 (RFC 5005), counted from the oldest, so
that a new item moves none, and pinned to an edition, so that a document once read never changes, a redaction apart.

New entries are the rows of the selection as they stand: how they are divided is a matter of the edition, and each
edition has archives of its own. What was changed stays changed: the archives of all changes are pinned to the edition
of their newest item and keep their address for ever. Where filters choose the entries, what they chose is again a
matter of the edition.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from json import loads
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from timeline.atom import AtomDocument
from timeline.changes import CORRECTING, Version, entry_of, moved, relations_beside, versions
from timeline.exports.base import BuiltExport, Size
from timeline.exports.chunks import CHUNK
from timeline.identifiers import Names, names
from timeline.presenting import links, syndication
from timeline.presenting.summary import filters_told
from timeline.presenting.syndication import Category, Item
from timeline.selection import Selection
from timeline.selection.chips import filters
from tracker.columns.descriptor import LICENCE

PAGE = 50
"""Items of an archive document, and the fewest of the newest document once there are so many."""
_SHOWN = ("published", "updated", *CORRECTING)  # what feeds tell of all changes (codebook 9)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_GENERATOR = "Policy change timeline"


@dataclass(frozen=True)
class _Document:
    """The items [first, last) of a feed, counted from the oldest, and the number of the archive before it; 0: none."""

    first: int
    last: int
    before: int


class Feed(BuiltExport):
    """One feed of a selection: its newest document, or an archive document by its number from 1."""

    suffix = "atom"
    content_type = "application/atom+xml; charset=utf-8"
    is_saved = False
    route: str  # that of the newest document; an archive document has "_archive" behind

    def __init__(self, title: Promise) -> None:
        self.title = title
        self.archive: int | None = None

    def archived(self, number: int) -> Feed:
        """Return an archive document of this feed; that it exists is asked for when it is read."""
        document = copy(self)
        document.archive = number
        return document

    def address(self, query: str, *, archive: int = 0) -> str:
        """Return the address of the newest document, or of an archive document."""
        return links.feed_document(self.route, query, archive=archive)

    @property
    def file(self) -> str:
        return f"{self.stem}/archive/{self.archive}.atom" if self.archive is not None else super().file

    @abstractmethod
    def rows(self, selection: Selection) -> QuerySet[Any, Any]:
        """Return what becomes an item each, the oldest first."""

    @abstractmethod
    def items(self, selection: Selection, rows: Sequence[Any]) -> list[Item]:
        """Return the items of these rows. At most one query."""

    @abstractmethod
    def pin(self, selection: Selection, row: Any) -> int:
        """Return the edition that fixes the archive document whose newest row this is."""

    @abstractmethod
    def page(self, query: str) -> str:
        """Return the address of the page that shows the same."""

    def problems(self, selection: Selection) -> dict[str, list[str]]:
        if self.archive is not None and selection.values.get("as_of") is None:
            return {"as_of": [_("An archive document is named with the edition that fixes it, such as as_of=42.")]}
        return {}

    def etag(self, selection: Selection) -> str:
        """Return the strong ETag; what the site calls itself is in every document."""
        parts = (super().etag(selection), settings.PUBLIC_URL, settings.SITE_NAME, settings.LANGUAGE_CODE)
        return f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'

    def measure(self, selection: Selection) -> Size:
        if self.archive is not None:
            self._document(selection)  # an absent one is absent for HEAD too
        return Size(rows=None, length=None)

    def build(self, selection: Selection, file: BinaryIO, *, chunk: int = CHUNK) -> None:
        document = self._document(selection)
        # One row more: the newest of the archive document before this one.
        start = document.first - 1 if document.before else document.first
        rows = list(self.rows(selection)[start : document.last])
        previous = ""
        if document.before:
            before, *rows = rows
            query = selection.query(sort=None, as_of=self.pin(selection, before))
            previous = self.address(query, archive=document.before)
        with override(settings.LANGUAGE_CODE):
            self._write(selection, self.items(selection, rows[::-1]), previous, file)

    def _document(self, selection: Selection) -> _Document:
        """Return which items the document has. Raises Http404 where an archive has no such document. One query."""
        count = self.rows(selection).count()
        if self.archive is None:
            full = max(count // PAGE - 1, 0)
            return _Document(first=full * PAGE, last=count, before=full)
        if not 1 <= self.archive <= count // PAGE:
            raise Http404("There is no such archive document.")
        return _Document(first=(self.archive - 1) * PAGE, last=self.archive * PAGE, before=self.archive - 1)

    def _write(self, selection: Selection, items: list[Item], previous: str, file: BinaryIO) -> None:
        naming = names(selection.newest_edition)
        live = selection.query(sort=None, as_of=None)
        related = {"current": self.address(live)} | ({"prev-archive": previous} if previous else {})
        feed = AtomDocument(
            title=f"{settings.SITE_NAME}: {self.title}",
            link=settings.PUBLIC_URL + self.page(live),
            description=None,
            language=settings.LANGUAGE_CODE,
            author_name=settings.SITE_NAME,
            author_link=settings.PUBLIC_URL + links.timeline(),
            subtitle=_subtitle(selection),
            feed_url=settings.PUBLIC_URL + self.address(selection.query(sort=None), archive=self.archive or 0),
            feed_copyright=LICENCE["title"],
            feed_guid=naming.urn("feeds", self.stem, live),
            updated=max((item.updated for item in items), default=_published(selection)),
            generator=_GENERATOR,
            links=[(relation, settings.PUBLIC_URL + path) for relation, path in related.items()],
            is_archive=self.archive is not None,
        )
        for item in items:
            _add(feed, item, naming)
        feed.write(file, "utf-8")


def _published(selection: Selection) -> datetime:
    return selection.edition.published_at if selection.edition else _NEVER


def _subtitle(selection: Selection) -> str:
    """Return the selection in words, and its edition where one is pinned."""
    told = filters_told(filters(selection)) or _("All actions")
    if "as_of" not in selection.texts:
        return told
    return _("%(selection)s. As it stood at edition %(number)d.") % {"selection": told, "number": selection.number}


def _add(feed: Any, item: Item, naming: Names) -> None:
    site = settings.PUBLIC_URL
    feed.add_item(
        title=item.title,
        link=site + item.href,
        description=None,
        unique_id=naming.urn(*item.name),
        pubdate=item.published,
        updateddate=item.updated,
        summary=item.text,
        version_link=site + item.version_href,
        labelled=[Category(site + links.method(each.scheme), each.term, each.label) for each in item.categories],
    )


# --- the feeds -----------------------------------------------------------------------------------------------------


class NewEntries(Feed):
    """The entries selected, by the instant of their first publication, each as it stands."""

    stem = route = "feed"

    def rows(self, selection: Selection) -> QuerySet[Any, Any]:
        ordered = selection.narrowed().order_by("-projection__added", "-projection__slug")
        return ordered.values_list("record", flat=True)

    def items(self, selection: Selection, rows: Sequence[str]) -> list[Item]:
        return [syndication.new_entry(loads(record)) for record in rows]

    def pin(self, selection: Selection, row: str) -> int:
        return selection.number

    def page(self, query: str) -> str:
        return links.timeline(query)


class Changes(Feed):
    """The versions of the entries selected, those of changes.csv that are not minor, each an item of its own."""

    def __init__(self, title: Promise, *, stem: str, kinds: Sequence[str], page: Callable[[str], str]) -> None:
        super().__init__(title)
        self.stem, self.route = stem, f"{stem}_feed"  # type: ignore[misc]
        self.kinds, self._page = kinds, page

    def rows(self, selection: Selection) -> QuerySet[Any, Any]:
        # A redaction is told by /changes/ alone, and nothing of the text anywhere.
        return versions(selection).filter(change__in=self.kinds, redacted_in=None)

    def items(self, selection: Selection, rows: Sequence[Any]) -> list[Item]:
        found = [Version(*row) for row in rows]
        beside = relations_beside(found, number=selection.number)
        return [
            syndication.change(
                loads(version.record),
                last=entry_of(version.before),
                at=version.at,
                note=version.note,
                differing=moved(version, beside[version.edition, version.slug]),
            )
            for version in found
        ]

    def pin(self, selection: Selection, row: Any) -> int:
        return selection.number if selection.is_filtered else Version(*row).edition

    def page(self, query: str) -> str:
        return self._page(query)


FEEDS: tuple[Feed, ...] = (
    NewEntries(gettext_lazy("new entries")),
    Changes(gettext_lazy("changes"), stem="changes", kinds=_SHOWN, page=links.changes),
    Changes(gettext_lazy("corrections"), stem="corrections", kinds=CORRECTING, page=links.corrections),
)
