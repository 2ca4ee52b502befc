"""The date of an entry: in words, in the date column, in `<time datetime>`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker import dates


@dataclass(frozen=True)
class Moment:
    """A date as shown. `full` and `short` (under a heading that names the year) are sentences of their own;
    `big` and `small` are the two lines of the date column; `datetime` may be None (a date that spans years)."""

    full: str
    short: str
    big: str
    small: str
    datetime: str | None
    is_vague: bool


# What a draft without a date shows; nothing public lacks one.
UNDATED = Moment("No date yet", "No date yet", "", "", None, is_vague=True)


def moment(text: str, *, under_month: bool = True) -> Moment:
    """Return how the stored date `text` is shown; `under_month`: a heading above names month and year."""
    found = dates.parse(text)
    big, small = _column(found) if under_month else _column_alone(found)
    short = dates.display_short(found) if under_month else dates.display(found)
    return Moment(dates.display(found), short, big, small, dates.datetime_attribute(found), found.is_vague)


def _column(found: dates.EDTFDate) -> tuple[str, str]:
    first, last = found.ends[0], found.ends[-1]
    if found.is_exact:
        return str(first.earliest.day), _weekday(first)
    names_days = first.kind == last.kind == "day" and not found.is_qualified
    if found.kind == "between" or not names_days:
        return _opening(found)
    either = pgettext("between two days", "or")
    joint = "–" if found.is_lasting else f" {either} "
    big = f"{first.earliest.day}{joint}{last.earliest.day}"
    if first.text[:7] != last.text[:7]:
        return big, f"{_month(first)}{joint}{_month(last)}"
    return big, f"{_weekday(first)}–{_weekday(last)}" if found.is_lasting else _("day not known")


def _column_alone(found: dates.EDTFDate) -> tuple[str, str]:
    """The two lines where no heading names the month."""
    if found.is_exact:
        return f"{found.earliest.day} {_month(found)}", str(found.earliest.year)
    return str(found.earliest.year) if found.kind == "year" else _month(found), dates.display(found)


def _opening(found: dates.EDTFDate) -> tuple[str, str]:
    """Split the words of a vague date: "Late Feb, day not known" becomes "Late" above "day not known"."""
    words = dates.display_short(found)
    head, _, tail = words.partition(", ")
    if tail:
        return head.split()[0], tail
    big = str(found.earliest.year) if found.ends[0].kind == "year" else _month(found)
    return big, words


def _month(found: dates.EDTFDate) -> str:
    return dates.month(found.earliest)


def _weekday(found: dates.EDTFDate) -> str:
    return date_format(found.earliest, "D")


def certainty(text: str) -> str:
    """Return how sure the day is, in one sentence for the facts of an entry."""
    found = dates.parse(text)
    if found.is_qualified:
        return _("Uncertain: it may lie outside the days named, and never counts as certain.")
    if not found.is_vague:
        return _("The days are known.") if found.is_lasting else _("The day is known.")
    first, last = (dates.display(day.isoformat()) for day in (found.earliest, found.latest))
    return _("Not known to the day: from %(first)s to %(last)s.") % {"first": first, "last": last}
