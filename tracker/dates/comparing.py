"""Dates in order and in ranges: the sort keys that are stored, the two questions that a filter asks."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tracker.dates.grammar import MAX_DAY, EDTFDate, as_date

_FAR_FUTURE = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())


def sort_newest(value: str | EDTFDate) -> int:
    """Ascending key of "newest first"; of one first day, those not vague come first."""
    found = as_date(value)
    return (MAX_DAY - found.earliest).days * 2 + found.is_vague


def sort_oldest(value: str | EDTFDate) -> int:
    """Ascending key of "oldest first", counted from 0001-01-01; not vague before vague."""
    found = as_date(value)
    return found.earliest.toordinal() * 2 + found.is_vague


def sort_latest(instant: datetime) -> int:
    """Ascending key of "latest first" for instants of whole seconds."""
    return _FAR_FUTURE - int(instant.timestamp())


def instant_of(key: int) -> datetime:
    """Return the instant, in UTC, whose `sort_latest` is `key`."""
    return datetime.fromtimestamp(_FAR_FUTURE - key, UTC)


def may_fall_within(value: str | EDTFDate, first: date | None, last: date | None) -> bool:
    """Whether some part may lie in first..last, both included (None = open)."""
    found = as_date(value)
    return (first is None or found.latest >= first) and (last is None or found.earliest <= last)


def surely_falls_within(value: str | EDTFDate, first: date | None, last: date | None) -> bool:
    """Whether the whole surely lies in first..last, both included (None = open); never so with a mark."""
    found = as_date(value)
    inside = (first is None or found.earliest >= first) and (last is None or found.latest <= last)
    return inside and not found.is_qualified
