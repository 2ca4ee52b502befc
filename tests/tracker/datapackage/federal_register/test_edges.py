"""Which statements are believed, and what they come to."""

from datetime import date

import pytest

from tracker.datapackage.federal_register.documents import Document
from tracker.datapackage.federal_register.edges import Order, Reading, read_note
from tracker.datapackage.federal_register.sayings import Saying, sayings

TODAY = date(2026, 3, 1)
DAYS = {"90001": "2015-05-04", "90002": "2017-02-03", "90003": "2021-01-25"}
KNOWN = {number: Order(f"eo-{number}", day, f"fr-{number}") for number, day in DAYS.items()}


def reading(number: str, note: str) -> Reading:
    document = Document(2, number, "Lamps", DAYS[number], DAYS[number], "", "", "", note)
    return read_note(document, KNOWN, today=TODAY)


def saying_of(target: str, **notes: str) -> Saying:
    """Return what the notes of some orders ("eo90001") say of one."""
    edges = [edge for number, note in notes.items() for edge in reading(number.removeprefix("eo"), note).edges]
    return sayings(edges, KNOWN).get(target, Saying())


def statuses(saying: Saying) -> list[tuple[str | None, str]]:
    return [(line["status"], line["date"]) for line in saying.lines]


@pytest.mark.parametrize(
    ("number", "note", "reason"),
    [
        pytest.param("90001", "Revokes: EO 90002, February 3, 2017", "older than", id="runs-forward"),
        pytest.param("90002", "Revoked by: EO 90001, May 4, 2015", "older than", id="runs-backward"),
        pytest.param("90001", "Amends: EO 700, May 4, 2019", "older than", id="runs-forward-out-of-the-file"),
        pytest.param("90001", "See: EO 90001, May 4, 2015", "related to itself", id="itself"),
        pytest.param("90003", "Revokes: EO 90001, May 4, 2014", "the number or the day", id="another-day"),
        pytest.param("90001", "Revoked by: EO 90003", "no day", id="no-day"),
        pytest.param("90001", "Revoked by: EO 90009, May 4, 2030", "still to come", id="future"),
        pytest.param(
            "90001",
            "EO 90002 is nullified by virtue of a board being abolished by EO 90003, January 25, 2021",
            "not about this one",
            id="another-subject",
        ),
    ],
)
def test_what_cannot_be_so_is_queued(number: str, note: str, reason: str) -> None:
    found = reading(number, note)
    assert found.edges == []
    assert [reason in each.reason for each in found.queued] == [True]


def test_a_later_order_may_be_seen() -> None:
    assert len(reading("90001", "See: EO 90003, January 25, 2021").edges) == 1


@pytest.mark.parametrize(
    ("note", "lines"),
    [
        pytest.param("Revoked by: EO 90003, January 25, 2021", [("reversed", "2021-01-25")], id="revoked"),
        pytest.param("Superseded by: EO 90003, January 25, 2021", [("superseded", "2021-01-25")], id="superseded"),
        pytest.param("Revoked in part by: EO 90003, January 25, 2021", [("partly_in_effect", "2021-01-25")], id="part"),
        pytest.param("Amended by: EO 90003, January 25, 2021", [(None, "2021-01-25")], id="amended"),
        pytest.param("Continued by: EO 90003, January 25, 2021", [(None, "2021-01-25")], id="continued"),
        pytest.param("Suspended by: EO 90003, January 25, 2021", [("on_hold", "2021-01-25")], id="suspended"),
        pytest.param("See: EO 90003, January 25, 2021", [], id="see"),
        pytest.param(
            "Revoked by: EO 90002, February 3, 2017; EO 90003, January 25, 2021",
            [("reversed", "2017-02-03"), (None, "2021-01-25")],
            id="revoked-twice",
        ),
        pytest.param(
            "Reinstated by: EO 90003, January 25, 2021; Revoked by: EO 90002, February 3, 2017",
            [("reversed", "2017-02-03"), ("in_effect", "2021-01-25")],
            id="reinstated",
        ),
        pytest.param(
            "Revoked by: EO 90002, February 3, 2017; Superseded in part by: EO 90003, January 25, 2021",
            [("reversed", "2017-02-03"), (None, "2021-01-25")],
            id="in-part-when-over",
        ),
    ],
)
def test_a_note_becomes_lines_of_a_history(note: str, lines: list[tuple[str | None, str]]) -> None:
    assert statuses(saying_of("90001", eo90001=note)) == lines


@pytest.mark.parametrize(
    ("note", "kind", "in_part"),
    [
        ("Revokes: EO 90001, May 4, 2015", "reverses", False),
        ("Revokes in part: EO 90001, May 4, 2015", "reverses", True),
        ("Supersedes: EO 90001, May 4, 2015", "supersedes", False),
        ("Amends: EO 90001, May 4, 2015", "amends", False),
        ("Continues: EO 90001, May 4, 2015", "extends", False),
        ("Reinstates: EO 90001, May 4, 2015", "resumes", False),
        ("See: EO 90001, May 4, 2015", "see_also", False),
    ],
)
def test_a_verb_becomes_a_relation_at_the_order_that_acts(note: str, kind: str, in_part: bool) -> None:
    (relation,) = saying_of("90002", eo90002=note).relations
    assert (relation["kind"], relation["to"], relation["in_part"]) == (kind, "eo-90001", in_part)


def test_both_notes_about_one_edge_make_one_relation_and_one_line() -> None:
    notes = {"eo90001": "Revoked by: EO 90002, February 3, 2017", "eo90002": "Revokes: EO 90001, May 4, 2015"}
    assert len(saying_of("90002", **notes).relations) == 1
    assert statuses(saying_of("90001", **notes)) == [("reversed", "2017-02-03")]


def test_an_end_that_only_the_other_note_tells_cites_that_one() -> None:
    (line,) = saying_of("90001", eo90002="Revokes: EO 90001, May 4, 2015").lines
    assert (line["status"], line["source"]) == ("reversed", "fr-90002")


def test_an_order_out_of_the_list_is_kept_by_number() -> None:
    found = saying_of("90001", eo90001="Revoked by: EO 90009, May 4, 2022")
    (relation,) = found.relations
    assert (relation["kind"], relation["identifier"], relation["note"]) == ("see_also", "eo:90009", "Revoked by it.")
    assert statuses(found) == [("reversed", "2022-05-04")]


def test_superseding_says_more_than_revoking() -> None:
    found = saying_of("90002", eo90002="Revokes: EO 90001, May 4, 2015; Supersedes: EO 90001, May 4, 2015")
    assert [relation["kind"] for relation in found.relations] == ["supersedes"]
