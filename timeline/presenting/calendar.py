"""An entry as an event of a calendar: its days, its words, and what its day leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from timeline.presenting import links
from timeline.presenting.moments import certainty
from timeline.presenting.words import cut
from tracker import codebook, dates

_MOST = 1_000  # characters of a summary: calendars show a small box


@dataclass(frozen=True)
class Event:
    """An event of whole days, [first, after): `after` is the day behind the last. `href` is a path of ours."""

    slug: str
    version: int
    first: date
    after: date
    title: str
    description: str
    href: str
    topics: list[str]
    is_reported: bool
    created: datetime
    changed: datetime


def event(record: Mapping[str, Any]) -> Event:
    """Return the event of a public record; it lasts through every day on which the action may have been."""
    entry = record["entry"]
    when = dates.parse(entry["date"])
    return Event(
        slug=record["slug"],
        version=record["version"],
        first=when.earliest,
        after=when.latest + timedelta(days=1),
        title=_("%(title)s (day not known)") % {"title": entry["title"]} if when.is_vague else entry["title"],
        description=_description(entry, is_vague=when.is_vague),
        href=links.action(record["slug"]),
        topics=[topic["name"] for topic in entry["topics"]],
        is_reported=entry["derived"]["status"] == "reported",
        created=datetime.fromisoformat(record["first_published"]),
        changed=datetime.fromisoformat(record["last_changed"]),
    )


def _description(entry: Mapping[str, Any], *, is_vague: bool) -> str:
    due = _("Due: %(day)s") % {"day": dates.display(entry["due_date"])} if entry["due_date"] else ""
    parts = (
        _("Status: %(status)s") % {"status": codebook.STATUSES[entry["derived"]["status"]].label},
        entry["where_it_stands"],
        f"{dates.display(entry['date'])}. {certainty(entry['date'])}" if is_vague else "",
        due,
        cut(entry["summary"] or "", _MOST),
    )
    return "\n".join(part for part in parts if part)
