"""A document and its rows say the same, in both directions."""

import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker import codebook, columns, dates, document
from tracker.columns import COLUMNS, FILES_BY_NAME
from tracker.columns.rows import (
    TERM_COLUMNS,
    action_cells,
    citation_cells,
    relation_cells,
    source_cells,
    status_cells,
    term_cells,
)
from tracker.datapackage import rows
from tracker.models.fields import clean_text

SLUGS = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=8)
_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn"])
TEXTS = st.text(_CHARACTERS | st.sampled_from('=+-@,"\n\t;'), max_size=20).map(clean_text)
NAMES = st.text(_CHARACTERS, min_size=1, max_size=12).map(lambda text: clean_text(text.replace(";", ""))).filter(bool)
DAYS = st.dates(dates.MIN_DAY, dates.MAX_DAY).map(lambda day: day.isoformat())
VAGUE = DAYS | DAYS.map(lambda day: day[:7]) | DAYS.map(lambda day: day[:4] + "~")
BLANK = st.none()


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return BLANK | values.map(lambda value: value or None)


class Words:
    """A vocabulary that knows exactly what is drawn: names are unique within a kind, and so are slugs."""

    def __init__(self, drawn: dict[str, dict[str, str]]) -> None:
        self.names = drawn
        self.sources: dict[str, dict[str, Any]] = {}

    def term(self, kind: str, *, slug: str = "", name: str = "") -> dict[str, Any] | None:
        by_name = {word: key for key, word in self.names[kind].items()}
        key = slug or by_name.get(name, "")
        if key not in self.names[kind]:
            return None
        return {"slug": key, "name": self.names[kind][key], "abbreviation": None, "parent": None}

    def source(self, slug: str) -> dict[str, Any] | None:
        return self.sources.get(slug)


WORDS = Words({kind: {"a": "A, first", "b-2": 'The "second"', "c": "=Dritte ü"} for kind in TERM_COLUMNS})


def named(kind: str) -> st.SearchStrategy[dict[str, str]]:
    return st.sampled_from([{"slug": slug, "name": name} for slug, name in WORDS.names[kind].items()])


def several(kind: str) -> st.SearchStrategy[list[dict[str, str]]]:
    found = st.lists(named(kind), unique_by=lambda term: term["slug"])
    return found.map(lambda terms: sorted(terms, key=lambda term: term["slug"]))


_TEXT_FIELDS = ("title", "summary", "where_it_stands", "actor_office", "date_note", "dispute_note")
PLAIN = st.fixed_dictionaries({
    **dict.fromkeys(_TEXT_FIELDS, maybe(TEXTS)),
    **dict.fromkeys(("date", "due_date"), maybe(VAGUE)),
    "form": maybe(st.sampled_from(codebook.FORMS.codes)),
    "identifiers": st.lists(NAMES, unique=True, max_size=2),
    "category": maybe(named("category")),
    "actor": maybe(named("actor")),
    "agency": maybe(named("agency").map(lambda term: {**term, "abbreviation": None, "parent": None})),
    "other_actors": several("actor"),
    "other_agencies": several("agency"),
    "affects": several("party"),
    "topics": several("topic"),
    "disputed": st.booleans(),
    "last_verified": maybe(DAYS),
})  # fmt: skip


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """An entry as the record would write it, in the words of WORDS."""
    known = {slug: draw(sources(slug, draw(named("publisher")))) for slug in ("one", "two")}
    cited = draw(st.lists(st.sampled_from(sorted(known)), unique=True))
    numbers = range(1, draw(st.integers(0, 3)) + 1)
    return draw(PLAIN) | {
        "status_history": [draw(lines(position, known)) for position in numbers],
        "citations": [draw(citations(position, known[slug])) for position, slug in enumerate(cited, start=1)],
    }


