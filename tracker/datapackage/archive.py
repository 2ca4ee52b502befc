"""A zip -> the files of a data package, or the reason why it is not opened at all.

Nothing is unpacked onto the disk. What the directory of the archive says is judged first, before a byte is
inflated; Python's reader never yields more of a file than the directory promised.
"""

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tracker.datapackage.read import DESCRIPTOR, MAX_ROWS, Package, read

MAX_UNZIPPED = 100_000_000
"""Bytes of all files of an archive together."""
_MAX_FILES = 1_000
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
# What the file managers of desktops put beside the files.
_BY_THE_WAY = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class ArchiveError(Exception):
    """The archive is not opened; the sentence says why."""


def open_archive(path: Path) -> zipfile.ZipFile:
    """Return the archive at `path` if its directory is harmless. Raises ArchiveError."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ArchiveError("This is no zip that can be opened; it may be damaged or cut off.") from error
    if complaint := next(_complaints(archive.infolist()), None):
        archive.close()
        raise ArchiveError(complaint)
    return archive


def _complaints(members: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(members) > _MAX_FILES:
        yield f"It holds {len(members)} files; at most {_MAX_FILES} are opened."
    if (size := sum(member.file_size for member in members)) > MAX_UNZIPPED:
        yield f"Unzipped it would have {size:,} bytes; at most {MAX_UNZIPPED:,} are opened."
    names = [member.filename for member in members]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"Two of its files are called {_shown(name)}."
    for member in members:
        yield from _member_complaints(member)


def _member_complaints(member: zipfile.ZipInfo) -> Iterator[str]:
    name = _shown(member.filename)
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\\" in member.orig_filename:
        yield f"It holds a file whose name leads out of it: {name}."
    if stat.S_ISLNK(member.external_attr >> 16):
        yield f"It holds a link instead of a file: {name}."
    if member.flag_bits & _ENCRYPTED:
        yield f"It is encrypted: {name} cannot be read. Send it without a password."
    if member.compress_type not in _METHODS:
        yield f"{name} is packed in a way that is not read here; make a plain zip."


def _shown(name: str) -> str:
    return repr(name[:80])


class Archive:
    """A package as a zip: its files at the top, or all in one folder."""

    def __init__(self, archive: zipfile.ZipFile, *, name: str) -> None:
        self.name = name
        self._archive = archive
        files = [info.filename for info in archive.infolist() if not info.is_dir() and not _is_by_the_way(info)]
        described = [file for file in files if file.rpartition("/")[2] == DESCRIPTOR]
        inside = min(described, key=len).removesuffix(DESCRIPTOR) if described else ""
        self._files = {file.removeprefix(inside): file for file in files}

    def names(self) -> list[str]:
        return sorted(self._files)

    def open(self, name: str) -> BinaryIO:
        return cast(BinaryIO, self._archive.open(self._files[name]))


def _is_by_the_way(member: zipfile.ZipInfo) -> bool:
    return member.filename.startswith(_BY_THE_WAY[0]) or member.filename.endswith(_BY_THE_WAY[1:])


def read_zip(path: Path, *, name: str = "", max_rows: int = MAX_ROWS) -> Package:
    """Read the package in the zip at `path`. Never raises on what is in it: see `.faults`."""
    name = name or path.name
    try:
        archive = open_archive(path)
    except ArchiveError as error:
        package = Package(name)
        package.faults.add(name, str(error))
        return package
    with archive:
        return read(Archive(archive, name=name), max_rows=max_rows)
