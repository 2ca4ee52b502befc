"""Imprecise dates: the laws that hold for every date and for any text, on inputs made up by hypothesis."""

import re
from calendar import monthrange
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from tracker.dates import (
    MAX_DAY,
    MIN_DAY,
    DateError,
    EDTFDate,
    display,
    may_fall_within,
    parse,
    parse_words,
    sort_newest,
    sort_oldest,
    surely_falls_within,
)

_days = st.dates(MIN_DAY, MAX_DAY - timedelta(days=1))
_sizes = st.sampled_from([4, 7, 10])
_marks = st.sampled_from(["", "?", "~", "%"])


@st.composite
def _stored(draw: st.DrawFn) -> str:
    """Build stored text from two days, without asking the code under test what is allowed."""
    form = draw(st.sampled_from(["{0}{2}", "{0}{2}/{1}{3}", "[{0}..{1}]", "[{0},{1}]"]))
    first, gap = draw(_days), draw(st.integers(1, 40) | st.integers(1, 150_000))
    days = first, min(first + timedelta(days=gap), MAX_DAY)
    sizes = [10, 10] if "," in form else [draw(_sizes), draw(_sizes)]
    ends = [day.isoformat()[:size] for day, size in zip(days, sizes, strict=True)]
    return form.format(*ends, draw(_marks), draw(_marks))


def _days_of(end: str) -> tuple[date, date]:
    """The bounds of one end, reckoned apart from the code under test."""
    year, month, day = (int(part) for part in (*end.rstrip("?~%").split("-"), "0", "0")[:3])
    last_month = month or 12
    return date(year, month or 1, day or 1), date(year, last_month, day or monthrange(year, last_month)[1])


@given(_stored())
def test_stored_text_comes_back_unchanged(text: str) -> None:
    assert str(parse(text)) == parse(text).text == parse_words(text).text == text


@given(_stored())
def test_bounds_are_those_of_the_ends(text: str) -> None:
    ends = re.findall(r"[0-9-]+", text)
    bounds = _days_of(ends[0])[0], _days_of(ends[-1])[1]
    assert (parse(text).earliest, parse(text).latest) == bounds
    assert bounds[0] <= bounds[1]


def _shown_in_one_way(found: EDTFDate) -> bool:
    """Whether the words say all: not so for two equal ends, nor for ends with different marks."""
    first, last = found.ends[0], found.ends[-1]
    return len(found.ends) == 1 or (first.text != last.text and first.qualifier == last.qualifier)


@given(_stored().filter(lambda text: _shown_in_one_way(parse(text))))
def test_what_is_shown_can_be_typed_again(text: str) -> None:
    assert parse_words(display(text)).text == text


@given(_stored(), _stored())
def test_sort_keys_agree_with_first_day_then_exact(one: str, other: str) -> None:
    a, b = parse(one), parse(other)
    by_newest = (-a.earliest.toordinal(), a.is_vague) < (-b.earliest.toordinal(), b.is_vague)
    by_oldest = (a.earliest, a.is_vague) < (b.earliest, b.is_vague)
    assert (sort_newest(a) < sort_newest(b), sort_oldest(a) < sort_oldest(b)) == (by_newest, by_oldest)


@given(_stored(), st.none() | _days, st.none() | _days)
def test_what_is_certain_is_possible(text: str, first: date | None, last: date | None) -> None:
    assert may_fall_within(text, first, last) or not surely_falls_within(text, first, last)


_WORDS = "early mid late between and or to from about c. probably on 3 25 31 Feb March 2025 ? , - – / [ ] .. ~"
_nearly_dates = st.lists(st.sampled_from(_WORDS.split()), max_size=8).map(" ".join)


@given(st.text() | _nearly_dates | _nearly_dates.map(lambda words: words.replace(" ", "")))
@example("\0")
@example("２０２５")
@example("\ud800")
@example("between " * 1_250)
@example("-" * 80)
def test_any_text_is_understood_or_refused_in_words(text: str) -> None:
    try:
        found = parse_words(text)
    except DateError:
        return
    assert parse(found.text) == found


_ASCII_GRAMMAR = re.compile(
    r"(?:D[?~%]?|D[?~%]?/D[?~%]?|\[D\.\.D\]|\[D,D\])".replace("D", r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
)


@given(st.text(st.sampled_from("0123456789-/[].,?~% \n٣２X{}TZ"), max_size=26) | st.text() | _stored())
def test_parse_takes_nothing_outside_the_grammar(text: str) -> None:
    try:
        parse(text)
    except DateError:
        return
    assert _ASCII_GRAMMAR.fullmatch(text)
