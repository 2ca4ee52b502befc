"""What becomes of an entry that the record has already."""

import csv
import io
from pathlib import Path

import pytest

from tests.tracker.datapackage.conftest import AT, load, plan_of
from tests.tracker.datapackage.folders import row_of, set_cells, table, write_table
from tracker import document
from tracker.datapackage import NoteMissingError
from tracker.models import Edition, PolicyAction, PublishedAction, PublishedTerm, Topic
from tracker.record import Draft, save_entry

pytestmark = pytest.mark.django_db

AID = "military-aid-to-ukraine-paused"
ACTIONS, LINES, RELATIONS = "actions.csv", "status_changes.csv", "relations.csv"


def edit(slug: str, **fields: object) -> PolicyAction:
    """Save an entry as an editor would."""
    action = PolicyAction.objects.for_documents().get(slug=slug)
    draft = Draft(
        {**document.entry_of(action), **fields},
        document.relations_of(action),
        slug=slug,
        expected=action.revision,
    )
    return save_entry(draft, by=None, at=AT)


@pytest.fixture
def loaded(package: Path) -> Path:
    """The package, loaded and published as edition 1."""
    load(package)
    return package


def aid_row(folder: Path) -> int:
    return row_of(folder, ACTIONS, slug=AID)


def test_a_second_load_changes_nothing(loaded: Path) -> None:
    plan = plan_of(loaded, publish=True)
    assert (len(plan.same), plan.drafts, plan.is_empty, plan.waiting) == (9, [], True, {})
    assert load(loaded).edition is None
    assert (Edition.objects.count(), PolicyAction.objects.filter(revision=1).count()) == (1, 9)


def test_what_an_editor_wrote_survives_a_second_load(loaded: Path) -> None:
    edit(AID, title="Aid paused")
    plan = plan_of(loaded, publish=True)
    assert (plan.kept, plan.drafts, len(plan.faults)) == ([AID], [], 0)
    load(loaded)
    assert PolicyAction.objects.get(slug=AID).title == "Aid paused"


def test_what_an_editor_added_survives_a_second_load(loaded: Path) -> None:
    action = edit(AID, topics=[{"slug": "ukraine-war"}])
    load(loaded)
    assert list(action.topics.all()) == [Topic.objects.get(slug="ukraine-war")]


def test_a_term_that_an_editor_changed_is_kept_and_noted(loaded: Path) -> None:
    topic = Topic.objects.get(slug="ukraine-war")
    topic.definition = "Ours."
    topic.save()
    plan = plan_of(loaded)
    assert [note for note in plan.notes if "topic ukraine-war is kept as it is here" in note]
    load(loaded)
    assert Topic.objects.get(slug="ukraine-war").definition == "Ours."


def test_a_term_that_an_editor_renamed_is_the_same_term(loaded: Path) -> None:
    topic = Topic.objects.get(slug="ukraine-war")
    topic.name = "War in Ukraine"
    topic.save()
    assert len(plan_of(loaded).same) == 9


def test_a_row_with_its_version_changes_what_it_changes(loaded: Path) -> None:
    set_cells(loaded, ACTIONS, aid_row(loaded), title="Aid paused", version="1")
    edit(AID, summary="An editor's.")
    load(loaded, publish=False)
    action = PolicyAction.objects.get(slug=AID)
    assert (action.title, action.summary, action.revision) == ("Aid paused", "An editor's.", 3)


def test_a_cell_that_both_changed_is_a_conflict(loaded: Path) -> None:
    row = aid_row(loaded)
    set_cells(loaded, ACTIONS, row, title="Aid paused", summary="Theirs.", version="1")
    edit(AID, title="Aid stopped")
    plan = plan_of(loaded)
    assert [str(conflict).partition(": ")[0] for conflict in plan.conflicts] == [f"actions.csv:{row}:title"]
    load(loaded, publish=False)
    action = PolicyAction.objects.get(slug=AID)
    assert (action.title, action.summary == "Theirs.") == ("Aid stopped", False)


def test_a_cell_that_both_changed_alike_is_none(loaded: Path) -> None:
    set_cells(loaded, ACTIONS, aid_row(loaded), title="Aid paused", version="1")
    edit(AID, title="Aid paused")
    plan = plan_of(loaded)
    assert (AID in plan.same, plan.conflicts, plan.drafts) == (True, [], [])


