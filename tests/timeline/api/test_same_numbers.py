"""For random selections the API has the rows of the page and the file, and counts them as these do."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings

from tests.test_same_rows import CANARY, SELECTIONS, Ledger, answer, slugs_of_file, slugs_of_page


def _asked(address: str) -> Any:
    response = answer(address)
    assert response.status_code == 200, address
    assert CANARY not in response.content.decode()
    return json.loads(response.content)


def _all_pages(query: str) -> tuple[int, list[str]]:
    """Return the count that the first page tells, and the slugs of all pages of seven."""
    body = _asked(f"/api/v1/actions?{query}&limit=7")
    count, slugs = body["count"], [item["slug"] for item in body["items"]]
    while body["next"]:
        body = _asked(body["next"].removeprefix("https://timeline.example"))
        slugs += [item["slug"] for item in body["items"]]
    return count, slugs


@pytest.mark.timeout(400)
@pytest.mark.django_db
def test_api_page_and_file_agree_on_random_selections() -> None:
    Ledger().fill()
    sizes: list[int] = []

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(SELECTIONS)
    def check(values: dict[str, list[str]]) -> None:
        if values.get("from") == ["2025-02-17"] and values.get("to") == ["2024"]:
            return
        query = urlencode(values, doseq=True)
        unsorted = urlencode({name: value for name, value in values.items() if name != "sort"}, doseq=True)
        count, slugs = _all_pages(query)
        assert slugs == slugs_of_page(query) == slugs_of_file(query)
        assert count == len(slugs)
        assert _asked(f"/api/v1/facets?{unsorted}")["count"] == count
        assert _asked(f"/api/v1/histogram?{unsorted}")["count"] == count
        sizes.append(count)

    check()
    assert sum(size > 7 for size in sizes) > 2, "some must have several pages"