def lines(position: int, known: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({
        "position": st.just(position),
        "status": maybe(st.sampled_from(codebook.STATUSES.codes)),
        "date": VAGUE,
        "by": maybe(st.sampled_from(codebook.STATUS_BY.codes)),
        "note": maybe(TEXTS),
        "source": maybe(st.sampled_from(sorted(known))),
    })  # fmt: skip


def citations(position: int, source: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    bears_on = st.sets(st.sampled_from(codebook.BEARS_ON.codes), min_size=1)
    return st.fixed_dictionaries({
        "position": st.just(position),
        "source": st.just(source),
        "stance": st.sampled_from(codebook.STANCES.codes),
        "bears_on": bears_on.map(lambda found: [code for code in codebook.BEARS_ON if code in found]),
        "attribution": st.sampled_from(codebook.ATTRIBUTIONS.codes),
    })  # fmt: skip


def sources(slug: str, publisher: dict[str, str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({
        "slug": st.just(slug),
        "title": TEXTS.filter(bool),
        "publisher": st.just(publisher),
        "republished_by": st.sampled_from([None, publisher]),
        "kind": st.sampled_from(codebook.SOURCE_KINDS.codes),
        "url": maybe(SLUGS.map(lambda word: f"https://example.org/{word};a?b=c&d=%3B")),
        "archive_url": maybe(SLUGS.map(lambda word: f"https://archive.example/{word}#x")),
        "archived_at": maybe(DAYS.map(lambda day: f"{day}T01:02:03Z")),
        "authors": st.lists(NAMES, unique=True, max_size=2),
        "language": maybe(st.sampled_from(["en", "pt-BR"])),
        "published": maybe(VAGUE),
        "accessed_on": maybe(DAYS),
    })  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(entries())
def test_an_entry_survives_its_rows(entry: dict[str, Any]) -> None:
    ledger = {column.path: None for column in COLUMNS if column.sort == "ledger"}
    action = action_cells({"slug": "a", "entry": {**entry, "derived": document.derive(entry)}, **ledger})
    words = Words(WORDS.names)
    words.sources = {item["source"]["slug"]: item["source"] for item in entry["citations"]}
    read = rows.entry_from(action, status_cells("a", entry), citation_cells("a", entry), words)
    assert read == entry


@given(entries())
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_the_rows_of_an_entry_have_the_columns_of_their_files(entry: dict[str, Any]) -> None:
    found = {("status_changes.csv", tuple(cells)) for cells in status_cells("a", entry)} | {
        ("citations.csv", tuple(cells)) for cells in citation_cells("a", entry)
    }
    assert found <= {(name, FILES_BY_NAME[name].columns) for name in ("status_changes.csv", "citations.csv")}


@given(st.data())
def test_a_source_survives_its_row(data: st.DataObject) -> None:
    words = Words({"publisher": {"p": "Paper"}})
    source = data.draw(sources("s", {"slug": "p", "name": "Paper"}))
    cells = source_cells(source)
    assert tuple(cells) == FILES_BY_NAME["sources.csv"].columns
    assert rows.source_from(cells, words) == source


RELATIONS = st.fixed_dictionaries({
    "kind": st.sampled_from(codebook.RELATION_KINDS.codes),
    "in_part": st.booleans(),
    "to": maybe(SLUGS),
    "title": maybe(TEXTS),
    "identifier": maybe(TEXTS),
    "url": maybe(SLUGS.map(lambda word: f"https://example.org/{word}")),
    "note": maybe(TEXTS),
})  # fmt: skip


@given(st.lists(RELATIONS, max_size=3))
def test_relations_survive_their_rows(relations: list[dict[str, Any]]) -> None:
    cells = relation_cells("a", relations)
    assert rows.relations_from(cells) == relations
    assert all(tuple(row) == FILES_BY_NAME["relations.csv"].columns for row in cells)


def _terms(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    own = {
        field: st.lists(SLUGS, unique=True).map(sorted) if field == "members" else maybe(TEXTS)
        for field in TERM_COLUMNS[kind].values()
    }
    return st.fixed_dictionaries(
        {"slug": SLUGS, "name": NAMES, "aliases": st.lists(NAMES, unique=True, max_size=3), **own}
    )


@pytest.mark.parametrize("kind", TERM_COLUMNS)
@given(data=st.data())
def test_a_term_survives_its_row(kind: str, data: st.DataObject) -> None:
    term = data.draw(_terms(kind))
    cells = term_cells(kind, term)
    assert tuple(cells) == FILES_BY_NAME["terms.csv"].columns
    assert rows.term_from(cells) == term


def test_every_kind_of_term_has_its_columns() -> None:
    assert set(TERM_COLUMNS) == set(codebook.TERM_KINDS) - {"source"}


def test_cells_are_raw() -> None:
    """The guard against formulas is for files that people open, not for packages."""
    cells = relation_cells(
        "a", [dict.fromkeys(["kind", "to", "identifier", "url", "note"], "") | {"in_part": False, "title": "=1+1"}]
    )
    assert cells[0]["to_title"] == "=1+1"
    assert columns.guard("=1+1") == "'=1+1"


def test_unknown_codes_come_last_for_the_record_to_refuse() -> None:
    words = Words({})
    words.sources["s"] = {"slug": "s"}
    cells = {
        "source_id": "s",
        "stance": "supports",
        "bears_on": "mood; status;action ;action",
        "attribution": "document",
    }
    blank = dict.fromkeys((column.name for column in COLUMNS), "")
    words.names = {kind: {} for kind in TERM_COLUMNS}
    assert rows.entry_from(blank, [], [cells], words)["citations"][0]["bears_on"] == ["action", "status", "mood"]
