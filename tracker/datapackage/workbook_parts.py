"""The XML inside a workbook, counted as it streams by: what would fill the memory is refused before it can.

A sheet of 100 MB of empty elements is 100 kB when zipped and gigabytes as objects. Nothing is kept here; a part is
left as soon as it has more of anything than a table of actions can have.
"""

import re
import zipfile
from dataclasses import dataclass, field
from typing import IO, NoReturn
from xml.parsers import expat

from tracker.columns import COLUMNS

MAX_COLUMNS = 200
_LAST_ROW = 1_048_576  # of the format
_MAX_DEPTH = 64
_MAX_CELL_TEXT = 100_000  # characters in one element
_MAX_TEXT = 30_000_000  # characters in one part: three times what one upload may have
_MAX_ELEMENTS = 20_000  # of any other part: styles, names, relations
# By the root of a part. A row has itself, and for each cell that, its value and the text in it; shared texts are a text
# and the element around it.
_ELEMENTS_A_ROW = {"worksheet": 3 * len(COLUMNS) + 1, "sst": 2 * len(COLUMNS)}
_ROOT = re.compile(rb"<(?:[A-Za-z]+:)?(worksheet|sst)\b")
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_CHUNK = 65_536
_COLUMN = re.compile("[A-Z]{1,3}")


class PartError(Exception):
    """The workbook is not read; the sentence says why."""


def check_parts(archive: zipfile.ZipFile, *, max_rows: int) -> dict[str, list[str]]:
    """Refuse a workbook that would not fit; return the cells whose formulas have no value, by part.

    Raises PartError. A part is never held as a whole.
    """
    uncalculated = {}
    for name in archive.namelist():
        with archive.open(name) as stream:
            start = stream.read(_CHUNK)
        if start.lstrip(_BEFORE_XML).startswith(b"<"):  # whatever it is called: the library follows relations
            part = _Part(name, max_rows=max_rows)
            with archive.open(name) as stream:
                part.count(stream, kind=_kind_of(start))
            with archive.open(name) as stream:
                part.read(stream)
            uncalculated[name] = part.uncalculated
    return uncalculated


def _kind_of(start: bytes) -> str:
    """Return what a part seems to be, "worksheet" or "sst" for shared texts; "" for all others."""
    found = _ROOT.search(start)
    return found[1].decode() if found else ""


@dataclass
class _Part:
    """One part, element by element."""

    name: str
    max_rows: int
    elements: int = 0
    depth: int = 0
    text: int = 0
    whole_text: int = 0
    rows: int = 0
    uncalculated: list[str] = field(default_factory=list)
    _kind: str = ""
    _most: int = 0
    _cells: int = 0
    _cell: str = ""
    _in_value: bool = False
    _has_formula: bool = False
    _has_value: bool = False
    _is_filled: bool = False

    def count(self, stream: IO[bytes], *, kind: str) -> None:
        """Refuse by the number of "<" alone what has far too many elements: a hundred times faster than to parse it."""
        tags, most = 0, 2 * self._most_elements(kind) + 10
        while chunk := stream.read(_CHUNK):
            tags += chunk.count(b"<")
            if tags > most:
                self._refuse()

    def read(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._on_doctype
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        try:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise PartError(f"This workbook is damaged: {self.name} is not XML.") from error

    def _most_elements(self, kind: str) -> int:
        """Return how many a part may have: a sheet and the shared texts by the rows, all others few."""
        return self.max_rows * _ELEMENTS_A_ROW.get(kind, 0) + _MAX_ELEMENTS

    def _refuse(self) -> NoReturn:
        raise PartError(f"There is more in this workbook than {self.max_rows} rows can hold ({self.name}).")

    def _on_doctype(self, *_: object) -> NoReturn:
        raise PartError("This workbook declares entities, which no spreadsheet does; it is not opened.")

    def _on_start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        self.text = 0
        name = tag.rpartition(" ")[2]
        if self.elements == 1:
            self._kind, self._most = name, self._most_elements(name)
        if self.elements > self._most or self.depth > _MAX_DEPTH:
            self._refuse()
        if self._kind == "worksheet":
            self._in_sheet(name, attributes)

    def _in_sheet(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self._cells, self._is_filled = 0, False
            if not attributes.get("r", "1").isdecimal() or int(attributes.get("r", "1")[:9]) > _LAST_ROW:
                raise PartError("This workbook is damaged: a row has a number that no sheet has.")
        elif tag == "c":
            self._open_cell(attributes.get("r", ""))
        elif tag == "f":
            self._has_formula = True
        elif tag in ("v", "is"):
            self._in_value = True

    def _open_cell(self, place: str) -> None:
        self._cells += 1
        self._cell, self._has_formula, self._has_value = place[:20], False, False
        if self._cells > MAX_COLUMNS:
            raise PartError(f"A row has more than {MAX_COLUMNS} cells; a table of actions has one for each column.")

    def _fill(self) -> None:
        """Count the row as soon as one of its cells holds something, and that cell must be within reach."""
        letters = _COLUMN.match(self._cell)
        if letters and _column_number(letters[0]) > MAX_COLUMNS:
            raise PartError(f"Cell {self._cell} lies outside the table; only {MAX_COLUMNS} columns are read.")
        if not self._is_filled:
            self._is_filled = True
            self.rows += 1
        if self.rows > self.max_rows + 1:
            raise PartError(f"More than {self.max_rows} rows; nothing after them was read.")

    def _on_end(self, tag: str) -> None:
        self.depth -= 1
        self.text = 0
        if tag.endswith((" v", " is")):
            self._in_value = False
        is_bare_formula = self._has_formula and not self._has_value
        if self._kind == "worksheet" and tag.endswith(" c") and is_bare_formula and len(self.uncalculated) < 100:
            self.uncalculated.append(self._cell)

    def _on_text(self, text: str) -> None:
        self.text += len(text)
        self.whole_text += len(text)
        if self._in_value and not self._has_value:
            self._has_value = True
            self._fill()
        if self.text > _MAX_CELL_TEXT:
            raise PartError(f"A cell holds more than {_MAX_CELL_TEXT} characters.")
        if self.whole_text > _MAX_TEXT:
            raise PartError(f"The cells of this workbook hold more than {_MAX_TEXT:,} characters.")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
