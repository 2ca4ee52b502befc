"""For operators and analysts at the machine: a selection as a file, by the way that the site sends it."""

from __future__ import annotations

import hashlib
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from timeline.exports.base import BuiltExport, Export, ShortFileError, Size, blocks
from timeline.exports.files import FILES
from timeline.selection import Selection

_OF_ACTIONS = {export.suffix: export for export in FILES if export.stem == "actions"}
FORMATS: dict[str, Export] = {**_OF_ACTIONS, **{export.file: export for export in FILES}}
FORMATS["package"] = FORMATS["package.zip"]
_EVERY = 0.2  # seconds between two lines of progress


class Command(BaseCommand):
    """Write the file whole or not at all; say which edition it is, and its checksum."""

    help = "Write a selection of the published record into a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare SELECTION, --format and --output."""
        parser.add_argument(
            "selection",
            nargs="?",
            default="",
            metavar="SELECTION",
            help="a query string as in an address, such as 'agency=justice-department&as_of=42'; all entries if blank",
        )
        parser.add_argument("--format", default="csv", choices=FORMATS, metavar="FORMAT", help=", ".join(FORMATS))
        parser.add_argument(
            "--output", metavar="PATH", help='where to write; "-" is standard output; default: the name of the file'
        )

    def handle(self, *_: Any, selection: str, format: str, output: str | None, **__: Any) -> None:  # noqa: A002
        """Check the selection, write the file, report on it."""
        export = FORMATS[format]
        chosen = _read(selection, export)
        path = Path(output or export.name(chosen))
        size = export.measure(chosen)
        shown = Progress(sys.stderr, name=export.file, size=size, is_on=sys.stderr.isatty())
        with _standard_output() if output == "-" else _replacing(path) as file:
            written = _write(export, chosen, size, file, shown)
        rows = "" if size.rows is None else f"{size.rows:,} rows, "
        report = f"Edition {chosen.number}: {rows}{written.bytes:,} bytes, sha256 {written.digest}"
        if output == "-":
            self.stderr.write(report, style_func=str)
        else:
            self.stdout.write(f"{report}\nWritten to {path}")


def _read(query: str, export: Export) -> Selection:
    """Return the selection; raises CommandError with the sentences of a page, a line for each."""
    if not export.is_offered:
        raise CommandError(f"{export.file} needs an optional part that is not installed here.")
    selection = Selection.parse(query.removeprefix("?"), surface=export.surface, today=timezone.now().date())
    errors = selection.errors or export.problems(selection)
    if errors:
        told = [f"{name}: {sentence}" for name, sentences in errors.items() for sentence in sentences]
        raise CommandError("\n".join(told))
    return selection


@dataclass
class Written:
    """What has been written so far."""

    bytes: int = 0
    sha: Any = field(default_factory=hashlib.sha256)

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal."""
        return str(self.sha.hexdigest())


def _write(export: Export, selection: Selection, size: Size, file: BinaryIO, shown: Progress) -> Written:
    written = Written()
    for part in _parts(export, selection, size, shown):
        file.write(part)
        written.sha.update(part)
        written.bytes += len(part)
        shown.moved(written.bytes)
    shown.done()
    return written


def _parts(export: Export, selection: Selection, size: Size, shown: Progress) -> Iterator[bytes]:
    if not isinstance(export, BuiltExport):
        return export.content(selection, size)
    shown.moved(0)
    built, shown.total = export.built(selection)
    return blocks(built)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write that takes the place of `path` once it is whole, and goes if anything fails.

    Raises CommandError where it cannot be written.
    """
    try:
        file = NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False)  # noqa: SIM115
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    unfinished = Path(file.name)
    try:
        with file:
            yield file  # type: ignore[misc]
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(_mode(path))
        unfinished.replace(path)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        if isinstance(error, (OSError, ShortFileError)):
            raise CommandError(f"{path} was not written: {error}") from error
        raise
    _keep_name(path.parent)


def _mode(path: Path) -> int:
    """Return the rights of the file that is replaced, or those that a new one gets here."""
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _keep_name(folder: Path) -> None:
    """Make the new name outlast a loss of power, where folders can be told so."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


class Progress:
    """One line on standard error, where that is a terminal: bytes of all bytes, and how many rows that is of."""

    def __init__(self, stream: Any, *, name: str, size: Size, is_on: bool) -> None:
        self.stream, self.name, self.is_on = stream, name, is_on
        self.rows, self.total = size.rows, size.length
        self.told_at = 0.0

    def moved(self, count: int) -> None:
        """Tell that `count` bytes are written, at most a few times a second."""
        if self.is_on and monotonic() - self.told_at >= _EVERY:
            self.told_at = monotonic()
            self._tell(self._line(count))

    def done(self) -> None:
        """Take the line away."""
        if self.is_on and self.told_at:
            self._tell("")

    def _line(self, count: int) -> str:
        if self.total and self.rows:
            share = min(count / self.total, 1)
            return f"{self.name}: {share:4.0%}, {int(self.rows * share):,} of {self.rows:,} rows"
        rows = f" of {self.rows:,} rows" if self.rows else ""
        return f"{self.name}{rows}: {f'{count:,} bytes' if count else 'being made'}"

    def _tell(self, line: str) -> None:
        self.stream.write(f"\r\033[K{line}")
        self.stream.flush()
