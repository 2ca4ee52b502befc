"""A zip whose bytes depend on its files and one instant alone: no clock, no user, no compressor.

Files are stored, not compressed: what a compressor makes of the same bytes changes with its version (ADR 9).
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import BinaryIO, Self
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_IN_MEMORY = 1024 * 1024  # bytes of one file
_LARGE = 2**31 - 1  # bytes from which a file needs the large form of its header
_UNIX = 3  # the system that made it, as the format counts systems
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # zips know no earlier day


@dataclass(frozen=True)
class Member:
    """A file of the archive: its name, its size in bytes and its SHA-256 in hexadecimal."""

    name: str
    size: int
    digest: str


class Archive:
    """Writes files one after the other, each through the disk, so that its size is known before its header."""

    def __init__(self, file: BinaryIO, *, at: datetime | None) -> None:
        moment = max(at.astimezone(UTC) if at else _EPOCH, _EPOCH)
        self._moment = moment.timetuple()[:6]
        self._zip = ZipFile(file, "w", compression=ZIP_STORED, allowZip64=True)
        self.members: list[Member] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the directory, but never after a failure: what was begun must not look whole."""
        if kind is None:
            self._zip.close()
        self._zip.fp = None  # otherwise it would write one when it is collected

    def add(self, name: str, parts: Iterable[bytes]) -> Member:
        """Add a file made of `parts`, readable by all."""
        digest, size = hashlib.sha256(), 0
        with SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="export-") as whole:
            for part in parts:
                digest.update(part)
                size += whole.write(part)
            whole.seek(0)
            with self._zip.open(self._info(name, size), "w", force_zip64=size > _LARGE) as member:
                copyfileobj(whole, member)
        added = Member(name, size, digest.hexdigest())
        self.members.append(added)
        return added

    def _info(self, name: str, size: int) -> ZipInfo:
        info = ZipInfo(name, date_time=self._moment)
        info.create_system = _UNIX
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        info.file_size = size
        return info
