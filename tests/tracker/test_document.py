"""The document: what follows from an entry, its one canonical text, its CSV line, its facets and spans."""

import csv
import io
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories
from tests.factories import citation, line
from tracker import codebook, columns, document
from tracker.models import PublishedAction

PUBLIC_URL = "https://timeline.example"


def _source(slug: str = "memo", **values: Any) -> dict[str, Any]:
    publisher = values.pop("publisher", "nbc")
    return {
        "slug": slug,
        "title": f"Title of {slug}",
        "publisher": {"slug": publisher, "name": publisher.upper()},
        "republished_by": None,
        "kind": "news_report",
        "url": f"https://news.example/{slug}",
        "archive_url": None,
        "published": "2025-03-03",
    } | values


def _cite(position: int = 1, attribution: str = "document", stance: str = "supports", **source: Any) -> dict[str, Any]:
    return {"position": position, "attribution": attribution, "stance": stance, "source": _source(**source)}


def _derive(history: Any = (), citations: Any = (), when: str | None = "2025-03-03") -> dict[str, Any]:
    lines = [{"by": None, **each} for each in history]
    return document.derive({"date": when, "status_history": lines, "citations": list(citations)})


def _lines(*pairs: tuple[str | None, str]) -> list[dict[str, Any]]:
    return [{"status": status, "date": day} for status, day in pairs]


# --- what follows ----------------------------------------------------------------------------------------------


def test_bounds_are_those_of_the_date() -> None:
    found = _derive(when="[2025-02-17..2025-02-28]")
    assert (found["date_earliest"], found["date_latest"]) == ("2025-02-17", "2025-02-28")


def test_nothing_follows_from_nothing() -> None:
    found = _derive(when=None)
    told = {key: value for key, value in found.items() if value is not None}
    assert told == {
        "corroborated": False,
        "official_source_count": 0,
        "publishers": [],
        "source_count": 0,
        "source_urls": [],
    }


def test_status_is_that_of_the_last_line_that_has_one() -> None:
    found = _derive([*_lines(("announced", "2025-03"), ("blocked", "2025-04")), line("", "2025-05")])
    assert (found["status"], found["status_date"], found["in_force"]) == ("blocked", "2025-04", "no")


IN_FORCE = {
    "never": ([("announced", "2025-03-01"), ("withdrawn", "2025-03-02")], None, None),
    "unknown": ([("reported", "2025-03-01")], None, None),
    "event": ([("took_place", "2025-03-01")], None, None),
    "now": ([("announced", "2025-03-01"), ("in_effect", "2025-03-05")], "2025-03-05", None),
    "partly": ([("partly_in_effect", "2025-03-05")], "2025-03-05", None),
    "whole then part": ([("in_effect", "2025-03-05"), ("partly_in_effect", "2025-04")], "2025-03-05", None),
    "over": ([("in_effect", "2025-03-05"), ("reversed", "2025-03-11")], "2025-03-05", "2025-03-11"),
    "over twice told": ([("in_effect", "2025"), ("blocked", "2025-03"), ("reversed", "2025-04")], "2025", "2025-03"),
    "gap, now": ([("in_effect", "2025-01"), ("on_hold", "2025-02"), ("in_effect", "2025-03")], "2025-01", None),
    "gap, over": (
        [("in_effect", "2025-01"), ("blocked", "2025-02"), ("in_effect", "2025-03"), ("expired", "2025-04")],
        "2025-01",
        "2025-04",
    ),
}


@pytest.mark.parametrize("name", IN_FORCE)
def test_days_in_force_with_gaps(name: str) -> None:
    pairs, first, until = IN_FORCE[name]
    found = _derive(_lines(*pairs))
    assert (found["in_force_from"], found["in_force_until"]) == (first, until)


@pytest.mark.parametrize(
    ("citations", "evidence"),
    [
        ([], None),
        ([_cite(stance="disputes", kind="official_document")], None),
        ([_cite(attribution="reporting", kind="official_statement")], "official"),
        ([_cite(attribution="document", kind="official_document", url=None)], "on_record"),
        ([_cite(attribution="reporting", kind="court_record", url=None, archive_url="https://a.example")], "official"),
        ([_cite(attribution="named_other")], "on_record"),
        ([_cite(attribution="unnamed_sources"), _cite(2, "reporting")], "press_only"),
    ],
    ids=["none", "disputing", "official", "official unlinked", "archived", "on record", "press"],
)
def test_evidence_is_computed(citations: list[dict[str, Any]], evidence: str | None) -> None:
    assert _derive(citations=citations)["evidence"] == evidence


