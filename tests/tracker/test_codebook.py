"""The codes are well-formed, hang together, and say what the codebook says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracker import codebook
from tracker.codebook import (
    ATTRIBUTIONS,
    BEARS_ON,
    CATEGORIES,
    CHANGES,
    DATE_MATCHES,
    EVIDENCE,
    FATES,
    FORMS,
    IN_FORCE,
    IN_FORCE_VALUES_HOLDING,
    LEDGER_STATES,
    PARAMETERS,
    PARTY_KINDS,
    RELATION_KINDS,
    RETRACTION_REASONS,
    SORTS,
    SOURCE_KINDS,
    STANCES,
    STATUS_BY,
    STATUS_GROUPS,
    STATUSES,
    TERM_KINDS,
    WORKFLOW,
    Code,
    Codes,
    default_by,
    usual_status,
)

CODEBOOK = Path(__file__).resolve().parents[2].parent / "shared" / "CODEBOOK.md"

COLLECTIONS: dict[str, Codes[Code]] = {
    name: value
    for name in codebook.__all__
    if isinstance(value := getattr(codebook, name), Codes) and name != "PARAMETERS"
}

# First cell of each table's head in the codebook -> the collection that must say the same.
TABLES: dict[str, Codes[Code]] = {
    "code | label | in force": STATUSES,
    "by |": STATUS_BY,
    "value |": IN_FORCE,
    "slug | label": CATEGORIES,
    "code | definition": FORMS,
    "source kind |": SOURCE_KINDS,
    "attribution (strongest first) |": ATTRIBUTIONS,
    "evidence |": EVIDENCE,
    "kind | shown at B as": RELATION_KINDS,
    "change |": CHANGES,
    "reason for a retraction |": RETRACTION_REASONS,
}


def plain(text: str) -> str:
    """A cell of the codebook without its marks."""
    text = re.sub(r"\s*†", "", text).replace("`", "")
    return re.sub(r"\*+(?=\S)(.+?)\*+", r"\1", text).strip()


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    """Every table of the codebook: its head, joined with " | ", to its rows."""
    if not CODEBOOK.exists():
        pytest.skip(f"{CODEBOOK.name} is not beside this repository")
    found: dict[str, list[dict[str, str]]] = {}
    head: list[str] = []
    for line in CODEBOOK.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and not head:
            head = [plain(cell) for cell in cells]
            found[" | ".join(head)] = []
        elif cells and not line.startswith("|--"):
            found[" | ".join(head)].append(dict(zip(head, cells, strict=True)))
        elif not cells:
            head = []
    return found


def table_starting(tables: dict[str, list[dict[str, str]]], start: str) -> list[dict[str, str]]:
    (rows,) = [rows for head, rows in tables.items() if head.startswith(start)]
    return rows


@pytest.mark.parametrize("name", COLLECTIONS)
def test_codes_are_well_formed(name: str) -> None:
    sign = "[a-z]+(-[a-z]+)*" if name == "CATEGORIES" else "[a-z]+(_[a-z]+)*"
    assert [code for code in COLLECTIONS[name] if not re.fullmatch(sign, code)] == []


@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_code_has_words(name: str) -> None:
    members = COLLECTIONS[name].values()
    assert all(member.label and member.definition for member in members)
    assert len({member.label for member in members}) == len(members)


def test_a_code_given_twice_is_refused() -> None:
    one = Code(code="a", label="A", definition="First.")
    with pytest.raises(ValueError, match="twice"):
        Codes(one, one)


def test_codes_behave_as_a_mapping_in_order() -> None:
    codes = Codes(Code("b", "B", "Second letter."), Code("a", "A", "First letter."))
    assert codes["b"].label == "B"
    assert "a" in codes
    assert "c" not in codes
    assert codes.codes == tuple(codes) == ("b", "a")
    assert codes.choices == [("b", "B"), ("a", "A")]
    assert repr(codes) == "Codes(b, a)"


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_points_at_known_values(status: str) -> None:
    row = STATUSES[status]
    assert row.in_force in IN_FORCE
    assert row.group in STATUS_GROUPS
    assert row.fate in FATES
    assert re.fullmatch("[a-z]+(-[a-z]+)*", row.glyph)


def test_statuses_are_grouped_by_whether_they_hold() -> None:
    holding = {code for code, row in STATUSES.items() if row.in_force in IN_FORCE_VALUES_HOLDING}
    assert {code for code, row in STATUSES.items() if row.group == "in force"} == holding
    assert {code for code, row in STATUSES.items() if row.group == "neither"} == {"reported", "took_place"}


def test_every_fate_is_some_status() -> None:
    assert {row.fate for row in STATUSES.values()} == set(FATES)


@pytest.mark.parametrize(
    ("status", "by"),
    [
        ("", ""),
        ("reported", ""),
        ("announced", "issuer"),
        ("in_effect", "issuer"),
        ("partly_in_effect", "issuer"),
        ("on_hold", "issuer"),
        ("blocked", "court"),
        ("reversed", "issuer"),
        ("superseded", "issuer"),
        ("expired", "terms"),
        ("withdrawn", "issuer"),
        ("took_place", ""),
    ],
    ids=lambda value: value or "none",
)
def test_default_by(status: str, by: str) -> None:
    assert default_by(status) == by
    assert by == "" or by in STATUS_BY


def test_attributions_are_ranked_from_the_strongest() -> None:
    assert [row.rank for row in ATTRIBUTIONS.values()] == [1, 2, 3, 4, 5, 6]
    assert [row.on_record for row in ATTRIBUTIONS.values()] == [True] * 4 + [False] * 2
    assert [code for code, row in ATTRIBUTIONS.items() if not row.first_hand] == ["reporting"]


@pytest.mark.parametrize(
    ("kind", "whole", "in_part"),
    [
        ("implements", None, None),
        ("reverses", "reversed", "partly_in_effect"),
        ("supersedes", "superseded", "partly_in_effect"),
        ("amends", "", ""),
        ("extends", "", ""),
        ("resumes", "in_effect", "in_effect"),
        ("blocks", "blocked", "partly_in_effect"),
        ("part_of", None, None),
        ("responds_to", None, None),
        ("see_also", None, None),
    ],
)
def test_what_a_relation_offers_for_its_target(kind: str, whole: str | None, in_part: str | None) -> None:
    relation = RELATION_KINDS[kind]
    assert relation.offer(in_part=False) == whole
    assert relation.offer(in_part=True) == in_part
    assert not whole or whole in STATUSES


def test_relations_that_carry_rules() -> None:
    relations = RELATION_KINDS.values()
    assert {row.code for row in relations if row.settles} == {"reverses", "supersedes", "blocks"}
    assert {row.code for row in relations if not row.later_first} == {"see_also", "part_of"}
    assert {row.code for row in relations if row.symmetric} == {"see_also"}
    assert {row.code for row in relations if row.moves_due_date} == {"extends"}


def test_changes_that_carry_rules() -> None:
    changes = CHANGES.values()
    assert {row.code for row in changes if row.needs_note} == {"updated", "corrected"}
    assert {row.code for row in changes if row.moves_last_changed} == {"published", "updated", "corrected"}


def test_parameters_that_may_be_repeated() -> None:
    assert [name for name, row in PARAMETERS.items() if row.repeatable] == [
        "actor",
        "agency",
        "category",
        "form",
        "topic",
        "affects",
        "publisher",
        "status",
        "status_by",
        "had_status",
        "in_force",
        "evidence",
    ]


def test_parameters_that_only_one_rendering_knows() -> None:
    assert {name: row.only_on for name, row in PARAMETERS.items() if row.only_on} == {
        "view": "pages",
        "page": "pages",
        "per_page": "pages",
        "columns": "csv",
        "bom": "csv",
        "raw": "csv",
        "cursor": "api",
        "limit": "api",
        "theme": "embed",
    }


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (STANCES, "supports disputes"),
        (BEARS_ON, "action date actor status"),
        (PARTY_KINDS, "state organisation group unit"),
        (TERM_KINDS, "actor agency party topic category publisher source"),
        (WORKFLOW, "draft in_review returned clean"),
        (LEDGER_STATES, "never current retracted"),
        (SORTS, "newest oldest changed added relevance"),
        (DATE_MATCHES, "possible certain"),
    ],
    ids=["stances", "bears_on", "party_kinds", "term_kinds", "workflow", "ledger", "sorts", "dates"],
)
def test_codes_that_the_codebook_lists_without_a_table(codes: Codes[Code], expected: str) -> None:
    assert list(codes) == expected.split()


@pytest.mark.parametrize("start", TABLES)
def test_a_table_of_the_codebook_and_its_codes_agree(start: str, tables: dict[str, list[dict[str, str]]]) -> None:
    rows = [[plain(cell) for cell in row.values()][:1] for row in table_starting(tables, start)]
    assert [[code] for code in TABLES[start]] == rows


@pytest.mark.parametrize("start", TABLES)
def test_a_table_of_the_codebook_and_its_texts_agree(start: str, tables: dict[str, list[dict[str, str]]]) -> None:
    for row in table_starting(tables, start):
        member = TABLES[start][plain(next(iter(row.values())))]
        assert member.definition == plain(row["definition"])
        assert member.example == plain(row["example"])
        assert member.illustrative is ("†" in row["example"])
        assert member.label == plain(row.get("label", member.label))


def test_the_other_cells_of_the_codebook_agree(tables: dict[str, list[dict[str, str]]]) -> None:
    for row in table_starting(tables, "code | label | in force"):
        assert STATUSES[plain(row["code"])].in_force == row["in force"]
    for row in table_starting(tables, "source kind |"):
        assert SOURCE_KINDS[plain(row["source kind"])].official is (row["official?"] == "yes")
    for row in table_starting(tables, "kind | shown at B as"):
        assert RELATION_KINDS[plain(row["kind"])].shown_at_target == row["shown at B as"]
    for row in table_starting(tables, "change |"):
        assert CHANGES[plain(row["change"])].shown_in == plain(row["shown in"])
    for row in table_starting(tables, "reason for a retraction |"):
        reason = RETRACTION_REASONS[plain(row["reason for a retraction"])]
        assert reason.page_shows == row["page answers"]
        assert reason.page_answer == int((re.match(r"\d+", reason.page_shows) or ["301"])[0])


def test_the_parameters_of_the_codebook_agree(tables: dict[str, list[dict[str, str]]]) -> None:
    """A row about several names, or one rendering, is divided; only `cursor` has a text of its own."""
    named: list[str] = []
    for row in table_starting(tables, "name | meaning"):
        names = [plain(name) for name in row["name"].split(",")]
        named += names
        for name in set(names) - {"cursor"}:
            text = plain(row["meaning"])
            is_divided = len(names) > 1 or " only" in text
            assert PARAMETERS[name].meaning in (text if is_divided else [text])
    assert list(PARAMETERS) == named


def test_status_follows_from_attribution_only_while_nothing_confirms_it() -> None:
    """Codebook 2: confirmed means a document, a court record or a named official who speaks for the body."""
    assert {code: usual_status(code) for code in ATTRIBUTIONS} == {
        **dict.fromkeys(("document", "court_record", "named_official"), ""),
        **dict.fromkeys(("named_other", "unnamed_sources", "reporting"), "reported"),
    }
    assert usual_status("") == usual_status("hearsay") == ""
