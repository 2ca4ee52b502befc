"""What an import comes to: entries, names, histories, sources, refusals."""

from pathlib import Path

import pytest

from tests.tracker.datapackage.mapping.tables import MAPPING, load, plan, row
from tracker.document import entry_of
from tracker.models import Agency, PolicyAction, PublishedAction, Source, StatusChange, Topic

pytestmark = pytest.mark.django_db


def agency_of(slug: str) -> Agency:
    found = PolicyAction.objects.get(slug=slug).agency
    assert found is not None
    return found


def test_a_row_becomes_an_entry(tmp_path: Path) -> None:
    load(tmp_path, row())
    action = PolicyAction.objects.get(slug="harbour-7")
    assert (action.title, action.date, agency_of("harbour-7").name) == (
        "Quay closed to trawlers",
        "2025-02-03",
        "Harbour Board",
    )
    assert [topic.name for topic in action.topics.all()] == ["Fish"]
    line = StatusChange.objects.get(action=action)
    assert (line.status, line.date, line.by) == ("in_effect", "2025-02-03", "issuer")
    assert line.source == Source.objects.get(url="https://gazette.example/7")
    assert PublishedAction.objects.current().filter(slug="harbour-7").exists()


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    load(tmp_path, row(), row(No="8"))
    again = plan(tmp_path, row(), row(No="8"))
    assert (again.counts["same"], again.plan.is_idle) == (2, True)


def test_an_entry_that_left_the_file_is_told_and_stays(tmp_path: Path) -> None:
    load(tmp_path, row(), row(No="8"))
    assert plan(tmp_path, row()).vanished == ["harbour-8"]
    assert load(tmp_path, row()).saved == 0
    assert PolicyAction.objects.count() == 2


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"Day": "2025-02-03"}, "Day", "is not a date as declared (%d.%m.%Y)"),
        ({"Fish": "perhaps"}, "Fish", "'perhaps' is neither yes nor no"),
        ({"No": ""}, "No", "This row has no key."),
        ({"What": ""}, "What", "Say in a title what was decided."),
        ({"Day": "03.02.2027"}, "Over", "still to come"),
    ],
)
def test_a_bad_cell_is_told_by_row_column_and_value(
    tmp_path: Path, cells: dict[str, str], column: str, told: str
) -> None:
    found = plan(tmp_path, row(), row(**{"No": "8", **cells}))
    (problem,) = found.problems
    assert (problem.row, problem.column, problem.value) == (3, column, cells.get(column, "no"))
    assert told in problem.reason
    with pytest.raises(ValueError, match="faults"):
        load(tmp_path, row(), row(**{"No": "8", **cells}))
    assert PolicyAction.objects.count() == 0


def test_two_rows_with_one_key_are_refused_unless_counted(tmp_path: Path) -> None:
    assert plan(tmp_path, row(), row(What="Other")).counts["refused"] == 1
    counted = MAPPING.replace('prefix = "harbour"', 'prefix = "harbour"\nrepeats = "count_from_end"')
    found = plan(tmp_path, row(), row(What="Other"), mapping=counted)
    assert {draft.slug: draft.entry["title"] for draft in found.plan.new} == {
        "harbour-7": "Other",
        "harbour-7-2": "Quay closed to trawlers",
    }


def test_bodies_of_one_name_are_told_apart_by_what_is_above_them(tmp_path: Path) -> None:
    load(tmp_path, row(Who="Secretariat", Above="Ministry A"), row(No="8", Who="Secretariat", Above="Ministry B"))
    load(tmp_path, row(No="9", Who="Secretariat", Above="Ministry B"))
    assert sorted(Agency.objects.filter(name__startswith="Sec").values_list("name", "parent__name")) == [
        ("Secretariat", "Ministry A"),
        ("Secretariat (Ministry B)", "Ministry B"),
    ]
    assert agency_of("harbour-9").name == "Secretariat (Ministry B)"


@pytest.mark.parametrize("name", ["harbour board", "The Board", "HB"], ids=["name", "alias", "abbreviation"])
def test_a_body_is_found_by_any_of_its_names(tmp_path: Path, name: str) -> None:
    Agency.objects.create(name="Harbour Board", slug="board", aliases="The Board", abbreviation="HB")
    load(tmp_path, row(Who=name))
    assert agency_of("harbour-7").slug == "board"


def test_an_unknown_name_is_refused_by_default(tmp_path: Path) -> None:
    strict = MAPPING.replace('parent = "Above"\nunknown = "create"', "")
    (problem,) = plan(tmp_path, row(), mapping=strict).problems
    assert (problem.column, problem.value, problem.reason) == (
        "Who", "Harbour Board", "There is no agency called 'Harbour Board' here.",
    )  # fmt: skip


class TestQueue:
    """A row with an unknown name is kept as a draft until an editor knows it."""

    MAPPING = MAPPING.replace('parent = "Above"\nunknown = "create"', 'unknown = "queue"')

    def test_it_is_saved_and_left_out_of_the_edition(self, tmp_path: Path) -> None:
        Agency.objects.create(name="Port Police", slug="port-police")
        outcome = load(tmp_path, row(), row(No="8", Who="Port Police"), mapping=self.MAPPING)
        assert outcome.saved == 2
        assert set(PublishedAction.objects.values_list("slug", flat=True)) == {"harbour-8"}

    def test_an_alias_that_an_editor_adds_settles_it(self, tmp_path: Path) -> None:
        load(tmp_path, row(), mapping=self.MAPPING)
        Agency.objects.create(name="Port Authority", slug="port", aliases="Harbour Board")
        load(tmp_path, row(), mapping=self.MAPPING)
        assert agency_of("harbour-7").slug == "port"
        assert PublishedAction.objects.filter(slug="harbour-7").exists()

    def test_a_public_entry_keeps_the_body_that_it_had(self, tmp_path: Path) -> None:
        Agency.objects.create(name="Harbour Board", slug="board")
        load(tmp_path, row(), mapping=self.MAPPING)
        found = plan(tmp_path, row(Who="Quay Board"), mapping=self.MAPPING)
        assert (found.counts["same"], found.counts["queued"]) == (1, 1)


def test_a_topic_that_exists_is_used(tmp_path: Path) -> None:
    Topic.objects.create(name="Fisheries", slug="fisheries", aliases="Fish")
    load(tmp_path, row())
    assert [topic.slug for topic in PolicyAction.objects.get().topics.all()] == ["fisheries"]


def test_a_cell_with_two_addresses_has_two_sources(tmp_path: Path) -> None:
    several = MAPPING.replace("[[sources]]", '[[sources]]\neach = "Above"\nsplit = "; "')
    several = several.replace('parent = "Above"\n', "").replace(
        '{ template = "https://gazette.example/{No}" }', '"Above"'
    )
    load(tmp_path, row(Above="https://a.example/1; https://b.example/2"), mapping=several)
    entry = entry_of(PolicyAction.objects.for_documents().get())
    assert [item["source"]["url"] for item in entry["citations"]] == ["https://a.example/1", "https://b.example/2"]
