"""Lists of public bodies and of countries, as governments publish them. Pure.

- The Federal Register's agencies: CSV whose lines end in CR alone, in Mac Roman; a row for each place in the Code of
  Federal Regulations, so that a name repeats; a department is given as its own parent; "X (See Y)" is another name.
- reginfo's agencies: XML; the first two of four digits are those of the department, and many departments have an
  "Office of the Secretary".
- ISO 3166 countries: CSV in UTF-8, names in many scripts.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tracker.datapackage.mapping.encodings import EncodingError, decode
from tracker.models.fields import clean_text
from tracker.models.vocabulary import name_key

_SEE = re.compile(r"(?P<name>.+?)\s*\(See (?P<of>.+)\)")
_ALL = "0000"


class ListError(Exception):
    """A file that is none of the lists that are known; the sentence says why."""


@dataclass(frozen=True)
class Body:
    """A public body: its name, that of the body above it, and what else it is called."""

    row: int
    name: str
    parent: str = ""
    abbreviation: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Country:
    """A country or territory of ISO 3166."""

    row: int
    name: str
    alpha_3: str
    aliases: tuple[str, ...] = ()


def read_bodies(content: bytes) -> list[Body]:
    """Return the bodies of a list, each once. Raises ListError."""
    if content.lstrip()[:1] == b"<":
        return list(_reginfo(content))
    rows = _rows(content, needed=("agency_name", "parent_agency_name"))
    return list(_federal_register(rows))


def read_countries(content: bytes) -> list[Country]:
    """Return the countries of a table of codes. Raises ListError."""
    rows = _rows(content, needed=("ISO3166-1-Alpha-3", "CLDR display name", "official_name_en"))
    others = ("official_name_en", "UNTERM English Short", "UNTERM English Formal")
    found = []
    for number, row in rows:
        names = [_name(row.get(column) or "") for column in ("CLDR display name", *others)]
        names = list(dict.fromkeys(name for name in names if name and ";" not in name))
        if names and row["ISO3166-1-Alpha-3"].strip():
            found.append(Country(number, names[0], row["ISO3166-1-Alpha-3"].strip(), tuple(names[1:])))
    return found


def _name(cell: str) -> str:
    return " ".join(clean_text(cell).split())


def _rows(content: bytes, *, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV, numbered as a spreadsheet does. Lines that end in CR alone come from an old Mac."""
    is_old_mac = content.count(b"\r") > content.count(b"\n")
    try:
        text = decode(content, declared="mac_roman" if is_old_mac and not _is_utf_8(content) else "detect").text
        lines = csv.DictReader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), strict=True)
        if missing := [column for column in needed if column not in (lines.fieldnames or ())]:
            raise ListError(f"This is not the list that is expected: it has no {', '.join(missing)}.")
        yield from enumerate(({key: cell or "" for key, cell in row.items() if key} for row in lines), start=2)
    except EncodingError as error:
        raise ListError(str(error)) from error
    except csv.Error as error:
        raise ListError(f"This cannot be read to its end as CSV: {error}.") from error


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _federal_register(rows: Iterator[tuple[int, dict[str, str]]]) -> Iterator[Body]:
    """Yield each body once, with the first parent that is not itself."""
    first: dict[str, tuple[int, str]] = {}
    parents: dict[str, str] = {}
    others: dict[str, list[str]] = {}
    for number, row in rows:
        name, parent = _name(row["agency_name"]), _name(row["parent_agency_name"])
        if match := _SEE.fullmatch(name):
            others.setdefault(name_key(match["of"]), []).append(match["name"])
        elif name:
            first.setdefault(name_key(name), (number, name))
            if parent and name_key(parent) != name_key(name):
                parents.setdefault(name_key(name), parent)
    for key, (number, name) in first.items():
        yield Body(number, name, parents.get(key, ""), aliases=(*_also(name), *dict.fromkeys(others.get(key, ()))))


def _also(name: str) -> tuple[str, ...]:
    """Return how else lists call a body: Agriculture Department, Department of Agriculture."""
    if name.endswith(" Department"):
        return (f"Department of {name.removesuffix(' Department')}",)
    match = re.fullmatch(r"Department of (?:the )?(\w[\w ]*)", name)
    return (f"{match[1]} Department",) if match else ()


def _reginfo(content: bytes) -> Iterator[Body]:
    """Yield each body once; a name that several departments have gets that of its department in brackets."""
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ListError(f"This cannot be read as XML: {error}.") from error
    found = [tuple(_name(item.findtext(tag) or "") for tag in ("NAME", "ACRONYM", "AGENCY_CODE")) for item in root]
    found = [item for item in found if item[0] and item[2] not in ("", _ALL)]
    if not found:
        raise ListError("This is not the list that is expected: it has no agency with NAME and AGENCY_CODE.")
    departments = {code[:2]: name for name, _, code in found if code.endswith("00")}
    times = Counter(name_key(name) for name, _, _ in found)
    seen: set[str] = set()
    for number, (name, acronym, code) in enumerate(found, start=1):
        parent = departments.get(code[:2], "")
        parent = "" if parent == name else parent
        full = f"{name} ({parent})" if times[name_key(name)] > 1 and parent else name
        if name_key(full) not in seen:
            seen.add(name_key(full))
            yield Body(number, full, parent, acronym[:30], _also(name))
