"""The folder of backups: only whole files under their names, one writer at a time, the newest N."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.backup.manifest import BackupError, Manifest, beside

_PARTIAL = ".partial"
_PATTERN = "timeline-*Z-edition-*"


@contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """Hold the folder and give an empty file, readable by nobody else; it is gone afterwards unless it was placed.

    What a killed backup left behind is removed. Raises BackupError while another backup is being written there.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    partial = folder / f"backup{_PARTIAL}"
    try:
        _hold(lock, folder)
        for left in folder.glob(f"*{_PARTIAL}"):
            left.unlink()
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield partial
        finally:
            partial.unlink(missing_ok=True)
    finally:
        os.close(lock)


def _hold(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BackupError(f"Another backup is being written to {folder}.") from error


def place(partial: Path, manifest: Manifest) -> Path:
    """Give a finished backup its name, its manifest first, and return when both are on the disk."""
    final = partial.with_name(manifest.file)
    if final.exists():
        raise BackupError(f"{final} exists already.")
    _sync(partial)
    write_text(beside(final), manifest.text())
    partial.rename(final)
    _sync(final.parent)
    return final


def write_text(file: Path, text: str) -> None:
    """Write a file that nobody else may read, all of it or nothing; it is on the disk afterwards."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}{_PARTIAL}")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
        _sync(partial)
        partial.rename(file)
        _sync(file.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def kept(folder: Path) -> list[Path]:
    """Return the backups in this folder that have their manifest, oldest first."""
    names = folder.glob(_PATTERN)
    return sorted(file for file in names if file.suffix != ".json" and beside(file).exists())


def keep_newest(folder: Path, count: int) -> list[Path]:
    """Remove all but the newest `count` backups, and manifests that describe nothing; return what was removed."""
    removed = kept(folder)[:-count]
    for file in removed:
        file.unlink()
    for described in folder.glob(f"{_PATTERN}.json"):
        if not described.with_suffix("").exists():
            described.unlink()
    return removed
