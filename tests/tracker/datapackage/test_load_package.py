"""`manage.py load_package`: what it prints, what it refuses, what it leaves alone."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from tests.tracker.datapackage import sheets
from tests.tracker.datapackage.folders import add_row, row_of, set_cells, table
from tests.tracker.datapackage.test_apply import counts
from tracker.models import Edition, PolicyAction, PublishedAction

pytestmark = pytest.mark.django_db

AID = "military-aid-to-ukraine-paused"


def load_package(folder: Path, *options: str, **named: Any) -> str:
    out = StringIO()
    call_command("load_package", folder, *options, stdout=out, stderr=out, **named)
    return out.getvalue()


def test_it_says_what_it_did(package: Path) -> None:
    assert load_package(package, "--publish").splitlines() == [
        "package: 9 new, 0 changed, 0 the same, 0 kept as they are here, 0 in conflict, 0 refused.",
        "Terms: 53 new, 0 there already.",
        "Sources: 16 new, 0 there already.",
        "Published edition 1.",
    ]


def test_a_second_time_there_is_nothing_to_publish(package: Path) -> None:
    load_package(package, "--publish")
    before = counts()
    assert load_package(package, "--publish").splitlines()[-1] == "Nothing new to publish."
    assert counts() == before


def test_without_publish_nothing_is_public(package: Path) -> None:
    load_package(package)
    assert (PolicyAction.objects.count(), PublishedAction.objects.count()) == (9, 0)


@pytest.mark.parametrize("options", [["--dry-run"], ["--dry-run", "--publish"]], ids=" ".join)
def test_a_dry_run_writes_nothing(package: Path, options: list[str]) -> None:
    assert load_package(package, *options).splitlines()[-1] == "Nothing was saved: this was a dry run."
    assert counts().total() == 0


def test_every_fault_is_printed_and_nothing_saved(package: Path) -> None:
    set_cells(package, "actions.csv", 4, form="telegram")
    set_cells(package, "terms.csv", 3, name="")
    other = row_of(package, "actions.csv", other_actors="JD Vance")
    with pytest.raises(CommandError) as refused:
        load_package(package, "--publish")
    assert str(refused.value).splitlines() == [
        "terms.csv:3:name: This field cannot be blank.",
        f"actions.csv:{other}:other_actors: There is no actor 'JD Vance', neither in terms.csv nor in the record.",
        "actions.csv:4:form: There is no form 'telegram'.",
        "3 faults in package: nothing was saved.",
    ]
    assert counts().total() == 0


def test_faults_beyond_the_cap_are_counted(package: Path) -> None:
    for number in range(250):
        add_row(package, "terms.csv", kind="mood", slug=f"mood-{number}")
    with pytest.raises(CommandError, match=r"\.\.\. and 50 more\.\n250 faults in package"):
        load_package(package)


def test_a_long_file_is_refused(package: Path) -> None:
    with pytest.raises(CommandError, match=r"terms\.csv:12: More than 10 rows"):
        load_package(package, "--max-rows=10")


def test_what_the_ledger_refuses_is_named_by_row(package: Path) -> None:
    line = row_of(package, "status_changes.csv", slug=AID, status="reversed")
    set_cells(package, "status_changes.csv", line, status="on_hold")
    row = row_of(package, "actions.csv", slug="us-and-ukrainian-delegations-met-in-jeddah")
    set_cells(package, "actions.csv", row_of(package, "actions.csv", slug=AID), status="on_hold")
    with pytest.raises(CommandError, match=rf"(?m)^actions\.csv:{row}: .* reverses .Military aid"):
        load_package(package, "--publish")
    assert counts().total() == 0


def test_a_change_of_public_entries_needs_a_note(package: Path) -> None:
    load_package(package, "--publish")
    set_cells(package, "actions.csv", row_of(package, "actions.csv", slug=AID), summary="Theirs.", version="1")
    with pytest.raises(CommandError, match="say in a note why"):
        load_package(package, "--publish")
    assert load_package(package, "--publish", "--note=Clearer.").splitlines()[-1] == "Published edition 2."
    assert Edition.objects.get(number=2).note == "Clearer."


def test_conflicts_are_printed_and_left_alone(package: Path) -> None:
    load_package(package, "--publish")
    row = row_of(package, "actions.csv", slug=AID)
    set_cells(package, "actions.csv", row, summary="Theirs.", version="1")
    load_package(package)
    set_cells(package, "actions.csv", row, summary="Yet another.", version="1")
    assert f"actions.csv:{row}:summary: also changed here" in load_package(package)
    assert PolicyAction.objects.get(slug=AID).summary == "Theirs."


def test_it_is_saved_under_a_user(package: Path, reviewer: User) -> None:
    load_package(package, "--publish", "--user=reviewer")
    assert Edition.objects.get().published_by == reviewer


def test_an_unknown_user_is_refused(package: Path) -> None:
    with pytest.raises(CommandError, match="no active user 'nobody'"):
        load_package(package, "--user=nobody")


def test_notes_are_counted_and_shown_when_asked(package: Path) -> None:
    (package / "notes.txt").write_text("Hello")
    assert "Notes: 1, shown with --verbosity 2." in load_package(package, "--dry-run")
    assert "notes.txt: not a file of a package, ignored." in load_package(package, "--dry-run", verbosity=2)


def test_silence_on_request(package: Path) -> None:
    assert load_package(package, "--publish", verbosity=0) == ""
    assert len(table(package, "actions.csv")) == PublishedAction.objects.count()


def test_a_zip_is_loaded_as_its_folder_is(package: Path, tmp_path: Path) -> None:
    archive = tmp_path / "seeds.zip"
    archive.write_bytes(sheets.zipped_folder(package))
    assert load_package(archive, "--publish").splitlines()[0].startswith("seeds.zip: 9 new, 0 changed")
    assert PublishedAction.objects.count() == 9


def test_a_table_is_loaded_with_its_edits(package: Path, tmp_path: Path) -> None:
    load_package(package, "--publish")
    table_of_one = tmp_path / "edited.csv"
    table_of_one.write_bytes(sheets.as_csv([sheets.exported(AID)[0] | {"title": "Aid paused"}]))
    assert load_package(table_of_one).splitlines()[0].startswith("edited.csv: 0 new, 1 changed")
    assert PolicyAction.objects.get(slug=AID).title == "Aid paused"
