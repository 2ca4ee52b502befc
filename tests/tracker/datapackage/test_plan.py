"""The plan: every fault of content by file, row and column; names and keys resolved; nothing written."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tracker.datapackage.conftest import faults_of, load, plan_of
from tests.tracker.datapackage.folders import add_row, rewrite, row_of, set_cells, table, write_table
from tracker.models import Agency, PolicyAction, Publisher, Source

pytestmark = pytest.mark.django_db

ACTIONS, LINES, CITATIONS = "actions.csv", "status_changes.csv", "citations.csv"
RELATIONS, SOURCES, TERMS = "relations.csv", "sources.csv", "terms.csv"


def case(file: str, column: str, value: str, *, row: int = 2, at: str = "", name: str = "") -> Any:
    """One cell made wrong; `at` is the column that is told, if another."""
    return pytest.param(file, row, column, value, at or column, id=name or f"{file}-{column}-{value[:20]}")


CONTENT = [
    case(ACTIONS, "slug", "Not A Slug", name="slug"),
    case(ACTIONS, "title", ""),
    case(ACTIONS, "title", "x" * 201, name="long title"),
    case(ACTIONS, "title", "A\u202eB", name="reversed title"),
    case(ACTIONS, "where_it_stands", "x" * 121, name="long sentence"),
    case(ACTIONS, "category", "no-such"),
    case(ACTIONS, "form", "telegram"),
    case(ACTIONS, "actor", "Nobody Here", name="another actor's name"),
    case(ACTIONS, "actor", "Pam Bondi", name="name and key disagree"),
    case(ACTIONS, "actor_slug", "no-such"),
    case(ACTIONS, "agency_slug", "no-such"),
    case(ACTIONS, "other_actors", "JD Vance; Nobody Here"),
    case(ACTIONS, "other_agencies", "No Such Office"),
    case(ACTIONS, "affects", "Ukraine; Atlantis"),
    case(ACTIONS, "topics", "No such topic"),
    case(ACTIONS, "date", "01/02/2025"),
    case(ACTIONS, "date", "2025-02-30"),
    case(ACTIONS, "due_date", "soon"),
    case(ACTIONS, "disputed", "yes"),
    case(ACTIONS, "dispute_note", ""),
    case(ACTIONS, "last_verified", "yesterday"),
    case(ACTIONS, "date_earliest", "2025-02-18"),
    case(ACTIONS, "status", "reversed"),
    case(ACTIONS, "in_force", "yes"),
    case(ACTIONS, "evidence", "official"),
    case(ACTIONS, "source_count", "5"),
    case(ACTIONS, "publishers", "The Record"),
    case(LINES, "slug", "no-such"),
    case(LINES, "position", "7"),
    case(LINES, "position", "first"),
    case(LINES, "status", "finished"),
    case(LINES, "date", "2999-01-01"),
    case(LINES, "date", "2025-02-01/2025-02-03"),
    case(LINES, "date_latest", "2025-02-27"),
    case(LINES, "by", "nobody"),
    case(LINES, "by", "issuer", name="told by nobody"),
    case(LINES, "in_force", "yes"),
    case(LINES, "note", "", row=3),
    case(LINES, "source_id", "no-such"),
    case(LINES, "source_id", "theweek", name="not cited"),
    case(CITATIONS, "slug", "no-such"),
    case(CITATIONS, "source_id", "no-such"),
    case(CITATIONS, "stance", "doubts"),
    case(CITATIONS, "bears_on", "", name="bears on nothing"),
    case(CITATIONS, "bears_on", "action; mood"),
    case(CITATIONS, "attribution", "hearsay"),
    case(RELATIONS, "slug", "no-such"),
    case(RELATIONS, "kind", "undoes"),
    case(RELATIONS, "in_part", "partly"),
    case(RELATIONS, "to_slug", "no-such"),
    case(RELATIONS, "to_slug", "", name="relation to nothing"),
    case(SOURCES, "title", ""),
    case(SOURCES, "publisher", ""),
    case(SOURCES, "publisher", "No Such Paper"),
    case(SOURCES, "republished_by", "No Such Paper"),
    case(SOURCES, "kind", "rumour"),
    case(SOURCES, "official", "true"),
    case(SOURCES, "url", "javascript:alert(1)"),
    case(SOURCES, "url", "http://[", name="no address"),
    case(SOURCES, "url", "https://user:pw@example.org/", name="with a password"),
    case(SOURCES, "archive_url", "ftp://example.org/"),
    case(SOURCES, "archived_at", "2025-03-03T10:00:00", name="instant without offset"),
    case(SOURCES, "archived_at", "yesterday"),
    case(SOURCES, "published", "March"),
    case(SOURCES, "accessed_on", "2025-02-30"),
    case(TERMS, "kind", "mood"),
    case(TERMS, "slug", "Not A Slug", row=3),
    case(TERMS, "slug", "not-coded", row=19, name="the slug of no category"),
    case(TERMS, "name", "", row=3),
    case(TERMS, "name", "Vance; JD", row=3),
    case(TERMS, "name", "DONALD  TRUMP", row=3, name="name twice"),
    case(TERMS, "definition", "An actor has none.", row=3),
    case(TERMS, "merged_into", "no-such", row=3),
    case(TERMS, "merged_into", "jd-vance", row=3, name="merged into itself"),
    case(TERMS, "parent_slug", "no-such", row=9),
    case(TERMS, "successor_slug", "white-house", row=9, at="successor_date", name="successor without day"),
    case(TERMS, "successor_date", "2025-02-30", row=9),
    case(TERMS, "valid_from", "long ago", row=9),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "told"), CONTENT)
def test_a_wrong_cell_is_named(package: Path, file: str, row: int, column: str, value: str, told: str) -> None:
    set_cells(package, file, row, **{column: value})
    assert f"{file}:{row}:{told}" in faults_of(package)


def test_all_faults_are_named_at_once(package: Path) -> None:
    set_cells(package, ACTIONS, 3, date="2025-13-01")
    set_cells(package, LINES, 4, status="finished")
    set_cells(package, CITATIONS, 2, attribution="hearsay")
    set_cells(package, SOURCES, 5, kind="rumour")
    set_cells(package, TERMS, 4, name="Vance; JD")
    assert set(faults_of(package)) >= {
        "actions.csv:3:date",
        "status_changes.csv:4:status",
        "citations.csv:2:attribution",
        "sources.csv:5:kind",
        "terms.csv:4:name",
    }


def test_a_ragged_row_hides_no_other_fault_and_causes_none(package: Path) -> None:
    rewrite(package, TERMS, lambda content: content.replace(b"actor,jd-vance,JD Vance,", b"actor,jd-vance,JD Vance"))
    set_cells(package, ACTIONS, 3, form="telegram")
    assert faults_of(package) == ["terms.csv:3", "actions.csv:3:form"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"agency": "", "agency_slug": "", "agency_abbreviation": "", "parent_agency": ""}, "agency_slug"),
        ({"date": "", "date_earliest": "", "date_latest": ""}, "date"),
    ],
    ids=["agency", "date"],
)
def test_what_publishing_needs_is_a_fault_only_when_publishing(package: Path, cells: dict[str, str], told: str) -> None:
    set_cells(package, ACTIONS, 3, **cells)
    assert faults_of(package) == []
    assert faults_of(package, publish=True) == [f"actions.csv:3:{told}"]


def test_an_entry_without_status_or_source_cannot_be_published(package: Path) -> None:
    row = row_of(package, ACTIONS, slug="oval-office-meeting-ended-without-minerals-agreement")
    for file in (LINES, CITATIONS):
        rows = [each for each in table(package, file) if not each["slug"].startswith("oval-office")]
        write_table(package, file, rows)
    blank = [name for name in table(package, ACTIONS)[0] if name.startswith(("status", "in_force", "source"))]
    derived = dict.fromkeys([*blank, "evidence", "attribution", "corroborated", "publishers"], "")
    set_cells(package, ACTIONS, row, **derived, official_source_count="")
    assert faults_of(package, publish=True) == [f"actions.csv:{row}:status", f"actions.csv:{row}:source_count"]


def test_empty_derived_cells_are_no_fault(package: Path) -> None:
    set_cells(package, ACTIONS, 2, status="", evidence="", source_urls="", corroborated="")
    set_cells(package, LINES, 2, date_earliest="", in_force="")
    set_cells(package, SOURCES, 2, official="")
    assert faults_of(package) == []


def test_an_actor_is_found_by_name_alone(package: Path) -> None:
    row = row_of(package, ACTIONS, actor="Donald Trump")
    slug = table(package, ACTIONS)[row - 2]["slug"]
    set_cells(package, ACTIONS, row, actor="donald trump", actor_slug="")
    (draft,) = [draft for draft in plan_of(package).new if draft.slug == slug]
    assert draft.entry["actor"] == {"slug": "donald-trump"}


def test_a_name_is_found_by_alias_in_the_record(package: Path) -> None:
    Publisher.objects.create(slug="another", name="Another Paper", aliases="The Other")
    set_cells(package, SOURCES, 2, publisher="The Other", republished_by="")
    source = table(package, SOURCES)[0]["source_id"]
    found = plan_of(package).vocabulary
    assert found is not None
    assert [item["publisher"]["slug"] for item in found.sources if item["slug"] == source] == ["another"]


def test_a_term_that_stands_here_under_another_key_is_taken_for_it(package: Path) -> None:
    here = Agency.objects.create(slug="doj", name="Department of Justice", aliases="Justice Department")
    load(package)
    action = PolicyAction.objects.get(slug="task-force-kleptocapture-disbanded")
    assert action.agency == here
    assert not Agency.objects.filter(slug="justice-department").exists()
    assert Agency.objects.get(slug="federal-bureau-of-investigation").parent == here


def test_a_source_that_stands_here_under_another_key_is_taken_for_it(package: Path) -> None:
    publisher = Publisher.objects.create(name="MS NOW")
    url = table(package, SOURCES)[row_of(package, SOURCES, source_id="msnow") - 2]["url"]
    here = Source.objects.create(slug="ours", title="Ours", publisher=publisher, url=f"{url}/")
    load(package)
    action = PolicyAction.objects.get(slug="cyber-command-told-to-stop-operations-against-russia")
    assert here in [citation.source for citation in action.citations.all()]
    assert not Source.objects.filter(slug="msnow").exists()


def test_two_sources_of_a_package_cannot_have_one_address(package: Path) -> None:
    url = table(package, SOURCES)[0]["url"]
    set_cells(package, SOURCES, 3, url=f"{url}#part")
    assert "sources.csv:3:url" in faults_of(package)


def test_parents_cannot_go_round_in_a_circle(package: Path) -> None:
    one = row_of(package, TERMS, kind="agency", slug="white-house")
    other = row_of(package, TERMS, kind="agency", slug="executive-office-of-the-president")
    set_cells(package, TERMS, other, parent_slug="white-house")
    assert set(faults_of(package)) >= {f"terms.csv:{one}:parent_slug", f"terms.csv:{other}:parent_slug"}


def test_a_cell_that_repeats_a_term_otherwise_is_noted(package: Path) -> None:
    set_cells(package, ACTIONS, 2, agency_abbreviation="DoD")
    plan = plan_of(package)
    assert not plan.faults
    assert "actions.csv:2:agency_abbreviation: comes with the agency, here DOD." in plan.notes


def test_an_earlier_entry_cannot_reverse_a_later_one(package: Path) -> None:
    add_row(
        package,
        RELATIONS,
        slug="us-and-russian-delegations-met-in-riyadh",
        kind="reverses",
        to_slug="military-aid-to-ukraine-paused",
    )
    assert faults_of(package) == ["relations.csv:5:to_slug"]


def test_refused_entries_are_counted(package: Path) -> None:
    set_cells(package, LINES, 2, status="finished")
    assert plan_of(package).refused == [table(package, LINES)[0]["slug"]]


def test_a_plan_reads_and_never_writes(package: Path) -> None:
    with CaptureQueriesContext(connection) as queries:
        plan_of(package, publish=True)
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


def test_the_number_of_queries_does_not_grow_with_the_rows(package: Path) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            plan_of(package)
        return len(queries)

    before = count()
    for number in range(30):
        add_row(package, ACTIONS, slug=f"entry-{number}", title=f"Entry {number}")
    assert count() == before
