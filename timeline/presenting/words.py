"""Small pieces of text: counts, cuts, days and months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext, pgettext

from tracker import dates


def grouped(number: int) -> str:
    """Return a number with its thousands apart as the language in use has them: "1,024"."""
    return number_format(number, force_grouping=True)


def counted(number: int, noun: str) -> str:
    """Return "1 action", "27 actions", "1,024 actions". Raises KeyError for a noun that is not counted here."""
    return _COUNTED[noun](number) % {"number": grouped(number)}


# Each written out, since a language may have other endings, and more than two of them.
_COUNTED: dict[str, Callable[[int], str]] = {
    "action": lambda number: ngettext("%(number)s action", "%(number)s actions", number),
    "byte": lambda number: ngettext("%(number)s byte", "%(number)s bytes", number),
    "day": lambda number: ngettext("%(number)s day", "%(number)s days", number),
    "source": lambda number: ngettext("%(number)s source", "%(number)s sources", number),
}


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
    return date_format(day, pgettext("format of a month", "F Y"))


def day_name(instant: str | datetime) -> str:
    """Return the UTC day of an instant as readers see it: "3 Mar 2025"."""
    return dates.display(instant.isoformat()[:10] if isinstance(instant, datetime) else instant[:10])


def capital(text: str) -> str:
    """Return `text` with its first letter raised and the rest as it is."""
    return text[:1].upper() + text[1:]


def said(text: str) -> str:
    """Return a label, definition or example of the codebook in the language of the page; other text as it is.

    The codebook itself stays English: files and the ledger say what it says.
    """
    return pgettext("codebook", text) if text else ""
