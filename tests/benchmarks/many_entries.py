"""A large record in a scratch database, written table by table: `record.save_entry` would take an hour.

The shape is that of a newsroom's tracker after years: most entries public, with a history of one to three lines, one
or two citations, some relations; one in a few hundred wants attention in each of the ways the worklist knows.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from tracker import codebook
from tracker.models import (
    Actor,
    Agency,
    Category,
    Citation,
    Edition,
    PolicyAction,
    PublishedAction,
    Publisher,
    Relation,
    Revision,
    Source,
    StatusChange,
)
from tracker.models.vocabulary import name_key

FIRST_DAY = date(2009, 1, 20)
SAVED = datetime(2026, 1, 1, 12, tzinfo=UTC)
_BATCH = 2_000
_STATUSES = ("in_effect", "in_effect", "in_effect", "announced", "took_place", "reversed", "expired", "blocked")
_SUMMARY = "What was decided, by whom, and on whose word we have it, in our own words. " * 5


def fill(count: int, *, by: User) -> None:
    """Write `count` entries (numbered from 1) and what hangs on them; about a minute for 100,000."""
    terms = _terms()
    _write(Source, count * 3 // 2, lambda number: _source(number, terms[Publisher]))
    _write(PolicyAction, count, lambda number: _action(number, terms))
    _write(StatusChange, count * 2, lambda number: _line(number, count))
    _write(Citation, count * 3 // 2, lambda number: _citation(number, count))
    _write(Relation, count // 20, lambda number: _relation(number, count))
    _write(Revision, count, lambda number: _revision(number, by))
    _write(Revision, count, lambda number: _revision(number, by, second=True), only=_edited)
    Edition.objects.create(number=1, published_at=SAVED, columns=50, codebook=codebook.VERSION, digest="0" * 64)
    _write(PublishedAction, count, _public, only=lambda number: number % 10 > 0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")  # as autovacuum would


def _terms() -> dict[Any, list[int]]:
    """Make the vocabulary; return the keys of each kind."""
    sizes: dict[Any, int] = {Category: 25, Agency: 300, Actor: 2_000, Publisher: 400}
    for model, size in sizes.items():
        names = [f"{model.__name__} {number}" for number in range(1, size + 1)]
        rows = [model(name=name, name_key=name_key(name), slug=name_key(name).replace(" ", "-")) for name in names]
        model.objects.bulk_create(rows, batch_size=_BATCH)
    return {model: list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in sizes}


def _write(model: Any, count: int, make: Callable[[int], Any], *, only: Callable[[int], bool] = bool) -> None:
    for start in range(1, count + 1, _BATCH):
        numbers = range(start, min(start + _BATCH, count + 1))
        model.objects.bulk_create([make(number) for number in numbers if only(number)])


def _pick(keys: Sequence[int], number: int) -> int:
    """Return a key, the first ones far more often than the last."""
    return keys[(number * 7919 % len(keys)) * (number * 104_729 % len(keys)) // len(keys)]


def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number * 31 % 6_000)


def _edited(number: int) -> bool:
    return number % 5 == 0


def _source(number: int, publishers: list[int]) -> Source:
    url = f"https://news{number % 400}.example/{_day(number):%Y/%m}/a-policy-was-changed-{number}"
    return Source(
        slug=f"source-{number}", publisher_id=_pick(publishers, number), title=f"Report {number} of what was decided",
        url=url, url_key=url.removeprefix("https://"), published=_day(number).isoformat(),
        kind="official_document" if number % 3 == 0 else "news_report",
        archive_url="" if number % 250 == 0 else f"https://archive.example/{number}",
    )  # fmt: skip


def _action(number: int, terms: dict[Any, list[int]]) -> PolicyAction:
    rare = number % 500
    return PolicyAction(
        pk=number, slug=f"entry-{number}", title=f"Number {number}: a programme was paused by the body in charge",
        summary="" if rare == 1 else _SUMMARY, where_it_stands="" if rare == 2 else f"It stands at {number}.",
        category_id=None if rare == 3 else _pick(terms[Category], number),
        actor_id=None if rare == 4 else _pick(terms[Actor], number),
        agency_id=None if rare == 5 else _pick(terms[Agency], number),
        date=f"{_day(number):%Y-%m}" if rare == 6 else _day(number).isoformat(),
        due_date="2025-12-31" if rare == 7 else None, last_verified=date(2025, 1, 1) if rare == 8 else SAVED.date(),
        workflow={9: "in_review", 10: "returned", 11: "draft"}.get(rare, "clean"), revision=2 if _edited(number) else 1,
        published_revision=None if number % 10 == 0 else 1 if number % 500 == 15 or not _edited(number) else 2,
    )  # fmt: skip


def _line(number: int, count: int) -> StatusChange:
    action, position = (number - 1) % count + 1, (number - 1) // count + 1
    status = "in_effect" if position == 1 else _STATUSES[action % len(_STATUSES)]
    if action % 300 == 0 and position == 2:
        status = "on_hold"
    day = _day(action) + timedelta(days=40 * (position - 1))
    return StatusChange(action_id=action, position=position, status=status, date=day.isoformat())


def _citation(number: int, count: int) -> Citation:
    action, position = (number - 1) % count + 1, (number - 1) // count + 1
    return Citation(action_id=action, position=position, source_id=number, attribution="document")


def _relation(number: int, count: int) -> Relation:
    kind = codebook.RELATION_KINDS.codes[number % len(codebook.RELATION_KINDS)]
    return Relation(from_action_id=number * 20, to_action_id=(number * 20 + 7) % count + 1, kind=kind)


def _revision(number: int, by: User, *, second: bool = False) -> Revision:
    place = 2 if second else 1
    document = {"entry": {"title": f"Number {number}", "summary": _SUMMARY * 3}, "relations": []}
    at = SAVED + timedelta(minutes=number * 17 % 100_000, days=second)
    return Revision(action_id=number, number=place, document=document, by=by, at=at, workflow="draft")


def _public(number: int) -> PublishedAction:
    text = json.dumps({"entry": {"title": f"Number {number}", "summary": _SUMMARY * 3}})
    return PublishedAction(
        slug=f"entry-{number}", version=1, edition_id=1, record=text, digest="0" * 64, csv=text, csv_digest="0" * 64,
        change="retracted" if number % 1_000 == 1 else "published", record_bytes=len(text), csv_bytes=len(text),
    )  # fmt: skip
