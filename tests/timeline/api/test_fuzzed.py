"""Whatever is asked, the answer is one that the description names, and never a 5xx.

`make fuzz` and `make fuzz-api` ask 10,000 times and print what came; here it is a sample of that.
"""

import os
from collections import Counter
from random import Random
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.timeline.api.fuzzing import query_string
from tests.timeline.scene import publish_scene
from timeline.api.openapi import description
from timeline.exports.files import FILES
from timeline.feeds import FEEDS
from timeline.presenting.citing import FORMATS
from timeline.terms import PARAMETERS
from tracker.codebook import TERM_KINDS
from tracker.models.ledger import PublishedTerm

CASES = int(os.environ.get("FUZZ_CASES", "80"))
QUERIES = int(os.environ.get("FUZZ_QUERIES", "25"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
KNOWN: dict[str, list[Any]] = {"slug": ["pause", "memo", "rule"], "number": [1, 2]}
FILLED = {"{slug}": "pause", "{number}": "1"}
SUBSCRIBED = [f"/{feed.file}" for feed in FEEDS]
CITED = [f"/cite.{each.suffix}" for each in FORMATS]
LISTS = [f"/{TERM_KINDS[kind].plural}/" for kind in PARAMETERS]
PAGES = [
    "/", "/cite/", "/data/", "/embed/", "/embed/code/", "/changes/", "/changes/1/", "/corrections/", "/card.png",
    "/sources/", *LISTS, *(f"/actions/pause/{each}" for each in ("", "versions/1/", "compare/", "cite/", "card.png")),
    *(f"/actions/pause/cite.{each.suffix}" for each in FORMATS),
]  # fmt: skip


def _of_api() -> list[str]:
    """Return every address of the API."""
    paths = list(description()["paths"])
    for gap, value in FILLED.items():
        paths = [path.replace(gap, value) for path in paths]
    return paths


def _of_terms() -> list[str]:
    """Return the page of one published term of each kind, of a source too."""
    slugs = dict(PublishedTerm.objects.values_list("kind", "slug").order_by("-slug"))
    return [f"/{TERM_KINDS[kind].plural}/{slug}/" for kind, slug in sorted(slugs.items())]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "addresses",
    [[f"/{export.file}" for export in FILES], _of_api(), SUBSCRIBED, CITED],
    ids=["files", "api", "feeds", "citations"],
)
def test_hostile_query_strings_never_break_it(addresses: list[str], subtests: pytest.Subtests) -> None:
    publish_scene()
    for address in addresses:
        with subtests.test(address):
            found = _asked(address)
            print(f"\n{address}: {QUERIES} query strings, {dict(found)}", end="")  # noqa: T201 - figures of make fuzz
            assert found[400] > 0
            assert found.keys() <= {200, 206, 304, 400, 404}


@pytest.mark.django_db
def test_hostile_query_strings_never_break_a_page(subtests: pytest.Subtests) -> None:
    publish_scene()
    for address in [*PAGES, *_of_terms()]:
        with subtests.test(address):
            found = _asked(address)
            print(f"\n{address}: {QUERIES} query strings, {dict(found)}", end="")  # noqa: T201 - figures of make fuzz
            assert found.keys() <= {200, 301, 304, 400, 404}
            assert found[200] > 0


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/agencies/justice-department/", "/embed/", "/changes/", "/corrections/"])
def test_refused_page_shows_no_entry(client: Client, address: str) -> None:
    publish_scene()
    random = Random(address)
    queries = [query_string(random) for _ in range(QUERIES)]
    answers = [client.get(f"{address}?{query}&status=nonsense") for query in queries]
    mains = [answer.content.partition(b"<main")[2].partition(b"</main")[0] for answer in answers]
    assert {answer.status_code for answer in answers} == {400}
    assert [main for main in mains if b"/actions/" in main] == []


def _asked(address: str) -> Counter[int]:
    """Ask one address QUERIES times and return how it answered; an exception names the query string."""
    random = Random(address)
    found: Counter[int] = Counter()
    for _ in range(QUERIES):
        query = query_string(random)
        try:
            found[_status(f"{address}?{query}")] += 1
        except Exception as error:
            raise AssertionError(f"{address}?{query}") from error
    return found


def _status(path: str) -> int:
    """Return the status of the view behind `path` after reading all of its answer."""
    request = RequestFactory().get(path)
    view = resolve(request.path_info)
    try:
        response = view.func(request, *view.args, **view.kwargs)
    except Http404:  # without middleware nobody makes a page of it
        return 404
    for _ in getattr(response, "streaming_content", ()):
        pass
    return int(response.status_code)


@pytest.mark.django_db(transaction=True)
def test_answers_are_those_of_the_description(caplog: pytest.LogCaptureFixture) -> None:
    """Calls made from the schema by schemathesis: allowed ones, forbidden ones, and other methods."""
    publish_scene()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    caplog.set_level("CRITICAL", logger="django.request")  # thousands of 400s are what it is about
    modes = st.one_of(
        schema.as_strategy(generation_mode=GenerationMode.POSITIVE),
        schema.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )
    found: Counter[int] = Counter()

    @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=modes, known=st.booleans(), data=st.data(), method=st.sampled_from(["GET"] * 8 + ["HEAD", "POST"]))
    def check(case: Any, known: bool, data: st.DataObject, method: str) -> None:
        for name in set(case.path_parameters) & KNOWN.keys() if known else ():
            case.path_parameters[name] = data.draw(st.sampled_from(KNOWN[name]))
        case.method = method
        response = case.call()
        found[response.status_code] += 1
        case.validate_response(response, checks=CHECKS[: 2 if method == "HEAD" else None])

    check()
    print(f"\n{found.total()} calls, {dict(sorted(found.items()))}", end="")  # noqa: T201 - the figures of make fuzz-api
    assert found.total() >= CASES
    assert {200, 400, 404} <= found.keys()