def test_a_row_that_nobody_edited_is_kept_as_the_record_has_it(loaded: Path) -> None:
    set_cells(loaded, ACTIONS, aid_row(loaded), version="1")
    edit(AID, title="Aid stopped")
    plan = plan_of(loaded)
    assert (plan.kept, plan.conflicts, plan.drafts) == ([AID], [], [])


def test_a_history_that_both_changed_is_a_conflict_of_its_file(loaded: Path) -> None:
    line = row_of(loaded, LINES, slug=AID, position="1")
    set_cells(loaded, LINES, line, note="Theirs.")
    set_cells(loaded, ACTIONS, aid_row(loaded), version="1")
    history = document.entry_of(PolicyAction.objects.for_documents().get(slug=AID))["status_history"]
    edit(AID, status_history=[{**history[0], "note": "Ours."}, *history[1:]])
    assert [(item.file, item.row) for item in plan_of(loaded).conflicts] == [(LINES, line)]


def test_relations_count_as_edited_from_the_edition_of_the_package(loaded: Path) -> None:
    set_cells(loaded, ACTIONS, row_of(loaded, ACTIONS, slug="us-and-ukrainian-delegations-met-in-jeddah"), version="1")
    set_cells(loaded, ACTIONS, aid_row(loaded), edition="1")
    rows = [row for row in table(loaded, RELATIONS) if row["to_slug"] != AID]
    write_table(loaded, RELATIONS, rows)
    (draft,) = plan_of(loaded).changed
    assert [item["to"] for item in draft.relations] == ["intelligence-sharing-with-ukraine-paused"]


def test_a_version_that_never_was_is_a_fault(loaded: Path) -> None:
    row = aid_row(loaded)
    set_cells(loaded, ACTIONS, row, title="Aid paused", version="7")
    assert [str(fault) for fault in plan_of(loaded).faults] == [
        f"actions.csv:{row}:version: There is no published version 7 of this entry here."
    ]


def test_a_public_entry_changes_only_with_a_note(loaded: Path) -> None:
    set_cells(loaded, ACTIONS, aid_row(loaded), summary="Theirs.", version="1")
    with pytest.raises(NoteMissingError):
        load(loaded)
    assert PolicyAction.objects.get(slug=AID).revision == 1


def test_a_public_entry_changes_with_its_note(loaded: Path) -> None:
    set_cells(loaded, ACTIONS, aid_row(loaded), summary="Theirs.", version="1")
    outcome = load(loaded, note="A clearer summary.")
    row = PublishedAction.objects.current().get(slug=AID)
    assert (outcome.saved, row.version, row.change, row.change_note) == (1, 2, "updated", "A clearer summary.")


def test_a_line_that_readers_saw_is_changed_as_a_correction(loaded: Path) -> None:
    set_cells(loaded, LINES, row_of(loaded, LINES, slug=AID, position="3"), note="Something else.")
    set_cells(loaded, ACTIONS, aid_row(loaded), version="1")
    load(loaded, note="The note was wrong.")
    assert PublishedAction.objects.current().get(slug=AID).change == "corrected"


def test_entries_loaded_before_are_published_when_asked(package: Path) -> None:
    assert load(package, publish=False).edition is None
    assert load(package, publish=True).edition == Edition.objects.get(number=1)
    assert PublishedAction.objects.count() == 9


def test_the_published_file_is_a_file_to_edit(loaded: Path) -> None:
    """The rows as published carry their version: an analyst's edit of one cell is that cell and nothing else."""
    published = PublishedAction.objects.current().order_by("slug").values_list("csv", flat=True)
    cells = list(csv.reader(io.StringIO("\r\n".join(published))))
    header = list(table(loaded, ACTIONS)[0])
    write_table(loaded, ACTIONS, [dict(zip(header, row, strict=True)) for row in cells])
    assert len(plan_of(loaded).same) == 9
    set_cells(loaded, ACTIONS, aid_row(loaded), summary="Theirs.")
    assert [draft.slug for draft in plan_of(loaded).changed] == [AID]


def test_terms_are_published_with_the_entries(loaded: Path) -> None:
    assert PublishedTerm.objects.filter(kind="agency", slug="task-force-kleptocapture").exists()