@pytest.mark.parametrize(
    ("citations", "corroborated"),
    [
        ([_cite(publisher="nbc"), _cite(2, publisher="cnn")], True),
        ([_cite(publisher="nbc"), _cite(2, publisher="nbc")], False),
        ([_cite(publisher="nbc"), _cite(2, "reporting", publisher="cnn")], False),
        ([_cite(publisher="nbc"), _cite(2, stance="disputes", publisher="cnn")], False),
    ],
    ids=["two publishers", "one publisher", "a repeat", "a denial"],
)
def test_corroborated_counts_publishers_that_report_first_hand(
    citations: list[dict[str, Any]], corroborated: bool
) -> None:
    assert _derive(citations=citations)["corroborated"] is corroborated


LEADS = {
    "attribution": [_cite(1, "reporting", slug="b", kind="official_document"), _cite(2, "document", slug="a")],
    "official": [_cite(1, slug="b"), _cite(2, slug="a", kind="official_document", published="2025-04")],
    "published": [_cite(1, slug="b", published="2025-03-02"), _cite(2, slug="a", published="2025-03")],
    "dated": [_cite(1, slug="b", published=None), _cite(2, slug="a", published="2100")],
    "position": [_cite(2, slug="b"), _cite(1, slug="a")],
    "supporting": [_cite(1, slug="b", stance="disputes"), _cite(2, "reporting", slug="a")],
}


@pytest.mark.parametrize("rule", LEADS)
def test_lead_source_by_rule(rule: str) -> None:
    found = _derive(citations=LEADS[rule])
    assert found["source_title"] == "Title of a"
    assert found["source_urls"][0] == found["source_url"] == "https://news.example/a"


def test_sources_are_counted_and_their_publishers_sorted_by_slug() -> None:
    found = _derive(
        citations=[
            _cite(1, publisher="zz", slug="a"),
            _cite(2, publisher="aa", slug="b", stance="disputes", kind="official_statement", url=None),
            _cite(3, publisher="zz", slug="c", url="https://news.example/a"),
        ]
    )
    assert (found["source_count"], found["official_source_count"]) == (3, 1)
    assert found["publishers"] == ["AA", "ZZ"]
    assert found["source_urls"] == ["https://news.example/a"]


# --- the canonical text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": None}, '{"a":null,"b":1}'),
        ({"a": ["é", "\u2028"]}, '{"a":["é","\u2028"]}'),
        ({"a": True, "B": '"'}, '{"B":"\\"","a":true}'),
    ],
)
def test_canonical_is_sorted_without_blanks_or_escapes(value: Any, text: str) -> None:
    assert document.canonical(value) == text


def test_canonical_refuses_what_json_lacks() -> None:
    with pytest.raises(ValueError, match="JSON"):
        document.canonical({"a": float("nan")})


@pytest.mark.parametrize(
    "at",
    [
        datetime(2025, 3, 30, 1, 30, 15, 999_999, tzinfo=UTC),
        datetime(2025, 3, 30, 3, 30, 15, tzinfo=timezone(timedelta(hours=2))),
        datetime(2025, 3, 29, 15, 30, 15, tzinfo=timezone(-timedelta(hours=10))),
    ],
)
def test_instant_is_whole_seconds_in_utc(at: datetime) -> None:
    assert document.instant(at) == "2025-03-30T01:30:15Z"


def _walk(value: Any) -> Any:
    yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _walk(item)


@pytest.mark.django_db
def test_published_record_is_canonical_nfc_and_has_neither_floats_nor_empty_texts() -> None:
    factories.published(slug="a", title="Cafe\u0301", summary="", actor_office="", citations=[citation(), citation()])
    record = PublishedAction.objects.get().record
    assert record == document.canonical(json.loads(record))
    assert record == unicodedata.normalize("NFC", record)
    assert not [item for item in _walk(json.loads(record)) if item == "" or isinstance(item, float)]


@pytest.mark.django_db
def test_published_record_has_the_keys_of_the_document() -> None:
    factories.published(slug="a", at=datetime(2025, 6, 1, 23, 59, 59, tzinfo=UTC))
    record = json.loads(PublishedAction.objects.get().record)
    salt, entry = record.pop("salt"), record.pop("entry")
    assert record == {
        "slug": "a",
        "version": 1,
        "edition": 1,
        "change": "published",
        "change_note": None,
        "first_published": "2025-06-01T23:59:59Z",
        "last_changed": "2025-06-01T23:59:59Z",
        "last_change": "published",
    }
    assert len(bytes.fromhex(salt)) == 16
    assert entry["derived"]["status"] == "in_effect"


# --- the CSV line ----------------------------------------------------------------------------------------------


def _cells(text: str) -> dict[str, str]:
    [row] = csv.reader(io.StringIO(text, newline=""), strict=True)
    return dict(zip((column.name for column in columns.COLUMNS), row, strict=True))


@pytest.mark.django_db
def test_stored_line_is_a_function_of_the_record() -> None:
    factories.published(slug="a", summary='One,\n"two".\n\nThree.')
    row = PublishedAction.objects.get()
    assert row.csv == document.csv_line(json.loads(row.record), public_url=PUBLIC_URL)
    assert _cells(row.csv)["summary"] == 'One,\n"two".\n\nThree.'


