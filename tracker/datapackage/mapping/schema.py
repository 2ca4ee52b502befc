"""A mapping file -> `TableMapping`, or every fault in it by table and key."""

import codecs
import re
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker import codebook
from tracker.datapackage.mapping.cells import AS_IT_IS, placeholders
from tracker.datapackage.mapping.days import format_fault
from tracker.datapackage.mapping.nodes import MappingError, Node, nearest
from tracker.datapackage.mapping.spec import (
    DATES,
    KEPT_FIELDS,
    LISTS,
    NAMING,
    POLICIES,
    Cell,
    Field,
    FileSpec,
    Key,
    Named,
    Rule,
    SourceSpec,
    Status,
    TableMapping,
)

_IS_NAME = re.compile(r"[a-z0-9-]{1,40}")
_LARGEST = 1_000_000  # bytes
_SOURCE_CELLS = (
    "title", "publisher", "republished_by", "kind", "url", "archive_url", "authors", "language", "published",
    "accessed_on",
)  # fmt: skip


def load_mapping(path: Path) -> TableMapping:
    """Return the mapping in this file. Raises MappingError with every fault that it has."""
    try:
        content = path.read_bytes()[: _LARGEST + 1]
        if len(content) > _LARGEST:
            raise MappingError([f"{path.name}: this is too large to be a mapping file."])
        return read_mapping(content.decode("utf-8"), file=path.name)
    except OSError as error:
        raise MappingError([f"{path}: it cannot be read: {error.strerror or error}."]) from error
    except UnicodeDecodeError as error:
        raise MappingError([f"{path.name}: this is not UTF-8. Save the mapping file as UTF-8."]) from error


def read_mapping(text: str, *, file: str) -> TableMapping:
    """Return the mapping that this TOML says. Raises MappingError."""
    faults: list[str] = []
    try:
        root = Node(tomllib.loads(text), path="", file=file, faults=faults)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MappingError([f"{file}: this is not TOML: {error}."]) from error
    name = root.text("name", needed=True)
    if name and not _IS_NAME.fullmatch(name):
        root.fault("name", "Use up to 40 of a to z, 0 to 9 and hyphens: it is kept with every revision.")
    mapping = TableMapping(
        name=name,
        title=root.text("title", default=name),
        credit=root.text("credit"),
        file=_file(root.table("file")),
        key=_key(root.table("key", needed=True)),
        fields=_fields(root.table("fields", needed=True)),
        status=_status(root.table("status")) if root.has("status") else None,
        sources=tuple(_source(node) for node in root.tables("sources")),
    )
    root.done()
    if faults:
        raise MappingError(faults)
    return mapping


def _file(node: Node) -> FileSpec:
    encoding = node.text("encoding", default="detect")
    try:
        codecs.lookup("utf-8" if encoding == "detect" else encoding)
    except LookupError:
        known = ("detect", "utf-8", "utf-16", "latin-1", "windows-1252", "mac_roman")
        node.fault("encoding", f"There is no encoding {encoding!r}.{nearest(encoding, known)}")
    found = FileSpec(
        encoding=encoding,
        header_row=node.number("header_row", default=1, least=1),
        skip_rows=node.number("skip_rows"),
        delimiter=node.text("delimiter"),
        guarded=node.flag("guarded"),
        records=node.text("records"),
    )
    if len(found.delimiter) > 1:
        node.fault("delimiter", "One character, such as ';' or a tab.")
    node.done()
    return found


def _key(node: Node) -> Key:
    found = Key(
        node.texts("columns"),
        node.choice("style", ("text", "hash"), default="text"),
        node.text("prefix"),
        node.choice("repeats", ("refuse", "count", "count_from_end"), default="refuse"),
    )
    if not found.columns:
        node.fault("columns", "Name the column, or columns, by which a row is known again in the next file.")
    if found.prefix and not _IS_NAME.fullmatch(found.prefix):
        node.fault("prefix", "Use up to 40 of a to z, 0 to 9 and hyphens.")
    node.done()
    return found


# --- fields ----------------------------------------------------------------------------------------------------


def _fields(node: Node) -> tuple[Field, ...]:
    found = []
    for name in node.data:
        if name not in KEPT_FIELDS:
            node.fault(name, f"An entry has no such field.{nearest(name, KEPT_FIELDS)}")
        else:
            found.append(_field(node, name))
    if "title" not in node.data:
        node.fault("title", "This key is missing: every entry has a title.")
    return tuple(found)


def _field(fields: Node, name: str) -> Field:
    node = _spelt_out(fields, name)
    once = node.flag("once")
    named = _named(node) if name in NAMING else None
    cell = _cell(node, is_date=name in DATES, has_flags=bool(named and named.flags))
    if cell.split and name not in LISTS:
        node.fault("split", f"An entry has one {name}; only {', '.join(LISTS)} are lists.")
    if name == "form" and not cell.split:
        _check_codes(node, cell, codebook.FORMS.codes)
    return Field(name, cell, once, named)


def _spelt_out(parent: Node, key: str) -> Node:
    """Return the table of a cell; a text alone is the name of its column."""
    if isinstance(parent.data.get(key), str):
        return Node({"column": parent.text(key)}, path=f"{parent.path}.{key}", file=parent.file, faults=parent.faults)
    return parent.table(key)


