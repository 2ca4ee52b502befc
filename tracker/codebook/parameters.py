"""Names in an address: what a reader, a feed reader or an analyst may ask for.

The order is that of the canonical query string.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.codebook.codes import Code, Codes


@dataclass(frozen=True)
class Parameter:
    """One name in an address.

    `only_on`: the one kind of rendering that knows it ("pages", "csv", "api", "embed"), or "" = all of them.
    `repeatable`: given several times it means any of the values; a name that is not is refused when doubled.
    """

    name: str
    meaning: str
    only_on: str = ""
    repeatable: bool = False

    @property
    def code(self) -> str:
        """The name, as a member of `Codes` has it."""
        return self.name

    @property
    def label(self) -> str:
        """The name: in an address it is read as it is written."""
        return self.name


_RANGE = "the entry's date, both ends included; to=2025-03 runs to 31 March"
_CODES = "slugs and codes; a repeated name means any of, different names mean all of"
_YES_NO = "yes or no"
_LIMIT = "1 to 200, default 50"

PARAMETERS = Codes(
    Parameter("q", "words in title, summary, where it stands, source titles, identifiers"),
    Parameter("from", _RANGE),
    Parameter("to", _RANGE),
    Parameter("dates", "possible (default) or certain; also governs in_force_on"),
    Parameter("actor", _CODES, repeatable=True),
    Parameter("agency", _CODES, repeatable=True),
    Parameter("category", _CODES, repeatable=True),
    Parameter("form", _CODES, repeatable=True),
    Parameter("topic", _CODES, repeatable=True),
    Parameter("affects", _CODES, repeatable=True),
    Parameter("publisher", _CODES, repeatable=True),
    Parameter("status", "the current status", repeatable=True),
    Parameter("status_by", "who brought it about", repeatable=True),
    Parameter("had_status", 'any status the entry ever had: had_status=blocked = "ever blocked"', repeatable=True),
    Parameter(
        "in_force",
        "yes, partly, no, unknown, not_applicable; now, or on the day of in_force_on",
        repeatable=True,
    ),
    Parameter("in_force_on", "a day; alone it means in_force yes or partly on that day"),
    Parameter("evidence", "official, on_record, press_only", repeatable=True),
    Parameter("corroborated", _YES_NO),
    Parameter("disputed", _YES_NO),
    Parameter(
        "changed_since",
        "a day YYYY-MM-DD (that day included), or an edition number (that edition not included)",
    ),
    Parameter("as_of", "a day YYYY-MM-DD (as at its end, UTC, once it is over), or an edition number"),
    Parameter("sort", "newest (default, left out), oldest, changed, added, relevance"),
    Parameter("view", "blank or tracks", only_on="pages"),
    Parameter("page", "from 1", only_on="pages"),
    Parameter("per_page", _LIMIT, only_on="pages"),
    Parameter("columns", "columns wanted, in order, comma-separated", only_on="csv"),
    Parameter("bom", "bom=1 byte order mark", only_on="csv"),
    Parameter("raw", "raw=1 no formula guard", only_on="csv"),
    Parameter("cursor", "where the next page starts, as the page before gave it", only_on="api"),
    Parameter("limit", _LIMIT, only_on="api"),
    Parameter("theme", "light or dark", only_on="embed"),
)

DATE_MATCHES = Codes(
    Code(code="possible", label="Possible", definition="Some part may lie in the range."),
    Code(code="certain", label="Certain", definition="The whole of it surely lies in the range."),
)

THEMES = Codes(
    Code(code="light", label="Light", definition="Light, whatever the reader's device prefers."),
    Code(code="dark", label="Dark", definition="Dark, whatever the reader's device prefers."),
)

SORTS = Codes(
    Code(code="newest", label="Newest action", definition="By the day of the action, the latest first."),
    Code(code="oldest", label="Oldest action", definition="By the day of the action, the earliest first."),
    Code(
        code="changed",
        label="Last changed",
        definition="By the day the entry last changed here, the latest first.",
    ),
    Code(
        code="added",
        label="Last added",
        definition="By the day the entry first appeared here, the latest first.",
    ),
    Code(code="relevance", label="Best match", definition="By how well the words fit, then as newest."),
)
