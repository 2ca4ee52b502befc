"""An update touches what its mapping wrote; what editors did stays."""

from pathlib import Path
from typing import Any

import pytest

from tests.tracker.datapackage.mapping.tables import AT, MAPPING, load, plan, row
from tracker.datapackage import NoteMissingError
from tracker.datapackage.mapping.owning import said
from tracker.datapackage.merging import content_of
from tracker.document import entry_of, relations_of
from tracker.models import PolicyAction, StatusChange, Topic
from tracker.record import Draft, save_entry

pytestmark = pytest.mark.django_db

APPENDING = MAPPING.replace("[status]", '[status]\nhistory = "append"').replace(
    '[[status.rules]]\nstatus = "in_effect"', '[[status.rules]]\nstatus = "in_effect"\nnote = "Who"'
)


def entry() -> dict[str, Any]:
    return entry_of(PolicyAction.objects.for_documents().get())


def by_hand(**facts: Any) -> None:
    """Save the one entry with other facts, as an editor does."""
    action = PolicyAction.objects.for_documents().get()
    content = content_of(entry_of(action), relations_of(action)) | facts
    relations = content.pop("relations")
    draft = Draft(entry=content, relations=relations, slug=action.slug, expected=action.revision)
    save_entry(draft, by=None, at=AT, reason="By hand")


def test_a_changed_cell_is_applied(tmp_path: Path) -> None:
    load(tmp_path, row())
    load(tmp_path, row(What="Quay closed to all ships"))
    assert entry()["title"] == "Quay closed to all ships"


def test_a_change_that_readers_would_see_needs_a_note(tmp_path: Path) -> None:
    load(tmp_path, row())
    with pytest.raises(NoteMissingError):
        load(tmp_path, row(What="Quay closed to all ships"), note="")


def test_what_an_editor_added_elsewhere_stays(tmp_path: Path) -> None:
    load(tmp_path, row())
    by_hand(where_it_stands="Closed.", topics=[{"slug": "fish"}, {"slug": Topic.objects.create(name="Law").slug}])
    load(tmp_path, row(What="Quay closed to all ships", Ships="yes"))
    assert (entry()["title"], entry()["where_it_stands"]) == ("Quay closed to all ships", "Closed.")
    assert [topic["slug"] for topic in entry()["topics"]] == ["fish", "law", "ships"]


def test_what_an_editor_took_away_stays_away(tmp_path: Path) -> None:
    load(tmp_path, row())
    by_hand(topics=[])
    assert plan(tmp_path, row()).counts["same"] == 1
    load(tmp_path, row(Ships="yes"))
    assert [topic["slug"] for topic in entry()["topics"]] == ["ships"]


def test_an_edit_by_hand_outlives_several_imports(tmp_path: Path) -> None:
    load(tmp_path, row())
    by_hand(title="Quay closed")
    for who in ("Board of Quays", "Board of Boards"):
        load(tmp_path, row(Who=who))
        assert (entry()["title"], entry()["agency"]["name"]) == ("Quay closed", who)


def test_a_topic_added_by_hand_outlives_several_imports(tmp_path: Path) -> None:
    load(tmp_path, row())
    by_hand(topics=[{"slug": "fish"}, {"slug": Topic.objects.create(name="Law").slug}])
    load(tmp_path, row(Ships="yes"))
    load(tmp_path, row(Fish="no", Ships="yes"))
    assert [topic["slug"] for topic in entry()["topics"]] == ["law", "ships"]


def test_a_fact_that_both_changed_is_a_conflict_and_left(tmp_path: Path) -> None:
    load(tmp_path, row())
    by_hand(title="Quay closed")
    found = plan(tmp_path, row(What="Quay shut", Ships="yes"))
    assert [(problem.state, problem.column) for problem in found.problems] == [("conflict", "title")]
    assert load(tmp_path, row(What="Quay shut", Ships="yes")).saved == 0


def test_an_entry_that_no_import_wrote_is_not_taken_over(tmp_path: Path) -> None:
    save_entry(Draft(entry={"title": "Mine"}, slug="harbour-7"), by=None, at=AT)
    assert plan(tmp_path, row()).counts["conflict"] == 1


def test_a_line_written_by_hand_stays_beside_those_of_the_file(tmp_path: Path) -> None:
    load(tmp_path, row(), mapping=APPENDING)
    source = entry()["citations"][0]["source"]["slug"]
    lines = entry()["status_history"]
    upheld = {"position": 2, "status": None, "date": "2025-03-01", "by": "court", "note": "Upheld.", "source": source}
    by_hand(status_history=[*lines, upheld])
    load(tmp_path, row(Over="yes", Day="01.04.2025"), mapping=APPENDING)
    told = StatusChange.objects.order_by("position").values_list("status", "date", "note")
    assert list(told) == [
        ("in_effect", "2025-02-03", "Harbour Board"),
        ("", "2025-03-01", "Upheld."),
        ("reversed", "2025-04-01", ""),
    ]


def test_a_stage_that_stayed_adds_no_line(tmp_path: Path) -> None:
    load(tmp_path, row(), mapping=APPENDING)
    found = plan(
        tmp_path, row(Day="01.04.2025"), mapping=APPENDING.replace("date = { column", "date = { once = true, column", 1)
    )
    assert found.counts["same"] == 1


def content(**facts: Any) -> dict[str, Any]:
    return {"title": None, "identifiers": []} | facts


@pytest.mark.parametrize(
    ("history", "name", "told"),
    [
        ([(True, content(title="a"))], "title", "a"),
        ([(True, content(title="a")), (False, content(title="b")), (True, content(title="b"))], "title", "a"),
        ([(True, content(title="a")), (True, content(title="b"))], "title", "b"),
        ([(False, content(title="a"))], "title", None),
        ([(True, content(identifiers=["x"])), (False, content(identifiers=["x", "y"])),
          (True, content(identifiers=["x", "y", "z"]))], "identifiers", ["x", "z"]),
        ([(True, content(identifiers=["x", "y"])), (True, content(identifiers=["y"]))], "identifiers", ["y"]),
    ],
    ids=["first", "met an edit", "changed", "never", "list beside an edit", "list taken back"],
)  # fmt: skip
def test_what_the_imports_said(history: list[tuple[bool, dict[str, Any]]], name: str, told: Any) -> None:
    assert said(history, name) == told
