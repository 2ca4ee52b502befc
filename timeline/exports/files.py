"""Every file of a selection that readers can fetch: the views, the data page and the command read this list."""

from timeline.exports.base import Export
from timeline.exports.calendar_file import CALENDAR
from timeline.exports.changes_file import CHANGES_FILES, RETRACTIONS_FILES
from timeline.exports.checksums_file import CHECKSUMS
from timeline.exports.csv_file import CSV
from timeline.exports.jsonl_file import JSONL
from timeline.exports.long_files import LONG_FILES
from timeline.exports.package import PACKAGE
from timeline.exports.parquet_file import PARQUET
from timeline.exports.xlsx_file import XLSX

FILES: tuple[Export, ...] = (
    *(CSV, JSONL, XLSX, PARQUET),
    *LONG_FILES,
    *RETRACTIONS_FILES,
    *CHANGES_FILES,
    CALENDAR,
    PACKAGE,
    CHECKSUMS,
)