def _named(node: Node) -> Named:
    inner = {key: _inner_cell(node, key) for key in ("parent", "abbreviation", "code")}
    return Named(
        unknown=node.choice("unknown", POLICIES, default="refuse"),
        flags=node.texts("flags"),
        yes=tuple(text.casefold() for text in node.texts("yes")) or ("yes",),
        no=tuple(text.casefold() for text in node.texts("no")) or ("no", ""),
        names=node.texts_by_name("names"),
        **inner,
    )


def _inner_cell(node: Node, key: str, *, is_date: bool = False) -> Cell | None:
    return _cell(_spelt_out(node, key), is_date=is_date) if node.has(key) else None


def _cell(node: Node, *, is_date: bool = False, has_flags: bool = False) -> Cell:
    """Return how a value is made. It comes from exactly one of column, columns, constant and template."""
    origins = [key for key in ("column", "columns", "constant", "template") if node.has(key)]
    if len(origins) != 1 and not (has_flags and not origins):
        found = f"this has {' and '.join(origins)}" if origins else "this has none of them"
        node.fault("", f"Say where it comes from: one of column, columns, constant, template; {found}.")
    template = node.text("template")
    column = node.text("column")
    cell = Cell(
        place=node.path,
        columns=(column,) if column else node.texts("columns") or placeholders(template),
        join=node.text("join", default=" "),
        constant=node.text("constant") if node.has("constant") else None,
        template=template,
        html=node.flag("html"),
        host=node.flag("host"),
        split=node.text("split"),
        values=node.texts_by_name("values"),
        otherwise=node.text("otherwise") if node.has("otherwise") else None,
        dates=node.texts("dates"),
        zone=node.text("zone"),
        cut=node.number("cut"),
        default=node.text("default"),
    )
    _check_dates(node, cell, is_date=is_date)
    node.done()
    return cell


def _check_dates(node: Node, cell: Cell, *, is_date: bool) -> None:
    if (cell.dates or cell.zone) and not is_date:
        node.fault("dates", "This is no date.")
    for text in cell.dates:
        if sentence := format_fault(text):
            node.fault("dates", sentence)
    if "instant" in cell.dates and not cell.zone:
        node.fault("zone", 'Say in whose day an instant is told, such as "America/New_York" or "UTC".')
    if cell.zone:
        try:
            ZoneInfo(cell.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            node.fault("zone", f"There is no time zone {cell.zone!r}.")


def _check_codes(node: Node, cell: Cell, codes: tuple[str, ...]) -> None:
    said = [*cell.values.values(), cell.constant or "", cell.otherwise or "", cell.default]
    for code in dict.fromkeys(said):
        if code and code not in codes and code != AS_IT_IS:
            place = cell.place.removeprefix(node.path).strip(".")
            node.fault(place, f"There is no {code!r} in the codebook.{nearest(code, codes)}")


# --- status and sources ----------------------------------------------------------------------------------------


def _status(node: Node) -> Status:
    found = Status(
        rules=tuple(_rule(each) for each in node.tables("rules")),
        date=_inner_cell(node, "date", is_date=True),
        appends=node.choice("history", ("whole", "append"), default="whole") == "append",
    )
    if not found.rules:
        node.fault("rules", "Give at least one [[status.rules]].")
    if found.date is None and any(rule.date is None for rule in found.rules):
        node.fault("date", "This key is missing: every line of a history needs a date.")
    node.done()
    return found


def _rule(node: Node) -> Rule:
    rule = Rule(
        when=node.lists_by_name("when"),
        status=node.text("status"),
        by=_by(node),
        note=_inner_cell(node, "note"),
        date=_inner_cell(node, "date", is_date=True),
        queue=node.text("queue"),
    )
    codes = codebook.STATUSES.codes
    if rule.status and rule.status not in codes:
        node.fault("status", f"There is no {rule.status!r} in the codebook.{nearest(rule.status, codes)}")
    if not rule.status and rule.note is None:
        node.fault("note", "A development without a status needs a note.")
    node.done()
    return rule


def _by(node: Node) -> Cell | None:
    """Return who brought a line about: a code, or a cell."""
    codes = codebook.STATUS_BY.codes
    if node.data.get("by") in codes:
        return Cell(f"{node.path}.by", constant=node.text("by"))
    cell = _inner_cell(node, "by")
    if cell:
        _check_codes(node, cell, codes)
    return cell


def _source(node: Node) -> SourceSpec:
    cells = {
        name: _cell(_spelt_out(node, name), is_date=name in ("published", "accessed_on"))
        for name in _SOURCE_CELLS
        if node.has(name)
    }
    for name in ("title", "publisher", "kind"):
        if name not in cells:
            node.fault(name, "This key is missing: every source has one.")
    attribution = _inner_cell(node, "attribution") or Cell(f"{node.path}.attribution", constant="document")
    _check_codes(node, attribution, codebook.ATTRIBUTIONS.codes)
    if "kind" in cells:
        _check_codes(node, cells["kind"], codebook.SOURCE_KINDS.codes)
    bears_on = node.texts("bears_on") or ("action", "status")
    for code in bears_on:
        if code not in codebook.BEARS_ON:
            node.fault("bears_on", f"{code!r} is not one of {', '.join(codebook.BEARS_ON.codes)}.")
    unknown = node.choice("unknown", ("refuse", "create"), default="create")
    each, split = node.text("each"), node.text("split")
    if bool(each) != bool(split):
        node.fault("each", "Give both: the column that holds several values, and what splits them.")
    node.done()
    return SourceSpec(cells, attribution, "; ".join(bears_on), unknown, each, split)
