"""How long a status held, and how its trail reads."""

import pytest

from timeline.presenting.history import lasted, steps, trail
from tracker import codebook


def _line(status: str | None, date: str, by: str | None = None) -> dict[str, str | None]:
    return {"status": status, "date": date, "by": by, "note": None, "source": None}


@pytest.mark.parametrize(
    ("status", "start", "end", "expected"),
    [
        ("in_effect", "2025-03-03", "2025-03-11", "in effect 8 days"),
        ("partly_in_effect", "2025-03-03", "2025-03-04", "partly in effect 1 day"),
        ("in_effect", "2025-03-03", "2025-03-03", ""),
        ("in_effect", "2025-03", "2025-03-11", ""),
        ("in_effect", "2025-03-03", "2025-03-11?", ""),
        ("on_hold", "2025-03-03", "2025-03-11", ""),
        ("announced", "2025-03-03", "2025-03-11", ""),
    ],
    ids=["whole days", "one day", "same day", "vague start", "uncertain end", "on hold", "not started"],
)
def test_lasted(status: str, start: str, end: str, expected: str) -> None:
    assert lasted(_line(status, start), _line("reversed", end)) == expected


def test_trail_leaves_developments_out_and_names_other_years() -> None:
    history = [_line("in_effect", "2025-03-03"), _line(None, "2025-03-04"), _line("expired", "2026-01-01")]
    found = [(step.tag.label, step.date, step.lasted) for step in trail(history, year=2025)]
    assert found == [("In effect", "3 Mar", ""), ("Expired", "1 Jan 2026", "in effect 304 days")]


@pytest.mark.parametrize("by", codebook.STATUS_BY)
def test_every_by_has_its_words(by: str) -> None:
    assert steps([_line("in_effect", "2025-03-03", by)], numbers={})[0].by.startswith("by ")
