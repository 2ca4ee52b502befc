"""calendar.ics: an event for each entry of a selection, read back as calendar programs read it."""

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as tried

from tests import factories
from tests.factories import line
from tests.test_every_format import NARROW
from tests.test_same_rows import CANARY, Ledger, slugs_of_file
from tests.timeline import subscribed
from tests.timeline.scene import SECOND, Scene, publish_scene, select
from timeline.exports.base import ShortFileError, Size
from timeline.exports.calendar_file import CALENDAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _calendar(query: str = "") -> Any:
    return icalendar.Calendar.from_ical(subscribed.body(f"/calendar.ics?{query}"))


def _events(query: str = "") -> dict[str, Any]:
    """Return the events by the slug of their entry."""
    return {str(event["URL"]).split("/")[-2]: event for event in _calendar(query).walk("VEVENT")}


def test_every_entry_is_an_event_in_the_order_of_the_selection(scene: Scene) -> None:
    assert list(_events()) == ["rule", "pause", "talks", "cyber", "memo"]
    assert list(_events("agency=white-house&sort=oldest")) == ["talks", "pause"]


def test_known_day_is_an_event_of_that_day(scene: Scene) -> None:
    event = _events()["pause"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2025, 3, 3), date(2025, 3, 4))
    assert event["SUMMARY"] == "Military aid 100% paused"


@pytest.mark.parametrize(
    ("slug", "first", "after", "told"),
    [
        ("cyber", date(2025, 2, 17), date(2025, 3, 1), "Between 17 and 28 Feb 2025"),
        ("rule", date(2025, 5, 1), date(2025, 6, 1), "Not known to the day: from 1 May 2025 to 31 May 2025."),
        ("talks", date(2025, 2, 18), date(2025, 2, 19), "Uncertain: it may lie outside the days named"),
    ],
)
def test_vague_date_spans_its_days_and_says_so(scene: Scene, slug: str, first: date, after: date, told: str) -> None:
    event = _events()[slug]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (first, after)
    assert event["SUMMARY"].endswith("(day not known)")
    assert told in event["DESCRIPTION"]


@pytest.mark.parametrize("day", ["1700-01-01", "2100-12-31"])
def test_first_and_last_day_of_the_record_are_read_back(db: None, day: str) -> None:
    factories.published(date=day, status_history=[line(date="2025-03-03")])
    (event,) = _events().values()
    assert event["DTSTART"].dt == date.fromisoformat(day)
    assert event["DTEND"].dt == date.fromisoformat(day) + timedelta(days=1)


def test_event_says_where_the_action_stands(db: None) -> None:
    topic = factories.TopicFactory.create(name="Aid, military")
    factories.published(slug="entry", due_date="2025-09", topics=[topic], summary="Two lines;\nand a comma,")
    event = _events()["entry"]
    assert event["DESCRIPTION"] == "Status: In effect\nPaused.\nDue: Sep 2025, day not known\nTwo lines;\nand a comma,"
    assert event["CATEGORIES"].cats == ["Aid, military"]
    assert event["TRANSP"] == "TRANSPARENT"


def test_reported_action_is_tentative(scene: Scene) -> None:
    found = _events()
    assert (found["cyber"]["STATUS"], found["pause"]["STATUS"]) == ("TENTATIVE", "CONFIRMED")


def test_change_keeps_the_event_and_counts_its_version(scene: Scene) -> None:
    before = _events()["pause"]
    factories.publish(factories.edit(scene.pause, title="Aid paused"), at=SECOND + timedelta(days=1))
    after = _events()["pause"]
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 2)
    assert (after["DTSTAMP"].dt, after["CREATED"].dt) == (SECOND + timedelta(days=1), before["CREATED"].dt)
    assert _events("as_of=2")["pause"]["SUMMARY"] == before["SUMMARY"]


def test_calendar_says_its_selection_and_how_often_to_ask(scene: Scene) -> None:
    found = _calendar("agency=white-house")
    assert found["X-WR-CALNAME"] == found["NAME"] == "Policy Change Record: Agency: White House"
    assert found["REFRESH-INTERVAL"].dt == timedelta(hours=12)
    assert (found["VERSION"], found["METHOD"]) == ("2.0", "PUBLISH")


@pytest.mark.parametrize(
    "text",
    [
        "المساعدات " * 40,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 " * 60,
        "a\\b;c,d\ne" * 50,
        "\\" * 300,
        "x" * 20_000,
    ],
    ids=["right to left", "emoji", "signs that are escaped", "backslashes", "20,000 signs"],
)
def test_hostile_text_is_read_back_and_no_line_is_long(db: None, text: str) -> None:
    factories.published(slug="entry", summary=text.strip(), where_it_stands=None, imported=True)
    body = subscribed.body("/calendar.ics")
    assert max(map(len, body.split(b"\r\n"))) <= 75
    for piece in body.split(b"\r\n"):
        piece.decode()
    told = str(_events()["entry"]["DESCRIPTION"]).removeprefix("Status: In effect\n")
    assert text.strip().startswith(told.removesuffix("…").rstrip())
    assert len(told) > 250


@pytest.mark.timeout(300)
def test_random_selections_have_the_rows_of_the_csv() -> None:
    Ledger().fill()
    sizes = []

    @tried(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(NARROW)
    def check(values: dict[str, list[str]]) -> None:
        query = "&".join(f"{name}={value}" for name, found in values.items() for value in found).replace("%", "%25")
        if subscribed.answer(f"/actions.csv?{query}").status_code == 200:
            assert list(_events(query)) == slugs_of_file(query)
            assert CANARY.encode() not in subscribed.body(f"/calendar.ics?{query}")
            sizes.append(len(_events(query)))

    check()
    assert max(sizes) > 5


def test_empty_selection_is_a_calendar_without_events(scene: Scene) -> None:
    assert _events("as_of=0") == {}


def test_calendar_is_asked_for_again_by_its_validators(scene: Scene, client: Client) -> None:
    first = client.get("/calendar.ics?agency=white-house")
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Content-Disposition"] == 'attachment; filename="calendar-edition-2-selection.ics"'
    assert (first["X-Row-Count"], first["Access-Control-Allow-Origin"]) == ("2", "*")
    again = client.get("/calendar.ics?agency=white-house", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    head = client.head("/calendar.ics?agency=white-house")
    assert (head["X-Row-Count"], head.getvalue()) == ("2", b"")


def test_unknown_name_is_a_problem(scene: Scene, client: Client) -> None:
    response = client.get("/calendar.ics?agencies=doj")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_calendar_that_lost_a_row_is_cut_short(scene: Scene) -> None:
    with pytest.raises(ShortFileError):
        list(CALENDAR.content(select("", surface="data"), Size(rows=6, length=None)))


def test_chunks_do_not_show(scene: Scene) -> None:
    chosen = select("", surface="data")
    size = CALENDAR.measure(chosen)
    assert b"".join(CALENDAR.content(chosen, size, chunk=2)) == b"".join(CALENDAR.content(chosen, size))


def test_queries_do_not_grow_with_the_selection(scene: Scene) -> None:
    counts = []
    for query in ("agency=white-house", "q=rule", ""):
        subscribed.body(f"/calendar.ics?{query}")
        with CaptureQueriesContext(connection) as queries:
            subscribed.body(f"/calendar.ics?{query}")
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 4
