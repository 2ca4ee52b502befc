"""Data in: a folder, a zip or one table -> rows -> a plan -> the record, all or nothing.

For the command line and the admin importer. `read_file` takes any file apart, `plan_file` says what a load would
do and every fault by file, row and column, `apply_plan` does it in one transaction. `rows` maps the
rows of a package to documents.
"""

from tracker.datapackage.apply import (
    Manner,
    NoteMissingError,
    Outcome,
    StalePlanError,
    apply_in_manner,
    apply_plan,
)
from tracker.datapackage.faults import Fault, Faults
from tracker.datapackage.files import plan_file, read_file
from tracker.datapackage.plan import Plan, make_plan
from tracker.datapackage.preview import PlannedRow, planned_rows
from tracker.datapackage.read import Package, Row, read_folder
from tracker.datapackage.table import Table

__all__ = [
    "Fault",
    "Faults",
    "Manner",
    "NoteMissingError",
    "Outcome",
    "Package",
    "Plan",
    "PlannedRow",
    "Row",
    "StalePlanError",
    "Table",
    "apply_in_manner",
    "apply_plan",
    "make_plan",
    "plan_file",
    "planned_rows",
    "read_file",
    "read_folder",
]
