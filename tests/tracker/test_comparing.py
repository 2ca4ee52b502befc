"""What two documents say differently, in words."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import codebook
from tracker.comparing import Difference, differences

JUSTICE = {"slug": "justice", "name": "Justice Department", "abbreviation": "DOJ", "parent": None}


def _source(slug: str = "memo", **values: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": f"The {slug}",
        "publisher": {"slug": "record", "name": "The Record"},
        "republished_by": None,
        "kind": "news_report",
        "url": f"https://news.example/{slug}",
        "archive_url": None,
        "published": "2025-03-03",
        "authors": [],
    } | values


def _cite(slug: str = "memo", position: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "position": position, "source": _source(slug), "stance": "supports", "bears_on": ["action"],
        "attribution": "named_official",
    } | values  # fmt: skip


def _line(status: str | None = "in_effect", date: str = "2025-03-03", position: int = 1, **values: Any) -> Any:
    return {"position": position, "status": status, "date": date, "by": None, "note": None, "source": None} | values


def _document(relations: Any = (), **entry: Any) -> dict[str, Any]:
    whole = {"title": "Aid paused", "disputed": False, "status_history": [_line()], "citations": [_cite()]}
    return {"entry": whole | entry, "relations": list(relations)}


def _told(before: Any, after: Any) -> list[tuple[str, str, str]]:
    return [(found.path, found.before, found.after) for found in differences(before, after)]


FIELDS = {
    "text": ("title", "Aid paused", "Aid cut", "Aid paused", "Aid cut"),
    "absent": ("summary", None, "It was.", "", "It was."),
    "code": ("form", "final_rule", None, "Final rule", ""),
    "date": ("date", "2025-03", "2025-03-03", "Mar 2025, day not known", "3 Mar 2025"),
    "day": ("last_verified", None, "2025-03-04", "", "4 Mar 2025"),
    "a date of a draft": ("date", "2025-03-03", "soon", "3 Mar 2025", "soon"),
    "boolean": ("disputed", False, True, "no", "yes"),
    "agency": ("agency", None, JUSTICE, "", "Justice Department (DOJ)"),
    "agency elsewhere": (
        "agency", JUSTICE, JUSTICE | {"parent": {"slug": "x", "name": "Executive"}},
        "Justice Department (DOJ), part of no other", "Justice Department (DOJ), part of Executive",
    ),
    "set of terms": (
        "topics", [{"slug": "a", "name": "Aid"}], [{"slug": "a", "name": "Aid"}, {"slug": "b", "name": "Bonds"}],
        "Aid", "Aid; Bonds",
    ),
    "numbers": ("identifiers", ["eo:1", "eo:2"], ["eo:2", "eo:1"], "eo:1; eo:2", "eo:2; eo:1"),
    "same name": (
        "category", {"slug": "a", "name": "Aid"}, {"slug": "b", "name": "Aid"},
        '{"name": "Aid", "slug": "a"}', '{"name": "Aid", "slug": "b"}',
    ),
    "unknown to the columns": ("mood", None, "calm", "", "calm"),
}  # fmt: skip


@pytest.mark.parametrize("case", FIELDS)
def test_field_in_words(case: str) -> None:
    name, old, new, before, after = FIELDS[case]
    assert _told(_document(**{name: old}), _document(**{name: new})) == [(name, before, after)]


def test_field_has_the_title_of_its_column() -> None:
    [found] = differences(_document(), _document(where_it_stands="Over."))
    assert found == Difference("where_it_stands", "Where it stands", "", "Over.")


def test_fields_come_in_the_order_of_the_columns_then_rows_then_relations() -> None:
    after = _document(
        [{"kind": "implements", "to": "order"}], last_verified="2025-03-04", summary="S", title="T",
        status_history=[_line("reversed")], citations=[],
    )  # fmt: skip
    order = ["title", "summary", "last_verified", "status_history.1", "citations.memo", "relations.implements|order"]
    assert [path for path, _, _ in _told(_document(), after)] == order


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, ""),
        ([], None),
        (JUSTICE, "justice"),
        (JUSTICE, {"slug": "justice"}),
        ([{"slug": "b", "name": "B"}, {"slug": "a", "name": "A"}], ["a", "b"]),
    ],
    ids=["blank", "no terms", "slug", "slug in a mapping", "slugs"],
)
def test_what_a_draft_says_shorter_is_the_same(old: Any, new: Any) -> None:
    assert differences(_document(agency=old), _document(agency=new)) == []


def test_all_of_a_new_entry_is_told_with_nothing_before() -> None:
    found = differences(None, _document())
    assert [item.path for item in found] == ["title", "status_history.1", "citations.memo"]
    assert {item.before for item in found} == {""}


# --- the history -----------------------------------------------------------------------------------------------

LINES = {
    "holding": (_line(by="issuer", note="Signed", source="memo"),
                "In effect since 3 Mar 2025, by the issuer: Signed (The memo)"),
    "over": (_line("reversed", "2025-03-11"), "Reversed, 11 Mar 2025"),
    "vague": (_line("in_effect", "[2025-02-21..2025-02-28]"), "In effect since late Feb 2025, day not known"),
    "development": (_line(None, note="Upheld", source="gone"), "Development, 3 Mar 2025: Upheld (gone)"),
    "of a draft": ({"status": "odd", "by": "x"}, "odd, x"),
}  # fmt: skip


@pytest.mark.parametrize("case", LINES)
def test_line_in_words(case: str) -> None:
    line, words = LINES[case]
    before, after = _document(status_history=[]), _document(status_history=[line])
    assert _told(before, after) == [("status_history.1", "", words)]


def test_line_put_in_between_leaves_the_later_ones_alone() -> None:
    old = [_line("announced", "2025-03-01", 1), _line("reversed", "2025-03-11", 2)]
    new = [old[0], _line("in_effect", "2025-03-03", 2), _line("reversed", "2025-03-11", 3)]
    assert _told(_document(status_history=old), _document(status_history=new)) == [
        ("status_history.2", "", "In effect since 3 Mar 2025")
    ]


def test_line_that_is_gone_counts_by_its_place_before() -> None:
    old = [_line("announced", "2025-03-01"), _line("in_effect"), _line("reversed", "2025-03-11")]
    assert _told(_document(status_history=old), _document(status_history=old[:1] + old[2:])) == [
        ("status_history.2", "In effect since 3 Mar 2025", "")
    ]


def test_line_mended_below_a_new_one_meets_itself() -> None:
    old = [_line("in_effect", note="Sined")]
    new = [_line("announced", "2025-03-01"), _line("in_effect", note="Signed", position=2)]
    assert _told(_document(status_history=old), _document(status_history=new)) == [
        ("status_history.1", "", "Announced, 1 Mar 2025"),
        ("status_history.2", "In effect since 3 Mar 2025: Sined", "In effect since 3 Mar 2025: Signed"),
    ]


# --- citations and relations -----------------------------------------------------------------------------------


def test_citation_in_words() -> None:
    [(path, before, after)] = _told(_document(), _document(citations=[_cite(), _cite("order", bears_on=["date"])]))
    assert (path, before) == ("citations.order", "")
    assert after == "The Record: The order (3 Mar 2025); supports; named official; on date"


def test_citation_tells_what_else_of_its_source_differs() -> None:
    archived = _cite(source=_source(archive_url="https://archive.example/1", kind="dataset"))
    [(_, before, after)] = _told(_document(), _document(citations=[archived]))
    assert before.endswith("on action; kind: news report; archive url: none")
    assert after.endswith("on action; kind: dataset; archive url: https://archive.example/1")


def test_another_order_of_sources_is_one_difference() -> None:
    old, new = [_cite("a"), _cite("b"), _cite("c")], [_cite("c"), _cite("a"), _cite("b")]
    assert _told(_document(citations=old), _document(citations=new)) == [
        ("citations", "The a; The b; The c", "The c; The a; The b")
    ]


def test_source_put_first_is_no_other_order() -> None:
    after = _document(citations=[_cite("new"), _cite(position=2)])
    assert [path for path, _, _ in _told(_document(), after)] == ["citations.new"]


def test_source_cited_twice_in_a_draft_is_told() -> None:
    after = _document(citations=[_cite(), _cite(position=2)])
    assert [path for path, _, _ in _told(_document(), after)] == ["citations.memo#2"]


@pytest.mark.parametrize(
    ("relation", "path", "words"),
    [
        ({"kind": "reverses", "in_part": True, "to": "pause", "note": "Half."}, "reverses|pause",
         "Reverses, in part: pause. Half."),
        ({"kind": "amends", "to": None, "title": "EO 1", "identifier": "eo:1", "url": "https://a.example"},
         "amends|eo:1", "Amends: EO 1 (eo:1, https://a.example)"),
    ],
    ids=["entry", "outside"],
)  # fmt: skip
def test_relation_in_words(relation: dict[str, Any], path: str, words: str) -> None:
    assert _told(_document(), _document([relation])) == [(f"relations.{path}", "", words)]
    assert _told(_document([relation]), _document()) == [(f"relations.{path}", words, "")]


# --- the law ---------------------------------------------------------------------------------------------------

_TEXTS = st.sampled_from([None, "a", "a; b", "A"])
_TERMS = st.sampled_from([None, *({"slug": slug, "name": name} for slug in "ab" for name in "AB")])
_DAYS = st.sampled_from(["2025", "2025-03", "2025-03-03", "[2025-03-21..2025-03-31]", "2025-03-03?"])


def _sets(items: Any, key: str = "slug") -> Any:
    return st.lists(items, unique_by=lambda item: item[key], max_size=2).map(lambda found: sorted(found, key=str))


_LINES = st.builds(
    _line, st.sampled_from([None, "reported", "in_effect"]), _DAYS, by=st.sampled_from([None, "court"]), note=_TEXTS,
    source=st.sampled_from([None, "a", "b"]),
)  # fmt: skip
_SOURCES = st.builds(
    _source, st.sampled_from("abc"), title=st.sampled_from("AB"), url=_TEXTS, published=st.none() | _DAYS,
    authors=st.lists(st.sampled_from("ab"), max_size=2),
)  # fmt: skip
_CITATIONS = st.builds(
    _cite, source=_SOURCES, stance=st.sampled_from(codebook.STANCES.codes),
    bears_on=st.sampled_from([["action"], ["date"], ["action", "date"]]),
)  # fmt: skip
_RELATIONS = st.builds(
    lambda target, **values: values | {"to": target, "title": None if target else "EO", "identifier": None, "url": "u"},
    st.sampled_from([None, "a", "b"]), kind=st.sampled_from(["amends", "extends"]), in_part=st.booleans(), note=_TEXTS,
)  # fmt: skip
_DOCUMENTS = st.builds(
    _document,
    st.lists(_RELATIONS, max_size=2, unique_by=lambda item: (item["kind"], item["to"])).map(
        lambda found: sorted(found, key=str)
    ),
    summary=_TEXTS, date=st.none() | _DAYS, form=st.sampled_from([None, "law"]), actor=_TERMS, disputed=st.booleans(),
    topics=_sets(st.fixed_dictionaries({"slug": st.sampled_from("ab"), "name": st.sampled_from("AB")})),
    status_history=st.lists(_LINES, max_size=4),
    citations=st.lists(_CITATIONS, max_size=3, unique_by=lambda item: item["source"]["slug"]),
)  # fmt: skip


def _content(document: dict[str, Any]) -> dict[str, Any]:
    found = deepcopy(document)
    found["entry"].pop("derived", None)
    for row in [*found["entry"]["status_history"], *found["entry"]["citations"]]:
        row.pop("position")
    found["relations"].sort(key=str)
    return found


@given(_DOCUMENTS, _DOCUMENTS, st.sets(st.sampled_from([*_document()["entry"], "actor", "topics", "relations"])))
def test_no_difference_means_equal_content(one: dict[str, Any], donor: dict[str, Any], taken: set[str]) -> None:
    other = {"entry": one["entry"] | {name: donor["entry"][name] for name in taken - {"relations"}}}
    other["relations"] = (donor if "relations" in taken else one)["relations"]
    found = differences(one, other)
    assert (found == []) == (_content(one) == _content(other))
    assert all(item.before != item.after for item in found)


@given(_DOCUMENTS, st.integers(1, 9))
def test_derived_values_and_positions_make_no_difference(one: dict[str, Any], position: int) -> None:
    other = deepcopy(one)
    other["entry"]["derived"] = {"status": "reversed"}
    for row in [*other["entry"]["status_history"], *other["entry"]["citations"]]:
        row["position"] = position
    assert differences(one, other) == []
