"""Imprecise dates: what an editor types, what is stored, what a reader is shown and what a filter compares.

Stored text is a small grammar of EDTF (ISO 8601-2): `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, each with an optional
`?` (uncertain), `~` (about) or `%` (both); `a/b` = it lasted from a to b, either end with its own mark;
`[a..b]` and `[a,b]` = one day, not known which, without marks. No open ends, seasons, sets or times.
All but the fields is pure; what is shown is in the language in use, what is typed is English.
"""

from tracker.dates.comparing import (
    instant_of,
    may_fall_within,
    sort_latest,
    sort_newest,
    sort_oldest,
    surely_falls_within,
)
from tracker.dates.fields import BoundField, EDTFField, EDTFFormField
from tracker.dates.grammar import MAX_DAY, MAX_TYPED, MIN_DAY, DateError, EDTFDate, parse
from tracker.dates.shown import datetime_attribute, display, display_short, month, typed, understood_as, within
from tracker.dates.words import parse_words

__all__ = [
    "MAX_DAY",
    "MAX_TYPED",
    "MIN_DAY",
    "BoundField",
    "DateError",
    "EDTFDate",
    "EDTFField",
    "EDTFFormField",
    "datetime_attribute",
    "display",
    "display_short",
    "instant_of",
    "may_fall_within",
    "month",
    "parse",
    "parse_words",
    "sort_latest",
    "sort_newest",
    "sort_oldest",
    "surely_falls_within",
    "typed",
    "understood_as",
    "within",
]
