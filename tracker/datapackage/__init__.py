"""Data packages in: a folder of CSV files -> rows -> a plan -> the record, all or nothing.

For the command line and the admin importer. `read_folder` takes the files apart, `make_plan` says what a load would
do and every fault by file, row and column, `apply_plan` does it in one transaction. `rows` maps the
rows of a package to documents.
"""

from tracker.datapackage.apply import NoteMissingError, Outcome, StalePlanError, apply_plan
from tracker.datapackage.faults import Fault, Faults
from tracker.datapackage.plan import Plan, make_plan
from tracker.datapackage.read import Package, Row, read_folder

__all__ = [
    "Fault",
    "Faults",
    "NoteMissingError",
    "Outcome",
    "Package",
    "Plan",
    "Row",
    "StalePlanError",
    "apply_plan",
    "make_plan",
    "read_folder",
]
