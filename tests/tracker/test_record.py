"""Saving entries: whole, checked, all or none, one revision a save."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import factory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW, citation, entry, line
from tracker import document
from tracker.models import PolicyAction, PublishedAction, Revision
from tracker.models.fields import validate_public_address
from tracker.record import ConflictError, Draft, RecordError, problems_of, save_entries, save_entry

pytestmark = pytest.mark.django_db


def _fresh(action: PolicyAction) -> PolicyAction:
    return PolicyAction.objects.for_documents().get(pk=action.pk)


def _problems(draft: Draft) -> dict[str, list[str]]:
    with pytest.raises(RecordError) as refused:
        save_entry(draft, by=None, at=NOW)
    return refused.value.problems[0]


# --- new and edited --------------------------------------------------------------------------------------------


def test_save_new_entry_is_revision_one() -> None:
    action = factories.save(slug="aid-pause")
    assert (action.slug, action.revision, action.workflow, action.published_revision) == ("aid-pause", 1, "draft", None)


def test_save_edit_replaces_what_it_says_and_keeps_the_row() -> None:
    action = factories.save(slug="aid-pause", summary="Old.", status_history=[line(), line("reversed", "2025-03-11")])
    edited = factories.edit(action, summary="New.", status_history=[line("on_hold", "2025-03-04")])
    assert (edited.pk, edited.revision, edited.summary) == (action.pk, 2, "New.")
    assert [(each.position, each.status) for each in edited.status_changes.all()] == [(1, "on_hold")]


def test_save_edit_of_the_date_moves_its_bounds() -> None:
    action = factories.save(date="2025-03-03")
    factories.edit(action, date="2024-02")
    saved = PolicyAction.objects.get(pk=action.pk)
    assert (saved.date_earliest, saved.date_latest) == (date(2024, 2, 1), date(2024, 2, 29))


def test_save_edit_that_empties_the_date_empties_its_bounds() -> None:
    action = factories.save(date="2025-03-03")
    factories.edit(action, date=None)
    saved = PolicyAction.objects.values_list("date", "date_earliest", "date_latest").get(pk=action.pk)
    assert set(saved) == {None}


def test_saved_revision_is_the_document_of_the_entry() -> None:
    target = factories.save(slug="target", date="2025-01-01")
    action = factories.save(slug="action", relations=[{"kind": "amends", "to": target.slug}], topics=[])
    kept = Revision.objects.get(action=action, number=1).document
    assert kept == {"entry": document.entry_of(_fresh(action)), "relations": document.relations_of(_fresh(action))}


def test_saving_a_revision_again_changes_nothing_in_the_document() -> None:
    action = factories.save(
        other_actors=[factories.ActorFactory.create(), factories.ActorFactory.create()],
        affects=[factories.PartyFactory.create()],
        identifiers=["eo:13716", "fr:2016-01325"],
        disputed=True,
        dispute_note="Denied.",
        last_verified="2025-05-01",
        due_date="2025-07",
        relations=[{"kind": "see_also", "title": "An order", "identifier": "eo:1", "note": "Kin."}],
    )
    again = factories.edit(action)
    assert again.revisions.get(number=2).document == again.revisions.get(number=1).document


def test_save_keeps_lists_in_their_order_and_sets_by_slug() -> None:
    actors = [factories.ActorFactory.create(slug=slug) for slug in ("zz-last", "aa-first")]
    action = factories.save(identifiers=["fr:2", "eo:1", "fr:2"], other_actors=[*actors, actors[0]])
    saved = document.entry_of(_fresh(action))
    assert saved["identifiers"] == ["fr:2", "eo:1"]
    assert [each["slug"] for each in saved["other_actors"]] == ["aa-first", "zz-last"]


def test_save_puts_what_a_citation_bears_on_in_the_order_of_the_codebook() -> None:
    action = factories.save(citations=[citation(bears_on=["status", "action", "status"] * 4)])
    assert document.entry_of(_fresh(action))["citations"][0]["bears_on"] == ["action", "status"]


def test_absent_and_null_keys_are_the_same() -> None:
    bare = save_entry(Draft(entry={"title": "Bare"}), by=None, at=NOW)
    nulls = dict.fromkeys(document.entry_of(_fresh(bare)), None) | {"title": "Bare"}
    null = save_entry(Draft(entry=nulls), by=None, at=NOW)
    assert document.entry_of(_fresh(null)) == document.entry_of(_fresh(bare))


def test_save_cleans_texts_to_nfc_without_outer_blanks() -> None:
    action = factories.save(title="  Cafe\u0301 closed ", summary="One.\r\nTwo.\r")
    assert (action.title, action.summary) == ("Caf\u00e9 closed", "One.\nTwo.")


def test_imported_stays_so_when_an_editor_saves() -> None:
    action = factories.save(imported=True)
    assert factories.edit(action, summary="Checked.").imported


def test_save_without_drafts_saves_nothing() -> None:
    assert save_entries([], by=None, at=NOW) == []


def test_today_is_the_utc_day_of_the_instant() -> None:
    eastern = timezone(timedelta(hours=14))
    at = datetime(2025, 6, 2, 3, 0, tzinfo=eastern)  # still 1 June in UTC
    with pytest.raises(RecordError, match="still to come"):
        save_entry(Draft(entry=entry(status_history=[line(date="2025-06-02")])), by=None, at=at)


# --- the optimistic lock ---------------------------------------------------------------------------------------


def test_stale_save_is_a_conflict_and_saves_nothing() -> None:
    action = factories.save(slug="aid-pause", title="Mine")
    factories.edit(action, title="Theirs")
    with pytest.raises(ConflictError) as refused:
        factories.save(slug="aid-pause", title="Mine again", expected=1)
    assert refused.value.slugs == ["aid-pause"]
    assert (PolicyAction.objects.get().title, Revision.objects.count()) == ("Theirs", 2)


@pytest.mark.parametrize("expected", [0, 2], ids=["as new", "ahead"])
def test_save_of_an_existing_slug_with_another_revision_is_a_conflict(expected: int) -> None:
    factories.save(slug="aid-pause")
    with pytest.raises(ConflictError):
        factories.save(slug="aid-pause", expected=expected)


def test_save_of_an_entry_deleted_meanwhile_is_a_conflict() -> None:
    factories.save(slug="aid-pause").delete()
    with pytest.raises(ConflictError):
        factories.save(slug="aid-pause", expected=1)


def test_bulk_save_is_all_or_none_on_a_conflict() -> None:
    factories.save(slug="one")
    with pytest.raises(ConflictError) as refused:
        save_entries([Draft(entry=entry(), slug="two"), Draft(entry=entry(), slug="one")], by=None, at=NOW)
    assert refused.value.slugs == ["one"]
    assert list(PolicyAction.objects.values_list("slug", flat=True)) == ["one"]


def test_bulk_save_is_all_or_none_on_a_problem_and_tells_per_draft() -> None:
    drafts = [Draft(entry=entry(), slug="one"), Draft(entry=entry(title=" "), slug="two")]
    with pytest.raises(RecordError) as refused:
        save_entries(drafts, by=None, at=NOW)
    assert [list(found) for found in refused.value.problems] == [[], ["title"]]
    assert not PolicyAction.objects.exists()


def test_bulk_save_returns_entries_in_the_order_of_the_drafts() -> None:
    old = factories.save(slug="bb")
    drafts = [Draft(entry=entry(), slug="cc"), Draft(entry=entry(), slug="bb", expected=1), Draft(entry=entry())]
    saved = save_entries(drafts, by=None, at=NOW)
    assert [action.slug for action in saved] == ["cc", "bb", "aid-paused"]
    assert saved[1].pk == old.pk


def test_bulk_save_relates_entries_of_one_batch() -> None:
    drafts = [
        Draft(entry=entry(), slug="later", relations=[{"kind": "reverses", "to": "earlier"}]),
        Draft(entry=entry(date="2025-02-01"), slug="earlier"),
    ]
    later, _ = save_entries(drafts, by=None, at=NOW)
    assert document.relations_of(later)[0]["to"] == "earlier"


@pytest.mark.parametrize("expected", [0, 1], ids=["new", "existing"])
def test_two_drafts_of_one_slug_are_refused(expected: int) -> None:
    if expected:
        factories.save(slug="twice")
    drafts = [Draft(entry=entry(title=title), slug="twice", expected=expected) for title in ("One", "Two")]
    with pytest.raises(RecordError, match="one key"):
        save_entries(drafts, by=None, at=NOW)
    assert Revision.objects.count() == expected


# --- slugs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Aid to Ukraine paused", "aid-to-ukraine-paused"),
        ("Café closed", "cafe-closed"),
        ("snake_case kept out", "snake-case-kept-out"),
        ("Помощь", "action"),
        ("x" * 100, "x" * 80),
    ],
    ids=["words", "accents", "underscore", "no-latin", "long"],
)
def test_slug_is_made_from_the_title(title: str, slug: str) -> None:
    assert factories.save(title=title).slug == slug


def test_slug_of_another_entry_is_not_taken() -> None:
    assert [factories.save(title="Aid paused").slug for _ in range(3)] == ["aid-paused", "aid-paused-2", "aid-paused-3"]


def test_slugs_within_one_batch_differ() -> None:
    factories.save(title="Aid paused")
    drafts = [
        Draft(entry=entry(title="Aid paused")),
        Draft(entry=entry(), slug="aid-paused-2"),
        Draft(entry=entry(title="Aid paused")),
    ]
    slugs = [action.slug for action in save_entries(drafts, by=None, at=NOW)]
    assert slugs == ["aid-paused-3", "aid-paused-2", "aid-paused-4"]


def _retire(slug: str) -> None:
    """Leave a slug in the ledger alone, as a redaction does."""
    factories.published(slug=slug)
    row = PublishedAction.objects.get(slug=slug)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tracker_publishedaction (slug, version, edition_id, superseded_in, record, digest, change,"
            " change_note, csv, csv_digest, record_bytes, csv_bytes) SELECT 'gone', 1, edition_id, NULL, record,"
            f" digest, change, change_note, csv, csv_digest, 0, 0 FROM tracker_publishedaction WHERE id = {row.pk}"
        )


def test_slug_of_the_ledger_is_not_made_again() -> None:
    _retire("aid-pause")
    assert factories.save(title="Gone").slug == "gone-2"


def test_slug_of_the_ledger_is_refused_when_typed() -> None:
    _retire("aid-pause")
    assert "slug" in _problems(Draft(entry=entry(), slug="gone"))


# --- hostile text ----------------------------------------------------------------------------------------------

HOSTILE = {"nul": "\x00", "control": "\x08", "bidi": "\u202e", "surrogate": "\ud800"}


@pytest.mark.parametrize("character", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("title", {"title": "A{}"}),
        ("summary", {"summary": "A{}"}),
        ("where_it_stands", {"where_it_stands": "A{}"}),
        ("actor_office", {"actor_office": "A{}"}),
        ("date_note", {"date_note": "A{}"}),
        ("dispute_note", {"dispute_note": "A{}"}),
        ("identifiers", {"identifiers": ["A{}"]}),
        ("actor", {"actor": {"slug": "a{}"}}),
        ("topics", {"topics": [{"slug": "a{}"}]}),
        ("date", {"date": "2025{}"}),
        ("form", {"form": "notice{}"}),
        ("last_verified", {"last_verified": "2025-01-01{}"}),
        ("status_history.1.note", {"status_history": [{"status": "announced", "date": "2025", "note": "A{}"}]}),
        ("status_history.1.source", {"status_history": [{"status": "announced", "date": "2025", "source": "a{}"}]}),
        ("citations.1.source", {"citations": [{"source": {"slug": "a{}"}, "attribution": "document"}]}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_invisible_characters_are_refused_naming_the_field(path: str, values: dict[str, Any], character: str) -> None:
    draft = Draft(entry=entry(**_filled(values, character)))
    assert list(_problems(draft)) == [path]


@pytest.mark.parametrize("character", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["title", "identifier", "url", "note", "to"])
def test_invisible_characters_in_a_relation_are_refused(name: str, character: str) -> None:
    outside = {"title": "An order", "identifier": "eo:1", "url": "https://a.example/"}
    item = {"kind": "see_also", **({} if name == "to" else outside)}
    item[name] = item.get(name, "a") + character
    assert f"relations.1.{name}" in _problems(Draft(entry=entry(), relations=[item]))


def _filled(value: Any, character: str) -> Any:
    if isinstance(value, str):
        return value.replace("{}", character)
    if isinstance(value, list):
        return [_filled(item, character) for item in value]
    return {key: _filled(item, character) for key, item in value.items()}


@pytest.mark.parametrize("character", HOSTILE.values(), ids=HOSTILE)
def test_invisible_characters_in_a_slug_are_refused(character: str) -> None:
    assert "slug" in _problems(Draft(entry=entry(), slug=f"a{character}"))


def test_public_address_with_an_invisible_character_is_refused() -> None:
    with pytest.raises(Exception, match="invisible"):
        validate_public_address("https://a.example/\x00")


def test_reason_longer_than_its_column_is_refused() -> None:
    with pytest.raises(RecordError, match="reason"):
        save_entry(Draft(entry=entry()), by=None, at=NOW, reason="x" * 1001)


# --- cost ------------------------------------------------------------------------------------------------------


def _reads_of_saving(count: int, *, again: bool) -> int:
    """Return how many SELECTs save `count` entries. (How many rows one INSERT takes, the database says.)"""
    shared = entry()
    drafts = [Draft(entry=shared) for _ in range(count)]
    if again:
        saved = save_entries(drafts, by=None, at=NOW)
        drafts = [Draft(entry=shared, slug=action.slug, expected=1) for action in saved]
    with CaptureQueriesContext(connection) as captured:
        save_entries(drafts, by=None, at=NOW)
    assert len(captured) < count
    return sum(query["sql"].startswith("SELECT") for query in captured.captured_queries)


@pytest.mark.parametrize("again", [False, True], ids=["new", "edited"])
def test_saving_twice_as_many_reads_no_more_often(again: bool) -> None:
    assert _reads_of_saving(60, again=again) == _reads_of_saving(120, again=again)


def test_problems_of_only_reads() -> None:
    drafts = [Draft(entry=entry(title=""))]
    with CaptureQueriesContext(connection) as captured:
        found = problems_of(drafts, today=NOW.date())
    assert list(found[0]) == ["title"]
    assert {query["sql"].split()[0] for query in captured.captured_queries} == {"SELECT"}


def test_line_whose_source_is_in_the_record_but_not_cited_is_told_to_cite_it() -> None:
    spare = factories.SourceFactory.create()
    draft = Draft(entry=entry(status_history=[line(source=spare.slug)]))
    assert _problems(draft)["status_history.1.source"] == ["The source of a line must be cited by the entry."]


# --- the factories ---------------------------------------------------------------------------------------------

FACTORIES = [each for each in vars(factories).values() if isinstance(each, type) and issubclass(each, factory.Factory)]


@pytest.mark.parametrize("maker", FACTORIES, ids=lambda maker: maker.__name__)
def test_every_factory_builds_what_passes_full_clean(maker: Any) -> None:
    made = maker.create()
    made.full_clean(exclude=["password"] if maker is factories.UserFactory else None)
    assert made.pk


@pytest.mark.parametrize("traits", [{"official": True}, {"in_print": True}], ids=["official", "print"])
def test_traits_of_sources_pass_full_clean(traits: dict[str, bool]) -> None:
    made = factories.SourceFactory.create(**traits)
    made.full_clean()
    assert made.is_official is bool(traits.get("official"))


def test_saved_entry_and_its_parts_pass_full_clean() -> None:
    action = _fresh(factories.save(relations=[{"kind": "see_also", "title": "An order", "identifier": "eo:1"}]))
    parts = [*action.status_changes.all(), *action.citations.all(), *action.relations.all(), *action.revisions.all()]
    for part in [action, *parts]:
        part.full_clean(exclude=["by"])
    assert len(parts) == 4


def test_factories_published_entry_is_public() -> None:
    factories.published(slug="aid-pause", at=datetime(2025, 6, 2, tzinfo=UTC))
    assert PublishedAction.objects.as_of(1).count() == 1
