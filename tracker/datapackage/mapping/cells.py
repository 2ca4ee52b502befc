"""One value out of a row, as its mapping says: where it comes from, then what is done to it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, urlsplit

from tracker.datapackage.mapping import texts
from tracker.datapackage.mapping.days import DayError, read_day
from tracker.datapackage.mapping.spec import Cell

Cells = Mapping[str, str]

AS_IT_IS = "{}"
"""As `otherwise`: values that the mapping does not list stay as they are."""

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class CellError(ValueError):
    """A cell that cannot be used: its column, what stands there and why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        self.column, self.value, self.reason = column, value, reason
        super().__init__(reason)


@lru_cache(maxsize=256)
def placeholders(template: str) -> tuple[str, ...]:
    """Return the columns that a template names."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))


def value_of(cell: Cell, row: Cells, *, is_date: bool = False) -> str:
    """Return the value as the record would keep it, "" when there is none. Raises CellError."""
    text = _worked(cell, _raw(cell, row))
    if not text:
        return cell.default
    if is_date and cell.constant is None:
        try:
            return read_day(text, formats=cell.dates, zone=cell.zone)
        except DayError as error:
            raise CellError(_first(cell), text, str(error)) from error
    return texts.cut(text, most=cell.cut) if cell.cut else text


def items_of(cell: Cell, row: Cells) -> list[str]:
    """Return the values of a cell that may hold several, each once. Raises CellError."""
    if not cell.split:
        found = [value_of(cell, row)]
    else:
        parts = _raw(cell, row).split(cell.split)
        found = [_worked(cell, part) or cell.default for part in parts]
    return list(dict.fromkeys(item for item in found if item))


def _first(cell: Cell) -> str:
    return next(iter(cell.columns), "")


def _raw(cell: Cell, row: Cells) -> str:
    if cell.constant is not None:
        return cell.constant
    if cell.template:
        return _filled(cell.template, row)
    found = [row[column].strip() for column in cell.columns]
    return found[0] if len(found) == 1 else cell.join.join(text for text in found if text)


def _filled(template: str, row: Cells) -> str:
    """Return a template with the cells of a row in it; "" when one of them is empty."""
    named = {name: texts.visible(row[name]) for name in placeholders(template)}
    if not all(named.values()):
        return ""
    is_address = template.startswith(("http://", "https://"))
    return _PLACEHOLDER.sub(lambda match: quote(named[match[1]], safe="") if is_address else named[match[1]], template)


def _worked(cell: Cell, raw: str) -> str:
    text = texts.visible(texts.of_html(raw) if cell.html else raw)
    if cell.host:
        text = _host(text)
    if cell.values and text in cell.values:
        return cell.values[text]
    if text and cell.otherwise is not None:
        return text if cell.otherwise == AS_IT_IS else cell.otherwise
    if text and cell.values:
        known = ", ".join(repr(value) for value in list(cell.values)[:6])
        raise CellError(_first(cell), text, f"The mapping knows no {text[:80]!r} at {cell.place}; it has {known}.")
    return text


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
