"""Dates of a stranger's table -> EDTF text, with the precision that they have and no more."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker import dates

WORDS = "words"
"""Dates as this product writes and understands them, "late Feb 2025" included."""
INSTANT = "instant"
"""ISO 8601 with a time; told as the day in the declared time zone."""

_DIRECTIVES = re.compile(r"%(.)")
_KNOWN = frozenset("YymdbBj%")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


class DayError(ValueError):
    """A cell that is no date here; the sentence says why."""


def format_fault(text: str) -> str:
    """Return what is wrong with a format of a mapping file; "" if nothing is."""
    if text in (WORDS, INSTANT):
        return ""
    found = set(_DIRECTIVES.findall(text))
    if not found & {"Y", "y"} or found - _KNOWN:
        return (
            f"{text!r} is no format: write it with %Y, %m, %d, %b (Feb), %B (February), %y or %j, such as "
            f'"%m/%d/%Y", or give "{WORDS}" or "{INSTANT}".'
        )
    return ""


@lru_cache(maxsize=16_384)
def read_day(text: str, *, formats: tuple[str, ...], zone: str) -> str:
    """Return a date as EDTF, read by the formats in their order. Raises DayError.

    Where two of the formats read it as two different days, it is refused: nobody knows which was meant.
    """
    found = list(dict.fromkeys(day for each in formats or (WORDS,) if (day := _read(text, each, zone))))
    if not found:
        raise DayError(_refusal(text, formats))
    if len(found) > 1:
        raise DayError(f"{text!r} can be read as {' or '.join(found)}: declare the one format that is meant.")
    return _checked(found[0])


def _refusal(text: str, formats: tuple[str, ...]) -> str:
    if not formats or formats == (WORDS,):
        try:
            dates.parse_words(text)
        except dates.DateError as error:
            return str(error)
    return f"{text[:60]!r} is not a date as declared ({', '.join(formats)})."


def _checked(text: str) -> str:
    try:
        return dates.parse(text).text
    except dates.DateError as error:
        raise DayError(str(error)) from error


def _read(text: str, form: str, zone: str) -> str:
    """Return the date that `text` is in this format; "" if it is none."""
    if form == WORDS:
        try:
            return dates.parse_words(text).text
        except dates.DateError:
            return ""
    return _day_of_instant(text, zone) if form == INSTANT else _by_directives(text, form)


def _day_of_instant(text: str, zone: str) -> str:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return ""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    try:
        return aware.astimezone(ZoneInfo(zone)).date().isoformat()
    except (OverflowError, ValueError):
        return ""


def _by_directives(text: str, form: str) -> str:
    try:
        found = datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return ""
    # strptime takes "202104" for the fourth of October 2021 under %Y%m%d: only what prints the same again counts.
    if _bare(found.strftime(form)) != _bare(text):
        return ""
    parts = set(_DIRECTIVES.findall(form))
    if parts & {"d", "j"}:
        return found.date().isoformat()
    return f"{found.year:04}-{found.month:02}" if parts & {"m", "b", "B"} else f"{found.year:04}"


def _bare(text: str) -> str:
    return _ZEROS.sub("", text).casefold()
