"""New entries from one table: each row is an entry with its first line of history and its first source."""

from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.factories import ActorFactory, AgencyFactory, CategoryFactory, PublisherFactory, SourceFactory
from tests.tracker.datapackage import sheets
from tests.tracker.datapackage.conftest import AT
from tests.tracker.datapackage.test_edits import faults, plan_of
from tracker import document
from tracker.datapackage import apply_plan
from tracker.models import Edition, PolicyAction, Publisher, Source

pytestmark = pytest.mark.django_db

NEW = {
    "title": "Military aid paused",
    "where_it_stands": "Paused since 3 March.",
    "date": "3 March 2025",
    "status": "in_effect",
    "status_date": "3 March 2025",
    "category": "Halt",
    "actor": "Jane Doe",
    "agency": "Army",
    "source_title": "Aid paused, officials say",
    "source_publisher": "The Record",
    "source_url": "https://news.example/aid?utm_source=x",
    "source_published": "2025-03-04",
    "attribution": "named_official",
}


@pytest.fixture(autouse=True)
def _words(db: None) -> None:
    CategoryFactory.create(name="Halt")
    ActorFactory.create(name="Jane Doe")
    AgencyFactory.create(name="Army")


def rows_of(*rows: dict[str, str]) -> bytes:
    return sheets.as_csv(
        [NEW | row for row in rows], columns=[*NEW, *(name for row in rows for name in row if name not in NEW)]
    )


def saved() -> dict[str, Any]:
    return document.entry_of(PolicyAction.objects.for_documents().get())


def test_a_row_becomes_an_entry_that_can_be_published(tmp_path: Path) -> None:
    outcome = apply_plan(plan_of(rows_of({}), tmp_path), by=None, at=AT, publish=True)
    action = PolicyAction.objects.get()
    assert (outcome.edition, action.slug, action.imported) == (Edition.objects.get(), "military-aid-paused", True)
    assert saved()["derived"]["source_url"] == "https://news.example/aid"
    (line,) = saved()["status_history"]
    assert (line["status"], line["date"], line["by"]) == ("in_effect", "2025-03-03", "issuer")


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    apply_plan(plan_of(rows_of({}), tmp_path), by=None, at=AT)
    again = plan_of(rows_of({}), tmp_path)
    assert (again.same, again.drafts, list(again.faults)) == (["military-aid-paused"], [], [])


def test_a_title_is_all_that_a_draft_needs(tmp_path: Path) -> None:
    apply_plan(plan_of(b"title\r\nAid paused\r\n", tmp_path), by=None, at=AT)
    assert (saved()["title"], saved()["citations"], saved()["status_history"]) == ("Aid paused", [], [])


def test_a_source_of_the_record_is_used_as_it_is_there(tmp_path: Path) -> None:
    source = SourceFactory.create(title="Known", url="https://www.news.example/aid/")
    plan = plan_of(rows_of({}), tmp_path)
    assert [note for note in plan.notes if "used as it is there: Known." in note]
    apply_plan(plan, by=None, at=AT)
    assert (Source.objects.get(), saved()["citations"][0]["source"]["title"]) == (source, "Known")


def test_a_source_is_created_once_and_never_over_another(tmp_path: Path) -> None:
    PublisherFactory.create(name="The Record", aliases="Record")
    taken = SourceFactory.create(slug="record-aid-paused-officials-say", url="https://other.example/")
    rows = rows_of({"source_publisher": "Record"}, {"title": "Sharing paused", "source_publisher": "Record"})
    apply_plan(plan_of(rows, tmp_path), by=None, at=AT)
    assert {source.slug for source in Source.objects.exclude(pk=taken.pk)} == {"record-aid-paused-officials-say-2"}
    assert Publisher.objects.filter(name__icontains="record").count() == 1


REFUSED = [
    pytest.param({"status": "bogus"}, "status", id="status"),
    pytest.param({"status_date": ""}, "status_date", id="no day of the status"),
    pytest.param({"status_date": "2027-01-01"}, "status_date", id="a day to come"),
    pytest.param({"status_by": "nobody"}, "status_by", id="by"),
    pytest.param({"source_publisher": ""}, "source_publisher", id="no publisher"),
    pytest.param({"source_title": ""}, "source_title", id="no title of the source"),
    pytest.param({"source_url": "javascript:alert(1)"}, "source_url", id="no address"),
    pytest.param({"source_published": "soon"}, "source_published", id="published"),
    pytest.param({"attribution": ""}, "attribution", id="attribution"),
    pytest.param({"agency": "Navy"}, "agency", id="agency"),
    pytest.param({"in_force": "no"}, "in_force", id="what does not follow"),
    pytest.param({"source_count": "2"}, "source_count", id="more sources than a row has"),
    pytest.param({"version": "1"}, "slug", id="a version of nothing"),
    pytest.param({"slug": "No Slug"}, "slug", id="slug"),
    pytest.param({"title": "", "slug": "new"}, "slug", id="no title"),
    pytest.param({"title": ""}, "slug", id="neither title nor slug"),
]


@pytest.mark.parametrize(("cells", "column"), REFUSED)
def test_a_cell_that_cannot_be_taken_is_refused_by_row_and_column(
    tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    assert f"upload:2:{column}" in faults(plan_of(rows_of(cells), tmp_path))


def test_two_rows_about_one_entry_are_refused(tmp_path: Path) -> None:
    assert faults(plan_of(rows_of({}, {}), tmp_path)) == ["upload:3:slug"]


def test_a_title_that_an_entry_has_is_refused(tmp_path: Path) -> None:
    factories.save(slug="military-aid-paused")
    (fault,) = plan_of(rows_of({}), tmp_path).faults
    assert (fault.column, fault.message.startswith("There is an entry with this title already")) == ("title", True)
