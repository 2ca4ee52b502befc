"""Tracks: parts in order that do not overlap, up to the end of the axis, and a sentence that says the same."""

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.presenting import entries
from timeline.presenting.tracks import Row, Segment, Tracks, steps, tracks
from tracker import codebook

EDITION = date(2025, 6, 1)
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from([*codebook.STATUSES, None]),
        st.dates(date(1700, 1, 1), date(2100, 12, 31)),
        st.integers(0, 900),
        st.sampled_from(["", "?", "~"]),
    ),
    max_size=6,
).filter(lambda lines: any(status for status, *_rest in lines))


def _line(status: str | None, day: str) -> dict[str, Any]:
    return {"status": status, "date": day, "by": None, "note": "It moved.", "source": None}


def _record(history: list[dict[str, Any]], **values: Any) -> str:
    entry = {
        "title": "Aid paused", "date": "2025-03-03", "where_it_stands": None, "summary": None, "disputed": False,
        "dispute_note": None, "status_history": history, "agency": None, "actor": None, "other_actors": [],
        "form": None, "citations": [],
        "derived": {"status": "in_effect", "date_earliest": "2025-03-03", "official_source_count": 0},
    }  # fmt: skip
    return json.dumps({"slug": "pause", "entry": entry | values})


def _tracks(*histories: list[dict[str, Any]], last: date = EDITION) -> Tracks:
    records = [_record(history) for history in histories]
    return tracks(entries.grouped(records, sort="newest", counts={}), last=last)


def _row(*lines: tuple[str | None, str], last: date = EDITION) -> Row:
    (group,) = _tracks([_line(*line) for line in lines], last=last).groups
    (row,) = group.rows
    return row


def _drawn(*lines: tuple[str | None, str]) -> list[tuple[str, str]]:
    return [(part.shape, part.glyph) for part in _row(*lines).segments]


@pytest.mark.parametrize("status", codebook.STATUSES)
def test_every_status_is_drawn_in_its_own_way(status: str) -> None:
    expected = {"took_place": "point"} | dict.fromkeys(("reversed", "superseded", "expired", "withdrawn"), "line")
    assert _drawn((status, "2025-03-03")) == [(expected.get(status, "bar"), codebook.STATUSES[status].glyph)]


def test_what_still_holds_runs_to_the_end_of_the_axis() -> None:
    (part,) = _row(("in_effect", "2025-03-03")).segments
    assert part.right == 100


def test_status_ends_where_the_next_begins() -> None:
    first, second = _row(("in_effect", "2025-05-01"), ("reversed", "2025-05-17")).segments
    assert (first.x, first.right) == (0, 50)
    assert (second.x, second.right) == (50, 100)


def test_vague_day_is_drawn_from_its_first_to_its_last() -> None:
    vague, sure = _row(("in_effect", "[2025-05-01..2025-05-17]")).segments
    assert (vague.shape, vague.x, vague.right) == ("vague", 0, 50)
    assert (sure.shape, sure.x, sure.right) == ("bar", 50, 100)


def test_day_with_a_mark_is_vague() -> None:
    assert _drawn(("in_effect", "2025-03-03?")) == [("vague", "in-effect"), ("bar", "in-effect")]


def test_status_gives_way_at_the_earliest_the_next_may_have_begun() -> None:
    held, vague, _sure = _row(("announced", "2025-05-01"), ("in_effect", "[2025-05-09..2025-05-17]")).segments
    assert (held.right, vague.x, vague.right) == (25, 25, 50)


def test_status_that_held_no_whole_day_is_left_out() -> None:
    assert _drawn(("announced", "2025-03-03"), ("in_effect", "2025-03-03")) == [("bar", "in-effect")]


def test_development_without_status_is_not_drawn() -> None:
    assert _drawn(("in_effect", "2025-03-03"), (None, "2025-03-05")) == [("bar", "in-effect")]


def test_event_stands_on_its_day() -> None:
    (part,) = _row(("took_place", "2025-05-16")).segments
    assert part.x == pytest.approx(100 * 15.5 / 32, abs=0.01)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param(date(2025, 6, 1), date(2025, 6, 2), id="the edition is later"),
        pytest.param(date(2025, 3, 5), date(2025, 4, 1), id="an entry may reach further"),
    ],
)
def test_axis_ends_with_the_edition_or_the_last_day_named(last: date, expected: date) -> None:
    assert _tracks([_line("reported", "2025-03")], last=last).axis.end == expected


def test_entries_share_one_axis() -> None:
    found = _tracks([_line("in_effect", "2025-05-17")], [_line("in_effect", "2025-04-03")])
    assert found.axis.first == date(2025, 4, 1)
    assert [len(group.rows) for group in found.groups] == [2]


def test_key_names_what_is_drawn_in_the_order_of_the_codebook() -> None:
    found = _tracks([_line("took_place", "2025-05-17")], [_line("in_effect", "2025-04")])
    assert [sample.label for sample in found.samples] == ["In effect", "Took place", "Day not known"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([("in_effect", "2025-03-03")], "In effect 3 Mar 2025", id="one status"),
        pytest.param(
            [("in_effect", "2025-03-03"), ("reversed", "2025-03-11")],
            "In effect 3 Mar 2025, then Reversed 11 Mar 2025 (in effect 8 days)",
            id="with how long it lasted",
        ),
        pytest.param(
            [("reported", "[2025-02-21..2025-02-28]")], "Reported late Feb 2025, day not known", id="a vague day"
        ),
    ],
)  # fmt: skip
def test_track_is_told_in_words(lines: list[tuple[str | None, str]], expected: str) -> None:
    assert _row(*lines).sentence == expected


@given(HISTORIES)
def test_no_track_leaves_the_axis_or_overlaps_itself(found: list[tuple[Any, date, int, str]]) -> None:
    ordered = sorted(found, key=lambda each: each[1])
    history = [_line(status, _text(day, length, mark)) for status, day, length, mark in ordered]
    (group,) = _tracks(history).groups
    (row,) = group.rows
    assert all(0 <= part.x <= part.right <= 100 for part in row.segments)
    assert _overlaps(row.segments) == []
    assert row.sentence


def _text(day: date, length: int, mark: str) -> str:
    until = min(day + timedelta(days=length), date(2100, 12, 31))
    return f"{day}{mark}" if until == day else f"[{day}..{until}]"


def _overlaps(parts: list[Segment]) -> list[tuple[Segment, Segment]]:
    wide = [part for part in parts if part.shape != "point"]
    return [(sooner, later) for sooner, later in pairwise(wide) if later.x < sooner.right]


@given(HISTORIES)
def test_steps_follow_each_other(found: list[tuple[Any, date, int, str]]) -> None:
    lines = steps([_line(status, _text(day, length, mark)) for status, day, length, mark in found])
    assert [step.first for step in lines] == sorted(step.first for step in lines)
    assert [step.sure for step in lines] == sorted(step.sure for step in lines)
    assert all(step.first <= step.sure for step in lines)
