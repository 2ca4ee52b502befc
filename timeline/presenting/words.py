"""Small pieces of text: counts, cuts, days and months."""

from __future__ import annotations

from datetime import date, datetime

from tracker import dates

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 action", "27 actions", "1,024 actions"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def cut(text: str, limit: int = 240) -> str:
    """Return `text` in at most `limit` characters, cut at a word and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace() and " " in head:
        head = head[: head.rindex(" ")]
    return f"{head.rstrip(' ,;:–-')}…"


def month_name(day: date) -> str:
    """Return "March 2025"."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day_name(instant: str | datetime) -> str:
    """Return the UTC day of an instant as readers see it: "3 Mar 2025"."""
    return dates.display(instant.isoformat()[:10] if isinstance(instant, datetime) else instant[:10])


def capital(text: str) -> str:
    """Return `text` with its first letter raised and the rest as it is."""
    return text[:1].upper() + text[1:]
