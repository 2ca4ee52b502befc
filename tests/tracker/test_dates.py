"""Imprecise dates by example: what is typed, stored, shown, refused, sorted and found."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tracker.dates import (
    DateError,
    datetime_attribute,
    display,
    display_short,
    instant_of,
    may_fall_within,
    parse,
    parse_words,
    sort_latest,
    sort_newest,
    sort_oldest,
    surely_falls_within,
    understood_as,
    within,
)

# typed, stored, shown, first and last day: the codebook's table, then forms across months and years
TYPED = [
    ("3 March 2025", "2025-03-03", "3 Mar 2025", "2025-03-03 2025-03-03"),
    ("Feb 2025", "2025-02", "Feb 2025, day not known", "2025-02-01 2025-02-28"),
    ("2025", "2025", "2025, day not known", "2025-01-01 2025-12-31"),
    (
        "between 17 and 28 Feb 2025",
        "[2025-02-17..2025-02-28]",
        "Between 17 and 28 Feb 2025",
        "2025-02-17 2025-02-28",
    ),
    ("5 or 6 Feb 2025", "[2025-02-05,2025-02-06]", "5 or 6 Feb 2025", "2025-02-05 2025-02-06"),
    ("late Feb 2025", "[2025-02-21..2025-02-28]", "Late Feb 2025, day not known", "2025-02-21 2025-02-28"),
    ("23 to 25 March 2025", "2025-03-23/2025-03-25", "23–25 Mar 2025", "2025-03-23 2025-03-25"),
    ("about Feb 2025", "2025-02~", "About Feb 2025", "2025-02-01 2025-02-28"),
    ("5 Feb 2025?", "2025-02-05?", "Probably 5 Feb 2025", "2025-02-05 2025-02-05"),
    ("about Feb 2025?", "2025-02%", "Probably about Feb 2025", "2025-02-01 2025-02-28"),
    ("Feb 2024", "2024-02", "Feb 2024, day not known", "2024-02-01 2024-02-29"),
    ("early Jan 2025", "[2025-01-01..2025-01-10]", "Early Jan 2025, day not known", "2025-01-01 2025-01-10"),
    ("mid-Feb 2025", "[2025-02-11..2025-02-20]", "Mid Feb 2025, day not known", "2025-02-11 2025-02-20"),
    ("late May 2025", "[2025-05-21..2025-05-31]", "Late May 2025, day not known", "2025-05-21 2025-05-31"),
    (
        "between 28 Feb and 2 March 2025",
        "[2025-02-28..2025-03-02]",
        "Between 28 Feb and 2 Mar 2025",
        "2025-02-28 2025-03-02",
    ),
    (
        "between 30 Dec 2024 and 2 Jan 2025",
        "[2024-12-30..2025-01-02]",
        "Between 30 Dec 2024 and 2 Jan 2025",
        "2024-12-30 2025-01-02",
    ),
    ("28 Feb to 2 March 2025", "2025-02-28/2025-03-02", "28 Feb – 2 Mar 2025", "2025-02-28 2025-03-02"),
    (
        "30 Dec 2024 to 2 Jan 2025",
        "2024-12-30/2025-01-02",
        "30 Dec 2024 – 2 Jan 2025",
        "2024-12-30 2025-01-02",
    ),
    ("28 Feb or 1 March 2025", "[2025-02-28,2025-03-01]", "28 Feb or 1 Mar 2025", "2025-02-28 2025-03-01"),
    ("Feb or March 2025", "[2025-02,2025-03]", "Feb or Mar 2025", "2025-02-01 2025-03-31"),
    ("Feb to April 2025", "2025-02/2025-04", "Feb – Apr 2025", "2025-02-01 2025-04-30"),
    ("between 2024 and 2025", "[2024..2025]", "Between 2024 and 2025", "2024-01-01 2025-12-31"),
    ("23 to 25 March 2025?", "2025-03-23?/2025-03-25?", "Probably 23–25 Mar 2025", "2025-03-23 2025-03-25"),
    ("about 2025", "2025~", "About 2025", "2025-01-01 2025-12-31"),
]


@pytest.mark.parametrize(("typed", "stored", "shown", "bounds"), TYPED, ids=[row[0].replace(" ", "-") for row in TYPED])
def test_words_are_stored_and_shown_as_the_codebook_says(typed: str, stored: str, shown: str, bounds: str) -> None:
    found = parse_words(typed)
    days = f"{found.earliest} {found.latest}"
    assert (found.text, display(found), days) == (stored, shown, bounds)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2025-03-03", "2025-03-03"),
        ("[2025-02-17..2025-02-28]", "[2025-02-17..2025-02-28]"),
        ("  3  March\t2025\n", "2025-03-03"),
        ("3 MARCH 2025", "2025-03-03"),
        ("3rd March 2025", "2025-03-03"),
        ("the 3rd of March 2025", "2025-03-03"),
        ("on 3 March 2025", "2025-03-03"),
        ("3 Mar. 2025", "2025-03-03"),
        ("3-Mar-2025", "2025-03-03"),
        ("March 3, 2025", "2025-03-03"),
        ("March 3 2025", "2025-03-03"),
        ("Sept 2025", "2025-09"),
        ("September, 2025", "2025-09"),
        ("sometime in May 2025", "2025-05"),
        ("mid Feb 2025", "[2025-02-11..2025-02-20]"),
        ("late in Feb 2024", "[2024-02-21..2024-02-29]"),
        ("2025‑03‑03", "2025-03-03"),
        ("23–25 March 2025", "2025-03-23/2025-03-25"),
        ("23-25 March 2025", "2025-03-23/2025-03-25"),
        ("from 23 to 25 March 2025", "2025-03-23/2025-03-25"),
        ("23 until 25 March 2025", "2025-03-23/2025-03-25"),
        ("March 23 to 25, 2025", "2025-03-23/2025-03-25"),
        ("March 23–25, 2025", "2025-03-23/2025-03-25"),
        ("2025-03-23 to 2025-03-25", "2025-03-23/2025-03-25"),
        ("2025-03-23 - 2025-03-25", "2025-03-23/2025-03-25"),
        ("Feb 28 to March 2, 2025", "2025-02-28/2025-03-02"),
        ("either 5 or 6 Feb 2025", "[2025-02-05,2025-02-06]"),
        ("February 5 or 6, 2025", "[2025-02-05,2025-02-06]"),
        ("between 2025-02-17 and 2025-02-28", "[2025-02-17..2025-02-28]"),
        ("between 30 September 2024 and 2 December 2025", "[2024-09-30..2025-12-02]"),
        ("circa Feb 2025", "2025-02~"),
        ("c. Feb 2025", "2025-02~"),
        ("c.1850", "1850~"),
        ("around 5 Feb 2025", "2025-02-05~"),
        ("probably 5 Feb 2025", "2025-02-05?"),
        ("probably about Feb 2025", "2025-02%"),
        ("Feb 2025 ?", "2025-02?"),
        ("about 23 to 25 March 2025", "2025-03-23~/2025-03-25~"),
    ],
)
def test_words_in_other_forms_are_understood(typed: str, stored: str) -> None:
    assert parse_words(typed).text == stored


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [
        ("", "empty", "Type a date"),
        (" \n", "empty", "Type a date"),
        ("01/02/2025", "ambiguous", "1 Feb 2025 or 2025-02-01"),
        ("1.2.25", "ambiguous", "1 Feb 2025 or 2025-02-01"),
        ("01-02-2025", "ambiguous", "1 Feb 2025 or 2025-02-01"),
        ("since March", "open", "said by its status"),
        ("since March 2025", "open", "said by its status"),
        ("before May", "open", "said by its status"),
        ("from 3 March 2025 on", "open", "said by its status"),
        ("3 March 2025 to now", "open", "said by its status"),
        ("2025-03-03/..", "open", "said by its status"),
        ("2025-03-03/", "open", "said by its status"),
        ("../2025-03-03", "open", "said by its status"),
        ("[..2025]", "open", "said by its status"),
        ("today", "relative", "3 March 2025"),
        ("last week", "relative", "3 March 2025"),
        ("two days ago", "relative", "3 March 2025"),
        ("spring 2025", "season", "between March and May 2025"),
        ("late 2025", "season", "between March and May 2025"),
        ("2025-21", "season", "between March and May 2025"),
        ("5 or 6 Feb 2025?", "doubt", "leave out"),
        ("about late Feb 2025", "doubt", "leave out"),
        ("3 March", "year", "year is missing"),
        ("late Feb", "year", "year is missing"),
        ("3 March 25", "unreadable", "Type it like one of these"),
        ("5 or 6 2025", "month", "month is missing"),
        ("31 Feb 2025", "day", "February 2025 has the days 1 to 28, not 31"),
        ("2025-13", "month", "no month 13"),
        ("3 March 1699", "year", "1699 is outside 1700 to 2100"),
        ("28 to 17 Feb 2025", "order", "Put the earlier first"),
        ("between 30 December and 2 January 2025", "order", "give each its year"),
        ("3 Marchember 2025", "unreadable", "Type it like one of these"),
        ("3 March 2025 at noon", "unreadable", "Type it like one of these"),
        ("٣ March ٢٠٢٥", "unreadable", "Type it like one of these"),
        ("2025-03-03\0", "unreadable", "Type it like one of these"),
        ("9" * 10_000, "long", "at most 80 characters"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_words_refused_say_what_to_type_instead(typed: str, code: str, told: str) -> None:
    with pytest.raises(DateError, match=re.escape(told)) as refused:
        parse_words(typed)
    assert refused.value.code == code


@pytest.mark.parametrize("typed", ["23 to 25 March 2025", "2025-03-23/2025-03-25", "23–25 Mar 2025"])
def test_words_that_last_are_refused_where_one_day_is_asked(typed: str) -> None:
    with pytest.raises(DateError, match="takes one day") as refused:
        parse_words(typed, lasting=False)
    assert refused.value.code == "lasting"


def test_words_that_are_vague_are_taken_where_one_day_is_asked() -> None:
    assert parse_words("late Feb 2025", lasting=False).text == "[2025-02-21..2025-02-28]"


@pytest.mark.parametrize(
    "text",
    [
        "3 March 2025",
        " 2025",
        "2025\n",
        "2025\0",
        "٢٠٢٥",
        "２０２５",
        "25-03-03",
        "2025-3-3",
        "2025-03-03T10:00",
        "2025-03-03Z",
        "2025-00",
        "2025-03-00",
        "2025-02-29",
        "1699",
        "2101",
        "Y2025",
        "-2025",
        "202X",
        "2025-XX",
        "2025?~",
        "?2025",
        "2025-?03",
        "{2025,2026}",
        "[2025]",
        "[2025..]",
        "[2025,2026,2027]",
        "[2025?..2026]",
        "2025/2024",
        "2025/open",
        "2025/2026/2027",
        "[2025-03..2025-02]",
        "[2025-02-05,2025-02-05]",
        "[2025-02-05,2025-02]",
    ],
    ids=ascii,
)
def test_parse_refuses_what_is_outside_the_grammar(text: str) -> None:
    with pytest.raises(DateError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "kind", "qualifier"),
    [
        ("2025-03-03", "day", ""),
        ("2025-03?", "month", "?"),
        ("2025~", "year", "~"),
        ("2025-03-03%", "day", "%"),
        ("2025-03-03/2025-03-05", "lasting", ""),
        ("2025-03-03?/2025-03-05", "lasting", "?"),
        ("2025-03-03/2025-03-05~", "lasting", "~"),
        ("2025-03-03?/2025-03-05~", "lasting", "%"),
        ("[2025-03-03..2025-03-05]", "between", ""),
        ("[2025-03-03,2025-03-05]", "either", ""),
    ],
)
def test_parse_tells_kind_and_qualifier(text: str, kind: str, qualifier: str) -> None:
    found = parse(text)
    assert (found.kind, found.qualifier) == (kind, qualifier)


@pytest.mark.parametrize(
    ("text", "exact", "vague"),
    [
        ("2025-03-03", True, False),
        ("2025-03-03?", False, True),
        ("2025-03", False, True),
        ("2025-03-03/2025-03-05", False, False),
        ("2025-03-03/2025-03-05~", False, True),
        ("2025-03-03/2025-04", False, True),
        ("[2025-03-03..2025-03-05]", False, True),
        ("[2025-03-03,2025-03-05]", False, True),
    ],
)
def test_a_date_is_vague_where_a_day_is_left_open(text: str, *, exact: bool, vague: bool) -> None:
    assert (parse(text).is_exact, parse(text).is_vague) == (exact, vague)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2025-03-03", "3 Mar"),
        ("2025-03-23/2025-03-25", "23–25 Mar"),
        ("[2025-02-21..2025-02-28]", "Late Feb, day not known"),
        ("2025-02", "Feb, day not known"),
        ("2025", "2025, day not known"),
        ("2025-02-28/2025-03-02", "28 Feb – 2 Mar"),
        ("[2024-12-30..2025-01-02]", "Between 30 Dec 2024 and 2 Jan 2025"),
        ("2025-02~", "About Feb"),
    ],
)
def test_display_short_leaves_out_a_year_that_the_heading_names(stored: str, shown: str) -> None:
    assert display_short(stored) == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2025-03-23/2025-03-25?", "23 Mar 2025 – probably 25 Mar 2025"),
        ("2025-03-03/2025-03-03", "3 Mar 2025"),
        ("[2025-02-11..2025-03-20]", "Between 11 Feb and 20 Mar 2025"),
        ("[2025-02-01..2025-02-28]", "Between 1 and 28 Feb 2025"),
        ("2025-02-05/2025", "5 Feb 2025 – 2025"),
        ("[2025-02-21..2025-02]", "Between 21 Feb and Feb 2025"),
    ],
)
def test_display_of_pairs_that_nobody_types(stored: str, shown: str) -> None:
    assert display(stored) == shown


@pytest.mark.parametrize(
    ("shown", "expected"), [("Late Feb 2025", "late Feb 2025"), ("Feb 2025", "Feb 2025"), ("3 Mar", "3 Mar")]
)
def test_within_lowers_words_and_no_months(shown: str, expected: str) -> None:
    assert within(shown) == expected


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        ("2025-03-03", "Understood as “3 Mar 2025”."),
        (
            "[2025-02-21..2025-02-28]",
            "Understood as “Late Feb 2025, day not known”: one day, from 21 Feb 2025 to 28 Feb 2025.",
        ),
        (
            "2025-03-23/2025-03-25",
            "Understood as “23–25 Mar 2025”: it lasted, from 23 Mar 2025 to 25 Mar 2025.",
        ),
        ("2025-02-05?", "Understood as “Probably 5 Feb 2025”; never counted as certain."),
    ],
)
def test_understood_as_echoes_what_is_meant(stored: str, sentence: str) -> None:
    assert understood_as(stored) == sentence


@pytest.mark.parametrize(
    ("stored", "attribute"),
    [
        ("2025-03-03", "2025-03-03"),
        ("2025-03-03?", "2025-03-03"),
        ("2025-02", "2025-02"),
        ("2025-03-23/2025-03-25", "2025-03"),
        ("[2025-02-05,2025-02-06]", "2025-02"),
        ("2025-02-28/2025-03-02", "2025"),
        ("2025", "2025"),
        ("[2024-12-30..2025-01-02]", None),
    ],
)
def test_datetime_attribute_is_the_narrowest_that_html_allows(stored: str, attribute: str | None) -> None:
    assert datetime_attribute(stored) == attribute


@pytest.mark.parametrize(
    ("stored", "first", "last", "possible", "certain"),
    [
        ("2025-03-03", "2025-03-03", "2025-03-03", True, True),
        ("2025-03-03", "2025-03-04", None, False, False),
        ("2025-03-03", None, "2025-03-02", False, False),
        ("2025-03", "2025-03-31", None, True, False),
        ("2025-03", "2025-03-01", "2025-03-31", True, True),
        ("2025-03~", "2025-01-01", "2025-12-31", True, False),
        ("2025-03-23/2025-03-25?", None, None, True, False),
        ("[2025-02-17..2025-02-28]", None, "2025-02-17", True, False),
    ],
)
def test_a_range_asks_what_is_possible_and_what_is_certain(
    stored: str, first: str | None, last: str | None, *, possible: bool, certain: bool
) -> None:
    start, end = (date.fromisoformat(day) if day else None for day in (first, last))
    answers = (may_fall_within(stored, start, end), surely_falls_within(stored, start, end))
    assert answers == (possible, certain)


@pytest.mark.parametrize(
    ("key", "in_order"),
    [
        (sort_newest, ["2025-03-02", "2025-03-01", "2025-03-01/2025-03-09", "2025-03", "2025-02"]),
        (sort_oldest, ["2025-02", "2025-03-01", "2025-03-01/2025-03-09", "2025-03", "2025-03-02"]),
    ],
    ids=["newest", "oldest"],
)
def test_sort_keys_put_the_exact_before_the_vague(key: Callable[[str], int], in_order: list[str]) -> None:
    unordered = ["2025-03", "2025-02", "2025-03-01", "2025-03-01/2025-03-09", "2025-03-02"]
    assert sorted(unordered, key=key) == in_order


def test_sort_keys_count_from_the_ends_of_the_calendar() -> None:
    keys = (sort_newest("2100-12-31"), sort_newest("2100-12-30?"), sort_oldest("1700-01-01"))
    assert keys == (0, 3, date(1700, 1, 1).toordinal() * 2)


def test_key_of_an_instant_leads_back_to_it_and_puts_the_latest_first() -> None:
    early, late = datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2025, 6, 1, 12, tzinfo=UTC)
    assert sort_latest(late) < sort_latest(early)
    assert [instant_of(sort_latest(at)) for at in (early, late)] == [early, late]
