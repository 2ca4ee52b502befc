"""The mappings that are shipped, on invented rows and, where it is there, on the reference data."""

from pathlib import Path

import pytest
from django.core.management import call_command

from tests.tracker.datapackage.mapping.tables import AT
from tracker.datapackage import Outcome, apply_plan
from tracker.datapackage.mapping import MappedPlan, load_mapping, plan_mapped, read_table
from tracker.models import PolicyAction, StatusChange

SHIPPED = sorted((Path(__file__).resolve().parents[4] / "seeds" / "mappings").glob("*.toml"))
MAPPINGS = {path.stem: path for path in SHIPPED}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_mapping_is_valid_and_called_like_its_file(path: Path) -> None:
    assert load_mapping(path).name == path.stem


def plan(path: Path, mapping: str) -> MappedPlan:
    read = load_mapping(MAPPINGS[mapping])
    return plan_mapped(read_table(path, read), read, today=AT.date(), publish=True)


def load(path: Path, mapping: str) -> Outcome:
    return apply_plan(plan(path, mapping).plan, by=None, at=AT, publish=True, note="The next file.")


def touched(found: MappedPlan) -> dict[str, int]:
    return {name: found.counts[name] for name in ("new", "changed", "same", "conflict", "refused", "vanished")}


@pytest.fixture
def vocabulary(db: None) -> None:
    call_command("load_vocabulary", verbosity=0)


@pytest.mark.sqlite
@pytest.mark.shared_data
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("vocabulary")
def test_the_trump_action_tracker_and_its_next_export(shared_data: Path) -> None:
    folder = shared_data / "trump-action-tracker"
    assert load(folder / "trump-actions.csv", "trump-action-tracker").saved == 2625
    found = plan(folder / "trump-actions-3-1-26.csv", "trump-action-tracker")
    assert touched(found) == {
        "new": 17, "changed": 1, "same": 2624, "conflict": 0, "refused": 0, "vanished": 0,
    }  # fmt: skip
    assert apply_plan(found.plan, by=None, at=AT, publish=True, note="March").saved == 18


@pytest.mark.sqlite
@pytest.mark.shared_data
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("vocabulary")
def test_two_semesters_of_the_unified_agenda(shared_data: Path) -> None:
    folder = shared_data / "unified-agenda"
    load(folder / "unified_agenda_202104.csv", "unified-agenda")
    load(folder / "unified_agenda_202110.csv", "unified-agenda")
    assert PolicyAction.objects.count() == 3961 + 624
    assert set(PolicyAction.objects.values_list("date", flat=True)) == {"2021-04", "2021-10"}
    lines = StatusChange.objects.filter(action__slug="rin-0560-ai41").values_list("status", "date", "note")
    assert list(lines) == [("announced", "2021-04", "Final Rule Stage"), ("announced", "2021-10", "Long-Term Actions")]
    assert plan(folder / "unified_agenda_202110.csv", "unified-agenda").plan.is_idle
