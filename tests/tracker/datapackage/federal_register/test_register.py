"""The register's own lists of 2020 and 2025, one on top of the other."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.datapackage import Manner, apply_in_manner
from tracker.datapackage.federal_register import REASON, RegisterPlan, plan_listing, read_listing
from tracker.datapackage.federal_register.documents import day_in
from tracker.models import Edition, PolicyAction, StatusChange
from tracker.verification import verify

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEWLY_REVOKED = 69
OLD, NEW = "fr_eo_index_2020-10-04.csv", "executive_orders_1994_2025.csv"

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.shared_data]


def plan(folder: Path, name: str) -> RegisterPlan:
    content = (folder / "executive-orders" / name).read_bytes()
    return plan_listing(read_listing(content, name=name, max_rows=2000), today=AT.date(), publish=True)


def load(folder: Path, name: str) -> RegisterPlan:
    found = plan(folder, name)
    apply_in_manner(found.plan, Manner(publish=True, note="The list.", reason=REASON), by=None, at=AT)
    return found


def counts(found: RegisterPlan) -> tuple[int, int, int]:
    return len(found.plan.new), len(found.plan.changed), len(found.plan.same)


@pytest.mark.timeout(600)
def test_two_lists_of_the_register_one_on_top_of_the_other(shared_data: Path) -> None:
    assert counts(load(shared_data, OLD)) == (1000, 0, 0)
    with (shared_data / "executive-orders" / OLD).open(encoding="utf-8-sig", newline="") as stream:
        signed = {f"eo-{row['executive_order_number'].lower()}": row["signing_date"] for row in csv.DictReader(stream)}
    assert dict(PolicyAction.objects.values_list("slug", "date")) == {slug: day_in(day) for slug, day in signed.items()}

    before = set(StatusChange.objects.current().filter(status="reversed").values_list("action__slug", flat=True))
    second = load(shared_data, NEW)
    assert (second.matched, len(second.plan.new), len(second.plan.same)) == (694, 306, 518)
    after = set(StatusChange.objects.current().filter(status="reversed").values_list("action__slug", flat=True))
    matched = set(second.plan.rows) & signed.keys()
    assert len((after - before) & matched) == NEWLY_REVOKED
    assert len(second.plan.changed) < len(matched)

    assert counts(plan(shared_data, NEW)) == (0, 0, 1000)
    assert Edition.objects.count() == 2
    assert not list(verify())
