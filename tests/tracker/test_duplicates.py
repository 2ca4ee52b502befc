"""Which entries are likely to be one: agency or actor, time, title; and what somebody judged."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, ActorFactory, AgencyFactory, UserFactory, entry, publish, save
from tracker import codebook, publishing
from tracker.duplicates import ALIKE, Likeness, likely_duplicates, open_pairs, tell_apart, told_apart
from tracker.models import Actor, Agency, NotDuplicate, PolicyAction

pytestmark = pytest.mark.django_db

TITLE = "Military aid to Ukraine paused for review"
REWORDED = "US pauses military aid to Ukraine"


@pytest.fixture
def agency() -> Agency:
    return AgencyFactory.create()


def _likely(**values: Any) -> list[PolicyAction]:
    return [likeness.action for likeness in likely_duplicates(entry(**values))]


# --- titles ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TITLE, REWORDED),
        (TITLE, "MILITARY AID TO UKRAINE — paused, for review!"),
        ("Cyber Command told to stop operations against Russia", "Offensive cyber operations against Russia halted"),
        ("Foreign Influence Task Force disbanded", "FBI's Foreign Influence Task Force dissolved"),
        ("Task Force KleptoCapture disbanded", "KleptoCapture task force ended by Justice Department"),
        ("Intelligence sharing with Ukraine paused", "US stops sharing intelligence with Ukraine"),
        ("National Guard sent to Chicago", "300 National Guard troops deployed to Chicago"),
        ("Steel tariffs raised to 50 per cent", "Tariffs on steel doubled to 50%"),
        ("Réforme de l'État ordonnée", "Reforme de l'Etat ordonnee"),
    ],
    ids=["reworded", "case and marks", "cyber", "task force", "klepto", "sharing", "guard", "tariffs", "accents"],
)
def test_title_told_in_other_words_is_alike(agency: Agency, one: str, other: str) -> None:
    saved = save(title=one, agency=agency)
    assert _likely(title=other, agency=agency) == [saved]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TITLE, "Intelligence sharing with Ukraine paused"),
        ("Foreign Influence Task Force disbanded", "Task Force KleptoCapture disbanded"),
        ("Kleptocracy Asset Recovery Initiative disbanded", "Task Force KleptoCapture disbanded"),
        ("Executive order on gender identity", "Executive order on birthright citizenship"),
        ("Enforcement case against Coinbase ended", "Investigation of Robinhood closed"),
        ("Inspector general of the State Department dismissed", "Foreign aid review by the State Department ordered"),
        ("§§", "!?"),
    ],
    ids=["aid", "task forces", "initiatives", "orders", "cases", "department", "no words"],
)
def test_sibling_is_not_alike(agency: Agency, one: str, other: str) -> None:
    save(title=one, agency=agency)
    assert _likely(title=other, agency=agency) == []


# --- who -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theirs", ["agency", "other_agencies"])
@pytest.mark.parametrize("ours", ["agency", "other_agencies"])
def test_agency_counts_first_or_among_the_others(agency: Agency, theirs: str, ours: str) -> None:
    def named(place: str) -> Any:
        return agency if place == "agency" else [agency]

    saved = save(title=TITLE, **{theirs: named(theirs)})
    assert _likely(title=REWORDED, **{ours: named(ours)}) == [saved]


@pytest.mark.parametrize("ours", ["actor", "other_actors"])
def test_actor_counts_first_or_among_the_others(ours: str) -> None:
    actor = ActorFactory.create()
    saved = save(title=TITLE, other_actors=[actor])
    assert _likely(title=REWORDED, **{ours: actor if ours == "actor" else [actor]}) == [saved]


def test_nobody_in_common_is_no_likeness() -> None:
    save(title=TITLE)
    assert _likely(title=TITLE) == []


def test_not_known_is_nobody() -> None:
    agency = Agency.objects.create(name="Not known", slug=codebook.NOT_KNOWN)
    actor = Actor.objects.create(name="Not named", slug=codebook.NOT_NAMED)
    for _ in range(2):
        save(title=TITLE, agency=agency, actor=actor)
    assert _likely(title=TITLE, agency=agency, actor=actor) == []
    assert open_pairs(limit=9) == []


# --- when ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("2025-03-03", True),
        ("2025-03-10", True),
        ("2025-03-11", False),
        ("2025-02-24", True),
        ("2025-02-23", False),
        ("2025-03", True),
        ("2025-02", True),
        ("2025-01", False),
        ("2025", True),
        ("2024", False),
        ("2024-03-04/2025-03-01", True),
        ("[2025-03-08..2025-03-20]", True),
    ],
)
def test_time_counts_within_a_week(agency: Agency, date: str, found: bool) -> None:
    save(title=TITLE, agency=agency, date=date, status_history=[])
    assert bool(_likely(title=REWORDED, agency=agency, date="2025-03-03")) is found


@pytest.mark.parametrize("missing", ["date", "title"])
def test_without_date_or_title_nothing_is_likely(agency: Agency, missing: str) -> None:
    save(title=TITLE, agency=agency)
    assert likely_duplicates({**entry(title=TITLE, agency=agency), missing: None}) == []


# --- what is told ----------------------------------------------------------------------------------------------


def test_likeness_says_why(agency: Agency) -> None:
    actor = ActorFactory.create()
    saved = save(title=TITLE, agency=agency, actor=actor, date="2025-03-04")
    found = likely_duplicates(entry(title=TITLE, agency=agency, actor=actor, date="2025-03-03"))
    assert found == [Likeness(saved, 100, ("same agency and actor", "1 day apart", "similar title"))]
    assert (found[0].action.status, found[0].action.last_public_change) == ("in_effect", None)


def test_likest_comes_first(agency: Agency) -> None:
    second, first = save(title=REWORDED, agency=agency), save(title=TITLE, agency=agency)
    found = likely_duplicates(entry(title=TITLE, agency=agency))
    assert [likeness.action for likeness in found] == [first, second]
    assert found[0].score > found[1].score >= ALIKE


def test_two_queries_however_many_there_are(agency: Agency) -> None:
    for _ in range(5):
        save(title=TITLE, agency=agency)
    document = entry(title=TITLE, agency=agency)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(likely_duplicates(document)) == 5
    assert len(queries) == 2


# --- what somebody judged --------------------------------------------------------------------------------------


def test_entry_is_no_duplicate_of_itself(agency: Agency) -> None:
    saved = save(title=TITLE, agency=agency)
    assert likely_duplicates(entry(title=TITLE, agency=agency), exclude=saved) == []


@pytest.mark.parametrize("turned", [False, True], ids=["first", "second"])
def test_pair_told_apart_is_not_likely(agency: Agency, turned: bool) -> None:
    pair = [save(title=TITLE, agency=agency), save(title=REWORDED, agency=agency)]
    one, other = reversed(pair) if turned else pair
    tell_apart(one, [other], by=UserFactory.create(), at=NOW)
    assert likely_duplicates(entry(title=TITLE, agency=agency), exclude=one) == []
    assert open_pairs(limit=9) == []


def test_related_pair_is_not_likely(agency: Agency) -> None:
    one = save(title=TITLE, agency=agency)
    other = save(title=REWORDED, agency=agency, relations=[{"kind": "amends", "to": one.slug}])
    for each in (one, other):
        assert likely_duplicates(entry(title=TITLE, agency=agency), exclude=each) == []
    assert open_pairs(limit=9) == []


def test_first_judgement_stays(agency: Agency) -> None:
    one, other = save(title=TITLE, agency=agency), save(title=REWORDED, agency=agency)
    first, second = UserFactory.create(), UserFactory.create()
    tell_apart(one, [other], by=first, at=NOW)
    tell_apart(other, [one, other], by=second, at=NOW)
    assert [(pair.first, pair.second, pair.by) for pair in NotDuplicate.objects.all()] == [(one, other, first)]


def test_both_sides_say_what_they_were_told_from(agency: Agency) -> None:
    one, other = save(title=TITLE, agency=agency), save(title=REWORDED, agency=agency)
    tell_apart(other, [one], by=UserFactory.create(), at=NOW)
    assert [found for found, _ in told_apart(one)] == [other]
    assert [(found, pair.at) for found, pair in told_apart(other)] == [(one, NOW)]


# --- the worklist ----------------------------------------------------------------------------------------------


def test_open_pairs_come_newest_first_up_to_the_limit(agency: Agency) -> None:
    one, two, three = (save(title=TITLE, agency=agency) for _ in range(3))
    found = [(pair.first, pair.second) for pair in open_pairs(limit=9)]
    assert found == [(two, three), (one, three), (one, two)]
    assert [(pair.first, pair.second) for pair in open_pairs(limit=1)] == found[:1]


@pytest.mark.parametrize(("date", "count"), [("2025-03-10", 1), ("2025-03-11", 0), ("2025-02-24", 1), (None, 0)])
def test_open_pairs_lie_within_a_week(agency: Agency, date: str | None, count: int) -> None:
    save(title=TITLE, agency=agency, date=date, status_history=[])
    save(title=REWORDED, agency=agency)
    assert len(open_pairs(limit=9)) == count


def test_open_pairs_share_the_actor_alone() -> None:
    actor = ActorFactory.create()
    one, other = (save(title=TITLE, actor=actor, agency=agency) for agency in (None, AgencyFactory.create()))
    assert [(pair.first, pair.second, pair.score) for pair in open_pairs(limit=9)] == [(one, other, 100)]


def test_retracted_entry_is_no_open_pair(agency: Agency) -> None:
    one, other = save(title=TITLE, agency=agency), save(title=REWORDED, agency=agency)
    publish(one, other)
    publishing.retract(
        other.slug, reason="duplicate", note="Logged twice.", replaced_by=[one.slug], by=UserFactory.create(), at=NOW
    )
    assert open_pairs(limit=9) == []


def test_open_pairs_take_as_many_queries_for_many(agency: Agency) -> None:
    assert open_pairs(limit=9) == []
    for _ in range(2):
        save(title=TITLE, agency=agency)
    with CaptureQueriesContext(connection) as few:
        open_pairs(limit=50)
    for _ in range(5):
        save(title=TITLE, agency=agency)
    with CaptureQueriesContext(connection) as many:
        assert len(open_pairs(limit=50)) == 21
    assert len(few) == len(many)