@pytest.mark.django_db
def test_line_guards_formulas_joins_lists_and_leaves_absent_cells_empty() -> None:
    sources = [
        factories.SourceFactory.create(url=f"https://a.example/{n};x", published=f"2025-03-0{n}") for n in (1, 2)
    ]
    topics = [factories.TopicFactory.create(slug=slug, name=slug.upper()) for slug in ("tb", "ta")]
    factories.published(slug="a", title="=1+1", topics=topics, citations=[citation(source) for source in sources])
    cells = _cells(PublishedAction.objects.get().csv)
    assert cells["title"] == "'=1+1"
    assert cells["topics"] == "TA; TB"
    assert cells["source_urls"] == "https://a.example/1%3Bx; https://a.example/2%3Bx"
    assert cells["url"] == "https://timeline.example/actions/a/"
    assert (cells["disputed"], cells["corroborated"], cells["source_count"]) == ("false", "true", "2")
    assert (cells["due_date"], cells["affects"], cells["in_force_until"]) == ("", "", "")


# --- facets and spans ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_facets_are_the_direct_values() -> None:
    parent = factories.AgencyFactory.create(slug="parent")
    agency = factories.AgencyFactory.create(slug="agency", parent=parent)
    other = factories.AgencyFactory.create(slug="other")
    source = factories.SourceFactory.create(slug="memo", publisher__slug="nbc")
    factories.published(
        slug="a", agency=agency, other_agencies=[other], actor=None, category=None, imported=True,
        citations=[citation(source)], status_history=[line("announced"), line("in_effect", by="issuer")],
    )  # fmt: skip
    assert document.facets(json.loads(PublishedAction.objects.get().record)) == {
        ("agency", "agency"), ("agency", "other"), ("category", codebook.NOT_CODED), ("corroborated", "no"),
        ("disputed", "no"), ("evidence", "on_record"), ("had_status", "announced"), ("had_status", "in_effect"),
        ("in_force", "yes"), ("publisher", "nbc"), ("source", "memo"), ("status", "in_effect"),
        ("status_by", "issuer"),
    }  # fmt: skip


def test_spans_of_an_exact_history_are_its_days() -> None:
    days = _lines(("in_effect", "2025-03-03"), ("reversed", "2025-03-11"))
    assert document.spans({"status_history": days}) == [
        ("no", None, date(2025, 3, 3)),
        ("yes", date(2025, 3, 3), date(2025, 3, 11)),
        ("no", date(2025, 3, 11), None),
    ]


def test_spans_start_unknown_where_the_first_status_is_reported() -> None:
    days = _lines((None, "2025-01-01"), ("reported", "2025-02-28"))
    assert document.spans({"status_history": days})[0] == ("unknown", None, date(2025, 2, 28))


def test_no_status_has_no_span() -> None:
    assert document.spans({"status_history": _lines((None, "2025-01-01"))}) == []


def test_possible_days_take_a_marked_date_one_day_later() -> None:
    assert document.possible_days(["2025-03-03?"]) == ([date(2025, 3, 3)], [date(2025, 3, 4)])


_FIRST = date(2025, 3, 1)


@st.composite
def _histories(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Draw lines (status, first day, last day) that have at least one possible world."""
    spans = draw(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3)), min_size=1, max_size=4))
    statuses = draw(st.lists(st.sampled_from(codebook.STATUSES.codes), min_size=len(spans), max_size=len(spans)))
    return [(status, first, first + more) for status, (first, more) in zip(statuses, spans, strict=True)]


def _worlds(lines: list[tuple[str, int, int]]) -> list[tuple[int, ...]]:
    choices = product(*(range(first, last + 1) for _, first, last in lines))
    return [days for days in choices if all(a <= b for a, b in pairwise(days))]


def _value_on(day: int, days: tuple[int, ...], statuses: list[str]) -> str:
    begun = [status for status, first in zip(statuses, days, strict=True) if first <= day]
    before = "unknown" if statuses[0] == "reported" else "no"
    return codebook.STATUSES[begun[-1]].in_force if begun else before


@settings(max_examples=200)
@given(_histories())
def test_spans_agree_with_every_possible_world(lines: list[tuple[str, int, int]]) -> None:
    if not (worlds := _worlds(lines)):
        return
    statuses = [status for status, _, _ in lines]
    texts = [f"[{_FIRST + timedelta(a)}..{_FIRST + timedelta(b)}]" for _, a, b in lines]
    spans = document.spans({"status_history": _lines(*zip(statuses, texts, strict=True))})
    for day in range(-1, 13):
        on = _FIRST + timedelta(day)
        found = {value for value, first, end in spans if (not first or first <= on) and (not end or on < end)}
        assert found == {_value_on(day, days, statuses) for days in worlds}
