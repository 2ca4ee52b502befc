"""check_package.py: passes on sound packages without Django, and finds what was done to others."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import factories
from tests.timeline import packages
from tests.timeline.packages import unpacked
from tests.timeline.scene import SECOND, publish_scene
from tracker import publishing
from tracker.columns import csv_line
from tracker.models import Edition, PublishedAction

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "timeline" / "exports" / "check_package.py"

Content = dict[str, bytes]


@pytest.fixture
def scene(db: None) -> None:
    """Three editions: the scene, an entry with hostile texts edited, another retracted."""
    made = publish_scene()
    factories.publish(factories.edit(made.memo, title='=1+1, "gone"', summary="One.\nZwei 🕊️ שלום"), at=SECOND)
    publishing.retract("talks", reason="out_of_scope", note="No.", by=None, at=SECOND)


def _run(package: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", SCRIPT, package], capture_output=True, text=True, check=False)


def _tampered(folder: Path, change: Callable[[Content], None], *, query: str = "", reseal: bool = True) -> Path:
    """Write a package into `folder` after `change`; a forger writes its checksums anew."""
    content = packages.files(packages.package(query))
    change(content)
    if reseal:
        names = [name for name in content if name != "checksums.sha256"]
        sums = [f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in names]
        content["checksums.sha256"] = "".join(sums).encode()
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return folder


def _replace(name: str, old: str, new: str) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        assert old.encode() in content[name]
        content[name] = content[name].replace(old.encode(), new.encode(), 1)

    return change


def _without(*names: str, holding: str) -> Callable[[Content], None]:
    """Take the first line that holds this text out of each file."""

    def change(content: Content) -> None:
        for name in names:
            lines = content[name].splitlines(keepends=True)
            lines.remove(next(line for line in lines if holding.encode() in line))
            content[name] = b"".join(lines)

    return change


def _forged_row(content: Content) -> None:
    """Change a row and its digest to match."""
    name = "actions.csv"
    (row,) = [row for row in packages.rows(content[name]) if row["slug"] == "pause"]
    old = csv_line(row.values())
    new = csv_line((row | {"title": "Military aid went on"}).values())
    content[name] = content[name].replace(old.encode(), new.encode())
    sealed, forged = (hashlib.sha256(line.encode()).hexdigest() for line in (old, new))
    _replace("row_digests.csv", sealed, forged)(content)


def _older_version(content: Content) -> None:
    """Put the first version of an entry where the second stands."""
    earlier = packages.files(packages.package("as_of=1"))
    (old,) = [row for row in packages.rows(earlier["actions.csv"]) if row["slug"] == "memo"]
    rows = [old if row["slug"] == "memo" else row for row in packages.rows(content["actions.csv"])]
    lines = [csv_line(old), *(csv_line(row.values()) for row in rows)]
    content["actions.csv"] = "".join(f"{line}\r\n" for line in lines).encode()
    records = [*earlier["actions.jsonl"].splitlines(True), *content["actions.jsonl"].splitlines(True)]
    (first, second) = [line for line in records if json.loads(line)["slug"] == "memo"]
    content["actions.jsonl"] = content["actions.jsonl"].replace(second, first)


@pytest.mark.parametrize("query", ["", "status=reversed", "as_of=2", "as_of=0", "as_of=1&q=nothing", "sort=oldest"])
def test_sound_package_passes(scene: None, tmp_path: Path, query: str) -> None:
    zipped = tmp_path / "package.zip"
    zipped.write_bytes(packages.package(query))
    for package in (zipped, unpacked(tmp_path / "folder", query)):
        run = _run(package)
        assert (run.returncode, run.stderr) == (0, "")


def test_digest_to_compare_is_printed(scene: None, tmp_path: Path) -> None:
    newest = Edition.objects.get(number=4)
    assert _run(unpacked(tmp_path)).stdout == f"Sound.\nEdition 4, digest {newest.digest}\n"


def test_script_in_the_package_is_this_one(scene: None, tmp_path: Path) -> None:
    copy = unpacked(tmp_path) / "check_package.py"
    assert copy.read_bytes() == SCRIPT.read_bytes()
    run = subprocess.run([sys.executable, "-I", copy.name], cwd=tmp_path, capture_output=True, check=False)
    assert (run.returncode, run.stdout[:7]) == (0, b"Sound.\n")


TAMPERED = {
    "a flipped byte in actions.csv": (_replace("actions.csv", "pause", "pausf"), "", r"pausf, version 1"),
    "a flipped byte in actions.jsonl": (_replace("actions.jsonl", "paused", "pauset"), "", r"actions.jsonl: pause,"),
    "the same in a selection": (_replace("actions.csv", "paused", "pauset"), "status=reversed", "actions.csv: pause,"),
    "a row missing in the CSV": (_without("actions.csv", holding="pause"), "", "actions.csv: pause is missing"),
    "a row missing in the records": (_without("actions.jsonl", holding="pause"), "", "actions.jsonl: pause is missing"),
    "a row missing everywhere": (
        _without("actions.csv", "actions.jsonl", "row_digests.csv", holding="pause"), "", "Edition 1 does not match",
    ),
    "a row missing in both": (_without("actions.csv", "actions.jsonl", holding="pause"), "", "pause is missing"),
    "a row missing in a selection": (
        _without("actions.csv", holding="pause"), "status=reversed", "actions.csv: pause is missing",
    ),
    "an altered edition": (_replace("editions.csv", "2025-06-01T12", "2025-05-01T12"), "", "Edition 1 does not match"),
    "an edition taken out": (_without("editions.csv", holding="2,2025-06-03"), "", "Edition 3 does not match"),
    "the last edition taken out": (_without("editions.csv", holding="4,2025-06-03"), "", "edition 4, which is missing"),
    "a forged row and digest": (_forged_row, "", "Edition 1 does not match"),
    "the same, forged, in a selection": (_forged_row, "status=reversed", "Edition 1 does not match"),
    "a version that was replaced": (_older_version, "", "memo, version 1, is not what was sealed"),
    "a hidden retraction": (_replace("row_digests.csv", "action,talks,2", "action,other,1"), "", "talks is missing"),
    "a file that is none": (_replace("editions.csv", "number", "n"), "", "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "query", "found"), TAMPERED.values(), ids=TAMPERED)
def test_tampering_is_found_though_the_checksums_were_written_anew(
    scene: None, tmp_path: Path, change: Callable[[Content], None], query: str, found: str
) -> None:
    run = _run(_tampered(tmp_path, change, query=query))
    assert run.returncode == 1
    assert re.search(found, run.stderr), run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("name", ["terms.csv", "sources.csv", "README.md", "datapackage.json"])
def test_damage_to_any_file_is_found(scene: None, tmp_path: Path, name: str) -> None:
    def flip(content: Content) -> None:
        content[name] = content[name][:20] + bytes([content[name][20] ^ 1]) + content[name][21:]

    run = _run(_tampered(tmp_path, flip, reseal=False))
    assert f"{name} is not the file that was packed." in run.stderr


@pytest.mark.parametrize("what", ["a folder without a package", "no zip", "nothing"])
def test_what_is_no_package_is_told_in_a_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / "package.zip"
    if what == "no zip":
        path.write_bytes(b"none")
    run = _run(tmp_path if what == "a folder without a package" else path)
    assert run.returncode == 1
    assert run.stderr.startswith("This cannot be read as a package: ")


def test_missing_file_is_told_in_a_sentence(scene: None, tmp_path: Path) -> None:
    (unpacked(tmp_path) / "actions.jsonl").unlink()
    assert _run(tmp_path).stderr.startswith("This cannot be read as a package: ")


def test_redacted_rows_are_not_missed(scene: None, tmp_path: Path) -> None:
    def redact(content: Content) -> None:
        _without("actions.csv", "actions.jsonl", holding="pause")(content)
        _replace("row_digests.csv", "action,pause", "action,redacted-1")(content)
        about = json.loads(content["datapackage.json"]) | {"redacted": ["redacted-1"]}
        content["datapackage.json"] = json.dumps(about).encode()

    assert _run(_tampered(tmp_path, redact)).stderr == ""


def test_scene_has_texts_that_quote_and_guard(scene: None) -> None:
    (row,) = PublishedAction.objects.current().filter(slug="memo")
    assert "'=1+1" in row.csv


def test_documented_script_is_this_one() -> None:
    listing = re.search(r"```python\n(.*?)```", (ROOT / "docs" / "verify.md").read_text(encoding="utf-8"), re.DOTALL)
    assert listing is not None
    assert listing[1] == SCRIPT.read_text(encoding="utf-8")
