"""What an entry must satisfy before it is saved and before it is published: a path and a sentence each."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import codebook
from tracker.checking import check_entry, missing_for_publication

TODAY = date(2025, 6, 1)

KNOWN = {"actor": "pam-bondi", "agency": "justice", "category": "aid-pause", "party": "ukraine", "topic": "war"}
SOURCES = {"memo", "report"}


class Shelves:
    """Stands for the record: a term of each kind, two sources, three entries."""

    actions: dict[str, Any] = {}
    entry_dates: dict[str, str | None] = {"early": "2025-01-01", "late": "2025-05-01", "undated": None}

    def get(self, model: Any, named: Any) -> object | None:
        slug = named if isinstance(named, str) else (named or {}).get("slug")
        known = SOURCES if model.ledger_kind == "source" else {KNOWN.get(model.ledger_kind)}
        return object() if slug in known else None


def _check(values: dict[str, Any], relations: Any = (), slug: str | None = None) -> dict[str, list[str]]:
    entry = {"title": "Aid paused", "date": "2025-03-03"} | values
    draft = SimpleNamespace(entry=entry, relations=relations, slug=slug)
    return check_entry(draft, context=Shelves(), today=TODAY)


def _line(**values: Any) -> dict[str, Any]:
    return {"status_history": [{"status": "in_effect", "date": "2025-03-03", **values}]}


def _cited(**values: Any) -> dict[str, Any]:
    return {"citations": [{"source": {"slug": "memo"}, "attribution": "document", **values}]}


FULL = {
    "category": {"slug": "aid-pause"},
    "actor": "pam-bondi",
    "affects": [{"slug": "ukraine"}],
    "form": "agency_memo",
    "identifiers": ["eo:13716"],
    "last_verified": "2025-06-01",
    "status_history": [
        {"status": "in_effect", "date": "2025-03-03", "by": "issuer", "source": "memo"},
        {"date": "2025-03", "note": "Upheld.", "source": "memo"},
        {"status": "reversed", "date": "[2025-03-10..2025-03-12]"},
    ],
    "citations": [
        {"source": {"slug": "memo"}, "attribution": "document", "bears_on": ["action", "date"]},
        {"source": "report", "attribution": "reporting", "stance": "disputes"},
    ],
}


@pytest.mark.parametrize("values", [{}, FULL, _line(date="2025"), _line(date="2025-06-01")])
def test_sound_entry_has_no_problems(values: dict[str, Any]) -> None:
    assert _check(values) == {}


REFUSALS: dict[str, tuple[dict[str, Any], str, str]] = {
    "title blank": ({"title": " \n"}, "title", "Say in a title"),
    "title missing": ({"title": None}, "title", "Say in a title"),
    "title on two lines": ({"title": "Aid\npaused"}, "title", "on one line"),
    "title long": ({"title": "x" * 201}, "title", "At most 200 characters; this has 201"),
    "standing long": ({"where_it_stands": "x" * 121}, "where_it_stands", "At most 120"),
    "date note long": ({"date_note": "x" * 201}, "date_note", "At most 200"),
    "summary endless": ({"summary": "x" * 100_001}, "summary", "At most 100000"),
    "form unknown": ({"form": "edict"}, "form", "There is no form 'edict'"),
    "disputed without note": ({"disputed": True, "dispute_note": " "}, "dispute_note", "who denies what"),
    "identifier joined": ({"identifiers": ["eo:1; eo:2"]}, "identifiers", '";"'),
    "identifier broken": ({"identifiers": ["eo:1\neo:2"]}, "identifiers", "one line"),
    "actor unknown": ({"actor": {"slug": "nobody"}}, "actor", "no actor 'nobody'"),
    "agency unknown": ({"agency": "nowhere"}, "agency", "no agency 'nowhere'"),
    "category unknown": ({"category": "nothing"}, "category", "no category 'nothing'"),
    "topic unknown": ({"topics": ["war", "peace"]}, "topics", "no topic 'peace'"),
    "party unknown": ({"affects": [{"slug": "mars"}]}, "affects", "'mars'"),
    "date bad": ({"date": "01/02/2025"}, "date", "either way round"),
    "date in words": ({"date": "Feb 2025"}, "date", "not a date"),
    "due date bad": ({"due_date": "2025-13"}, "due_date", "no month 13"),
    "verified bad": ({"last_verified": "soon"}, "last_verified", "not a day"),
    "verified too early": ({"last_verified": "0001-01-01"}, "last_verified", "outside 1700 to 2100"),
    "verified ahead": ({"last_verified": "2025-06-02"}, "last_verified", "still to come"),
    "line date bad": (_line(date="2025-02-30"), "status_history.1.date", "28"),
    "line date missing": (_line(date=None), "status_history.1.date", "needs a date"),
    "line lasting": (_line(date="2025-03-01/2025-03-03"), "status_history.1.date", "not lasting"),
    "line ahead": (_line(date="2025-06-02"), "status_history.1.date", "due date"),
    "line month ahead": (_line(date="2025-07"), "status_history.1.date", "due date"),
    "line status unknown": (_line(status="done"), "status_history.1.status", "no status 'done'"),
    "line by unknown": (_line(by="king"), "status_history.1.by", "'king' is not one of"),
    "by on reported": (_line(status="reported", by="issuer"), "status_history.1.by", "blank for reported"),
    "by on took place": (_line(status="took_place", by="issuer"), "status_history.1.by", "blank for took place"),
    "development bare": (_line(status=None), "status_history.1.note", "note and a source"),
    "development unsourced": (_line(status="", note="Upheld."), "status_history.1.note", "note and a source"),
    "line source uncited": (_line(source="memo"), "status_history.1.source", "must be cited"),
    "line source unknown": (_line(source="lost"), "status_history.1.source", "no source 'lost'"),
    "citation of nothing": (_cited(source=None), "citations.1.source", "Name the source"),
    "citation unknown": (_cited(source={"slug": "lost"}), "citations.1.source", "no source 'lost'"),
    "attribution missing": (_cited(attribution=None), "citations.1.attribution", "on whose word"),
    "attribution unknown": (_cited(attribution="rumour"), "citations.1.attribution", "on whose word"),
    "stance unknown": (_cited(stance="shrugs"), "citations.1.stance", "supports or disputes"),
    "bears on unknown": (_cited(bears_on=["mood"]), "citations.1.bears_on", "mood"),
    "citation twice": ({"citations": _cited()["citations"] * 2}, "citations.2.source", "cited above already"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_names_the_field_and_says_why(name: str) -> None:
    values, path, words = REFUSALS[name]
    found = _check(values)
    assert list(found) == [path]
    assert words in " ".join(found[path])


@pytest.mark.parametrize(
    ("days", "position"),
    [
        (["2025-03-11", "2025-03-03"], 1),
        (["2025-03-03", "2025-04", "2025-03"], 2),
        (["2025-05", "2025", "2025-04-30"], 1),
        (["2025-03-05?", "2025-03-04"], 1),
    ],
    ids=["days", "months", "over a vague one", "a mark is one day"],
)
def test_order_that_no_days_could_satisfy_is_refused(days: list[str], position: int) -> None:
    found = _check({"status_history": [{"status": "in_effect", "date": day} for day in days]})
    assert list(found) == [f"status_history.{position}.date"]


@pytest.mark.parametrize(
    "days",
    [
        ["2025-03-03", "2025-03-03"],
        ["2025-03", "2025-03-01"],
        ["2025", "2025-02", "2025"],
        ["2025-03-04", "2025-03-03?"],
    ],
)
def test_order_that_some_days_satisfy_passes(days: list[str]) -> None:
    assert _check({"status_history": [{"status": "in_effect", "date": day} for day in days]}) == {}


OUTSIDE = {"kind": "amends", "title": "An order", "identifier": "eo:1"}
RELATIONS: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "kind unknown": ([{"kind": "likes", "to": "early"}], "relations.1.kind", "no relation 'likes'"),
    "itself": ([{"kind": "see_also", "to": "own"}], "relations.1.to", "no relation to itself"),
    "unknown": ([{"kind": "see_also", "to": "nowhere"}], "relations.1.to", "no entry 'nowhere'"),
    "backwards": ([{"kind": "reverses", "to": "late"}], "relations.1.to", "other way round"),
    "both targets": ([{"kind": "amends", "to": "early", "title": "X"}], "relations.1.title", "not both"),
    "twice": ([{"kind": "amends", "to": "early"}] * 2, "relations.2.to", "above already"),
    "outside twice": ([OUTSIDE, OUTSIDE | {"note": "Again."}], "relations.2.to", "above already"),
    "nothing": ([{"kind": "amends"}], "relations.1.to", "Name an entry"),
    "outside unnamed": ([{"kind": "amends", "identifier": "eo:1"}], "relations.1.to", "Name an entry"),
    "outside unreachable": ([{"kind": "amends", "title": "X"}], "relations.1.identifier", "identifier or an address"),
    "identifier long": ([OUTSIDE | {"identifier": "x" * 101}], "relations.1.identifier", "At most 100"),
    "javascript": ([OUTSIDE | {"url": "javascript:alert(1)"}], "relations.1.url", "valid URL"),
    "data": ([OUTSIDE | {"url": "data:text/html,x"}], "relations.1.url", "valid URL"),
    "ftp": ([OUTSIDE | {"url": "ftp://a.example/x"}], "relations.1.url", "valid URL"),
    "credentials": ([OUTSIDE | {"url": "https://a:b@c.example/"}], "relations.1.url", "not public"),
    "address long": ([OUTSIDE | {"url": "https://a.example/" + "x" * 1990}], "relations.1.url", "At most 2000"),
}


@pytest.mark.parametrize("kind", codebook.RELATION_KINDS.codes)
def test_only_a_relation_to_something_older_has_a_direction(kind: str) -> None:
    found = _check({}, [{"kind": kind, "to": "late"}], slug="own")
    assert bool(found) is codebook.RELATION_KINDS[kind].later_first


def test_relation_that_runs_backwards_is_told_with_both_dates() -> None:
    [told] = _check({}, [{"kind": "reverses", "to": "late"}], slug="own")["relations.1.to"]
    assert "dated 3 Mar 2025, before that one (1 May 2025)" in told


@pytest.mark.parametrize("name", RELATIONS)
def test_relation_is_refused_naming_its_place(name: str) -> None:
    relations, path, words = RELATIONS[name]
    found = _check({}, relations, slug="own")
    assert list(found) == [path]
    assert words in " ".join(found[path])


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "reverses", "to": "early"},
        {"kind": "see_also", "to": "late"},
        {"kind": "part_of", "to": "late"},
        {"kind": "reverses", "to": "undated"},
        OUTSIDE,
        {"kind": "amends", "title": "X", "url": "https://a.example/"},
    ],
    ids=lambda item: f"{item['kind']} {item.get('to')}",
)
def test_sound_relation_passes(item: dict[str, Any]) -> None:
    assert _check({}, [item], slug="own") == {}


@pytest.mark.parametrize("slug", ["", "Aid", "a_b", "ä", "x" * 101])
def test_slug_that_is_none_is_refused(slug: str) -> None:
    assert list(_check({}, slug=slug)) == ["slug"]


# --- whatever is typed -----------------------------------------------------------------------------------------

_TEXT = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["2025-03", "in_effect", "memo", "early", "document"])
)
_NAMED = st.one_of(_TEXT, st.fixed_dictionaries({"slug": st.text(max_size=5)}))


def _items(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.lists(st.fixed_dictionaries({}, optional=fields), max_size=3))


_ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(["title", "summary", "date", "due_date", "form", "last_verified", "dispute_note"], _TEXT),
        **dict.fromkeys(["actor", "agency", "category"], _NAMED),
        "topics": st.one_of(st.none(), st.lists(_NAMED, max_size=2)),
        "identifiers": st.one_of(st.none(), st.lists(st.text(max_size=5), max_size=2)),
        "disputed": st.one_of(st.none(), st.booleans()),
        "status_history": _items(status=_TEXT, date=_TEXT, by=_TEXT, note=_TEXT, source=_TEXT),
        "citations": _items(source=_NAMED, attribution=_TEXT, stance=_TEXT, bears_on=st.lists(st.text(max_size=4))),
    },
)
_RELATIONS = _items(
    kind=st.one_of(_TEXT, st.sampled_from(codebook.RELATION_KINDS.codes)), to=_TEXT, title=_TEXT, url=_TEXT
)


@given(_ENTRIES, _RELATIONS, st.one_of(st.none(), st.text(max_size=5)))
def test_check_never_raises(values: dict[str, Any], relations: Any, slug: str | None) -> None:
    found = _check(values, relations or [], slug)
    assert all(sentences and all(sentences) for sentences in found.values())


# --- before readers see it -------------------------------------------------------------------------------------

PUBLIC: dict[str, Any] = {
    "title": "Aid paused",
    "derived": {"status": "in_effect"},
    "citations": [{"stance": "supports"}],
    "agency": {"slug": "justice"},
    "actor": {"slug": "pam-bondi"},
    "date": "2025-03-03",
    "where_it_stands": "Paused.",
    "category": {"slug": "aid-pause"},
    "disputed": False,
}
MISSING: dict[str, tuple[dict[str, Any], str]] = {
    "status": ({"derived": {"status": None}}, "status_history"),
    "sources": ({"citations": []}, "citations"),
    "support": ({"citations": [{"stance": "disputes"}]}, "citations"),
    "agency": ({"agency": None}, "agency"),
    "date": ({"date": None}, "date"),
    "denial": ({"disputed": True}, "disputed"),
}
EDITORS_ONLY = {"actor": ({"actor": None}, "actor"), "standing": ({"where_it_stands": None}, "where_it_stands"),
                "category": ({"category": None}, "category")}  # fmt: skip


def test_entry_with_everything_lacks_nothing() -> None:
    assert missing_for_publication(PUBLIC, imported=False) == {}


@pytest.mark.parametrize("imported", [False, True], ids=["typed", "imported"])
@pytest.mark.parametrize("name", MISSING)
def test_missing_for_publication_names_the_field(name: str, imported: bool) -> None:
    values, path = MISSING[name]
    found = missing_for_publication(PUBLIC | values, imported=imported)
    assert list(found) == [path]


@pytest.mark.parametrize("name", EDITORS_ONLY)
def test_what_only_imported_entries_may_lack(name: str) -> None:
    values, path = EDITORS_ONLY[name]
    assert list(missing_for_publication(PUBLIC | values, imported=False)) == [path]
    assert missing_for_publication(PUBLIC | values, imported=True) == {}


def test_disputed_entry_with_a_cited_denial_lacks_nothing() -> None:
    cited = {"disputed": True, "citations": [{"stance": "supports"}, {"stance": "disputes"}]}
    assert missing_for_publication(PUBLIC | cited, imported=False) == {}
