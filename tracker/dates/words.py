"""Dates as people type them ("late Feb 2025", "5 or 6 Feb 2025"), turned into stored text."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.dates.grammar import (
    EXAMPLES,
    MAX_TYPED,
    MONTHS,
    DateError,
    EDTFDate,
    Qualifier,
    as_qualifier,
    parse,
    refusal,
    require_one_day,
)


class _Written(NamedTuple):
    """One end as typed; the other may supply what is left out ("17" in "between 17 and 28 Feb 2025")."""

    year: int | None
    month: int | None
    day: int | None


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_STORED = re.compile(r"[][0-9/.,?~%-]*")
_MONTH_NUMBERS = {name: n for n, full in enumerate(MONTHS, 1) for name in (full.lower(), full[:3].lower())}
# A number need not be that of a month: parse tells the editor.
_MONTH_NUMBERS |= {"sept": 9} | {f"{n:02}": n for n in range(100)}
_DAY, _MONTH, _YEAR = (
    r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?",
    r"(?P<month>[a-z]{3,9})\.?",
    r"(?P<year>[0-9]{4})",
)
_ENDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}(?: of | |-){_MONTH}(?:(?:,? |-){_YEAR})?",  # 3 March 2025, 3rd of March, 3-Mar-2025
        rf"{_MONTH} {_DAY}(?:,? {_YEAR})?",  # March 3, 2025
        rf"{_MONTH}(?:(?: of|,)? {_YEAR})?",  # March 2025
        rf"{_DAY}(?:,? {_YEAR})?",  # the 25 of "March 23 to 25, 2025"
        rf"{_YEAR}(?:-(?P<month>[0-9]{{2}})(?:-(?P<day>[0-9]{{2}}))?)?",
    )
)
_WORD_PAIRS = (
    ("[{}..{}]", re.compile(r"between (.+) and (.+)")),
    ("[{},{}]", re.compile(r"(?:either )?(.+) or (.+)")),
    ("{}/{}", re.compile(r"(?:from )?(.+) (?:to|through|until|till|-) (.+)")),
    ("{}/{}", re.compile(r"([^-]+)-([^-]+)")),
)
THIRDS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_THIRD = re.compile(r"(early|mid|late)(?: in)?[ -](.+)")
_DOUBT = re.compile(
    r"(?P<unsure>(?:probably|possibly|perhaps|maybe|likely) )?"
    r"(?P<about>(?:about|around|roughly|approximately|approx\.?|circa|ca?) |ca?\. ?|~ ?)?"
    r"(?:(?:sometime )?(?:on|in) )?(?P<body>.*?)(?:, day not known)?(?P<mark> ?\?)?"
)


def parse_words(text: str, *, lasting: bool = True) -> EDTFDate:
    """Read a date as people type it, or stored text. `lasting=False` refuses "a to b" (lines of a history).

    Raises DateError, and nothing else, whatever the text.
    """
    found = parse(_stored_text(text))
    if not lasting:
        require_one_day(found)
    return found


def _stored_text(text: str) -> str:
    """Turn words into EDTF text, which may still name a day that does not exist. Raises DateError."""
    if len(text) > MAX_TYPED:
        raise refusal(text)
    words = " ".join(text.translate(_DASHES).lower().split())
    if _STORED.fullmatch(words):
        return words
    doubt = _DOUBT.fullmatch(words)
    stored = _from_words(doubt) if doubt else None
    if stored is None:
        raise refusal(words)
    return stored


def _from_words(doubt: re.Match[str]) -> str | None:
    body = doubt["body"]
    mark = as_qualifier(("?" if doubt["unsure"] or doubt["mark"] else "") + ("~" if doubt["about"] else ""))
    return _one_date(body, mark) or _third_of_month(body, mark) or _two_dates(body, mark)


def _one_date(words: str, mark: Qualifier) -> str | None:
    written = _read_end(words)
    return _as_stored(written) + mark if written else None


def _third_of_month(words: str, mark: Qualifier) -> str | None:
    """Early = 1 to 10, mid = 11 to 20, late = 21 to the end."""
    third = _THIRD.fullmatch(words)
    written = _read_end(third[2]) if third else None
    if third is None or written is None or written.month is None or written.day is not None:
        return None
    month = parse(_as_stored(written))
    first, last = THIRDS[third[1]]
    return f"[{month.text}-{first:02}{mark}..{month.text}-{min(last, month.latest.day):02}{mark}]"


def _two_dates(words: str, mark: Qualifier) -> str | None:
    for form, pattern in _WORD_PAIRS:
        pair = pattern.fullmatch(words)
        first, last = (_read_end(pair[1]), _read_end(pair[2])) if pair else (None, None)
        if first and last:
            return form.format(*(_as_stored(end) + mark for end in _complete(first, last)))
    return None


def _read_end(words: str) -> _Written | None:
    for pattern in _ENDS:
        if match := pattern.fullmatch(words):
            parts = match.groupdict()
            month = _MONTH_NUMBERS.get(parts.get("month") or "")
            if parts.get("month") and month is None:
                continue
            year, day = parts.get("year"), parts.get("day")
            return _Written(int(year) if year else None, month, int(day) if day else None)
    return None


def _complete(first: _Written, last: _Written) -> tuple[_Written, _Written]:
    """Let each end supply the other's year and, where both name a day, its month."""
    if first.day is not None and last.day is not None:
        first, last = (
            first._replace(month=first.month or last.month),
            last._replace(month=last.month or first.month),
        )
    return first._replace(year=first.year or last.year), last._replace(year=last.year or first.year)


def _as_stored(written: _Written) -> str:
    if written.day is not None and written.month is None:
        raise DateError(f"The month is missing. Type it in full, such as {EXAMPLES}.", code="month")
    if written.year is None:
        raise DateError("The year is missing. Type all four digits, such as 3 March 2025.", code="year")
    parts = [f"{part:02}" for part in (written.month, written.day) if part is not None]
    return "-".join([f"{written.year:04}", *parts])
