"""Entries and changes as items of a feed: plain text, for people who read it in a program of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from timeline.presenting import links
from timeline.presenting.words import cut
from tracker import codebook, dates
from tracker.comparing import Difference

Record = Mapping[str, Any]
_MOST = 400  # characters of one value that changed


@dataclass(frozen=True)
class Category:
    """A topic or status; `scheme` is the part of the method page that says what it means."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True)
class Item:
    """One item: `name` (parts) tells it from all others for ever, `href` and `version_href` are paths of ours."""

    name: tuple[str | int, ...]
    title: str
    href: str
    version_href: str
    published: datetime
    updated: datetime
    text: str
    categories: list[Category]


def new_entry(record: Record) -> Item:
    """Return a standing entry as it is now; the item stays the same one through all its versions."""
    entry = record["entry"]
    return Item(
        name=("actions", record["slug"]),
        title=entry["title"],
        href=links.action(record["slug"]),
        version_href=links.version(record["slug"], record["version"]),
        published=datetime.fromisoformat(record["first_published"]),
        updated=datetime.fromisoformat(record["last_changed"]),
        text=_paragraphs(_status(entry), entry["where_it_stands"], entry["summary"]),
        categories=_categories(entry),
    )


def change(
    record: Record, *, last: Record | None, at: datetime, note: str, differing: Iterable[Difference] = ()
) -> Item:
    """Return one version of an entry as an item of its own.

    `last` is the "entry" that it replaced, which gives a retraction its title; None where there is none.
    """
    kind = codebook.CHANGES[record["change"]].label
    entry = record["entry"] or last
    title = entry["title"] if entry else _("Removed entry")
    return Item(
        name=("actions", record["slug"], "versions", record["version"]),
        title=_("%(change)s: %(title)s") % {"change": kind, "title": title},
        href=links.action(record["slug"]),
        version_href=links.version(record["slug"], record["version"]),
        published=at,
        updated=at,
        text=_paragraphs(_reason(record), note, *map(_differing, differing), *_standing(record["entry"])),
        categories=_categories(entry) if entry else [],
    )


def _standing(entry: Record | None) -> tuple[str | None, ...]:
    return (_status(entry), entry["where_it_stands"]) if entry else ()


def _reason(record: Record) -> str:
    """Return why an entry was retracted; "" for any other change."""
    return codebook.RETRACTION_REASONS[record["reason"]].definition if record["entry"] is None else ""


def _differing(found: Difference) -> str:
    told = {"what": found.label, "before": cut(found.before, _MOST), "after": cut(found.after, _MOST)}
    if not found.before:
        return _("%(what)s, now: %(after)s") % told
    if not found.after:
        return _("%(what)s, no more: %(before)s") % told
    return _("%(what)s, was: %(before)s. Now: %(after)s") % told


def _status(entry: Record) -> str:
    """Return the day and the current status: "3 Mar 2025: Reversed"."""
    return f"{dates.display(entry['date'])}: {codebook.STATUSES[entry['derived']['status']].label}"


def _categories(entry: Record) -> list[Category]:
    status = codebook.STATUSES[entry["derived"]["status"]]
    topics = [Category("parameter-topic", topic["slug"], topic["name"]) for topic in entry["topics"]]
    return [Category("status", status.code, status.label), *topics]


def _paragraphs(*parts: str | None) -> str:
    return "\n\n".join(part for part in parts if part)


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return `text` with each sign that XML and calendars refuse replaced.

    The record takes no such sign; a feed must not break on one that came in by another door.
    """
    return _NOT_XML.sub("\ufffd", text)
