"""Verifying the ledger: sound ledgers pass, every way of tampering with a copy is found out and named."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from tests import factories
from tests.factories import NOW, line
from tracker import document, triggers, verification
from tracker.models import Edition, Projection, PublishedAction, PublishedFacet, StatusSpan, Topic
from tracker.publishing import publish_terms, retract

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> None:
    """Six editions: two related entries, an update, a third entry, a term, a relation removed, a retraction."""
    topic = factories.TopicFactory.create(slug="war", name="War")
    ended = [line(), line("reversed", "2025-03-11")]
    target = factories.save(slug="target", status_history=ended, topics=[topic], summary='One, "two".\nThree.')
    action = factories.save(slug="action", date="2025-03-11", relations=[{"kind": "reverses", "to": "target"}])
    factories.publish(target, action, note="The first.")
    factories.publish(factories.edit(target, summary="More is known."))
    factories.published(slug="third", date="2025-02~", status_history=[line("reported", "2025-02")])
    Topic.objects.filter(slug="war").update(name="The war", name_key="the war")
    publish_terms([("topic", "war")], by=None, at=NOW, note="Spelling.")
    factories.publish(factories.edit(action, relations=[]))
    retract("third", reason="did_not_happen", note="A false report.", by=None, at=NOW)


def _faults(**values: Any) -> list[str]:
    return list(verification.verify(**values))


def _tamper(*statements: str) -> None:
    """Change a copy of the ledger as somebody with the file in their hands would: without guards."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def forgiving() -> Any:
    """Roll the tampering back before foreign keys are checked."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_empty_ledger_verifies() -> None:
    assert _faults(full=True) == []


@pytest.mark.usefixtures("ledger")
def test_sound_ledger_verifies_and_tells_its_progress() -> None:
    seen: list[int] = []
    assert _faults(full=True, progress=seen.append) == []
    assert seen == [1, 2, 3, 4, 5, 6]


ROW = "slug = 'target' AND version = 1"
TERM = "slug = 'war' AND version = 1"
RELATION = "version = 1"
FLIP = "{column} = REPLACE({column}, '{old}', '{new}')"


def _set(table: str, change: str, where: str = "1 = 1") -> str:
    return f"UPDATE tracker_{table} SET {change} WHERE {where}"


def _flip(column: str, old: str, new: str) -> str:
    return FLIP.format(column=column, old=old, new=new)


# What was done to the copy, and the words by which it is named.
TAMPERED: dict[str, tuple[str, str]] = {
    "record": (_set("publishedaction", _flip("record", "Aid paused", "Aid pauzed"), ROW), "target v1: its record"),
    "record to no json": (_set("publishedaction", "record = 'x'", ROW), "target v1: its record"),
    "record gone": (_set("publishedaction", "record = ''", ROW), "target v1: its record"),
    "csv": (_set("publishedaction", _flip("csv", "Aid paused", "Aid pauzed"), ROW), "target v1: its CSV line"),
    "csv gone": (_set("publishedaction", "csv = '', csv_bytes = 0", ROW), "target v1: its CSV line"),
    "digest": (_set("publishedaction", "digest = 'x'", ROW), "Edition 1 does not match"),
    "csv digest": (_set("publishedaction", "csv_digest = 'x'", ROW), "Edition 1 does not match"),
    "byte counts": (_set("publishedaction", "record_bytes = record_bytes + 1", ROW), "byte counts"),
    "csv byte counts": (_set("publishedaction", "csv_bytes = 1", ROW), "byte counts"),
    "slug": (_set("publishedaction", "slug = 'other'", ROW), "column slug"),
    "change": (_set("publishedaction", "change = 'minor'", "change = 'updated'"), "column change"),
    "change note": (_set("publishedaction", "change_note = 'x'", "change = 'updated'"), "column change_note"),
    "term record": (_set("publishedterm", _flip("record", "War", "Peace"), TERM), "topic war v1: its record"),
    "term kind": (_set("publishedterm", "kind = 'actor'", TERM), "column kind"),
    "term slug": (_set("publishedterm", "slug = 'wars'", TERM), "column slug"),
    "relation record": (_set("publishedrelation", _flip("record", "target", "tarpit"), RELATION), "its record"),
    "relation end": (_set("publishedrelation", "to_slug = 'x'", RELATION), "column to_slug"),
    "relation start": (_set("publishedrelation", "from_slug = 'x'", RELATION), "column from_slug"),
    "relation kind": (_set("publishedrelation", "kind = 'amends'", RELATION), "column kind"),
    "relation part": (_set("publishedrelation", "in_part = NOT in_part", RELATION), "column in_part"),
    "relation removed": (_set("publishedrelation", "removed = NOT removed", RELATION), "column removed"),
    "edition note": (_set("edition", "note = 'x'", "number = 1"), "Edition 1 does not match"),
    "edition digest": (_set("edition", "digest = 'x'", "number = 2"), "Edition 2 does not match"),
    "edition codebook": (_set("edition", "codebook = '0'", "number = 2"), "Edition 2 does not match"),
    "edition columns": (_set("edition", "columns = 49", "number = 1"), "49 columns"),
    "columns of a retraction": (_set("edition", "columns = 49", "number = 6"), "Edition 6 says 49 columns"),
    "edition instant": (_set("edition", "published_at = '2025-05-01 00:00:00+00:00'", "number = 2"), "Edition 2"),
    "moved row": (_set("publishedaction", "edition_id = 2", "slug = 'action'"), "Edition 1 does not match"),
    "version": (_set("publishedaction", "version = 5", "slug = 'target' AND version = 3"), "version 3 is missing"),
    "superseded late": (_set("publishedaction", "superseded_in = 6", ROW), "superseded in edition 2, not 6"),
    "superseded by nothing": (_set("publishedaction", "superseded_in = 6", "slug = 'action'"), "superseded by nothing"),
    "redacted to come": (
        _set("publishedaction", "redacted_in = 99, record = '', csv = ''", ROW),
        "redacted in edition 99, which cannot be",
    ),
    "marked as redacted": (_set("publishedaction", "redacted_in = 6", ROW), "still holds a text"),
}


@pytest.mark.usefixtures("ledger", "forgiving")
@pytest.mark.parametrize("name", TAMPERED)
def test_flipped_value_is_found_and_named(name: str) -> None:
    statement, words = TAMPERED[name]
    _tamper(statement)
    assert words in "\n".join(_faults(full=True))


def _renumber(*steps: tuple[int, int]) -> Callable[[], None]:
    """Give editions other numbers, one after the other."""
    return lambda: _tamper(*(_set("edition", f"number = {new}", f"number = {old}") for old, new in steps))


_SEALED = ("publishedaction", "publishedterm", "publishedrelation")


def _missing_row() -> None:
    _tamper("DELETE FROM tracker_publishedterm WHERE kind = 'topic' AND version = 1")


def _missing_edition() -> None:
    _tamper(*(f"DELETE FROM tracker_{table} WHERE edition_id = 4" for table in _SEALED))
    _tamper("DELETE FROM tracker_edition WHERE number = 4")


def _added_row() -> None:
    old = PublishedAction.objects.get(slug="target", version=1)
    text = document.canonical({"forged": True})
    PublishedAction.objects.bulk_create(
        [
            PublishedAction(
                slug="forged", version=1, edition_id=2, record=text, digest=document.digest(text), change="published",
                csv=old.csv, csv_digest=old.csv_digest, record_bytes=len(text), csv_bytes=old.csv_bytes,
            )
        ]
    )  # fmt: skip


def _row_of_no_edition() -> None:
    _added_row()
    _tamper(_set("publishedaction", "edition_id = 99", "slug = 'forged'"))


REBUILT: dict[str, tuple[Callable[[], None], str]] = {
    "missing row": (_missing_row, "Edition 1 does not match"),
    "missing first version": (_missing_row, "versions before 2 are missing"),
    "missing edition": (_missing_edition, "Edition 4 is missing: the next one is 5"),
    "added row": (_added_row, "Edition 2 does not match"),
    "added row is no document": (_added_row, "forged v1: its record is no document"),
    "row of no edition": (_row_of_no_edition, "stands in edition 99, which does not exist"),
    "reordered": (_renumber((2, 99), (3, 2), (99, 3)), "Edition 2 does not match"),
    "renumbered": (_renumber((6, 7)), "Edition 6 is missing: the next one is 7"),
}


@pytest.mark.usefixtures("ledger", "forgiving")
@pytest.mark.parametrize("name", REBUILT)
def test_missing_foreign_or_moved_row_is_found_and_named(name: str) -> None:
    tamper, words = REBUILT[name]
    tamper()
    assert words in "\n".join(_faults())


@pytest.mark.usefixtures("ledger", "forgiving")
def test_since_takes_earlier_editions_as_they_are() -> None:
    _tamper(_set("publishedaction", "record = 'x'", ROW), _set("edition", "note = 'x'", "number = 1"))
    assert len(_faults()) == 2
    assert _faults(since=1) == []


PROJECTED = {
    "sort key": (_set("projection", "newest = newest + 1", "slug = 'action'"), "sort keys"),
    "bound": (_set("projection", "latest = '2030-01-01'", "slug = 'action'"), "sort keys"),
    "end": (_set("projection", "superseded_in = 3", "slug = 'action'"), "sort keys"),
    "facet": ("DELETE FROM tracker_publishedfacet WHERE value_id = (SELECT MIN(value_id) FROM tracker_publishedfacet)",
              "facets"),
    "span": (_set("statusspan", "in_force = 'no'", "in_force = 'yes'"), "status spans"),
    "span gone": ("DELETE FROM tracker_statusspan", "status spans"),
}  # fmt: skip


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("name", PROJECTED)
def test_wrong_projection_is_found_by_full_alone(name: str) -> None:
    statement, words = PROJECTED[name]
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert words in "\n".join(_faults(full=True))
    assert _faults() == []


@pytest.mark.usefixtures("ledger")
def test_projection_of_a_tombstone_is_found_by_full() -> None:
    row = PublishedAction.objects.get(change="retracted")
    StatusSpan.objects.create(row=row, in_force="yes")
    assert _faults(full=True) == ["action third v2 is gone and still has a projection."]


# --- commands --------------------------------------------------------------------------------------------------


def _call(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("ledger")
def test_command_names_the_newest_edition_and_its_digest() -> None:
    out, err = _call("verify_ledger", "--full", "--since", "2")
    newest = Edition.objects.get(number=6)
    assert "4 edition(s), projections included" in out
    assert f"edition 6, {newest.digest}" in out
    assert err == ""


@pytest.mark.usefixtures("ledger", "forgiving")
def test_command_names_each_fault_and_fails() -> None:
    _tamper(_set("publishedaction", "record = 'x'", ROW))
    err = StringIO()
    with pytest.raises(CommandError, match="1 fault") as failed:
        call_command("verify_ledger", stdout=StringIO(), stderr=err)
    assert failed.value.returncode == 1
    assert "target v1" in err.getvalue()


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("since", ["-1", "7", "x"])
def test_command_refuses_an_edition_that_is_none(since: str) -> None:
    with pytest.raises(CommandError, match="since"):
        _call("verify_ledger", f"--since={since}")


def test_command_on_an_empty_ledger_passes() -> None:
    assert "0 edition(s)" in _call("verify_ledger")[0]


def _projections() -> list[list[str]]:
    facets = PublishedFacet.objects.values_list("row_id", "value__dimension", "value__key")
    spans = StatusSpan.objects.values_list("row_id", "in_force", "from_day", "before_day")
    return [sorted(str(row) for row in rows) for rows in (Projection.objects.values_list(), facets, spans)]


@pytest.mark.usefixtures("ledger")
def test_rebuilt_projections_are_what_they_were() -> None:
    before = _projections()
    for model in (PublishedFacet, StatusSpan, Projection):
        model._default_manager.all().delete()
    out, _ = _call("rebuild_projections")
    assert all(before)
    assert _projections() == before
    assert f"of {PublishedAction.objects.count()} rows" in out
