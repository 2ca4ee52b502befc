"""Dates as readers see them, in the language in use."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.utils import translation
from django.utils.translation import pgettext, pgettext_lazy

from tracker.dates.grammar import EDTFDate, as_date, parse
from tracker.dates.words import THIRDS

_ENGLISH = "en"
_MONTHS = (
    *(pgettext_lazy("month", "Jan"), pgettext_lazy("month", "Feb"), pgettext_lazy("month", "Mar")),
    *(pgettext_lazy("month", "Apr"), pgettext_lazy("month", "May"), pgettext_lazy("month", "Jun")),
    *(pgettext_lazy("month", "Jul"), pgettext_lazy("month", "Aug"), pgettext_lazy("month", "Sep")),
    *(pgettext_lazy("month", "Oct"), pgettext_lazy("month", "Nov"), pgettext_lazy("month", "Dec")),
)
_DOUBTS = {
    "?": pgettext_lazy("date", "probably %(date)s"),
    "~": pgettext_lazy("date", "about %(date)s"),
    "%": pgettext_lazy("date", "probably about %(date)s"),
}
_THIRDS = {
    "early": pgettext_lazy("date", "early %(month)s, day not known"),
    "mid": pgettext_lazy("date", "mid %(month)s, day not known"),
    "late": pgettext_lazy("date", "late %(month)s, day not known"),
}
_LABELS = {
    ("day", "month", "year"): pgettext_lazy("date", "%(day)s %(month)s %(year)s"),
    ("day", "month"): pgettext_lazy("date", "%(day)s %(month)s"),
    ("month", "year"): pgettext_lazy("date", "%(month)s %(year)s"),
}
_BETWEEN = pgettext_lazy("date", "between %(start)s and %(end)s")


def typed(value: str | EDTFDate) -> str:
    """The English words of a date, whatever the language in use: what an editor may type again."""
    with translation.override(_ENGLISH):
        return display(value)


def display(value: str | EDTFDate) -> str:
    """The words a reader sees: "3 Mar 2025", "Late Feb 2025, day not known", "23–25 Mar 2025".

    In English it may be typed again, unless the two ends carry different marks.
    """
    return _shown(as_date(value), year=True)


def display_short(value: str | EDTFDate) -> str:
    """As `display`, for lists under a heading that names the year; a date that spans years keeps them."""
    return _shown(as_date(value), year=False)


def month(day: date) -> str:
    """Return the short name of a month as it stands alone: "Mar"."""
    return _raised(str(_MONTHS[day.month - 1]))


def within(shown: str) -> str:
    """Return a shown date as it stands inside a line: "late Feb 2025", but "Feb 2025"."""
    openings = (str(words).partition("%(")[0] for words in (*_DOUBTS.values(), *_THIRDS.values(), _BETWEEN))
    # Where months are written small, everything is.
    is_small = str(_MONTHS[0])[:1].islower() or shown.startswith(tuple(map(_raised, openings)))
    return shown[:1].lower() + shown[1:] if is_small else shown


def understood_as(value: str | EDTFDate) -> str:
    """The sentence that echoes a typed date before it is saved."""
    with translation.override(_ENGLISH):
        return _understood_as(as_date(value))


def _understood_as(found: EDTFDate) -> str:
    first, last = _label(parse(found.earliest.isoformat())), _label(parse(found.latest.isoformat()))
    span = "it lasted, from" if found.is_lasting else "one day, from"
    meaning = "" if found.earliest == found.latest else f": {span} {first} to {last}"
    doubt = "; never counted as certain" if found.is_qualified else ""
    return f"Understood as “{display(found)}”{meaning}{doubt}."


def datetime_attribute(value: str | EDTFDate) -> str | None:
    """The narrowest valid `<time datetime>`, day, month or year; None if the date spans years."""
    found = as_date(value)
    first, last = found.earliest.isoformat(), found.latest.isoformat()
    return next((first[:size] for size in (10, 7, 4) if first[:size] == last[:size]), None)


def _shown(found: EDTFDate, *, year: bool) -> str:
    first, last = found.ends[0], found.ends[-1]
    if first.text != last.text:
        return _raised(_pair_label(found, first, last, year=year))
    words = _doubted(first.qualifier, _label(first, year=year))
    if first.kind == "day" or first.is_qualified:
        return _raised(words)
    # Translators: keep the comma: in narrow places what stands behind it is cut off.
    return _raised(pgettext("date", "%(date)s, day not known") % {"date": words})


def _raised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _doubted(qualifier: str, words: str) -> str:
    return str(_DOUBTS[qualifier]) % {"date": words} if qualifier else words


def _pair_label(found: EDTFDate, first: EDTFDate, last: EDTFDate, *, year: bool) -> str:
    """The first end drops what the second repeats: "23–25 Mar 2025", "28 Feb – 2 Mar 2025"."""
    if first.qualifier != last.qualifier:
        return " – ".join(_doubted(end.qualifier, _label(end)) for end in (first, last))
    if found.kind == "between" and (third := _third_name(first, last)):
        return str(_THIRDS[third]) % {"month": _label(parse(first.text[:7]), year=year)}
    same_year = first.earliest.year == last.earliest.year and "year" not in (first.kind, last.kind)
    same_month = first.kind == last.kind == "day" and first.text[:7] == last.text[:7]
    start = _label(first, year=not same_year, month=not same_month)
    end = _label(last, year=year or not same_year)
    if found.kind == "between":
        return str(_BETWEEN) % {"start": start, "end": end}
    if found.kind == "either":
        return pgettext("date", "%(start)s or %(end)s") % {"start": start, "end": end}
    return _doubted(found.qualifier, start + ("–" if same_month else " – ") + end)


def _third_name(first: EDTFDate, last: EDTFDate) -> str | None:
    if not first.kind == last.kind == "day" or first.text[:7] != last.text[:7]:
        return None
    days = first.earliest.day, last.earliest.day
    month_end = monthrange(last.earliest.year, last.earliest.month)[1]
    return next((name for name, (a, b) in THIRDS.items() if days == (a, min(b, month_end))), None)


def _label(single: EDTFDate, *, year: bool = True, month: bool = True) -> str:
    """Return "3 Mar 2025", "3 Mar", "3", "Mar 2025", "Mar" or "2025"."""
    parts: dict[str, object] = {}
    if single.kind == "day":
        parts["day"] = single.earliest.day
    if single.kind != "year" and month:
        parts["month"] = _MONTHS[single.earliest.month - 1]
    if single.kind == "year" or year:
        parts["year"] = single.earliest.year
    pattern = _LABELS.get(tuple(parts))
    return str(pattern) % parts if pattern else " ".join(map(str, parts.values()))
