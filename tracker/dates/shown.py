"""Dates as readers see them."""

from __future__ import annotations

from calendar import monthrange

from tracker.dates.grammar import MONTHS, EDTFDate, as_date, parse
from tracker.dates.words import THIRDS

_OPENINGS = ("Between", "Early", "Mid", "Late", "About", "Probably")
_DOUBT_WORDS = {"": "", "?": "probably ", "~": "about ", "%": "probably about "}


def display(value: str | EDTFDate) -> str:
    """The words a reader sees: "3 Mar 2025", "Late Feb 2025, day not known", "23–25 Mar 2025".

    What is shown may be typed again, unless the two ends carry different marks.
    """
    return _shown(as_date(value), year=True)


def display_short(value: str | EDTFDate) -> str:
    """As `display`, for lists under a heading that names the year; a date that spans years keeps them."""
    return _shown(as_date(value), year=False)


def within(shown: str) -> str:
    """Return a shown date as it stands inside a line: "late Feb 2025", but "Feb 2025"."""
    return shown[:1].lower() + shown[1:] if shown.startswith(_OPENINGS) else shown


def understood_as(value: str | EDTFDate) -> str:
    """The sentence that echoes a typed date before it is saved."""
    found = as_date(value)
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
        words = _pair_label(found, first, last, year=year)
    else:
        known = first.kind == "day" or first.is_qualified
        words = _DOUBT_WORDS[first.qualifier] + _label(first, year=year) + ("" if known else ", day not known")
    return words[0].upper() + words[1:]


def _pair_label(found: EDTFDate, first: EDTFDate, last: EDTFDate, *, year: bool) -> str:
    """The first end drops what the second repeats: "23–25 Mar 2025", "28 Feb – 2 Mar 2025"."""
    if first.qualifier != last.qualifier:
        return " – ".join(_DOUBT_WORDS[end.qualifier] + _label(end) for end in (first, last))
    if found.kind == "between" and (third := _third_name(first, last)):
        return f"{third} {_label(parse(first.text[:7]), year=year)}, day not known"
    same_year = first.earliest.year == last.earliest.year and "year" not in (first.kind, last.kind)
    same_month = first.kind == last.kind == "day" and first.text[:7] == last.text[:7]
    start = _label(first, year=not same_year, month=not same_month)
    end = _label(last, year=year or not same_year)
    if found.kind == "between":
        return f"between {start} and {end}"
    if found.kind == "either":
        return f"{start} or {end}"
    return _DOUBT_WORDS[found.qualifier] + start + ("–" if same_month else " – ") + end


def _third_name(first: EDTFDate, last: EDTFDate) -> str | None:
    if not first.kind == last.kind == "day" or first.text[:7] != last.text[:7]:
        return None
    days = first.earliest.day, last.earliest.day
    month_end = monthrange(last.earliest.year, last.earliest.month)[1]
    return next((name for name, (a, b) in THIRDS.items() if days == (a, min(b, month_end))), None)


def _label(single: EDTFDate, *, year: bool = True, month: bool = True) -> str:
    words = [str(single.earliest.day)] if single.kind == "day" else []
    if single.kind != "year" and month:
        words.append(MONTHS[single.earliest.month - 1][:3])
    if single.kind == "year" or year:
        words.append(str(single.earliest.year))
    return " ".join(words)
