"""Was it in force on that day? The stored spans, the rule in Python and the rule in SQL, against all worlds."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from tests import factories
from tests.timeline.scene import select
from timeline.selection.in_force import holds_on, in_force_on
from tracker import codebook, dates, document
from tracker.models import PublishedAction

START = date(2025, 2, 24)
HORIZON = 14  # days that histories of the test move in
STATUSES = list(codebook.STATUSES)
VALUE_SETS = [("yes", "partly"), ("no",), ("unknown",), ("not_applicable",), ("yes", "unknown")]


def _text(generator: random.Random, day: int) -> str:
    """Return a date at or after `day` in one of the ways in which editors leave days open."""
    first = START + timedelta(days=day)
    second = first + timedelta(days=generator.randint(1, 4))
    return generator.choice(
        [f"{first}", f"{first}", f"[{first}..{second}]", f"[{first},{second}]", f"{first}?", f"{first}~"]
    )


def _history(generator: random.Random) -> list[dict[str, Any]]:
    """Return up to four lines that some days satisfy; those that none does are refused by the form."""
    while True:
        days = sorted(generator.randint(0, HORIZON - 5) for _ in range(generator.randint(1, 4)))
        lines = [{"status": generator.choice(STATUSES), "date": _text(generator, day)} for day in days]
        if next(_worlds(lines), None) is not None:
            return lines


def _days(text: str) -> list[date]:
    """Return the days on which a line may have begun: a mark may mean a day more."""
    found = dates.parse(text)
    if found.kind == "either":
        # Two single days: the spans take every day between as possible, as the bounds do.
        return [found.earliest + timedelta(days=n) for n in range((found.latest - found.earliest).days + 1)]
    last = found.latest + timedelta(days=1) if found.is_qualified else found.latest
    return [found.earliest + timedelta(days=n) for n in range((last - found.earliest).days + 1)]


def _worlds(lines: list[dict[str, Any]]) -> Iterator[tuple[date, ...]]:
    """Yield every way of choosing a day for each line that keeps their order."""
    for chosen in product(*(_days(line["date"]) for line in lines)):
        if all(earlier <= later for earlier, later in pairwise(chosen)):
            yield chosen


def _value_in(world: tuple[date, ...], lines: list[dict[str, Any]], day: date) -> str:
    """Return the one value of in_force that holds on `day` in this world."""
    holding = [line["status"] for line, began in zip(lines, world, strict=True) if began <= day]
    if holding:
        return codebook.STATUSES[holding[-1]].in_force
    return "unknown" if lines[0]["status"] == "reported" else "no"


@pytest.mark.parametrize("seed", range(10))
def test_rule_agrees_with_all_possible_worlds(seed: int) -> None:
    """A thousand random histories for each seed, each asked on a random day for every set of values."""
    generator = random.Random(seed)
    for _ in range(1000):
        lines = _history(generator)
        spans = document.spans({"status_history": lines})
        worlds = list(_worlds(lines))
        day = START + timedelta(days=generator.randint(-2, HORIZON + 2))
        values = {_value_in(world, lines, day) for world in worlds}
        for wanted in VALUE_SETS:
            possible = bool(values & set(wanted))
            certain = values <= set(wanted)
            assert holds_on(spans, day, values=wanted, is_certain=False) == possible, (lines, day, wanted)
            assert holds_on(spans, day, values=wanted, is_certain=True) == certain, (lines, day, wanted)


@pytest.mark.django_db
def test_sql_agrees_with_python() -> None:
    generator = random.Random(99)
    histories = {f"entry-{number}": _history(generator) for number in range(40)}
    terms = factories.entry()
    actions = [
        factories.save(**(terms | {"slug": slug, "date": "2025-02", "status_history": _bare(lines)}))
        for slug, lines in histories.items()
    ]
    factories.publish(*actions)
    rows = PublishedAction.objects.as_of(1)
    spans = {slug: document.spans({"status_history": lines}) for slug, lines in histories.items()}
    for offset, wanted, is_certain in product(range(-1, HORIZON + 2), VALUE_SETS, (False, True)):
        day = START + timedelta(days=offset)
        found = set(rows.filter(in_force_on(day, values=wanted, is_certain=is_certain)).values_list("slug", flat=True))
        assert found == {slug for slug in spans if holds_on(spans[slug], day, values=wanted, is_certain=is_certain)}, (
            day,
            wanted,
            is_certain,
        )


def _bare(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines as an editor would save them."""
    return [line | {"by": codebook.default_by(line["status"]) or None} for line in lines]


VAGUE = [factories.line("announced", "2025-03-01"), factories.line("in_effect", "[2025-03-03..2025-03-05]")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("in_force_on=2025-03-02", False),
        ("in_force_on=2025-03-04", True),
        ("in_force_on=2025-03-04&dates=certain", False),
        ("in_force_on=2025-03-05&dates=certain", True),
        ("in_force_on=2025-03-04&in_force=no", True),
        ("in_force_on=2025-03-04&in_force=no&in_force=yes&dates=certain", True),
        ("in_force=yes", True),
    ],
)
def test_vague_start_may_or_must_be_in_force(query: str, is_found: bool) -> None:
    factories.published(status_history=VAGUE)
    assert select(query).rows().exists() is is_found
