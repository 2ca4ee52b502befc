"""`manage.py export`: the file that the site sends, whole or not at all."""

import hashlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from tests.timeline.scene import Scene, publish_scene
from timeline.exports.base import Size
from timeline.exports.csv_file import CSVFile
from timeline.exports.files import FILES
from timeline.management.commands.export import FORMATS, Progress

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scene(db: None) -> Scene:
    return publish_scene()


def _export(*arguments: str) -> str:
    out = io.StringIO()
    call_command("export", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_file_is_the_one_that_the_site_sends(client: Client, tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    told = _export("agency=white-house&as_of=2", "--format", name, "--output", str(path))
    sent = client.get(f"/{FORMATS[name].file}?agency=white-house&as_of=2").getvalue()
    assert path.read_bytes() == sent
    assert hashlib.sha256(sent).hexdigest() in told
    assert f"{len(sent):,} bytes" in told
    assert told.startswith("Edition 2: ")


def test_every_file_of_the_site_can_be_asked_for() -> None:
    assert {export.file for export in FILES} <= FORMATS.keys()
    assert {"csv", "jsonl", "xlsx", "parquet", "package"} <= FORMATS.keys()


def test_rows_are_told(tmp_path: Path) -> None:
    assert "Edition 1: 4 rows, " in _export("?as_of=1", "--output", str(tmp_path / "a.csv"))


def test_name_is_that_of_the_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _export("status=reversed")
    assert [path.name for path in tmp_path.iterdir()] == ["actions-edition-2-selection.csv"]


def test_bad_selection_is_told_in_the_sentences_of_the_page(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        _export("agencies=white-house&status=nonsense", "--output", str(tmp_path / "a.csv"))
    assert "Did you mean “agency”?" in str(refused.value)
    assert "status: “nonsense” is not one of the values here." in str(refused.value)
    assert (refused.value.returncode, list(tmp_path.iterdir())) == (1, [])


def test_what_a_format_does_not_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="belongs to another kind of address"):
        _export("columns=slug", "--format", "jsonl", "--output", str(tmp_path / "a"))


def test_older_file_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o640)
    _export("--output", str(path))
    assert path.read_bytes().startswith(b"slug,title,")
    assert path.stat().st_mode & 0o777 == 0o640


class BrokenError(Exception):
    """The database went away."""


@pytest.mark.parametrize("error", [BrokenError("gone"), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_failure_leaves_the_older_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def content(*_: Any, **__: Any) -> Iterator[bytes]:
        yield b"slug,title\r\n"
        raise error

    monkeypatch.setattr(CSVFile, "content", content)
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises((type(error), CommandError)):
        _export("--output", str(path))
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.csv", "old")]


def test_short_file_is_never_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CSVFile, "measure", lambda *_: Size(rows=6, length=10_000))
    with pytest.raises(CommandError, match="was not written: 5 rows"):
        _export("--output", str(tmp_path / "a.csv"))
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        _export("--output", str(tmp_path / "nowhere" / "a.csv"))


def test_standard_output_holds_the_file_alone(
    client: Client, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("export", "as_of=2", "--output", "-", stderr=sys.stderr)
    out, err = capsysbinary.readouterr()
    assert out == client.get("/actions.csv?as_of=2").getvalue()
    assert err.startswith(b"Edition 2: 5 rows, ")


def _progress(size: Size, *counts: int, is_on: bool = True) -> str:
    stream = io.StringIO()
    shown = Progress(stream, name="actions.csv", size=size, is_on=is_on)
    for count in counts:
        shown.told_at = 0.0
        shown.moved(count)
    shown.done()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("size", "line"),
    [
        (Size(rows=1000, length=200), "actions.csv:  50%, 500 of 1,000 rows"),
        (Size(rows=1000, length=None), "actions.csv of 1,000 rows: 100 bytes"),
        (Size(rows=None, length=None), "actions.csv: 100 bytes"),
    ],
)
def test_progress_is_told_on_a_terminal(size: Size, line: str) -> None:
    assert _progress(size, 100) == f"\r\033[K{line}\r\033[K"


def test_progress_is_silent_elsewhere() -> None:
    assert _progress(Size(rows=1, length=1), 1, is_on=False) == ""
