"""The one door: what a query string means, and what it is refused for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.timeline.scene import FIRST, SECOND, Scene, publish_scene, select, slugs
from timeline.selection import Surface
from tracker import codebook
from tracker.models import Edition

pytestmark = pytest.mark.django_db

ALL = ["rule", "pause", "talks", "cyber", "memo"]


@pytest.fixture
def scene() -> Scene:
    return publish_scene()


# --- what is found -------------------------------------------------------------------------------------------------

FOUND = {
    "everything": ("", ALL),
    "a body with its parts": ("agency=justice-department", ["rule", "memo"]),
    "a part alone": ("agency=task-force-unit", ["memo"]),
    "any of": ("agency=task-force-unit&agency=cyber-command", ["cyber", "memo"]),
    "all of": ("agency=white-house&status=reversed", ["pause"]),
    "a member finds its group": ("affects=ukraine", ["pause", "talks"]),
    "a group does not find its members": ("affects=europe", ["talks"]),
    "status is the current one": ("status=in_effect", ["memo"]),
    "had_status is any": ("had_status=in_effect", ["pause", "memo"]),
    "codes may have hyphens": ("status=in-effect", ["memo"]),
    "who brought it about": ("status_by=court", ["rule"]),
    "form": ("form=agency-memo", ["memo"]),
    "not yet coded": ("category=not-coded", ["talks"]),
    "a category": ("category=aid-paused", ["pause"]),
    "in force now": ("in_force=yes", ["memo"]),
    "not known": ("in_force=unknown", ["cyber"]),
    "disputed": ("disputed=yes", ["rule"]),
    "not disputed": ("disputed=no", ALL[1:]),
    "evidence": ("evidence=on_record", ALL),
    "corroborated": ("corroborated=yes", []),
    "a word, whatever its case": ("q=AID", ["pause"]),
    "all words": ("q=paused+military", ["pause"]),
    "words of different texts": ("q=memo:17+disbanded", ["memo"]),
    "words not all there": ("q=military+talks", []),
    "a per cent sign is itself": ("q=100%25", ["pause"]),
    "an underscore is itself": ("q=_", []),
    "a quotation mark is itself": ('q=%22', []),
    "keys of the stored text are no words": ("q=identifiers", []),
    "slugs of terms are no words": ("q=cyber-command", []),
    "source titles are": ("q=report+task", ["memo"]),
    "range, possible": ("from=2025-02-24&to=2025-02-28", ["cyber"]),
    "range, certain": ("from=2025-02-24&to=2025-02-28&dates=certain", []),
    "range, certain, around it": ("from=2025-02-17&to=2025-02-28&dates=certain", ["cyber"]),
    "a date with a mark is never certain": ("from=2025-02-18&to=2025-02-18&dates=certain", []),
    "a month has all its days": ("to=2025-02", ["talks", "cyber", "memo"]),
    "a year has all its days": ("from=2025&to=2025", ALL),
    "from alone": ("from=2025-05-31", ["rule"]),
    "in force on a day": ("in_force_on=2025-03-05", ["pause", "memo"]),
    "no longer on the day it ended": ("in_force_on=2025-03-11", ["memo"]),
    "no on a day": ("in_force_on=2025-03-11&in_force=no", ["rule", "pause"]),
    "newest is the default": ("sort=newest", ALL),
    "oldest": ("sort=oldest", ["memo", "cyber", "talks", "pause", "rule"]),
    "added": ("sort=added", ["rule", "cyber", "memo", "pause", "talks"]),
    "changed": ("sort=changed", ["rule", "cyber", "memo", "pause", "talks"]),
    "relevance: the title first, then newest": (
        "sort=relevance&q=paused",
        ["pause", "rule", "talks", "cyber", "memo"],
    ),
    "an edition": ("as_of=1", ALL[1:]),
    "before the first": ("as_of=0", []),
    "a day, at its end": ("as_of=2025-06-01", ALL[1:]),
    "the day of the next edition": ("as_of=2025-06-03", ALL),
    "a day before any": ("as_of=2025-05-31", []),
    "changed since an edition, that one not included": ("changed_since=1", ["rule"]),
    "changed since the empty record": ("changed_since=0", ALL),
    "changed since a day, that day included": ("changed_since=2025-06-03", ["rule"]),
    "changed since a later day": ("changed_since=2025-06-04", []),
    "blanks say nothing": ("q=&from=+&status=&sort=", ALL),
    "a merged value given twice": ("status=in_effect&status=in-effect", ["memo"]),
}  # fmt: skip


def test_query_finds(scene: Scene, subtests: pytest.Subtests) -> None:
    for circumstance, (query, found) in FOUND.items():
        with subtests.test(circumstance):
            assert slugs(query) == found


def test_pinned_edition_shows_the_version_of_its_time(scene: Scene) -> None:
    factories.publish(factories.edit(scene.memo, title="Unit dissolved"), at=SECOND)
    assert slugs("q=dissolved") == ["memo"]
    assert slugs("q=dissolved&as_of=2") == []
    assert slugs("q=disbanded&as_of=2") == ["memo"]


def test_empty_ledger_is_an_empty_record() -> None:
    selection = select("")
    assert (selection.errors, selection.number, list(selection.rows())) == ({}, 0, [])


def test_slug_once_published_is_valid_in_an_older_edition(scene: Scene) -> None:
    other = factories.save(slug="late", agency=factories.AgencyFactory.create(name="Late Office"))
    factories.publish(other, at=SECOND)
    assert slugs("agency=late-office&as_of=1") == []


# --- what is refused -----------------------------------------------------------------------------------------------

REFUSED = {
    "month 13": ("from=2025-13-01", "from", "There is no month 13"),
    "30 February": ("to=2025-02-30", "to", "has the days 1 to 28"),
    "year 0": ("from=0000", "from", "outside 1700 to 2100"),
    "year 10000": ("from=10000", "from", "Type a year, a month or a day"),
    "a vague date in a range": ("from=2025-03~", "from", "Type a year, a month or a day"),
    "to before from": ("from=2025-03&to=2025-02", "to", "ends (2025-02-28) before it begins (2025-03-01)"),
    "a month for a day": ("in_force_on=2025-03", "in_force_on", "not a full day"),
    "unknown status": ("status=nonsense", "status", "Known are: reported, announced"),
    "misspelt status": ("status=reverse", "status", "Did you mean “reversed”?"),
    "capitals": ("status=Reversed", "status", "Did you mean “reversed”?"),
    "unknown agency": ("agency=no-such", "agency", "not in the published record"),
    "misspelt agency": ("agency=justice-departmant", "agency", "Did you mean “justice-department”?"),
    "not a slug": ("agency=Justice Department", "agency", "Did you mean “justice-department”?"),
    "a party as agency": ("agency=ukraine", "agency", "not in the published record"),
    "not-coded is for categories alone": ("topic=not-coded", "topic", "not in the published record"),
    "SQL in a value": ("agency=x'%20OR%201=1--", "agency", "small letters"),
    "unknown sort": ("sort=title", "sort", "Known are: newest, oldest"),
    "unknown view": ("view=table", "view", "Known are: tracks"),
    "page in words": ("page=two", "page", "not a page number"),
    "no page length": ("per_page=0", "per_page", "from 1 to 200"),
    "long pages": ("per_page=201", "per_page", "from 1 to 200"),
    "neither yes nor no": ("disputed=maybe", "disputed", "Known are: yes, no"),
    "neither possible nor certain": ("dates=sure", "dates", "Known are: possible, certain"),
    "NUL": ("q=a%00b", "q", "NUL"),
    "many words": (f"q={'a' * 10_000}", "q", "At most 200 characters"),
    "doubled": ("from=2025&from=2024", "from", "given 2 times"),
    "a year as edition": ("as_of=2025", "as_of", "A bare number is an edition: 2025 is above the newest, 2."),
    "a year as edition, what to write": ("as_of=2025", "as_of", "write a full day like 2025-12-31"),
    "2 to the 70": (f"as_of={2**70}", "as_of", "above the newest, 2"),
    "more digits than a number has": (f"as_of={'9' * 9_000}", "as_of", "above the newest, 2"),
    "1e50": ("as_of=1e50", "as_of", "neither an edition number, such as 2, nor a full day"),
    "digits of another script": ("as_of=١", "as_of", "neither an edition number"),
    "a month as edition": ("as_of=2025-03", "as_of", "neither an edition number"),
    "a day that is not over": ("as_of=2025-06-10", "as_of", "not over yet (UTC). The last full day is 2025-06-09."),
    "a later edition": ("changed_since=3", "changed_since", "above the newest, 2"),
    "a day to come": ("changed_since=2026-01-01", "changed_since", "not over yet"),
    "too many values": ("&".join(f"agency=a{n}" for n in range(101)), "agency", "at most 100 values here, not 101"),
}


def test_bad_value_is_refused_by_name(scene: Scene, subtests: pytest.Subtests) -> None:
    for circumstance, (query, name, sentence) in REFUSED.items():
        with subtests.test(circumstance):
            selection = select(query)
            assert list(selection.errors) == [name]
            assert sentence in " ".join(selection.errors[name])
            assert list(selection.rows()) == []


def test_nothing_published_is_said_of_any_edition() -> None:
    assert "nothing is published yet" in select("as_of=1").errors["as_of"][0]


def test_refused_values_are_kept_as_typed_beside_the_others(scene: Scene) -> None:
    selection = select("from= 2025-13 &status=in-effect")
    assert selection.typed == {"from": [" 2025-13 "], "status": ["in-effect"]}
    assert selection.values["status"] == ("in_effect",)


def test_draft_terms_are_refused_like_unknown_ones(scene: Scene) -> None:
    factories.AgencyFactory.create(name="Draft Office")
    assert "not in the published record" in select("agency=draft-office").errors["agency"][0]


@pytest.mark.parametrize("page", ["0", "-1", str(10**23)])
def test_number_that_no_page_has_is_left_to_the_page(page: str) -> None:
    selection = select(f"page={page}")
    assert selection.errors == {}
    assert selection.page < 1


# --- names ---------------------------------------------------------------------------------------------------------


def test_tracking_names_are_dropped_on_pages() -> None:
    selection = select("utm_source=x&fbclid=y&status=reversed")
    assert (selection.unknown, selection.query()) == ([], "status=reversed")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("agencies", "agency"), ("_connector", ""), ("agency__name", "agency"), ("columns", ""), ("x" * 10_000, "")],
    ids=["misspelt", "of the filters", "a lookup", "of another surface", "long"],
)
def test_unknown_name_is_told_on_pages(name: str, suggestion: str) -> None:
    selection = select(f"{name}=x&status=reversed")
    assert [unknown.suggestion for unknown in selection.unknown] == [suggestion]
    assert (selection.errors, selection.query()) == ({}, "status=reversed")


def test_correction_puts_the_values_under_the_known_name() -> None:
    (unknown,) = select("agencies=white-house&agency=cyber-command").unknown
    assert unknown.query == "agency=cyber-command&agency=white-house"


@pytest.mark.parametrize("name", ["utm_source", "agencies", "view", "page", "per_page", "theme", "limit", "_connector"])
def test_name_that_data_does_not_know_is_refused(name: str) -> None:
    selection = select(f"{name}=1", surface="csv")
    assert list(selection.errors) == [name]


def test_columns_belong_to_csv() -> None:
    assert select("columns=slug&bom=1&raw=1", surface="csv").errors == {}
    assert list(select("columns=slug", surface="data").errors) == ["columns"]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [("slug,titel", "no column “titel”. Did you mean “title”?"), ("slug,slug", "named twice"), (",", "no column “”")],
    ids=["unknown", "twice", "blank"],
)
def test_bad_columns_are_refused(columns: str, sentence: str) -> None:
    assert sentence in select(f"columns={columns}", surface="csv").errors["columns"][0]


def test_column_that_came_later_is_refused(scene: Scene) -> None:
    selection = select("columns=url", surface="csv")
    assert selection.edition is not None
    selection.edition.columns = 49
    assert selection.errors["columns"] == ["Edition 2 has no column “url”."]


# --- addresses -----------------------------------------------------------------------------------------------------

CANONICAL = {
    "table order": ("as_of=1&status=reversed&q=x", "q=x&status=reversed&as_of=1"),
    "sorted, once each": ("status=reversed&status=blocked&status=reversed", "status=blocked&status=reversed"),
    "codes": ("status=in-effect", "status=in_effect"),
    "slugs stay": ("agency=white-house", "agency=white-house"),
    "defaults": ("sort=newest&dates=possible&page=1&per_page=50", ""),
    "blanks": ("q=+&from=", ""),
    "composed": ("q=cafe%CC%81", "q=caf%C3%A9"),
    "white space": ("q=+a++b+", "q=a+b"),
    "numbers": ("as_of=007", "as_of=7"),
    "idle relevance": ("sort=relevance", ""),
    "relevance": ("sort=relevance&q=a", "q=a&sort=relevance"),
    "unknown names": ("x=1&status=reversed", "status=reversed"),
}


@pytest.mark.parametrize(("query", "canonical"), CANONICAL.values(), ids=CANONICAL)
def test_query_is_canonical(query: str, canonical: str) -> None:
    assert select(query).query() == canonical


def test_change_of_a_filter_goes_to_the_first_page() -> None:
    selection = select("status=reversed&page=3")
    assert selection.query(sort="oldest") == "status=reversed&sort=oldest"
    assert selection.query(page=4) == "status=reversed&page=4"
    assert selection.query() == "status=reversed&page=3"


def test_without_takes_one_value_or_all() -> None:
    selection = select("status=reversed&status=blocked&q=x")
    assert selection.without("status", "blocked") == "q=x&status=reversed"
    assert selection.without("status") == "q=x"


def test_data_query_leaves_out_what_pages_alone_know() -> None:
    assert select("view=tracks&page=2&per_page=10&status=reversed&as_of=1").data_query == "status=reversed&as_of=1"


@pytest.mark.parametrize(
    ("query", "is_filtered"),
    [("", False), ("as_of=1", False), ("sort=oldest&page=2", False), ("q=x", True), ("changed_since=0", True)],
)
def test_is_filtered_when_rows_are_left_out(scene: Scene, query: str, is_filtered: bool) -> None:
    assert select(query).is_filtered is is_filtered


# --- chips and labels ----------------------------------------------------------------------------------------------

CHIPS = {
    "a term": ("agency=justice-department", "Agency", "Justice Department"),
    "a code": ("status=in-effect", "Status", "In effect"),
    "not coded": ("category=not-coded", "Category", "Not yet coded"),
    "a month": ("to=2025-03", "To", "Mar 2025"),
    "a day": ("in_force_on=2025-03-05", "In force on", "5 Mar 2025"),
    "an edition": ("as_of=1", "As of", "edition 1"),
    "yes": ("disputed=yes", "Disputed", "Yes"),
    "words": ("q=a+b", "Words", "a b"),
    "what was refused": ("from=2025-13", "From", "2025-13"),
}


def test_chip_is_labelled_and_removes_itself(scene: Scene, subtests: pytest.Subtests) -> None:
    for circumstance, (query, name, value) in CHIPS.items():
        with subtests.test(circumstance):
            (chip,) = select(query).chips()
            assert (chip.label, chip.value_label, chip.query) == (name, value, "")


def test_each_value_has_its_chip(scene: Scene) -> None:
    chips = select("status=blocked&status=reversed&sort=oldest&page=2").chips()
    assert [(chip.value, chip.query) for chip in chips] == [
        ("blocked", "status=reversed&sort=oldest"),
        ("reversed", "status=blocked&sort=oldest"),
    ]


# --- whatever is typed ---------------------------------------------------------------------------------------------

SURFACES: list[Surface] = ["page", "csv", "data"]
NAMES = st.one_of(
    st.sampled_from([*codebook.PARAMETERS, "agencies", "utm_source", "_connector", "pk__in", "from_"]),
    st.text(max_size=8),
)
VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            "2025",
            "2025-02",
            "2025-03-05",
            "1",
            "0",
            "-1",
            "yes",
            "no",
            "possible",
            "certain",
            "reversed",
            "in-effect",
            "white-house",
            "justice-department",
            "ukraine",
            "not-coded",
            "oldest",
            "relevance",
            "slug,title",
            "1e50",
        ]
    ),
    st.text(max_size=12),
    st.integers().map(str),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(NAMES, VALUES), max_size=6), surface=st.sampled_from(SURFACES))
def test_no_query_string_raises(scene: Scene, pairs: list[tuple[str, str]], surface: Surface) -> None:
    selection = select(urlencode(pairs), surface=surface)
    found = list(selection.rows())
    assert not (selection.errors and found)
    assert len(found) <= len(ALL)
    again = select(selection.query(), surface=surface)
    assert again.query() == selection.query()
    assert again.errors.keys() <= selection.errors.keys()


def test_rows_cost_one_query_beside_the_edition(
    scene: Scene, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    list(select("agency=white-house").rows())  # the terms are cached from here on
    with django_assert_num_queries(2):
        list(select("agency=white-house&status=reversed&in_force_on=2025-03-05&from=2025").rows())


def test_editions_of_one_day_are_read_to_its_end(scene: Scene) -> None:
    evening = FIRST.replace(hour=23, minute=59, second=59)
    assert Edition.objects.filter(published_at__lte=evening).count() == 1
    assert select("as_of=2025-06-01", today=date(2025, 6, 2)).number == 1
