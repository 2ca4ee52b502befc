"""For editors: files on their way in - capped while they arrive, kept outside the database until they are decided on.

A kept file lies in IMPORTS_DIR, which every worker (and, where there are several machines, every one) must see. Its
name holds who sent it and a random token: whoever asks with another account asks for another name.
"""

import json
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

MAX_UPLOAD = 10_000_000
"""Bytes of all files of one request."""
KEPT_FOR = timedelta(days=1)
_MOST_KEPT = 20  # files of one editor; the oldest make room
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")
# A body that goes on much longer is not even read to its end.
_PATIENCE = 5 * MAX_UPLOAD


class CappedUpload(FileUploadHandler):
    """Stops receiving files of a request once they have more than MAX_UPLOAD bytes; the form then finds none."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_UPLOAD:
            assert self.request is not None  # noqa: S101 - Django sets it before anything arrives
            self.request.upload_is_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=_announced(self.request) > _PATIENCE)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def _announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if str(length).isdecimal() else 0


def is_too_large(request: HttpRequest) -> bool:
    """Return whether receiving the files of this request was stopped."""
    return bool(getattr(request, "upload_is_too_large", False))


# --- kept files ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A file that waits for its sender's decision. `name` is what they called it, fit for one line."""

    token: str
    name: str
    path: Path


def keep(upload: UploadedFile, *, by: User, at: datetime) -> Kept:
    """Keep an upload for its sender, and let go of what nobody came back for."""
    folder = _folder()
    _sweep(folder, at=at)
    _make_room(folder, by=by)
    token = secrets.token_hex(16)
    path = _path(by, token)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        for chunk in upload.chunks():
            stream.write(chunk)
    name = _printable(upload.name or "") or "upload"
    path.with_suffix(".json").write_text(json.dumps({"name": name}), encoding="utf-8")
    return Kept(token, name, path)


def find(token: str, *, by: User) -> Kept | None:
    """Return the file that `by` sent under this token; None when there is none (any more)."""
    path = _path(by, token) if _TOKEN.match(token) else None
    if path is None or not path.is_file():
        return None
    try:
        told: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Kept(token, str(told["name"]), path)


def let_go(kept: Kept) -> None:
    """Remove a file that was decided on."""
    _remove([kept.path])


def _folder() -> Path:
    folder = Path(settings.IMPORTS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(by: User, token: str) -> Path:
    return Path(settings.IMPORTS_DIR) / f"{by.pk}-{token}.upload"


def _sweep(folder: Path, *, at: datetime) -> None:
    """Remove what is older than a day."""
    oldest = (at - KEPT_FOR).timestamp()
    _remove(path for path in folder.glob("*.upload") if _modified(path) < oldest)


def _make_room(folder: Path, *, by: User) -> None:
    own = sorted(folder.glob(f"{by.pk}-*.upload"), key=_modified, reverse=True)
    _remove(own[_MOST_KEPT - 1 :])


def _modified(path: Path) -> float:
    """Return when a file was written; another worker may have removed it a moment ago."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
        path.with_suffix(".json").unlink(missing_ok=True)


def _printable(name: str) -> str:
    """Return what a stranger calls a file so that it stands on one line and in a list of faults."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character if character.isprintable() and character != ":" else "?" for character in last)[-80:]
