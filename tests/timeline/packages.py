"""Packages for tests: built from a query string, taken apart, written into a folder."""

import csv
import io
from pathlib import Path
from zipfile import ZipFile

from tests.timeline.scene import select
from timeline.exports.package import PACKAGE

Cells = dict[str, str]


def package(query: str = "", *, chunk: int = 5_000) -> bytes:
    """Return the bytes of package.zip for a query string, which must be a sound one."""
    selection = select(query, surface="data")
    assert selection.errors == {}
    file = io.BytesIO()
    PACKAGE.build(selection, file, chunk=chunk)
    return file.getvalue()


def files(zipped: bytes) -> dict[str, bytes]:
    """Return the content of each file of a package, by name, in their order."""
    with ZipFile(io.BytesIO(zipped)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[Cells]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def table(query: str, name: str) -> list[Cells]:
    """Return the rows of a file of the package for a query string."""
    return rows(files(package(query))[name])


def unpacked(folder: Path, query: str = "") -> Path:
    """Write the files of the package for a query string into `folder` and return it."""
    folder.mkdir(exist_ok=True)
    for name, content in files(package(query)).items():
        (folder / name).write_bytes(content)
    return folder
