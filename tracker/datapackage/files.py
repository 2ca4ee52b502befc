"""Any file that may be imported, told apart by what it holds: a table of actions or a whole data package."""

from datetime import date
from pathlib import Path

from tracker.datapackage.archive import Archive, ArchiveError, open_archive, read_zip
from tracker.datapackage.plan import Plan, make_plan
from tracker.datapackage.read import DESCRIPTOR, MAX_ROWS, Package, read_folder
from tracker.datapackage.table import Table, read_csv, refused_table
from tracker.datapackage.table_plan import plan_table
from tracker.datapackage.workbook import is_workbook, read_workbook

_ZIP = b"PK\x03\x04"
# How files begin that are no table, whatever they are called.
_STRANGERS = (
    (b"MZ", "This is a program, not a table."),
    (b"\x7fELF", "This is a program, not a table."),
    (b"%PDF", "This is a PDF. Send the table itself, as CSV or XLSX."),
    (b"\xd0\xcf\x11\xe0", "This is an old or encrypted workbook. Save it as .xlsx, without a password."),
    (b"<", "This is a web page or XML, not a table. Download the file itself."),
)


def read_file(path: Path, *, name: str = "", max_rows: int = MAX_ROWS) -> Package | Table:
    """Read a folder, a zip, an XLSX or a CSV. Never raises on what is in it: see `.faults`."""
    name = name or path.name
    if not path.is_file():
        return read_folder(path, max_rows=max_rows)
    with path.open("rb") as stream:
        start = stream.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_ZIP):
        return _read_zipped(path, name=name, max_rows=max_rows)
    if sentence := complaint_about(start):
        return refused_table(name, sentence)
    return read_csv(path.read_bytes(), name=name, max_rows=max_rows)


def complaint_about(start: bytes) -> str:
    """Return why a file that begins with these bytes is no table; "" if it may be one."""
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not bare:
        return "This file is empty."
    return next((sentence for mark, sentence in _STRANGERS if bare.startswith(mark)), "")


def _read_zipped(path: Path, *, name: str, max_rows: int) -> Package | Table:
    try:
        with open_archive(path) as archive:
            if is_workbook(archive):
                return read_workbook(path, name=name, max_rows=max_rows)
            if DESCRIPTOR in Archive(archive, name=name).names():
                return read_zip(path, name=name, max_rows=max_rows)
    except ArchiveError as error:
        return refused_table(name, str(error))
    return refused_table(name, f"This zip is neither a workbook (.xlsx) nor a data package: it has no {DESCRIPTOR}.")


def plan_file(found: Package | Table, *, today: date, publish: bool = False) -> Plan:
    """Return what loading a file that was read would do. Reads only, takes no lock."""
    if isinstance(found, Table):
        return plan_table(found, today=today, publish=publish)
    return make_plan(found, today=today, publish=publish)
