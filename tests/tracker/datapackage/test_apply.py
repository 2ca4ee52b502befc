"""A load saves all or nothing, with histories and revisions, in one edition."""

from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracker.datapackage.conftest import AT, load, plan_of
from tests.tracker.datapackage.folders import add_row, row_of, set_cells, write_table
from tracker.datapackage import StalePlanError, apply_plan
from tracker.models import AffectedParty, Agency, Category, Edition, PolicyAction, Publisher, Revision, Source
from tracker.publishing import PublishingError

pytestmark = pytest.mark.django_db

TERMS, RELATIONS, LINES = "terms.csv", "relations.csv", "status_changes.csv"


def counts() -> Counter[str]:
    """How many rows each table of ours has."""
    models = apps.get_app_config("tracker").get_models()
    return Counter({model.__name__: model._default_manager.count() for model in models})


def test_everything_is_saved_and_published_as_one_edition(package: Path) -> None:
    outcome = load(package)
    assert (outcome.saved, outcome.edition) == (9, Edition.objects.get())
    assert Counter(PolicyAction.objects.values_list("workflow", "imported")) == {("clean", True): 9}


def test_a_plan_with_faults_is_not_applied(package: Path) -> None:
    set_cells(package, LINES, 2, status="finished")
    with pytest.raises(ValueError, match="faults"):
        load(package)
    assert counts().total() == 0


def test_what_the_ledger_refuses_is_not_saved_either(package: Path) -> None:
    line = row_of(package, LINES, slug="military-aid-to-ukraine-paused", status="reversed")
    set_cells(package, LINES, line, status="on_hold")
    set_cells(
        package,
        "actions.csv",
        row_of(package, "actions.csv", slug="military-aid-to-ukraine-paused"),
        status="on_hold",
    )
    with pytest.raises(PublishingError, match="reverses"):
        load(package)
    assert counts().total() == 0


@pytest.mark.parametrize("fault", [KeyError, KeyboardInterrupt])
def test_a_load_that_breaks_off_leaves_nothing(
    package: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise fault

    monkeypatch.setattr("tracker.publishing.publish", fail)
    with pytest.raises(fault):
        load(package)
    assert counts().total() == 0


def test_a_term_created_meanwhile_makes_the_plan_stale(package: Path) -> None:
    plan = plan_of(package)
    Publisher.objects.create(slug="nbc-news", name="NBC News")
    with pytest.raises(StalePlanError):
        apply_plan(plan, by=None, at=AT)
    assert PolicyAction.objects.count() == 0


def test_an_entry_saved_meanwhile_makes_the_plan_stale(package: Path) -> None:
    plan = plan_of(package)
    load(package, publish=False)
    plan.vocabulary = None
    with pytest.raises(StalePlanError, match="Changed meanwhile"):
        apply_plan(plan, by=None, at=AT)


def test_new_terms_and_sources_have_one_line_of_history(package: Path, reviewer: User) -> None:
    apply_plan(plan_of(package), by=reviewer, at=AT)
    lines = [Source.objects.get(slug="msnow").history.get(), Agency.objects.get(slug="white-house").history.get()]
    assert {(line.history_type, line.history_user, line.history_date) for line in lines} == {("+", reviewer, AT)}
    assert lines[1].parent == Agency.objects.get(slug="executive-office-of-the-president")


def test_every_entry_has_its_first_revision(package: Path, reviewer: User) -> None:
    apply_plan(plan_of(package), by=reviewer, at=AT)
    revisions = Counter(Revision.objects.values_list("number", "by", "reason"))
    assert revisions == {(1, reviewer.pk, "Loaded from package"): 9}


def test_groups_have_their_members(package: Path) -> None:
    row = row_of(package, TERMS, kind="party", slug="sanctioned-russian-elites")
    set_cells(package, TERMS, row, member_slugs="russia; ukraine")
    load(package)
    group = AffectedParty.objects.get(slug="sanctioned-russian-elites")
    assert sorted(member.slug for member in group.members.all()) == ["russia", "ukraine"]


def test_categories_keep_the_order_of_the_codebook(package: Path) -> None:
    load(package)
    positions = dict(Category.objects.values_list("slug", "position"))
    assert positions == {"aid-pause": 1, "cyber-intelligence-order": 9, "unit-closure": 10, "talks": 19}


def test_merged_and_succeeded_bodies_point_at_each_other(package: Path) -> None:
    row = row_of(package, TERMS, kind="agency", slug="white-house")
    set_cells(package, TERMS, row, successor_slug="state-department", successor_date="2025-06-01")
    add_row(package, TERMS, kind="publisher", slug="msnbc", name="MSNBC News", merged_into="ms-now")
    load(package)
    assert Agency.objects.get(slug="white-house").successor == Agency.objects.get(slug="state-department")
    assert Publisher.objects.get(slug="msnbc").merged_into == Publisher.objects.get(slug="ms-now")


def test_a_relation_may_lead_outside(package: Path) -> None:
    slug = "task-force-kleptocapture-disbanded"
    add_row(package, RELATIONS, slug=slug, kind="see_also", to_title="A memo", to_url="https://example.org/memo")
    load(package)
    relation = PolicyAction.objects.get(slug=slug).relations.get(to_action=None)
    assert (relation.to_title, relation.to_url) == ("A memo", "https://example.org/memo")


def test_the_number_of_queries_does_not_grow_with_the_rows(package: Path) -> None:
    def count(prefix: str, number: int) -> int:
        rows = [{"slug": f"{prefix}-{each}", "title": f"Entry {each}"} for each in range(number)]
        for file in (LINES, RELATIONS, "citations.csv"):
            write_table(package, file, [])
        write_table(package, "actions.csv", rows)
        with CaptureQueriesContext(connection) as queries:
            load(package, publish=False)
        return len(queries)

    load(package)
    assert count("few", 2) == count("more", 30)  # SQLite takes 40 entries in one statement
