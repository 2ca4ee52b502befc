"""How programs fetch a selection: lines to copy, for curl, pandas, R, DuckDB and Power Query.

Addresses are canonical queries, percent-encoded: they hold no quotation mark, backslash, blank or dollar sign, so that
they can stand between quotation marks in each of these languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent

from django.utils.translation import gettext as _

from tracker.columns import Column


@dataclass(frozen=True)
class Snippet:
    """One way to fetch the file: `key` is part of ids, `note` what to know before."""

    key: str
    label: str
    note: str
    text: str


def snippets(*, url: str, raw_url: str, columns: Sequence[Column]) -> list[Snippet]:
    """Return the snippets for a CSV with these columns at `url`; `raw_url` gives it without guards (raw=1)."""
    return [
        Snippet("curl", "curl", _("Saves the file under its own name, in a terminal."), _curl(url)),
        Snippet(
            "python",
            "Python (pandas)",
            _("An empty cell is missing; “NA” and “None” stay what they are: text."),
            _pandas(raw_url, columns),
        ),
        Snippet("r", "R (readr)", _("Needs the package readr."), _readr(raw_url, columns)),
        Snippet("duckdb", "DuckDB", _("Needs the extension httpfs, which it installs."), _duckdb(raw_url, columns)),
        Snippet(
            "excel",
            "Excel (Power Query)",
            _(
                "Data, Get Data, Blank Query, Advanced Editor. "
                "UTF-8 and line ends within cells are read as they should."
            ),
            _power_query(url),
        ),
    ]


def _curl(url: str) -> str:
    return f'curl --fail --location --remote-name --remote-header-name "{url}"\n'


def _pandas(url: str, columns: Sequence[Column]) -> str:
    days = _of(columns, "day", "instant")
    dates = f"    parse_dates={_listed(days)},\n" if days else ""
    return (
        "import pandas as pd\n\n"
        "actions = pd.read_csv(\n"
        f'    "{url}",\n'
        "    keep_default_na=False,\n"
        '    na_values=[""],\n'
        f"{dates}"
        '    dtype_backend="numpy_nullable",\n'
        ")\n"
    )


_R = {
    "day": "col_date()",
    "instant": "col_datetime()",
    "boolean": "col_logical()",
    "integer": "col_integer()",
}


def _readr(url: str, columns: Sequence[Column]) -> str:
    typed = [f"{column.name} = {_R[column.type]}" for column in columns if column.type in _R]
    types = ",\n".join(indent(line, "    ") for line in (".default = col_character()", *typed))
    return f'library(readr)\n\nactions <- read_csv(\n  "{url}",\n  na = "",\n  col_types = cols(\n{types}\n  )\n)\n'


_SQL = {"day": "DATE", "instant": "TIMESTAMP", "boolean": "BOOLEAN", "integer": "INTEGER"}


def _duckdb(url: str, columns: Sequence[Column]) -> str:
    typed = [
        f"CAST({column.name} AS {_SQL[column.type]}) AS {column.name}" for column in columns if column.type in _SQL
    ]
    types = " REPLACE (\n" + ",\n".join(indent(line, "    ") for line in typed) + "\n)" if typed else ""
    return (
        "INSTALL httpfs;\nLOAD httpfs;\nSET force_download = true;\n\n"
        "CREATE OR REPLACE TABLE actions AS\n"
        f"SELECT *{types}\n"
        "FROM read_csv(\n"
        f"    '{url}',\n"
        "    header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', all_varchar = true\n"
        ");\n"
    )


def _power_query(url: str) -> str:
    return (
        "let\n"
        f'    Source = Web.Contents("{url}"),\n'
        '    Cells = Csv.Document(Source, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),\n'
        "    Actions = Table.PromoteHeaders(Cells, [PromoteAllScalars = false])\n"
        "in\n"
        "    Actions\n"
    )


def _of(columns: Sequence[Column], *types: str) -> list[str]:
    return [column.name for column in columns if column.type in types]


def _listed(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
