"""Editors and publishers at the same time, in threads with connections of their own, on both databases."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories
from tests.factories import NOW
from tracker import publishing, verification
from tracker.models import Edition, PolicyAction, PublishedAction, Revision
from tracker.record import ConflictError, Draft, save_entries, save_entry

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def _at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run each task in a thread of its own, all starting together; return results and raise the first exception."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=30)
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result() for future in [pool.submit(run, task) for task in tasks]]


def test_racing_publishers_number_editions_without_gap_or_double() -> None:
    each = 5
    shared = factories.entry()
    slugs = [[f"entry-{thread}-{turn}" for turn in range(each)] for thread in range(THREADS)]
    save_entries([Draft(entry=shared, slug=slug) for row in slugs for slug in row], by=None, at=NOW)

    def publisher(row: list[str]) -> Callable[[], list[int]]:
        return lambda: [_publish_one(slug) for slug in row]

    numbers = [number for row in _at_once(*(publisher(row) for row in slugs)) for number in row]
    assert sorted(numbers) == list(range(1, THREADS * each + 1))
    assert Edition.objects.count() == PublishedAction.objects.count() == THREADS * each
    assert list(verification.verify(full=True)) == []


def _publish_one(slug: str, revision: int = 1) -> int:
    edition = publishing.publish({slug: revision}, by=None, at=NOW)
    assert edition is not None
    return edition.number


def _outcome(task: Callable[[], Any]) -> str:
    try:
        task()
    except (ConflictError, IntegrityError, publishing.PublishingError) as error:
        return type(error).__name__
    return "saved"


def _racing(draft: Draft) -> Callable[[], str]:
    return lambda: _outcome(lambda: save_entry(draft, by=None, at=NOW))


def test_of_racing_saves_of_one_entry_exactly_one_wins() -> None:
    shared = factories.entry()
    for turn in range(5):
        save_entry(Draft(entry=shared, slug=f"entry-{turn}"), by=None, at=NOW)
        drafts = [Draft(entry={**shared, "title": f"By {n}"}, slug=f"entry-{turn}", expected=1) for n in range(THREADS)]
        outcomes = Counter(_at_once(*(_racing(draft) for draft in drafts)))
        assert outcomes == {"saved": 1, "ConflictError": THREADS - 1}
        action = PolicyAction.objects.get(slug=f"entry-{turn}")
        kept = Revision.objects.get(action=action, number=2)
        assert (action.revision, action.title) == (2, kept.document["entry"]["title"])
    assert Revision.objects.count() == 10


def test_racing_bulk_saves_in_opposite_order_never_wait_for_each_other() -> None:
    shared = factories.entry()
    slugs = [f"entry-{number}" for number in range(40)]
    save_entries([Draft(entry=shared, slug=slug) for slug in slugs], by=None, at=NOW)

    def bulk(ordered: list[str]) -> Callable[[], str]:
        drafts = [Draft(entry=shared, slug=slug, expected=1) for slug in ordered]
        return lambda: _outcome(lambda: save_entries(drafts, by=None, at=NOW))

    outcomes = Counter(_at_once(bulk(slugs), bulk(slugs[::-1]), bulk(slugs[20:] + slugs[:20]), bulk(slugs[::2])))
    assert outcomes["saved"] >= 1
    assert outcomes["saved"] + outcomes["ConflictError"] == 4
    assert set(PolicyAction.objects.values_list("revision", flat=True)) <= {1, 2}


def test_racing_new_entries_of_one_slug_never_become_two() -> None:
    shared = factories.entry()
    drafts = [Draft(entry={**shared, "title": f"By {number}"}, slug="same") for number in range(4)]
    outcomes = Counter(_at_once(*(_racing(draft) for draft in drafts)))
    assert outcomes["saved"] == 1
    assert PolicyAction.objects.count() == Revision.objects.count() == 1


def test_saves_of_entries_that_relate_to_each_other_never_wait_for_each_other() -> None:
    shared = factories.entry()
    for slug in ("a", "b"):
        save_entry(Draft(entry=shared, slug=slug), by=None, at=NOW)

    def relate(slug: str, to: str) -> Callable[[], None]:
        def turns() -> None:
            for revision in range(1, 6):
                relations = [{"kind": "see_also", "to": to}]
                save_entry(Draft(entry=shared, slug=slug, expected=revision, relations=relations), by=None, at=NOW)

        return turns

    _at_once(relate("a", "b"), relate("b", "a"))
    assert list(PolicyAction.objects.values_list("revision", flat=True)) == [6, 6]


def test_publishing_never_accepts_an_edit_that_was_not_reviewed() -> None:
    shared = factories.entry()
    save_entry(Draft(entry={**shared, "title": "Title 1"}, slug="entry"), by=None, at=NOW)

    def edit() -> None:
        for revision in range(1, 16):
            draft = Draft(entry={**shared, "title": f"Title {revision + 1}"}, slug="entry", expected=revision)
            save_entry(draft, by=None, at=NOW)

    def publish() -> None:
        change = {"entry": publishing.Change("updated", "It moved.")}
        for _ in range(15):
            revision = PolicyAction.objects.get(slug="entry").revision
            _outcome(lambda: publishing.publish({"entry": revision}, by=None, at=NOW, changes=change))  # noqa: B023

    _at_once(edit, publish)
    action = PolicyAction.objects.get(slug="entry")
    row = PublishedAction.objects.current().first()
    published = json.loads(row.record)["entry"]["title"] if row else None
    assert action.revision == 16
    assert published == (f"Title {action.published_revision}" if action.published_revision else None)


def test_import_that_publishes_and_a_reviewer_never_wait_for_each_other() -> None:
    """An import holds its entries when it asks for the publishing lock; a reviewer must not hold the lock then."""
    shared = factories.entry()
    slugs = [f"entry-{number}" for number in range(10)]
    save_entries([Draft(entry=shared, slug=slug) for slug in slugs], by=None, at=NOW)

    def load() -> None:
        for revision in range(1, 6):
            drafts = [Draft(entry={**shared, "summary": f"{revision}"}, slug=slug, expected=revision) for slug in slugs]
            change = publishing.Change("updated", "Loaded.")
            with transaction.atomic():
                saved = save_entries(drafts, by=None, at=NOW)
                revisions = {action.slug: action.revision for action in saved}
                publishing.publish(revisions, by=None, at=NOW, changes=dict.fromkeys(slugs, change))

    def review() -> None:
        for slug in slugs * 3:
            revision = PolicyAction.objects.get(slug=slug).revision
            change = {slug: publishing.Change("updated", "Reviewed.")}
            _outcome(lambda: publishing.publish({slug: revision}, by=None, at=NOW, changes=change))  # noqa: B023

    _at_once(load, review)
    assert set(PolicyAction.objects.values_list("revision", "published_revision")) == {(6, 6)}
    assert list(verification.verify(full=True)) == []


def test_racing_publishers_of_one_entry_make_one_version() -> None:
    action = factories.save(slug="entry")
    tasks = [lambda: publishing.publish({action.slug: 1}, by=None, at=NOW) for _ in range(THREADS)]
    editions = [edition for edition in _at_once(*tasks) if edition]
    assert [edition.number for edition in editions] == [1]
    assert PublishedAction.objects.get().version == 1


def test_readers_go_on_while_a_publisher_is_at_work() -> None:
    factories.published(slug="first")
    action = factories.save(slug="second")
    with transaction.atomic():
        factories.publish(action)
        seen = _at_once(lambda: list(PublishedAction.objects.as_of(9).values_list("slug", flat=True)))
    assert seen == [["first"]]
    assert PublishedAction.objects.as_of(9).count() == 2
