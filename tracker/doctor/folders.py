"""What lies on the disk: static files, files that editors sent, backups."""

from __future__ import annotations

import filecmp
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from tracker import backup
from tracker.models import Edition

_COLLECT = "run manage.py collectstatic --noinput"
_MOST = timedelta(days=2)


def static_files() -> Iterator[str]:
    """Whether stylesheets and scripts were collected, and are those of this version."""
    root = Path(settings.STATIC_ROOT)
    try:
        named = json.loads((root / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    except (OSError, ValueError, KeyError):
        yield f"Static files are not collected in {root}: {_COLLECT}."
        return
    found = [(path, storage.path(path)) for finder in get_finders() for path, storage in finder.list([])]
    stale = [path for path, source in found if path not in named or not _is_same(root / path, source)]
    if stale:
        yield f"{len(stale)} static file(s) are missing or old in {root}, such as {min(stale)}: {_COLLECT}."


def _is_same(collected: Path, source: str) -> bool:
    return collected.is_file() and filecmp.cmp(collected, source, shallow=False)


def imports() -> Iterator[str]:
    """Whether editors can import, and nobody else can read what they sent."""
    folder = Path(settings.IMPORTS_DIR)
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        yield f"IMPORTS_DIR ({folder}) cannot be written to: editors cannot import."
    elif existing == folder and folder.stat().st_mode & 0o007:
        yield f"IMPORTS_DIR ({folder}) holds what is not public and every account may read it: chmod 700."


def backups(now: datetime) -> Iterator[str]:
    """Whether there is a recent backup of what was published."""
    if not Edition.objects.exists():
        return
    folder = Path(settings.BACKUPS_DIR)
    kept = backup.kept(folder)
    if not kept:
        yield f"There is no backup in {folder}: run manage.py backup, every night (docs/deploy)."
        return
    taken = datetime.fromtimestamp(kept[-1].stat().st_mtime, UTC)
    if now - taken > _MOST:
        yield f"The newest backup in {folder} is of {taken:%Y-%m-%d %H:%M} UTC: does its timer run (docs/deploy)?"
