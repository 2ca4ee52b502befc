"""Relations in the ledger: public once both ends are, taken away by a row, and in agreement with histories."""

import json
from typing import Any

import pytest

from tests import factories
from tests.factories import line
from tracker.models import PublishedAction, PublishedRelation
from tracker.publishing import PublishingError, retract

pytestmark = pytest.mark.django_db


def _relate(kind: str = "amends", to: str = "target", **values: Any) -> dict[str, Any]:
    return {"kind": kind, "to": to, **values}


def _shown(number: int) -> list[tuple[str, str, str | None]]:
    return list(PublishedRelation.objects.as_of(number).values_list("from_slug", "kind", "to_slug"))


def test_relation_is_published_with_both_its_ends() -> None:
    target = factories.save(slug="target", date="2025-01-01")
    action = factories.save(slug="action", relations=[_relate(note="In full.", in_part=True)])
    factories.publish(target, action)
    row = PublishedRelation.objects.get()
    assert (row.key, row.version, row.in_part, row.removed) == ("action|amends|target", 1, True, False)
    assert json.loads(row.record)["relation"] == {
        "from": "action", "kind": "amends", "in_part": True, "to": "target", "title": None, "identifier": None,
        "url": None, "note": "In full.",
    }  # fmt: skip


def test_relation_waits_for_its_target() -> None:
    target = factories.save(slug="target", date="2025-01-01")
    factories.published(slug="action", relations=[_relate()])
    assert _shown(1) == []
    factories.publish(target)
    assert _shown(2) == [("action", "amends", "target")]
    assert not PublishedAction.objects.filter(slug="action", version=2).exists()


def test_relation_that_waits_is_the_accepted_one_and_not_the_edited_one() -> None:
    target = factories.save(slug="target", date="2025-01-01")
    action = factories.published(slug="action", relations=[_relate(note="Accepted.")])
    factories.edit(action, relations=[_relate(note="Canary."), _relate("see_also")])
    factories.publish(target)
    assert [json.loads(row.record)["relation"]["note"] for row in PublishedRelation.objects.all()] == ["Accepted."]


def test_relation_of_an_entry_retracted_meanwhile_waits_for_ever() -> None:
    target = factories.save(slug="target", date="2025-01-01")
    factories.published(slug="action", relations=[_relate()])
    retract("action", reason="out_of_scope", note="No entry.", by=None, at=factories.NOW)
    factories.publish(target)
    assert not PublishedRelation.objects.exists()


def test_relation_to_the_outside_is_published_at_once() -> None:
    outside = {"kind": "amends", "title": "An order", "identifier": "eo:1", "url": None}
    factories.published(slug="action", relations=[outside])
    row = PublishedRelation.objects.get()
    assert row.to_slug is None
    assert row.key.startswith("action|amends||")


def test_removed_relation_is_sealed_as_removed() -> None:
    factories.published(slug="target", date="2025-01-01")
    action = factories.published(slug="action", relations=[_relate()])
    edition = factories.publish(factories.edit(action, relations=[]))
    assert edition is not None
    assert not PublishedAction.objects.filter(slug="action", version=2).exists()
    assert [(row.version, row.removed) for row in PublishedRelation.objects.order_by("version")] == [
        (1, False),
        (2, True),
    ]
    assert (len(_shown(2)), _shown(3)) == (1, [])


def test_relation_comes_back_as_a_third_version() -> None:
    factories.published(slug="target", date="2025-01-01")
    action = factories.published(slug="action", relations=[_relate()])
    action = factories.edit(action, relations=[])
    factories.publish(action)
    factories.publish(factories.edit(action, relations=[_relate()]))
    assert [(row.version, row.removed) for row in PublishedRelation.objects.order_by("version")][-1] == (3, False)
    assert len(_shown(4)) == 1


def test_unchanged_relation_makes_no_row() -> None:
    factories.published(slug="target", date="2025-01-01")
    action = factories.published(slug="action", relations=[_relate()])
    factories.publish(factories.edit(action, summary="More."))
    assert PublishedRelation.objects.count() == 1


def test_changed_note_of_a_relation_is_a_new_version() -> None:
    factories.published(slug="target", date="2025-01-01")
    action = factories.published(slug="action", relations=[_relate()])
    factories.publish(factories.edit(action, relations=[_relate(note="In full.")]))
    assert PublishedRelation.objects.current().get().version == 2


# --- relations and histories agree -----------------------------------------------------------------------------

ENDED = [line(), line("reversed", "2025-03-11")]


def _target(**values: Any) -> Any:
    return factories.save(slug="target", date="2025-03-03", **values)


def _reverses(**values: Any) -> Any:
    return factories.save(slug="action", date="2025-03-11", relations=[_relate("reverses", **values)])


def _refused(*actions: Any) -> list[str]:
    with pytest.raises(PublishingError) as refused:
        factories.publish(*actions)
    return list(refused.value.problems)


@pytest.mark.parametrize(
    ("kind", "status"), [("reverses", "reversed"), ("supersedes", "superseded"), ("blocks", "blocked")]
)
def test_target_whose_history_says_nothing_of_its_end_is_refused(kind: str, status: str) -> None:
    target = _target()
    action = factories.save(slug="action", date="2025-03-11", relations=[_relate(kind)])
    assert _refused(target, action) == ["action"]
    told = factories.edit(target, status_history=[line(), line(status, "2025-03-11")])
    assert factories.publish(told, action)


def test_relation_with_a_note_or_in_part_needs_no_line() -> None:
    target = _target()
    noted = factories.save(slug="noted", date="2025-03-11", relations=[_relate("reverses", note="Only on paper.")])
    part = factories.save(slug="part", date="2025-03-11", relations=[_relate("reverses", in_part=True)])
    assert factories.publish(target, noted, part)


@pytest.mark.parametrize(
    ("ended", "is_refused"),
    [
        pytest.param("2025-03-05", True, id="ended before, and resumed"),
        pytest.param("2025-03-11", False, id="ended then, and resumed since"),
    ],
)
def test_line_counts_from_the_day_of_the_relation(ended: str, is_refused: bool) -> None:
    resumed = line("in_effect", "2025-03-07" if is_refused else "2025-04-01")
    target = _target(status_history=[line(), line("reversed", ended), resumed])
    action = _reverses()
    if is_refused:
        assert _refused(target, action) == ["action"]
    else:
        assert factories.publish(target, action)


def test_target_published_after_its_reversal_is_refused_by_its_own_name() -> None:
    target = _target()
    factories.publish(_reverses())
    assert _refused(target) == ["target"]
    assert factories.publish(factories.edit(target, status_history=ENDED))


def test_line_taken_out_of_a_public_target_is_refused() -> None:
    target = _target(status_history=ENDED)
    factories.publish(target, _reverses())
    edited = factories.edit(target, status_history=[line()])
    with pytest.raises(PublishingError) as refused:
        factories.publish(edited, change="corrected")
    assert list(refused.value.problems) == ["target"]


def test_reversal_that_was_retracted_binds_no_longer() -> None:
    target = _target(status_history=ENDED)
    factories.publish(target, _reverses())
    retract("action", reason="did_not_happen", note="A false report.", by=None, at=factories.NOW)
    edited = factories.edit(target, status_history=[line()])
    assert factories.publish(edited, change="corrected")
