"""What is wrong with the form of a package: named by file, row and column, all of it, and nothing raised."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracker.datapackage.folders import add_row, rewrite, row_of, set_cells, table, write_table
from tracker.datapackage import read_folder
from tracker.datapackage.faults import MAX_FAULTS, Faults

Spoil = Callable[[Path], object]


def replaced(file: str, old: bytes, new: bytes) -> Spoil:
    return lambda folder: rewrite(folder, file, lambda content: content.replace(old, new, 1))


def written(file: str, content: bytes) -> Spoil:
    return lambda folder: rewrite(folder, file, lambda _: content)


def faults(folder: Path, *, max_rows: int = 1000) -> list[str]:
    return [str(fault) for fault in read_folder(folder, max_rows=max_rows).faults]


def test_the_seeds_have_no_fault(package: Path) -> None:
    read = read_folder(package)
    assert (list(read.faults), read.notes, read.is_complete) == ([], [], True)


def test_rows_are_numbered_as_a_spreadsheet_does(package: Path) -> None:
    set_cells(package, "actions.csv", 2, summary="One line.\nAnother.")
    rows = read_folder(package).tables["actions.csv"]
    assert [row.number for row in rows] == list(range(2, 11))


FORM = [
    pytest.param(
        replaced("terms.csv", b"kind,slug", b"slug"), "terms.csv:1:kind: This column is missing.", id="missing"
    ),
    pytest.param(
        replaced("terms.csv", b"kind,slug", b"kind,kind,slug"), "terms.csv:1:kind: This column", id="duplicate"
    ),
    pytest.param(replaced("terms.csv", b"kind,slug", b"kind,mood,slug"), "terms.csv:1:mood: There is no", id="extra"),
    pytest.param(
        replaced("terms.csv", b"kind,slug", b"kind,,slug"), "terms.csv:1:(no name): There is no", id="nameless"
    ),
    pytest.param(
        replaced("terms.csv", b"actor,jd-vance,", b"actor,jd-vance"), "terms.csv:3: This row has 17", id="short"
    ),
    pytest.param(
        replaced("terms.csv", b"actor,jd-vance,", b"actor,jd-vance,,"), "terms.csv:3: This row has 19", id="long"
    ),
    pytest.param(replaced("terms.csv", b"JD Vance", b"JD\x00Vance"), "terms.csv:3:name: It contains a NUL", id="NUL"),
    pytest.param(
        replaced("terms.csv", b"JD Vance", b"JD V\xe4nce"), "terms.csv:3:name: It is not UTF-8.", id="Latin 1"
    ),
    pytest.param(replaced("terms.csv", b"JD Vance", b'"JD" Vance'), "terms.csv:3: From here on", id="stray quotes"),
    pytest.param(replaced("terms.csv", b"JD Vance", b'"JD Vance'), "terms.csv:", id="open quotes"),
    pytest.param(replaced("terms.csv", b"jd-vance", b""), "terms.csv:3:slug: It may not be empty.", id="blank key"),
    pytest.param(
        replaced("terms.csv", b"jd-vance", b"donald-trump"), "terms.csv:3:slug: actor, donald-trump", id="key twice"
    ),
    pytest.param(written("terms.csv", b"\xff\xfek\x00"), "terms.csv: This is UTF-16.", id="UTF-16"),
    pytest.param(written("terms.csv", b""), "terms.csv:1: This is not a terms.csv", id="empty"),
    pytest.param(written("terms.csv", b"<!doctype html>\n<p>"), "terms.csv:1: This is not a terms.csv", id="a page"),
    pytest.param(written("terms.csv", b"MZ\x90\x00\x03"), "terms.csv:1: This is not a terms.csv", id="a program"),
    pytest.param(lambda folder: (folder / "terms.csv").unlink(), "terms.csv: This file is missing.", id="no file"),
    pytest.param(written("datapackage.json", b"<html>"), "datapackage.json: This is not", id="no JSON"),
    pytest.param(written("datapackage.json", b"[" * 100_000), "datapackage.json: This is not", id="deep JSON"),
    pytest.param(written("datapackage.json", b'{"resources": [{"path": 1}]}'), "datapackage.json: This", id="path 1"),
    pytest.param(written("datapackage.json", b"{}"), "datapackage.json: This is not", id="no resources"),
]


@pytest.mark.parametrize(("spoil", "fault"), FORM)
def test_a_fault_of_form_is_named(package: Path, spoil: Spoil, fault: str) -> None:
    spoil(package)
    (found,) = faults(package)
    assert found.startswith(fault)


@pytest.mark.parametrize(
    "path", ["../terms.csv", "/etc/passwd", "a/terms.csv", r"..\terms.csv", "https://example.org/"]
)
def test_a_file_outside_the_package_is_refused(package: Path, path: str) -> None:
    (package / "datapackage.json").write_text(json.dumps({"resources": [{"path": ["terms.csv", path]}]}))
    (found,) = faults(package)
    assert found.startswith("datapackage.json: It names a file outside the package")


def test_a_link_is_no_member(package: Path, tmp_path: Path) -> None:
    outside = (package / "terms.csv").rename(tmp_path / "outside.csv")
    (package / "terms.csv").symlink_to(outside)
    assert faults(package) == ["terms.csv: This file is missing."]


def test_a_folder_without_description_is_no_package(tmp_path: Path) -> None:
    assert faults(tmp_path) == ["datapackage.json: This file is missing, so this is not a data package."]


@pytest.mark.parametrize("name", ["terms.csv", "nowhere"])
def test_what_is_no_folder_is_no_package(package: Path, name: str) -> None:
    (found,) = faults(package / name)
    assert "A data package is a folder" in found or "There is no such folder" in found


def test_more_rows_than_the_cap_are_not_read(package: Path) -> None:
    read = read_folder(package, max_rows=20)
    assert [str(fault) for fault in read.faults] == [
        "citations.csv:22: More than 20 rows; nothing after them was read.",
        "terms.csv:22: More than 20 rows; nothing after them was read.",
    ]
    assert not read.is_complete


def test_a_byte_order_mark_is_no_fault(package: Path) -> None:
    rewrite(package, "terms.csv", lambda content: b"\xef\xbb\xbf" + content)
    assert faults(package) == []


def test_columns_may_stand_in_any_order(package: Path) -> None:
    rows = table(package, "citations.csv")
    lines = [",".join(reversed(row.values())) for row in rows]
    (package / "citations.csv").write_text("\n".join([",".join(reversed(rows[0].keys())), *lines]))
    assert faults(package) == []


def test_other_files_are_ignored_with_a_note(package: Path) -> None:
    (package / "notes.txt").write_text("Hello")
    assert read_folder(package).notes == ["notes.txt: not a file of a package, ignored."]


def test_the_ledger_of_a_package_is_not_loaded(package: Path) -> None:
    add = {"slug": "gone", "reason": "legal", "edition": "1"}
    write_table(package, "retractions.csv", [add])
    read = read_folder(package)
    assert "retractions.csv" not in read.tables
    assert read.notes == ["retractions.csv: tells of another ledger, not loaded."]


def test_the_newest_edition_is_the_one_that_the_package_tells_of(package: Path) -> None:
    set_cells(package, "actions.csv", 2, edition="3")
    write_table(package, "editions.csv", [{"number": "4"}, {"number": "12"}])
    assert read_folder(package).edition == 12


def test_every_fault_is_told_at_once(package: Path) -> None:
    set_cells(package, "terms.csv", 3, name="JD\x00Vance")
    add_row(package, "sources.csv", source_id="msnow")
    (package / "relations.csv").unlink()
    assert [fault.partition(": ")[0] for fault in faults(package)] == [
        f"sources.csv:{row_of(package, 'sources.csv', source_id='msnow', title='')}:source_id",
        "relations.csv",
        "terms.csv:3:name",
    ]


def test_faults_beyond_the_cap_are_counted() -> None:
    found = Faults()
    for row in range(MAX_FAULTS + 7):
        found.add("terms.csv", "Wrong.", row=row)
    assert (len(list(found)), found.dropped, len(found)) == (MAX_FAULTS, 7, MAX_FAULTS + 7)


def test_one_cell_is_told_once() -> None:
    found = Faults()
    found.add("terms.csv", "Wrong.", row=2, column="name")
    found.add("terms.csv", "Wrong in another way.", row=2, column="name")
    assert [str(fault) for fault in found] == ["terms.csv:2:name: Wrong."]
