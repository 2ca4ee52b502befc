"""The public columns and files, declared once.

The codebook page, Table Schema, CSV header and lines, XLSX sheet and importers are all derived from these tables.
"""

from tracker.columns.actions import BY_NAME, COLUMNS, header
from tracker.columns.cells import Column, Type, as_text, csv_line, guard, instant, unguard
from tracker.columns.descriptor import descriptor, field_type
from tracker.columns.files import CHANGES, FILES, FILES_BY_NAME, File

__all__ = [
    "BY_NAME",
    "CHANGES",
    "COLUMNS",
    "FILES",
    "FILES_BY_NAME",
    "Column",
    "File",
    "Type",
    "as_text",
    "csv_line",
    "descriptor",
    "field_type",
    "guard",
    "header",
    "instant",
    "unguard",
]
