"""`manage.py import_table`: what it prints, writes and refuses."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.tracker.datapackage.mapping.tables import MAPPING, row, write
from tests.tracker.datapackage.test_apply import counts
from tracker.models import Edition, PolicyAction

pytestmark = pytest.mark.django_db


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def import_table(path: Path, mapping: Path, *options: str, **named: Any) -> str:
    out = StringIO()
    call_command("import_table", path, *options, map=mapping, stdout=out, stderr=out, **named)
    return out.getvalue()


def test_it_says_what_it_did(tmp_path: Path, mapping: Path) -> None:
    table = write(tmp_path / "t.csv", [row(), row(No="8")])
    assert import_table(table, mapping, "--publish").splitlines() == [
        "t.csv: read as utf-8.",
        "t.csv by harbour: 2 new, 0 changed, 0 same, 0 conflict, 0 refused, 0 queued, 0 vanished. "
        "3 new terms, 2 new sources.",
        "Saved 2 entries. Published edition 1.",
    ]


def test_a_second_time_nothing_changes(tmp_path: Path, mapping: Path) -> None:
    table = write(tmp_path / "t.csv", [row()])
    import_table(table, mapping, "--publish")
    before = counts()
    assert import_table(table, mapping, "--publish").splitlines()[-1] == "Saved 0 entries. Nothing new to publish."
    assert counts() == before


def test_a_dry_run_saves_nothing(tmp_path: Path, mapping: Path) -> None:
    before = counts()
    said = import_table(write(tmp_path / "t.csv", [row()]), mapping, "--publish", "--dry-run")
    assert said.splitlines()[-1] == "Nothing was saved: this was a dry run."
    assert counts() == before


def test_one_bad_row_keeps_everything_out(tmp_path: Path, mapping: Path) -> None:
    table, problems = write(tmp_path / "t.csv", [row(), row(No="8", Day="soon")]), tmp_path / "problems.csv"
    before = counts()
    with pytest.raises(
        CommandError, match=r"refused: row 3, Day, harbour-8: 'soon' is not a date(.|\n)*nothing was saved"
    ):
        import_table(table, mapping, "--publish", problems=problems)
    assert counts() == before
    with problems.open(encoding="utf-8", newline="") as stream:
        (line,) = csv.DictReader(stream)
    assert (line["state"], line["row"], line["column"], line["value"]) == ("refused", "3", "Day", "soon")


def test_what_was_imported_can_be_published_later(tmp_path: Path, mapping: Path) -> None:
    table = write(tmp_path / "t.csv", [row()])
    import_table(table, mapping)
    assert (PolicyAction.objects.count(), Edition.objects.count()) == (1, 0)
    assert "Published edition 1." in import_table(table, mapping, "--publish")


def test_a_mapping_with_faults_is_told_before_anything_is_read(tmp_path: Path, mapping: Path) -> None:
    mapping.write_text(MAPPING.replace("cut =", "cutt ="), encoding="utf-8")
    with pytest.raises(CommandError, match=r"fields\.title\.cutt: There is no such key here"):
        import_table(tmp_path / "none.csv", mapping)


def test_a_file_that_is_not_there_is_told(tmp_path: Path, mapping: Path) -> None:
    with pytest.raises(CommandError, match="There is no such file"):
        import_table(tmp_path / "none.csv", mapping)
