"""Publishing: what an edition holds, what is refused, what readers get."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW, citation, line
from tracker import codebook
from tracker.models import Edition, PolicyAction, PublishedAction, PublishedTerm
from tracker.models.ledger import edition_published
from tracker.publishing import Change, PublishingError, publish
from tracker.record import Draft, save_entries

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)


def _record(slug: str = "aid-pause", version: int | None = None) -> dict[str, Any]:
    rows = PublishedAction.objects.filter(slug=slug)
    row = rows.get(version=version) if version else rows.get(superseded_in=None)
    return dict(json.loads(row.record))


def _refusal(*actions: PolicyAction, **values: Any) -> dict[str, list[str]]:
    with pytest.raises(PublishingError) as refused:
        factories.publish(*actions, **values)
    return refused.value.problems


# --- first publication -----------------------------------------------------------------------------------------


def test_publish_first_time_writes_version_one() -> None:
    action = factories.save(slug="aid-pause")
    edition = factories.publish(action)
    row = PublishedAction.objects.get(slug="aid-pause")
    assert (row.version, row.edition, row.change) == (1, edition, "published")
    assert json.loads(row.record)["entry"]["title"] == "Aid paused"


def test_publish_identical_content_makes_no_edition() -> None:
    action = factories.published(slug="aid-pause")
    again = factories.edit(action)
    assert factories.publish(again) is None
    assert Edition.objects.count() == 1
    assert PolicyAction.objects.get(slug="aid-pause").published_revision == 2


def test_publish_nothing_makes_no_edition() -> None:
    assert publish({}, by=None, at=NOW) is None


def test_publish_stale_revision_is_refused_by_name() -> None:
    action = factories.save(slug="aid-pause")
    factories.edit(action, title="Aid paused again")
    with pytest.raises(PublishingError) as refused:
        publish({"aid-pause": 1}, by=None, at=factories.NOW)
    assert list(refused.value.problems) == ["aid-pause"]
    assert not Edition.objects.exists()


def test_publish_unknown_slug_is_refused_by_name() -> None:
    with pytest.raises(PublishingError) as refused:
        publish({"nowhere": 1}, by=None, at=NOW)
    assert list(refused.value.problems) == ["nowhere"]


def test_publish_takes_the_accepted_revision_and_cleans_the_working_copy() -> None:
    action = factories.published(slug="aid-pause")
    assert (action.published_revision, action.workflow, action.has_unpublished_edits) == (1, "clean", False)
    edited = factories.edit(action, summary="More.")
    assert (edited.published_revision, edited.has_unpublished_edits) == (1, True)


def test_publish_several_is_one_edition() -> None:
    edition = factories.publish(*(factories.save(slug=slug) for slug in ("a", "b", "c")))
    assert Edition.objects.get() == edition
    assert list(PublishedAction.objects.as_of(1).values_list("slug", flat=True).order_by("slug")) == ["a", "b", "c"]


def test_refusal_of_one_refuses_all_by_name() -> None:
    good, bad = factories.save(slug="good"), factories.save(slug="bad", agency=None, status_history=[])
    problems = _refusal(good, bad)
    assert list(problems) == ["bad"]
    assert len(problems["bad"]) == 2
    assert not PublishedTerm.objects.exists()


def test_edition_notes_who_when_why_and_under_which_codebook() -> None:
    user = factories.UserFactory.create()
    edition = factories.publish(factories.save(), at=NOW.replace(microsecond=7), by=user, note=" Cafe\u0301 ")
    assert edition is not None
    assert (edition.published_at, edition.published_by, edition.note) == (NOW, user, "Café")
    assert (edition.columns, edition.codebook, len(edition.digest)) == (50, codebook.VERSION, 64)


@pytest.mark.parametrize("place", ["edition", "change"])
def test_note_with_an_invisible_character_is_refused(place: str) -> None:
    action = factories.edit(factories.published(slug="aid-pause"), title="Other")
    values = {"note": "a\x00"} if place == "edition" else {"change_note": "a\x00"}
    problems = _refusal(action, **values)
    assert "U+0000" in str(problems)


# --- what kind of change ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (None, "what kind"),
        (Change("published"), "what kind"),
        (Change("retracted", "x"), "what kind"),
        (Change("updated", " "), "needs a note"),
        (Change("corrected"), "needs a note"),
        (Change("minor"), None),
        (Change("updated", "It moved."), None),
        (Change("corrected", "We were wrong."), None),
    ],
    ids=str,
)
def test_edit_of_a_public_entry_says_what_kind_of_change_it_is(change: Change | None, refused: str | None) -> None:
    action = factories.edit(factories.published(slug="aid-pause"), title="Other")
    changes = {"aid-pause": change} if change else {}
    if refused is None:
        assert publish({"aid-pause": 2}, by=None, at=NOW, changes=changes)
        return
    with pytest.raises(PublishingError, match=refused):
        publish({action.slug: 2}, by=None, at=NOW, changes=changes)


NOT_MINOR: dict[str, dict[str, Any]] = {
    "date": {"date": "2025-03-04"},
    "actor": {"actor": None},
    "agency": {"agency": {"slug": "other-agency"}},
    "category": {"category": None},
    "status history": {"status_history": [line(), line("reversed", "2025-03-11")]},
    "status history note": {"status_history": [line(note="Spelt otherwise.")]},
    "where it stands": {"where_it_stands": "Over."},
    "disputed": {"disputed": False},
    "affects": {"affects": []},
    "a source that was removed": {"citations": "one less"},
}


@pytest.mark.parametrize("name", NOT_MINOR)
def test_minor_change_may_not_touch(name: str) -> None:
    factories.AgencyFactory.create(slug="other-agency")
    cited = [citation(), citation(), citation(stance="disputes")]
    action = factories.published(
        affects=[factories.PartyFactory.create()], citations=cited, disputed=True, dispute_note="x", imported=True
    )
    values = {"citations": cited[1:]} if name == "a source that was removed" else NOT_MINOR[name]
    problems = _refusal(factories.edit(action, **values), change="minor")
    assert name.removesuffix(" note") in problems[action.slug][0]


@pytest.mark.parametrize(
    "values",
    [
        {"title": "Aid  paused"}, {"summary": "Words."}, {"due_date": "2025-07"}, {"last_verified": "2025-05-01"},
        {"topics": []}, {"form": "notice"}, {"date_note": "Who says what."}, {"identifiers": ["eo:1"]},
        {"citations": "one more"},
    ],
    ids=lambda values: next(iter(values)),
)  # fmt: skip
def test_minor_change_may_touch_the_rest(values: dict[str, Any]) -> None:
    cited = [citation()]
    action = factories.published(topics=[factories.TopicFactory.create()], citations=cited)
    if values == {"citations": "one more"}:
        values = {"citations": [*cited, citation()]}
    assert factories.publish(factories.edit(action, **values), change="minor")


REPORTED, PAUSED, LIFTED = line("reported", "2025-02"), line(), line("reversed", "2025-03-11")
HISTORIES: dict[str, tuple[list[Any], list[Any], bool]] = {
    "one more": ([PAUSED], [PAUSED, LIFTED], True),
    "one before": ([PAUSED], [line("announced", "2025-03-01"), PAUSED], True),
    "reported replaced": ([REPORTED], [PAUSED], True),
    "reported gone": ([REPORTED, PAUSED], [PAUSED], True),
    "removed": ([PAUSED, LIFTED], [PAUSED], False),
    "note altered": ([PAUSED], [{**PAUSED, "note": "Else."}], False),
    "date altered": ([PAUSED], [{**PAUSED, "date": "2025-03-02"}], False),
    "one of two alike": ([PAUSED, LIFTED, LIFTED], [PAUSED, LIFTED], False),
    "order": (
        [line("in_effect", "2025-03"), line("on_hold", "2025-03")],
        [line("on_hold", "2025-03"), line("in_effect", "2025-03")],
        False,
    ),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_updated_may_not_rewrite_published_lines(name: str) -> None:
    old, new, allowed = HISTORIES[name]
    action = factories.edit(factories.published(slug="aid-pause", status_history=old), status_history=new)
    if allowed:
        assert factories.publish(action, change="updated")
        return
    assert "corrected" in _refusal(action, change="updated")["aid-pause"][0]
    assert factories.publish(action, change="corrected")


def test_change_and_its_note_stand_in_the_row() -> None:
    action = factories.published(slug="aid-pause")
    factories.publish(factories.edit(action, summary="More."), change="corrected", change_note=" We were wrong.\r\n")
    row = PublishedAction.objects.get(slug="aid-pause", version=2)
    assert (row.change, row.change_note) == ("corrected", "We were wrong.")
    assert _record()["change_note"] == "We were wrong."


@pytest.mark.parametrize(
    ("change", "last_change", "moved"),
    [("updated", "updated", True), ("corrected", "corrected", True), ("minor", "published", False)],
)
def test_only_minor_changes_leave_last_changed(change: str, last_change: str, moved: bool) -> None:
    action = factories.published(slug="aid-pause")
    factories.publish(factories.edit(action, summary="More."), change=change, at=LATER)
    record = _record()
    assert record["first_published"] == "2025-06-01T12:00:00Z"
    assert record["last_changed"] == ("2025-06-04T12:00:00Z" if moved else "2025-06-01T12:00:00Z")
    assert (record["last_change"], record["change"], record["version"]) == (last_change, change, 2)


# --- as readers see it -----------------------------------------------------------------------------------------


def test_new_version_supersedes_the_old_one_from_its_edition_on() -> None:
    action = factories.published(slug="aid-pause")
    factories.publish(factories.edit(action, title="New"))
    seen = [PublishedAction.objects.as_of(number).get().version for number in (1, 2, 3)]
    assert seen == [1, 2, 2]
    assert not PublishedAction.objects.as_of(0).exists()


def test_published_at_never_runs_backwards() -> None:
    factories.published(slug="a", at=LATER)
    factories.published(slug="b", at=LATER - timedelta(hours=1))
    assert [edition.published_at for edition in Edition.objects.order_by("number")] == [LATER, LATER]
    assert _record("b")["first_published"] == "2025-06-04T12:00:00Z"


def test_published_at_in_another_zone_is_utc() -> None:
    at = datetime.fromisoformat("2025-06-02T01:00:00+05:00")
    factories.published(slug="a", at=at)
    assert _record("a")["first_published"] == "2025-06-01T20:00:00Z"
    assert Edition.objects.get().published_at == datetime(2025, 6, 1, 20, tzinfo=UTC)


def test_unpublished_edits_reach_no_row() -> None:
    action = factories.published(slug="aid-pause")
    factories.edit(action, title="Canary")
    factories.published(slug="other")
    assert not PublishedAction.objects.filter(record__contains="Canary").exists()


# --- listeners -------------------------------------------------------------------------------------------------


def test_listeners_are_told_inside_the_transaction_with_every_row_written() -> None:
    seen: list[Any] = []

    def listen(edition: Edition, **_: Any) -> None:
        rows = PublishedAction.objects.as_of(edition.number)
        seen.append((edition.number, rows.count(), connection.in_atomic_block))

    edition_published.connect(listen)
    try:
        factories.publish(factories.save(), factories.save())
    finally:
        edition_published.disconnect(listen)
    assert seen == [(1, 2, True)]


def test_exception_in_a_listener_rolls_everything_back() -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("index is full")

    action = factories.save(slug="aid-pause")
    edition_published.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="full"):
            factories.publish(action)
    finally:
        edition_published.disconnect(fail)
    action.refresh_from_db()
    assert action.published_revision is None
    assert not Edition.objects.exists()
    assert not PublishedTerm.objects.exists()


# --- cost ------------------------------------------------------------------------------------------------------


def _reads_of_publishing(count: int) -> int:
    shared = factories.entry()
    actions = save_entries([Draft(entry=shared) for _ in range(count)], by=None, at=NOW)
    with CaptureQueriesContext(connection) as captured:
        factories.publish(*actions)
    assert len(captured) < count
    return sum(query["sql"].startswith("SELECT") for query in captured.captured_queries)


def test_publishing_twice_as_many_reads_no_more_often() -> None:
    factories.published()
    assert _reads_of_publishing(60) == _reads_of_publishing(120)
