"""A stranger's table, and the mapping file that says what its columns mean -> the plan of an import.

For the command line and the admin importer: `load_mapping` reads a mapping file, `read_table` takes a file of any
shape apart, `plan_mapped` says what importing it would do. What comes out is a `Plan` like any other, and goes to
`tracker.datapackage.apply_plan`. The keys of a mapping file: docs/bring-your-data.md.
"""

from tracker.datapackage.mapping.building import Problem
from tracker.datapackage.mapping.nodes import MappingError
from tracker.datapackage.mapping.planning import MappedPlan, plan_mapped, problem_cells
from tracker.datapackage.mapping.reading import RawTable, read_table
from tracker.datapackage.mapping.schema import load_mapping, read_mapping
from tracker.datapackage.mapping.spec import TableMapping

__all__ = [
    "MappedPlan",
    "MappingError",
    "Problem",
    "RawTable",
    "TableMapping",
    "load_mapping",
    "plan_mapped",
    "problem_cells",
    "read_mapping",
    "read_table",
]
