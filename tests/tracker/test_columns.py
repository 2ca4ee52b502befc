"""The public columns: their names and order are a contract; cells are guarded against formulas."""

import csv
import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import columns

NAMES = (
    "slug title summary where_it_stands category form identifiers actor actor_slug actor_office other_actors agency "
    "agency_slug agency_abbreviation parent_agency other_agencies affects topics date date_earliest date_latest "
    "date_note status status_date status_by in_force in_force_from in_force_until due_date disputed dispute_note "
    "evidence attribution corroborated source_count official_source_count publishers source_title source_publisher "
    "source_url source_archive_url source_published source_urls last_verified first_published last_changed "
    "last_change version edition url"
)

FILES = {
    "status_changes.csv": "slug position status date date_earliest date_latest by in_force note source_id",
    "sources.csv": "source_id title publisher republished_by kind official url archive_url archived_at authors "
    "language published accessed_on",
    "citations.csv": "slug source_id stance bears_on attribution",
    "relations.csv": "slug kind in_part to_slug to_title to_identifier to_url note",
    "terms.csv": "kind slug name definition example abbreviation parent_slug successor_slug valid_from valid_until "
    "iso_3166_1_alpha_3 member_slugs aliases party_kind agency_slug country_slug successor_date merged_into",
    "retractions.csv": "slug reason replaced_by note edition retracted_at",
    "editions.csv": "number published_at note columns codebook_version previous digest",
    "row_digests.csv": "edition kind slug version json_digest csv_digest",
}


def test_names_and_order_of_the_columns_are_pinned() -> None:
    assert [column.name for column in columns.COLUMNS] == NAMES.split()
    assert len(columns.COLUMNS) == 50


def test_header_is_the_names_in_order() -> None:
    assert columns.header() == ",".join(NAMES.split())


def test_header_of_an_older_edition_has_the_columns_it_had() -> None:
    assert columns.header(3) == "slug,title,summary"


@pytest.mark.parametrize("name", FILES)
def test_columns_of_companion_files_are_pinned(name: str) -> None:
    assert list(columns.FILES_BY_NAME[name].columns) == FILES[name].split()


def test_files_of_a_package_are_pinned() -> None:
    assert list(columns.FILES_BY_NAME) == ["actions.csv", *FILES]


@pytest.mark.parametrize("file", columns.FILES, ids=lambda file: file.name)
def test_keys_and_foreign_keys_name_columns_that_exist(file: columns.File) -> None:
    assert set(file.key) <= set(file.columns)
    for column, other, there in file.foreign_keys:
        assert column in file.columns
        assert there in columns.FILES_BY_NAME[other].columns


@pytest.mark.parametrize(
    ("name", "limit"), [("title", 200), ("where_it_stands", 120), ("date_note", 200), ("dispute_note", 200)]
)
def test_longest_texts_are_declared(name: str, limit: int) -> None:
    assert columns.BY_NAME[name].max_length == limit


def test_sorts_of_columns_are_those_of_the_codebook() -> None:
    ledger = [column.name for column in columns.COLUMNS if column.sort == "ledger"]
    assert ledger == ["first_published", "last_changed", "last_change", "version", "edition", "url"]


# --- cells -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "type_", "cell"),
    [
        (None, "string", ""),
        (True, "boolean", "true"),
        (False, "boolean", "false"),
        (0, "integer", "0"),
        ([], "list", ""),
        (["a", "b"], "list", "a; b"),
        (["https://a.example/?a;b", "https://b.example"], "addresses", "https://a.example/?a%3Bb; https://b.example"),
        ("None", "string", "None"),
    ],
)
def test_value_as_a_cell(value: object, type_: columns.Type, cell: str) -> None:
    assert columns.as_text(value, type_=type_) == cell


@pytest.mark.parametrize(
    ("cell", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'quoted'", "'quoted'"),
        ("a=1", "a=1"),
        ("", ""),
        (" =1", " =1"),
    ],
)
def test_guard_puts_one_quote_where_a_formula_would_start(cell: str, guarded: str) -> None:
    assert columns.guard(cell) == guarded
    assert columns.unguard(guarded) == cell


_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_NASTY = st.text(st.sampled_from("'=+-@\t\r\n\",; a"), max_size=8)


@given(st.one_of(_ANY, _NASTY))
def test_guard_round_trips_any_text(cell: str) -> None:
    guarded = columns.guard(cell)
    assert columns.unguard(guarded) == cell
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.one_of(_ANY.filter(lambda cell: "\0" not in cell), _NASTY), min_size=2, max_size=5))
def test_line_is_read_back_by_a_csv_parser(cells: list[str]) -> None:
    line = io.StringIO(columns.csv_line(cells) + "\r\n", newline="")
    assert list(csv.reader(line, strict=True)) == [cells]


@pytest.mark.parametrize("character", [*string.punctuation, "\n", "\r", " "])
def test_line_quotes_what_needs_it(character: str) -> None:
    line = columns.csv_line([f"a{character}b", "c"])
    assert line.startswith('"') is (character in '",\r\n')
