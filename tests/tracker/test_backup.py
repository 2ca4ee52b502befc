"""Backup and restore, as drills: under writes, killed half way, on a full disk, into an empty and a used database."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from tests import factories
from tests.serving import ROOT, database_url
from tests.timeline.bulk import publish_many
from tests.tracker import redacting
from tracker import backup, publishing, triggers, verification
from tracker.backup import folder as backup_folder
from tracker.backup import postgresql_dump, redactions
from tracker.backup.manifest import beside, sha256
from tracker.models import Edition, PolicyAction, PublishedAction

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUPS_DIR = tmp_path / "kept"
    settings.REDACTIONS_FILE = tmp_path / "kept" / "redactions.jsonl"


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE drill")
    yield database_url(connection.settings_dict | {"NAME": "drill"})
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE drill WITH (FORCE)")


def _take(folder: Path, *, second: int = 0) -> tuple[Path, backup.Manifest]:
    return backup.take(folder, at=AT + timedelta(seconds=second))


def _manage(*arguments: str, database: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in a process of its own, as an operator does."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": database}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _restore(file: Path, **options: Any) -> str:
    out = StringIO()
    call_command("restore", file, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def _own_url() -> str:
    return database_url(connection.settings_dict)


# --- taking ----------------------------------------------------------------------------------------------------


def test_backup_is_described_beside_it(tmp_path: Path) -> None:
    factories.published()
    file, manifest = _take(tmp_path)
    told = json.loads(beside(file).read_text(encoding="utf-8"))
    edition = Edition.objects.get()
    assert file.name.startswith("timeline-20250601T120000.000000Z-edition-1.")
    assert (told["sha256"], told["bytes"]) == (sha256(file), file.stat().st_size)
    assert (told["contents"]["edition"], told["contents"]["digest"]) == (1, edition.digest)
    assert (told["taken_at"], told["database"]) == ("2025-06-01T12:00:00Z", connection.vendor)
    assert "tracker.0001_initial" in told["contents"]["migrations"]
    assert backup.Manifest.read(file) == manifest


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    file, _ = _take(tmp_path / "new")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (file, beside(file), file.parent)}
    assert modes == {file.name: 0o600, beside(file).name: 0o600, "new": 0o700}


def test_newest_are_kept(tmp_path: Path) -> None:
    taken = [_take(tmp_path, second=second)[0] for second in range(4)]
    removed = backup.keep_newest(tmp_path, 2)
    assert removed == taken[:2]
    assert backup.kept(tmp_path) == taken[2:]
    assert sorted(tmp_path.glob("*.json")) == [beside(file) for file in taken[2:]]


def test_command_says_what_it_wrote_and_removed(tmp_path: Path) -> None:
    older, _ = _take(tmp_path)
    out = StringIO()
    call_command("backup", to=tmp_path, keep=1, stdout=out)
    (file,) = backup.kept(tmp_path)
    assert str(file) in out.getvalue()
    assert f"Removed {older.name}" in out.getvalue()


def test_command_keeps_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--keep"):
        call_command("backup", to=tmp_path, keep=0)


def test_two_at_once_are_refused(tmp_path: Path) -> None:
    with backup_folder.writing(tmp_path), pytest.raises(backup.BackupError, match="Another backup"):
        _take(tmp_path)


def test_two_of_one_instant_are_refused(tmp_path: Path) -> None:
    first, manifest = _take(tmp_path)
    with pytest.raises(backup.BackupError, match="exists already"):
        _take(tmp_path)
    assert sha256(first) == manifest.sha256


@pytest.mark.postgresql
def test_missing_programs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_dump, "_INSTALLED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(backup.BackupError, match="pg_dump is not on this machine"):
        _take(tmp_path / "backups")


# --- under writes ----------------------------------------------------------------------------------------------


def _publishing(stop: threading.Event, slugs: list[str], acknowledged: list[tuple[str, int]]) -> None:
    """Save and publish until told to stop; note each publication when it is acknowledged."""
    number = 0
    try:
        while not stop.is_set():
            action = factories.save(slug=f"racing-{number}")
            edition = publishing.publish({action.slug: 1}, by=None, at=factories.NOW)
            assert edition is not None
            slugs.append(action.slug)
            acknowledged.append((action.slug, edition.number))
            number += 1
    finally:
        connection.close()


def test_backups_under_writes_are_all_good(tmp_path: Path) -> None:
    """8 of 8 verify, and each holds what had been acknowledged when it began."""
    factories.published(slug="first")
    stop, slugs, acknowledged = threading.Event(), ["first"], [("first", 1)]
    writer = threading.Thread(target=_publishing, args=(stop, slugs, acknowledged))
    writer.start()
    try:
        before_and_file = []
        for second in range(8):
            before = acknowledged[-1][1]
            before_and_file.append((before, *_take(tmp_path, second=second)))
            time.sleep(0.05)
    finally:
        stop.set()
        writer.join()
    assert len({manifest.contents.edition for _, _, manifest in before_and_file}) > 1, "the writer must have run"
    for before, file, manifest in before_and_file:
        _restore(file, replace=True)
        assert list(verification.verify(full=True)) == []
        assert Edition.objects.count() == manifest.contents.edition >= before


# --- restoring -------------------------------------------------------------------------------------------------


def test_restore_into_an_empty_database(tmp_path: Path, empty_database: str) -> None:
    factories.published(slug="kept-safe")
    User.objects.create_user("somebody")
    file, manifest = _take(tmp_path)
    answer = _manage("restore", str(file), database=empty_database)
    assert answer.returncode == 0, answer.stderr
    assert "Recovery point: 2025-06-01T12:00:00Z, edition 1." in answer.stdout
    again = _manage("backup", "--to", str(tmp_path / "again"), database=empty_database)
    assert again.returncode == 0, again.stderr
    (copy,) = backup.kept(tmp_path / "again")
    assert backup.Manifest.read(copy).contents == manifest.contents


def test_restore_takes_back_what_came_later_and_keeps_it(tmp_path: Path) -> None:
    factories.published(slug="before")
    file, _ = _take(tmp_path)
    factories.published(slug="after")
    said = _restore(file, replace=True)
    assert [row.slug for row in PublishedAction.objects.all()] == ["before"]
    (kept,) = backup.kept(django_settings.BACKUPS_DIR)
    assert f"What was there is kept: {kept}" in said
    _restore(kept, replace=True)
    assert {row.slug for row in PublishedAction.objects.all()} == {"before", "after"}


def test_restored_database_is_guarded_and_takes_new_work(tmp_path: Path) -> None:
    factories.published(slug="before")
    file, _ = _take(tmp_path)
    _restore(file, replace=True)
    assert triggers.missing(connection) == set()
    factories.published(slug="afterwards")
    assert list(verification.verify(full=True)) == []


def test_everybody_signs_in_again(tmp_path: Path, client: Any) -> None:
    client.force_login(User.objects.create_user("somebody", is_staff=True))
    file, _ = _take(tmp_path)
    _restore(file, replace=True)
    assert client.get("/admin/").status_code == 302


def test_used_database_is_not_overwritten_unasked(tmp_path: Path) -> None:
    file, _ = _take(tmp_path)
    factories.save(slug="later")
    with pytest.raises(CommandError, match="--replace"):
        _restore(file)
    assert PolicyAction.objects.filter(slug="later").exists()


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def _tell(file: Path, **values: Any) -> None:
    told = json.loads(beside(file).read_text(encoding="utf-8"))
    beside(file).write_text(json.dumps(told | values), encoding="utf-8")


SPOILT: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a flipped bit": (_flip, "SHA-256"),
    "cut short": (_cut, "SHA-256"),
    "no manifest": (lambda file: beside(file).unlink(), "There is no"),
    "no JSON": (lambda file: beside(file).write_text("{"), "cannot be read"),
    "a list": (lambda file: beside(file).write_text("[]"), "cannot be read"),
    "another format": (lambda file: _tell(file, format=2), "another format"),
    "another database": (lambda file: _tell(file, database="oracle"), "is of oracle"),
    "gone": (lambda file: file.unlink(), "There is no file"),
    "a newer version": (
        lambda file: _tell(
            file, contents={"server": "1", "edition": 0, "digest": "", "migrations": ["tracker.9999_later"]}
        ),
        "tracker.9999_later",
    ),
}


@pytest.mark.parametrize(("spoil", "told"), SPOILT.values(), ids=SPOILT)
def test_spoilt_backup_is_refused(tmp_path: Path, spoil: Callable[[Path], Any], told: str) -> None:
    file, _ = _take(tmp_path)
    User.objects.create_user("still here")
    spoil(file)
    with pytest.raises(CommandError, match=told):
        _restore(file, replace=True)
    assert User.objects.filter(username="still here").exists()


def test_forged_backup_does_not_verify(tmp_path: Path) -> None:
    """Its checksum fits, as a forger would make it; the chain of digests tells."""
    factories.published(slug="before")
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracker_publishedaction SET record = replace(record, 'Aid paused', 'Aid raised')")
    file, _ = _take(tmp_path)
    with pytest.raises(CommandError, match="does not verify"):
        _restore(file, replace=True)


@pytest.mark.sqlite
def test_damaged_database_is_not_backed_up(tmp_path: Path) -> None:
    publish_many(400)
    connection.close()
    name = Path(connection.settings_dict["NAME"])
    with sqlite3.connect(name) as direct:
        direct.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    direct.close()
    sound = name.read_bytes()
    try:
        content = bytearray(sound)
        content[len(content) // 2 :: 4096] = b"\xff" * len(content[len(content) // 2 :: 4096])
        name.write_bytes(content)
        with pytest.raises(backup.BackupError):
            _take(tmp_path)
        assert list(tmp_path.glob("timeline-*")) == []
    finally:
        connection.close()
        for suffix in ("-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)
        name.write_bytes(sound)


# --- faults ----------------------------------------------------------------------------------------------------


def _begun(process: subprocess.Popen[bytes], partial: Path) -> None:
    """Return when the backup has written something; raises where it ended before."""
    deadline = time.monotonic() + 60
    while not (partial.exists() and partial.stat().st_size):
        assert process.poll() is None, "it must be killed half way"
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_killed_backup_leaves_nothing_under_its_name(tmp_path: Path) -> None:
    publish_many(1_500, summary=os.urandom(12_000).hex())
    process = subprocess.Popen(
        [sys.executable, "manage.py", "backup", "--to", str(tmp_path)],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": _own_url()},
    )  # fmt: skip
    _begun(process, tmp_path / "backup.partial")
    process.send_signal(signal.SIGKILL)
    assert process.wait(timeout=20) == -signal.SIGKILL
    assert list(tmp_path.glob("timeline-*")) == []
    file, manifest = _take(tmp_path)
    assert sha256(file) == manifest.sha256
    assert list(tmp_path.glob("*.partial")) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of a quarter of a megabyte. To mount it needs root."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)],  # noqa: S607
        capture_output=True, check=False,
    ).returncode == 0  # fmt: skip
    if not mounted:
        pytest.skip("no small file system: mounting one needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


def test_full_disk_leaves_nothing_and_heals(tmp_path: Path, small_disk: Path) -> None:
    publish_many(300, summary=os.urandom(6_000).hex())
    older = small_disk / "timeline-20200101T000000Z-edition-1.dump"
    for file in (older, beside(older)):
        file.write_text("kept")
    with pytest.raises(CommandError, match=r"could not be written|failed"):
        call_command("backup", to=small_disk, keep=1)
    assert backup.kept(small_disk) == [older]
    assert list(small_disk.glob("*.partial")) == []
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)  # noqa: S607
    call_command("backup", to=small_disk, keep=1, stdout=StringIO())
    (file,) = backup.kept(small_disk)
    assert backup.checked(file).contents.edition == 1


@pytest.mark.sqlite
def test_restore_onto_a_full_disk_changes_nothing(tmp_path: Path, small_disk: Path) -> None:
    publish_many(300, summary=os.urandom(6_000).hex())
    file, _ = _take(tmp_path)
    url = f"sqlite:///{small_disk / 'db.sqlite3'}"
    answer = _manage("restore", str(file), database=url)
    assert answer.returncode == 1
    assert "Nothing was restored: database or disk is full" in answer.stderr
    with sqlite3.connect(small_disk / "db.sqlite3") as direct:
        assert direct.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    direct.close()


# --- redactions ------------------------------------------------------------------------------------------------


def test_list_that_is_not_there_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    file, _ = _take(tmp_path)
    User.objects.create_user("still here")
    with pytest.raises(CommandError, match="no list of redactions"):
        _restore(file, replace=True, redactions=tmp_path / "absent")
    assert User.objects.filter(username="still here").exists()


def test_list_that_nothing_can_read_is_refused_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list").write_text("")
    file, _ = _take(tmp_path)
    User.objects.create_user("still here")
    monkeypatch.setattr(redactions, "_REDACT", "no-such-command")
    with pytest.raises(CommandError, match="no command that does them again"):
        _restore(file, replace=True, redactions=tmp_path / "list")
    assert User.objects.filter(username="still here").exists()


@pytest.mark.parametrize("is_kept_apart", [True, False], ids=["list of a backup", "list of what is replaced"])
def test_what_was_redacted_since_is_redacted_again(tmp_path: Path, is_kept_apart: bool) -> None:
    """The backup still holds the text. Its restored copy never serves it, whether or not somebody kept the list."""
    asking, confirming = redacting.people()
    factories.published(slug="named", title="Quillfeather paused aid")
    file, _ = _take(tmp_path)
    assert redacting.redact("Quillfeather", asking, confirming)
    if is_kept_apart:
        call_command("backup", to=tmp_path / "later", stdout=StringIO())
        assert "quillfeather" not in django_settings.REDACTIONS_FILE.read_text(encoding="utf-8").lower()
        assert django_settings.REDACTIONS_FILE.stat().st_mode & 0o777 == 0o600
    _restore(file, replace=True)
    assert [row for row in PublishedAction.objects.all() if "Quillfeather" in row.record + row.csv] == []
    assert PublishedAction.objects.exclude(redacted_in=None).exists()
    assert list(verification.verify(full=True)) == []


def test_list_of_redactions_only_grows(tmp_path: Path) -> None:
    asking, confirming = redacting.people()
    for word in ("Quillfeather", "Quillfeder"):
        factories.published(title=f"{word} paused aid")
        redacting.redact(word, asking, confirming)
        redactions.keep()
        redactions.keep()
    lines = django_settings.REDACTIONS_FILE.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
