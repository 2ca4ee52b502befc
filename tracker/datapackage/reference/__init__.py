"""Reference lists of governments -> the terms that are missing here: public bodies, and countries.

For the command line. `read_bodies` takes the Federal Register's or reginfo's list of agencies apart, `read_countries`
a table of ISO 3166; `missing_bodies` and `missing_countries` say which the record lacks, as a package of terms that
goes the way of all packages (`make_plan`, `apply_plan`). What is here, under its name or an alias, is never touched.
"""

from tracker.datapackage.reference.lists import Body, Country, ListError, read_bodies, read_countries
from tracker.datapackage.reference.missing import missing_bodies, missing_countries

__all__ = [
    "Body",
    "Country",
    "ListError",
    "missing_bodies",
    "missing_countries",
    "read_bodies",
    "read_countries",
]
