"""Pinned files: what was fetched at an edition is fetched again, byte for byte, after 50 editions of random edits."""

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import resolve

from tests.tracker.test_time_travel import EDITIONS, Machine
from timeline.exports.files import FILES
from tracker.models import PublishedAction

pytestmark = pytest.mark.django_db

# What is read at every edition. XLSX and Parquet are made of the same lines by libraries whose bytes are theirs.
FILES_OF_ALL = ("actions.csv", "actions.jsonl", "changes.csv")
QUERIES = ("agency=agency-0", "status=in_effect&sort=oldest", "changed_since=3")
EVERY = 10  # editions between two looks at the others, which are composed of the same records


def _fetched(number: int) -> dict[str, str]:
    """Return the SHA-256 of pinned files of edition `number`, by address."""
    addresses = [f"/{file}?as_of={number}" for file in FILES_OF_ALL]
    if number % EVERY == 0:
        others = [export.file for export in FILES if export.suffix not in ("xlsx", "parquet")]
        addresses += [f"/{file}?as_of={number}" for file in others]
        addresses += [f"/{file}?as_of={number}&{query}" for file in FILES_OF_ALL for query in QUERIES]
    return {address: hashlib.sha256(_body(address)).hexdigest() for address in addresses}


def _body(address: str) -> bytes:
    # The view itself: middleware adds nothing to a body, and the test client would cost as much as the files.
    request = RequestFactory().get(address)
    response: Any = resolve(request.path_info).func(request)
    assert response.status_code == 200, (address, response.content)
    return b"".join(response.streaming_content)


def _analyse(number: int) -> None:
    """Let the planner see the rows of this transaction, as autovacuum would once they were committed."""
    if number % EVERY == 0:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def test_pinned_files_are_the_same_bytes_after_fifty_editions() -> None:
    machine = Machine(seed=2025)
    fetched: dict[str, str] = {}
    for number in range(1, EDITIONS + 1):
        machine.turn(number)
        _analyse(number)
        fetched |= _fetched(number)
    again = {address: digest for number in range(1, EDITIONS + 1) for address, digest in _fetched(number).items()}
    assert [address for address, digest in fetched.items() if again[address] != digest] == []
    assert len(fetched) > 3 * EDITIONS
    assert len(set(fetched.values())) > 2 * EDITIONS, "the editions must differ"
    changes = set(PublishedAction.objects.values_list("change", flat=True))
    assert changes >= {"published", "corrected", "minor", "retracted"}
