"""Retraction: a tombstone with its reason stays, old editions still show the entry, and it never comes back."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests import factories
from tests.factories import NOW
from tracker.models import Edition, Projection, PublishedAction, PublishedFacet, StatusSpan
from tracker.publishing import PublishingError, retract

pytestmark = pytest.mark.django_db


def _retract(slug: str = "aid-pause", **values: Any) -> Edition:
    defaults: dict[str, Any] = {"reason": "did_not_happen", "note": "A false report.", "by": None, "at": NOW}
    return retract(slug, **(defaults | values))


def _refusal(slug: str = "aid-pause", **values: Any) -> list[str]:
    with pytest.raises(PublishingError) as refused:
        _retract(slug, **values)
    assert list(refused.value.problems) == [slug]
    return refused.value.problems[slug]


def test_tombstone_says_why_and_holds_no_entry() -> None:
    factories.published(slug="aid-pause")
    edition = _retract(at=NOW + timedelta(days=1))
    row = PublishedAction.objects.get(slug="aid-pause", version=2)
    assert (row.change, row.change_note, row.edition, row.csv, row.csv_digest) == (
        "retracted",
        "A false report.",
        edition,
        "",
        "",
    )
    record = json.loads(row.record)
    assert (record["entry"], record["reason"], record["replaced_by"]) == (None, "did_not_happen", [])
    assert (record["last_change"], record["last_changed"]) == ("published", "2025-06-01T12:00:00Z")


def test_tombstone_has_no_projections() -> None:
    factories.published(slug="aid-pause")
    _retract()
    row = PublishedAction.objects.get(version=2)
    for model in (Projection, PublishedFacet, StatusSpan):
        assert not model._default_manager.filter(row=row).exists()


def test_retracted_entry_is_absent_from_its_edition_on_and_present_before() -> None:
    factories.published(slug="aid-pause")
    factories.published(slug="other")
    _retract()
    seen = [sorted(PublishedAction.objects.as_of(number).values_list("slug", flat=True)) for number in (1, 2, 3)]
    assert seen == [["aid-pause"], ["aid-pause", "other"], ["other"]]
    assert [row.slug for row in PublishedAction.objects.retracted_as_of(3)] == ["aid-pause"]
    assert not PublishedAction.objects.retracted_as_of(2).exists()


def test_retracted_entry_cannot_be_published_again() -> None:
    action = factories.published(slug="aid-pause")
    _retract()
    with pytest.raises(PublishingError, match="was retracted"):
        factories.publish(factories.edit(action, title="It did happen"))


def test_retracted_entry_cannot_be_retracted_again() -> None:
    factories.published(slug="aid-pause")
    _retract()
    assert _refusal() == ["It is not public."]


def test_entry_never_published_cannot_be_retracted() -> None:
    factories.save(slug="aid-pause")
    assert _refusal() == ["It is not public."]
    assert not Edition.objects.exists()


@pytest.mark.parametrize("reason", ["legal", "boring", ""])
def test_reason_of_another_kind_is_refused(reason: str) -> None:
    factories.published(slug="aid-pause")
    assert "no such reason" in _refusal(reason=reason)[0]


@pytest.mark.parametrize("reason", ["did_not_happen", "out_of_scope"])
def test_reason_of_the_codebook_is_taken(reason: str) -> None:
    factories.published(slug="aid-pause")
    assert _retract(reason=reason).number == 2


@pytest.mark.parametrize("note", ["", " \n", "a\x00"], ids=["empty", "blank", "invisible"])
def test_note_that_says_nothing_is_refused(note: str) -> None:
    factories.published(slug="aid-pause")
    with pytest.raises(PublishingError):
        _retract(note=note)
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "replaced_by", "words"),
    [
        ("duplicate", [], "one entry that stays"),
        ("duplicate", ["one", "two"], "one entry that stays"),
        ("duplicate", ["aid-pause"], "not a public entry"),
        ("duplicate", ["draft"], "not a public entry"),
        ("duplicate", ["nowhere"], "not a public entry"),
        ("duplicate", ["gone"], "not a public entry"),
        ("split", ["one"], "entries that replace it"),
        ("split", ["one", "one"], "entries that replace it"),
        ("split", ["one", "draft"], "not a public entry"),
        ("did_not_happen", ["draft"], "not a public entry"),
    ],
)
def test_what_replaces_it_must_be_public(reason: str, replaced_by: list[str], words: str) -> None:
    for slug in ("aid-pause", "one", "two", "gone"):
        factories.published(slug=slug)
    factories.save(slug="draft")
    _retract("gone")
    assert words in " ".join(_refusal(reason=reason, replaced_by=replaced_by))


@pytest.mark.parametrize(("reason", "replaced_by"), [("duplicate", ["one"]), ("split", ["two", "one"])])
def test_what_replaces_it_stands_in_the_tombstone(reason: str, replaced_by: list[str]) -> None:
    for slug in ("aid-pause", "one", "two"):
        factories.published(slug=slug)
    _retract(reason=reason, replaced_by=replaced_by)
    record = json.loads(PublishedAction.objects.current().get(slug="aid-pause").record)
    assert record["replaced_by"] == sorted(replaced_by)
