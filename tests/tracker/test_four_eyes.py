"""Four eyes: what one person wrote, another one publishes."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries, Settings

from tests import factories
from tests.factories import UserFactory
from tracker import publishing, record
from tracker.models import Edition, PolicyAction
from tracker.publishing import OWN_WORK, Change, PublishingError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _review_required(settings: Settings) -> None:
    settings.REVIEW_REQUIRED = True


@pytest.fixture
def writer() -> User:
    return UserFactory.create()


def _publish(action: PolicyAction, *, by: User | None) -> Edition | None:
    return factories.publish(action, by=by, change="corrected", change_note="We were wrong.")


def _send(action: PolicyAction, *, by: User, workflow: str = "in_review") -> PolicyAction:
    """Save the same text in another state."""
    document = action.revisions.get(number=action.revision).document
    draft = record.Draft(
        entry=document["entry"],
        relations=document["relations"],
        slug=action.slug,
        expected=action.revision,
        workflow=workflow,
    )
    return record.save_entry(draft, by=by, at=factories.NOW)


def _refusal(action: PolicyAction, *, by: User) -> list[str]:
    with pytest.raises(PublishingError) as refused:
        _publish(action, by=by)
    return refused.value.problems[action.slug]


def test_own_new_entry_is_refused(writer: User) -> None:
    assert _refusal(factories.save(by=writer), by=writer) == [OWN_WORK]


def test_own_edit_of_a_public_entry_is_refused(writer: User) -> None:
    assert _refusal(factories.edit(factories.published(), by=writer, title="Else"), by=writer) == [OWN_WORK]


def test_edit_under_somebody_elses_later_edit_is_own_work(writer: User) -> None:
    action = factories.edit(factories.published(), by=writer, title="Else")
    action = factories.edit(action, by=UserFactory.create(), title="Once more")
    assert _refusal(action, by=writer) == [OWN_WORK]


def test_superuser_is_bound_as_well(writer: User) -> None:
    writer.is_superuser = True
    assert _refusal(factories.save(by=writer), by=writer) == [OWN_WORK]


def test_what_else_is_wrong_is_told_beside_it(writer: User) -> None:
    assert len(_refusal(factories.save(by=writer, agency=None), by=writer)) == 2


def test_work_of_somebody_else_is_published(writer: User) -> None:
    assert _publish(factories.save(by=UserFactory.create()), by=writer)


def test_edit_that_readers_have_seen_is_nobodys_work_any_more(writer: User) -> None:
    action = factories.edit(factories.published(), by=writer, title="Else")
    _publish(action, by=UserFactory.create())
    action.refresh_from_db()
    assert _publish(factories.edit(action, by=UserFactory.create(), title="Once more"), by=writer)


@pytest.mark.parametrize("workflow", ["in_review", "returned", "draft"])
def test_sending_an_entry_on_does_not_make_it_ones_own(writer: User, workflow: str) -> None:
    action = _send(factories.save(by=UserFactory.create()), by=writer, workflow=workflow)
    assert _publish(action, by=writer)


def test_term_renamed_meanwhile_does_not_make_it_ones_own(writer: User) -> None:
    action = factories.save(by=UserFactory.create())
    agency = action.agency
    assert agency is not None
    agency.name = "Another spelling"
    agency.save()
    assert _publish(_send(action, by=writer), by=writer)


def test_nobody_is_not_bound(writer: User) -> None:
    assert _publish(factories.save(by=writer), by=None)


def test_newsroom_of_one_turns_it_off(writer: User, settings: Settings) -> None:
    settings.REVIEW_REQUIRED = False
    assert _publish(factories.save(by=writer), by=writer)


def test_one_own_entry_stops_the_edition_and_is_named(writer: User) -> None:
    mine, other = factories.save(by=writer), factories.save(by=UserFactory.create())
    with pytest.raises(PublishingError) as refused:
        publishing.publish({mine.slug: 1, other.slug: 1}, by=writer, at=factories.NOW)
    assert refused.value.problems == {mine.slug: [OWN_WORK]}
    assert not Edition.objects.exists()


def test_retraction_needs_no_second_person(writer: User) -> None:
    action = factories.published(by=writer)
    values: dict[str, Any] = {"reason": "did_not_happen", "note": "A false report.", "by": writer, "at": factories.NOW}
    assert publishing.retract(action.slug, **values)


def test_queries_do_not_grow_with_the_entries(writer: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    actions = [factories.save(by=writer), *(factories.save(by=UserFactory.create()) for _ in range(5))]
    for action in actions[3:]:
        _send(action, by=writer)
    few, many = actions[:1], list(PolicyAction.objects.all())
    for found in (few, many):
        with django_assert_num_queries(2):
            assert publishing.own_work(found, by=writer) == {actions[0].slug}


def test_refusals_are_told_by_what_they_are_about() -> None:
    action = factories.edit(factories.published(), agency=None)
    with pytest.raises(PublishingError) as refused:
        publishing.publish({action.slug: 2}, by=None, at=factories.NOW, changes={action.slug: Change("minor")})
    assert set(refused.value.by_path[action.slug]) == {"agency", "change_kind"}
