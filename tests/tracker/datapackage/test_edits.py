"""A table that was exported, edited in a spreadsheet and comes back: exactly the edited cells change."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.factories import AgencyFactory, TopicFactory
from tests.tracker.datapackage import sheets
from tests.tracker.datapackage.conftest import AT
from tracker import document
from tracker.columns import guard
from tracker.datapackage import Plan, apply_plan, plan_file, planned_rows, read_file
from tracker.models import PolicyAction, StatusChange
from tracker.models.fields import clean_text

pytestmark = pytest.mark.django_db

Save = Callable[..., bytes]
BOTH = pytest.mark.parametrize("save", [sheets.as_csv, sheets.sheet_of], ids=["csv", "xlsx"])


def plan_of(content: bytes, folder: Path) -> Plan:
    path = folder / "upload"
    path.write_bytes(content)
    return plan_file(read_file(path, name="upload"), today=AT.date())


def one_row(folder: Path, /, *columns: str, save: Save = sheets.as_csv, slug: str = "aid", **cells: Any) -> Plan:
    """Return the plan of the export of one entry with these cells edited; without `columns` with all of them."""
    (row,) = sheets.exported(slug)
    return plan_of(save([row | cells], columns=columns), folder)


def faults(plan: Plan) -> list[str]:
    return [str(fault).partition(": ")[0] for fault in plan.faults]


def entry() -> dict[str, Any]:
    return document.entry_of(PolicyAction.objects.for_documents().get(slug="aid"))


@pytest.fixture
def aid() -> PolicyAction:
    """A public entry with a title that looks like a formula."""
    topics = [TopicFactory.create(name="Arms"), TopicFactory.create(name="Budget")]
    return factories.published(slug="aid", title="=Aid", summary="'=Paused.", topics=topics, date="2025-03")


@BOTH
def test_an_untouched_export_changes_nothing(aid: PolicyAction, tmp_path: Path, save: Save) -> None:
    plan = one_row(tmp_path, save=save)
    assert (plan.same, plan.drafts, list(plan.faults), plan.is_idle) == (["aid"], [], [], True)


def test_a_raw_export_changes_nothing(aid: PolicyAction, tmp_path: Path) -> None:
    assert one_row(tmp_path, title="=Aid", summary="'=Paused.").same == ["aid"]


@BOTH
def test_an_edited_cell_changes_that_fact_alone(aid: PolicyAction, tmp_path: Path, save: Save) -> None:
    before = entry()
    apply_plan(one_row(tmp_path, save=save, summary="Resumed."), by=None, at=AT)
    assert entry() == {**before, "summary": "Resumed."}


def test_a_table_of_few_columns_changes_no_others(aid: PolicyAction, tmp_path: Path) -> None:
    before = entry()
    apply_plan(one_row(tmp_path, "version", "title", "slug", title="Aid stopped"), by=None, at=AT)
    assert entry() == {**before, "title": "Aid stopped"}


EDITED: list[Any] = [
    pytest.param({"title": "'=1+1"}, "title", "=1+1", id="a formula, guarded"),
    pytest.param({"date": "3 March 2025"}, "date", "2025-03-03", id="a date in words"),
    pytest.param({"topics": "Budget"}, "topics", ["budget"], id="a name less"),
    pytest.param({"topics": "Budget; Aid; Arms"}, "topics", ["aid", "arms", "budget"], id="a name more"),
    pytest.param({"agency": "Army"}, "agency", "army", id="another agency by name"),
    pytest.param({"agency_slug": "army"}, "agency", "army", id="another agency by key"),
    pytest.param({"actor": ""}, "actor", None, id="no actor"),
    pytest.param({"category": ""}, "category", None, id="no category"),
    pytest.param({"identifiers": "eo:1; eo:2"}, "identifiers", ["eo:1", "eo:2"], id="numbers"),
    pytest.param({"disputed": "TRUE", "dispute_note": "They deny it."}, "disputed", True, id="a boolean in capitals"),
    pytest.param({"last_verified": "2026-02-28"}, "last_verified", "2026-02-28", id="a day"),
]


@pytest.mark.parametrize(("cells", "name", "value"), EDITED)
def test_a_cell_is_taken_for_what_it_says(aid: PolicyAction, tmp_path: Path, cells: Any, name: str, value: Any) -> None:
    AgencyFactory.create(name="Army")
    TopicFactory.create(name="Aid")
    plan = one_row(tmp_path, **cells)
    assert list(plan.faults) == []
    apply_plan(plan, by=None, at=AT)
    assert document.meaning(entry()[name]) == value


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"topics": "Budget; Arms"}, id="names in another order"),
        pytest.param({"date": "March 2025"}, id="the same date in words"),
        pytest.param({"disputed": "FALSE"}, id="FALSE"),
        pytest.param({"where_it_stands": " Paused. "}, id="blanks around"),
    ],
)
def test_a_cell_that_says_the_same_otherwise_is_the_same(aid: PolicyAction, tmp_path: Path, cells: Any) -> None:
    assert one_row(tmp_path, **cells).same == ["aid"]


REFUSED = [
    *((name, "reversed", "log a development") for name in ("status", "status_date", "status_by", "in_force")),
    ("in_force_until", "2025-04-01", "log a development"),
    ("status", "", "log a development"),
    ("source_count", "7", "change them on the page of the entry"),
    ("source_url", "https://other.example/", "change them on the page of the entry"),
    ("attribution", "document", "change them on the page of the entry"),
    ("date_latest", "2025-03-30", "change that"),
    ("agency_abbreviation", "ZZZ", "on the page of the agency"),
    ("edition", "9", "written when an entry is published"),
    ("url", "https://evil.example/", "written when an entry is published"),
    ("version", "9", "There is no published version 9 of this entry here."),
    ("version", "one", "There is no published version one"),
    ("actor", "Nobody", "There is no actor 'Nobody' here."),
    ("topics", "Arms; Whatever", "There is no topic 'Whatever' here."),
    ("date", "01/02/2025", ""),
    ("form", "telegram", "There is no form 'telegram'."),
    ("title", "", "Say in a title what was decided."),
    ("disputed", "perhaps", "Write true or false."),
    ("due_date", "soon", ""),
]


@pytest.mark.parametrize(("column", "cell", "sentence"), REFUSED, ids=lambda value: str(value)[:20] or "empty")
def test_a_cell_that_cannot_be_taken_is_refused_by_row_and_column(
    aid: PolicyAction, tmp_path: Path, column: str, cell: str, sentence: str
) -> None:
    edit: dict[str, Any] = {column: cell}
    plan = one_row(tmp_path, **edit)
    (fault,) = plan.faults
    assert (fault.file, fault.row, fault.column, sentence in fault.message) == ("upload", 2, column, True)
    assert plan.refused == ["aid"]


def test_an_edited_status_never_becomes_a_status(aid: PolicyAction, tmp_path: Path) -> None:
    plan = one_row(tmp_path, "slug", "version", "status", "title", status="reversed", title="Aid is back")
    with pytest.raises(ValueError, match="faults"):
        apply_plan(plan, by=None, at=AT)
    assert list(StatusChange.objects.values_list("status", flat=True)) == ["in_effect"]


def test_a_cell_that_the_record_changed_too_is_a_conflict(aid: PolicyAction, tmp_path: Path) -> None:
    factories.edit(aid, title="Ours")
    plan = one_row(tmp_path, title="Theirs", summary="Theirs.")
    assert [(item.row, item.column) for item in plan.conflicts] == [(2, "title")]
    assert (plan.drafts, [row.state for row in planned_rows(plan, most=9)]) == ([], ["conflict"])


def test_a_cell_that_the_record_changed_alone_stays(aid: PolicyAction, tmp_path: Path) -> None:
    factories.edit(aid, title="Ours")
    apply_plan(one_row(tmp_path, summary="Theirs."), by=None, at=AT)
    assert (entry()["title"], entry()["summary"]) == ("Ours", "Theirs.")


def test_a_status_that_the_record_changed_meanwhile_stays(aid: PolicyAction, tmp_path: Path) -> None:
    lines = [factories.line(), factories.line("reversed", "2025-04-01")]
    factories.edit(aid, status_history=lines)
    apply_plan(one_row(tmp_path, summary="Theirs."), by=None, at=AT)
    assert entry()["derived"]["status"] == "reversed"


def test_a_term_that_was_renamed_meanwhile_is_no_edit(aid: PolicyAction, tmp_path: Path) -> None:
    assert aid.agency is not None
    aid.agency.name = "Renamed"
    aid.agency.save()
    assert one_row(tmp_path).same == ["aid"]


def test_an_older_version_is_what_was_edited(aid: PolicyAction, tmp_path: Path) -> None:
    content = sheets.as_csv([sheets.exported("aid")[0] | {"summary": "Theirs."}])
    factories.publish(factories.edit(aid, title="Ours"))
    apply_plan(plan_of(content, tmp_path), by=None, at=AT)
    assert (entry()["title"], entry()["summary"]) == ("Ours", "Theirs.")


def test_without_a_version_an_edit_is_refused(aid: PolicyAction, tmp_path: Path) -> None:
    plan = one_row(tmp_path, "slug", "title", title="Theirs")
    assert (faults(plan), plan.drafts) == (["upload:2:version"], [])


def test_without_a_version_an_untouched_row_is_the_same(aid: PolicyAction, tmp_path: Path) -> None:
    factories.edit(aid, title="Ours")
    assert one_row(tmp_path, "slug", "title").same == ["aid"]


def test_the_same_file_twice_changes_nothing_the_second_time(aid: PolicyAction, tmp_path: Path) -> None:
    apply_plan(one_row(tmp_path, summary="Theirs."), by=None, at=AT)
    again = one_row(tmp_path, summary="Theirs.")
    assert (again.same, again.drafts, list(again.faults)) == (["aid"], [], [])


def test_the_preview_says_what_changes_in_words(aid: PolicyAction, tmp_path: Path) -> None:
    (row,) = planned_rows(one_row(tmp_path, date="2025-03-03"), most=9)
    (change,) = row.differences
    assert (row.number, row.state, change.label, change.after) == (2, "changed", "Date", "3 Mar 2025")


def test_planning_neither_writes_nor_locks(aid: PolicyAction, tmp_path: Path) -> None:
    with CaptureQueriesContext(connection) as queries:
        one_row(tmp_path, title="Theirs")
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert not [query for query in queries if "FOR UPDATE" in query["sql"]]


@pytest.mark.parametrize("count", [1, 12])
def test_queries_do_not_grow_with_rows(aid: PolicyAction, tmp_path: Path, count: int) -> None:
    slugs = [factories.published(title=f"Entry {number}").slug for number in range(count)]
    rows = [row | {"title": f"{row['title']}, edited"} for row in sheets.exported(*slugs)]
    with CaptureQueriesContext(connection) as queries:
        assert len(plan_of(sheets.as_csv(rows), tmp_path).changed) == count
    assert len(queries) < 60


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("=+-@' "), min_size=1, max_size=40)


@given(cells=st.fixed_dictionaries({}, optional={"title": TEXTS, "summary": TEXTS, "where_it_stands": TEXTS}))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exactly_the_edited_texts_change(aid: PolicyAction, tmp_path: Path, cells: Mapping[str, str]) -> None:
    """Whatever is typed into a sheet, guarded as our files are, arrives as it was typed."""
    typed = {name: " ".join(cell.split()) or "x" for name, cell in cells.items()}
    edit: dict[str, Any] = {name: guard(cell) for name, cell in typed.items()}
    plan = one_row(tmp_path, **edit)
    (content,) = [draft.entry for draft in plan.changed] or [entry()]
    said = {name: content[name] for name in ("title", "summary", "where_it_stands")}
    assert said == {name: entry()[name] for name in said} | {name: clean_text(cell) for name, cell in typed.items()}


def test_today_is_handed_in(aid: PolicyAction, tmp_path: Path) -> None:
    plan = one_row(tmp_path, last_verified="2026-03-02")
    assert (date(2026, 3, 2) > AT.date(), faults(plan)) == (True, ["upload:2:last_verified"])
