"""Fixtures of the tests of data packages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.tracker.datapackage.folders import copy_of_seeds
from tracker.datapackage import Outcome, Plan, apply_plan, make_plan, read_folder

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the seeds."""
    return copy_of_seeds(tmp_path)


def plan_of(folder: Path, *, publish: bool = False) -> Plan:
    return make_plan(read_folder(folder), today=AT.date(), publish=publish)


def load(folder: Path, *, publish: bool = True, note: str = "") -> Outcome:
    return apply_plan(plan_of(folder, publish=publish), by=None, at=AT, publish=publish, note=note)


def faults_of(folder: Path, *, publish: bool = False) -> list[str]:
    """Return the places of all faults, as "file:row:column"."""
    return [str(fault).partition(": ")[0] for fault in plan_of(folder, publish=publish).faults]
