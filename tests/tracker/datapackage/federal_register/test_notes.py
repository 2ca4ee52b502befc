"""The grammar of disposition notes."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.datapackage.federal_register.notes import Note, parse_note

# Counted apart from the grammar: every word that looks like one of the register's verbs.
VERB = re.compile(
    r"\b(?:revo[ck]|rescind|terminat|sus?pers|supersed|amend|supplement|continu|reinstat|suspend|nullif|s?ee\b)\w*",
    re.IGNORECASE,
)
LEAST_SHARE = 0.95


def said(text: str) -> list[tuple[str, bool, bool, str, str, str]]:
    return [
        (each.verb, each.passive, each.in_part, each.target.kind, each.target.number, each.target.day)
        for each in parse_note(text).statements
    ]


@pytest.mark.parametrize(
    ("heading", "verb", "passive", "in_part"),
    [
        pytest.param("Revokes:", "revokes", False, False, id="active"),
        pytest.param("Revoked by:", "revokes", True, False, id="passive"),
        pytest.param("Revokes :", "revokes", False, False, id="blank-before-the-colon"),
        pytest.param("Superseded by", "supersedes", True, False, id="no-colon"),
        pytest.param("Revokes in part:", "revokes", False, True, id="in-part"),
        pytest.param("Revoked (in part) by:", "revokes", True, True, id="in-part-in-brackets"),
        pytest.param("Partially revoked by:", "revokes", True, True, id="partially"),
        pytest.param("Suspersedes:", "supersedes", False, False, id="typo"),
        pytest.param("Amend by:", "amends", True, False, id="wrong-form"),
        pytest.param("ee:", "see", False, False, id="first-letter-lost"),
        pytest.param("Rescinded by:", "revokes", True, False, id="rescinded"),
        pytest.param("Terminates:", "revokes", False, False, id="terminates"),
        pytest.param("Reinstated by:", "reinstates", True, False, id="reinstated"),
        pytest.param("Continues certain committee established by:", "continues", False, True, id="certain-committee"),
    ],
)
def test_a_heading_says_what_was_done_by_whom(heading: str, verb: str, passive: bool, in_part: bool) -> None:
    assert said(f"{heading} EO 90001, May 4, 2015") == [(verb, passive, in_part, "eo", "90001", "2015-05-04")]


@pytest.mark.parametrize(
    ("target", "kind", "number", "day"),
    [
        pytest.param("EO 90001 of May 4, 2015", "eo", "90001", "2015-05-04", id="of"),
        pytest.param("EO 90001 May 4, 2015", "eo", "90001", "2015-05-04", id="no-comma"),
        pytest.param("EO 90001; May 4,2015", "eo", "90001", "2015-05-04", id="semicolon"),
        pytest.param("EO 90001, May\u00a04, 2015", "eo", "90001", "2015-05-04", id="no-break-space"),
        pytest.param("EP 90001, May 4, 2015", "eo", "90001", "2015-05-04", id="typo"),
        pytest.param("90001, May 4, 2015", "eo", "90001", "2015-05-04", id="bare-number"),
        pytest.param("EO 901-A, May 4, 2015", "eo", "901-A", "2015-05-04", id="lettered"),
        pytest.param("EO 90001, May 34, 2015", "eo", "90001", "", id="no-such-day"),
        pytest.param("EO 90001, May 4, 3015", "eo", "90001", "", id="no-such-year"),
        pytest.param("Executive Order No. 90001", "eo", "90001", "", id="without-a-day"),
        pytest.param("Proc. 9001, May 4, 2015 (80 FR 7)", "proclamation", "9001", "2015-05-04", id="proclamation"),
        pytest.param("Memorandum of May 4, 2015", "memorandum", "", "2015-05-04", id="memorandum"),
        pytest.param("Memo. of May 4, 2015", "memorandum", "", "2015-05-04", id="memo"),
        pytest.param("Notice of May 4, 2015, 80 FR 7", "notice", "", "2015-05-04", id="notice"),
        pytest.param("Public Law 114-7", "law", "114-7", "", id="law"),
    ],
)
def test_a_target_is_read_however_it_is_written(target: str, kind: str, number: str, day: str) -> None:
    note = parse_note(f"See: {target}")
    assert [(each.target.kind, each.target.number, each.target.day) for each in note.statements] == [
        (kind, number, day)
    ]
    assert note.remainder == []


def test_a_heading_holds_over_lines_until_the_next() -> None:
    note = "Amends: EO 90001, May 4, 2015;;\n ;  EO 90002, May 5, 2015 Revoked by: EO 90003, May 6, 2015\r\n"
    assert [(each[0], each[4]) for each in said(note)] == [
        ("amends", "90001"),
        ("amends", "90002"),
        ("revokes", "90003"),
    ]


def test_one_heading_may_have_two_verbs() -> None:
    found = said("Revoked in part and supplemented by: EO 90001, May 4, 2015")
    assert [each[:3] for each in found] == [("revokes", True, True), ("supplements", True, False)]


def test_a_part_is_noted_at_its_own_target() -> None:
    found = said("Supersedes: EO 90001, May 4, 2015 (in part); EO 90002, May 5, 2015")
    assert [each[2] for each in found] == [True, False]


def test_a_citation_and_a_remark_stay_with_their_target() -> None:
    (statement,) = parse_note("See: Order of May 4, 2015 (80 FR 7) (on lamps)").statements
    assert (statement.target.citation, statement.target.remark) == ("80 FR 7", "on lamps")


def test_an_abolished_body_is_named_with_its_order() -> None:
    note = "Note: EO 90001 is nullified in part by virtue of the Lamp Board being abolished by EO 90002, May 4, 2015."
    (statement,) = parse_note(note).statements
    assert (statement.verb, statement.in_part, statement.subject) == ("nullifies", True, "90001")


@pytest.mark.parametrize(
    ("text", "remainder"),
    [
        pytest.param("EO 90001, May 4, 2015", ["EO 90001, May 4, 2015"], id="no-verb"),
        pytest.param("Revokes: the lamps", ["Revokes: the lamps"], id="no-target"),
        pytest.param(
            "Supersedes or Revokes: EO 90001, May 4, 2015", ["Supersedes or Revokes: EO 90001, May 4, 2015"], id="or"
        ),
        pytest.param("Note: Revision of lamps. 2015", ["Note: Revision of lamps. 2015"], id="prose"),
    ],
)
def test_what_says_nothing_certain_is_kept_as_it_is(text: str, remainder: list[str]) -> None:
    note = parse_note(text)
    assert (note.statements, note.remainder) == ([], remainder)


def test_what_stands_after_other_words_is_not_believed() -> None:
    note = parse_note("Revokes: EO 90001, May 4, 2015, as read with EO 90002, May 5, 2015; EO 90003, May 6, 2015")
    assert [each.target.number for each in note.statements] == ["90001", "90003"]
    assert note.remainder == ["as read with EO 90002, May 5, 2015"]


FRAGMENTS = st.sampled_from(
    [
        "Revokes", "Revoked by:", "See:", "in part", "(in part)", "EO 90001", "Proc. 9001", "May 4, 2015", "and", "or",
        "Note: EO 90001 is nullified by virtue of the Board being abolished by", "Memorandum of", ";", "\n", " ", "(",
        ")", "80 FR 7", "June 31, 2015", "ee:", "Amend",
    ]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=25).map(" ".join)))
def test_every_character_of_a_note_is_in_one_piece(text: str) -> None:
    note = parse_note(text)
    assert "".join(note.text[piece.start : piece.end] for piece in note.pieces) == text
    assert [piece.start for piece in note.pieces[1:]] == [piece.end for piece in note.pieces[:-1]]


@given(st.lists(FRAGMENTS, max_size=25).map(" ".join))
def test_no_heading_and_no_target_goes_unsaid(text: str) -> None:
    note = parse_note(text)
    targets = sum(piece.kind == "target" for piece in note.pieces)
    headings = sum(piece.kind == "heading" for piece in note.pieces)
    assert headings <= targets <= len(note.statements)


def _unread_verbs(note: Note) -> list[str]:
    headings = [piece for piece in note.pieces if piece.kind == "heading"]
    found = (verb for verb in VERB.finditer(note.text) if not any(p.start <= verb.start() < p.end for p in headings))
    return [note.text[verb.start() : verb.start() + 60] for verb in found]


@pytest.mark.shared_data
@pytest.mark.parametrize("file", ["fr_eo_index_2020-10-04.csv", "executive_orders_1994_2025.csv"])
def test_nearly_all_verbs_of_the_register_are_read(shared_data: Path, file: str) -> None:
    with (shared_data / "executive-orders" / file).open(encoding="utf-8-sig", newline="") as stream:
        notes = [parse_note(row["disposition_notes"]) for row in csv.DictReader(stream)]
    verbs = sum(len(VERB.findall(note.text)) for note in notes)
    unread = [verb for note in notes for verb in _unread_verbs(note)]
    assert verbs > 1000
    assert 1 - len(unread) / verbs >= LEAST_SHARE, f"{len(unread)} of {verbs} verbs: {unread}"
