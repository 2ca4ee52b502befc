"""The stored text of a date: what `parse` takes, the days it allows, and what an editor is told otherwise."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

MIN_DAY = date(1700, 1, 1)
MAX_DAY = date(2100, 12, 31)
MAX_TYPED = 80  # characters: room for "between 30 September 2024 and 2 December 2025"

Qualifier = Literal["", "?", "~", "%"]
Kind = Literal["day", "month", "year", "lasting", "between", "either"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class DateError(ValueError):
    """A date that is not taken; the message tells an editor what to type instead, `code` names the reason."""

    def __init__(self, message: str, *, code: str = "unreadable") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class EDTFDate:
    """A parsed date. `earliest` and `latest` are the first and last day that `text` allows, both included.

    `qualifier` sums up both ends: a `?` at one and a `~` at the other make `%`.
    """

    text: str
    earliest: date
    latest: date
    qualifier: Qualifier
    kind: Kind

    def __str__(self) -> str:
        return self.text

    @property
    def ends(self) -> tuple[EDTFDate, ...]:
        """The two dates of a pair, or the date itself."""
        if self.kind in ("day", "month", "year"):
            return (self,)
        return tuple(parse(end) for end in re.split(r"/|\.\.|,", self.text.strip("[]")))

    @property
    def is_qualified(self) -> bool:
        return self.qualifier != ""

    @property
    def is_lasting(self) -> bool:
        return self.kind == "lasting"

    @property
    def is_exact(self) -> bool:
        """One known day without a mark."""
        return self.earliest == self.latest and not self.is_qualified

    @property
    def is_vague(self) -> bool:
        """Whether a day is left open. "23 to 25 March" is not vague: both of its days are known."""
        lasted_known_days = self.is_lasting and all(end.kind == "day" for end in self.ends)
        return self.is_qualified or not (self.is_exact or lasted_known_days)


_SINGLE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([?~%]?)")
_PAIRS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("lasting", re.compile(r"([0-9-]+[?~%]?)/([0-9-]+[?~%]?)")),
    ("between", re.compile(r"\[([0-9-]+)\.\.([0-9-]+)\]")),
    ("either", re.compile(r"\[([0-9-]+),([0-9-]+)\]")),
)
EXAMPLES = "3 March 2025, Feb 2025, late Feb 2025, between 17 and 28 Feb 2025, 23 to 25 March 2025"
_REFUSALS = tuple(
    (code, re.compile(pattern), message)
    for code, pattern, message in (
        ("empty", r"\s*", f"Type a date, such as {EXAMPLES}."),
        (
            "ambiguous",
            r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2,4}",
            "Day and month could be read either way round. Type 1 Feb 2025 or 2025-02-01.",
        ),
        (
            "open",
            r"(?:.* )?(?:since|after|before|until|till|by|as of)\b.*|from .*"
            r"|/.*|.*/|.*(?:/\.|\./|\[\.|\.\]).*|.* (?:on|onwards?)|.* (?:to|-) (?:date|now|present|today)",
            "A date cannot be open at one end: that something goes on is said by its status. Type the day it "
            "began, such as 3 March 2025, or, if that is not known, between 1 and 31 March 2025.",
        ),
        (
            "relative",
            r"(?:today|yesterday|tomorrow|tonight|now|last|this|next)\b.*|.* ago",
            "Type the day itself, such as 3 March 2025: “today” is another day tomorrow.",
        ),
        (
            "season",
            r"(?:(?:early|mid|late)[ -])?(?:spring|summer|autumn|fall|winter|q[1-4])\b.*"
            r"|(?:early|mid|late)[ -][0-9]{4}|[0-9]{4}-2[1-4]\W*",
            gettext_noop(
                "Seasons and parts of a year are not taken. Type the months, such as between March and May 2025."
            ),
        ),
        (
            "doubt",
            r"\[.*[?~%].*\]",
            "“Between”, “or”, “early”, “mid” and “late” leave the day open already: leave out “?”, “about” "
            "or “probably”, and say the rest in the date note.",
        ),
    )
)


@lru_cache(maxsize=8192)
def parse(text: str) -> EDTFDate:
    """Read stored EDTF text, exactly as written: no blanks, no words. Anything else raises DateError."""
    if single := _SINGLE.fullmatch(text):
        return _read_single(single)
    for kind, pattern in _PAIRS:
        if pair := pattern.fullmatch(text):
            return _read_pair(text, kind, parse(pair[1]), parse(pair[2]))
    raise refusal(text)


def as_date(value: str | EDTFDate) -> EDTFDate:
    """Take a date as it comes, stored or parsed."""
    return value if isinstance(value, EDTFDate) else parse(value)


def _read_single(match: re.Match[str]) -> EDTFDate:
    year = int(match[1])
    month = int(match[2]) if match[2] else None
    day = int(match[3]) if match[3] else None
    if not MIN_DAY.year <= year <= MAX_DAY.year:
        told = _("The year %(year)s is outside %(first)s to %(last)s.")
        named = {"year": f"{year:04}", "first": MIN_DAY.year, "last": MAX_DAY.year}
        raise DateError(told % named, code="year")
    if 21 <= (month or 0) <= 24:
        raise refusal(match[0])
    if month is not None and not 1 <= month <= 12:
        told = _("There is no month %(month)s: months run from 01 to 12.")
        raise DateError(told % {"month": f"{month:02}"}, code="month")
    days = monthrange(year, month or 12)[1]
    if day is not None and month is not None and not 1 <= day <= days:
        month_name = formatted(date(year, month, 1), pgettext("format of a month", "F Y"))
        told = _("%(month)s has the days 1 to %(days)s, not %(day)s.")
        raise DateError(told % {"month": month_name, "days": days, "day": day}, code="day")
    kind: Kind = "year" if month is None else "month" if day is None else "day"
    earliest, latest = date(year, month or 1, day or 1), date(year, month or 12, day or days)
    return EDTFDate(match[0], earliest, latest, as_qualifier(match[4]), kind)


def _read_pair(text: str, kind: Kind, first: EDTFDate, last: EDTFDate) -> EDTFDate:
    """Join two ends; refuse only an order that no days could satisfy (`2025-02/2025-02-05` is possible)."""
    if first.earliest > last.latest or (kind == "either" and first.latest >= last.earliest):
        message = f"{first} must come before {last}. Put the earlier first, and give each its year."
        raise DateError(message, code="order")
    qualifier = as_qualifier(first.qualifier + last.qualifier)
    return EDTFDate(text, first.earliest, last.latest, qualifier, kind)


def as_qualifier(marks: str) -> Qualifier:
    """Sum up any number of marks in one."""
    uncertain, about = {"?", "%"} & set(marks), {"~", "%"} & set(marks)
    return "%" if uncertain and about else "?" if uncertain else "~" if about else ""


def refusal(text: str) -> DateError:
    """Say why `text`, which no pattern took, is refused, without echoing it: it may be anything."""
    if len(text) > MAX_TYPED:
        return DateError(f"A date has at most {MAX_TYPED} characters, such as {EXAMPLES}.", code="long")
    for code, pattern, message in _REFUSALS:
        if pattern.fullmatch(text):
            return DateError(_(message), code=code)
    return DateError(f"This is not a date we can read. Type it like one of these: {EXAMPLES}.")


def require_one_day(found: EDTFDate) -> None:
    """Refuse `a/b` where a date may be vague but not lasting: the lines of a status history."""
    if found.is_lasting:
        raise DateError(
            "This takes one day, and “to” means that it lasted. If the day is not known, "
            "type it as between 17 and 28 Feb 2025.",
            code="lasting",
        )
