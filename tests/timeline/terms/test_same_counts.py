"""The page of a term is the selection of that term: page, chart, statuses, tree and CSV count the same.

For random terms, random further filters, and every edition.
"""

import os
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.test_same_rows import SELECTIONS, Ledger, slugs_of_file, slugs_of_page
from timeline.terms import PARAMETERS
from tracker.codebook import TERM_KINDS
from tracker.models import PublishedTerm

# Random selections: EXAMPLES=200 looks deeper.
EXAMPLES = int(os.environ.get("EXAMPLES", "40")) // 2


def _answer(path: str) -> HttpResponseBase:
    """Return the response of the view behind `path`; the test client would copy the context of every template."""
    request = RequestFactory().get(path)
    found = resolve(request.path_info)
    response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return response


def _numbers(html: str, pattern: str) -> list[int]:
    return [int(found.replace(",", "")) for found in re.findall(pattern, html)]


@pytest.mark.timeout(400)
@pytest.mark.django_db
def test_page_of_a_term_counts_what_the_csv_holds() -> None:
    Ledger().fill()
    terms = sorted(PublishedTerm.objects.exclude(kind="source").values_list("kind", "slug").distinct())
    sizes: list[int] = []

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.sampled_from(terms), SELECTIONS)
    def check(term: tuple[str, str], values: dict[str, list[str]]) -> None:
        kind, slug = term
        assume(not (values.get("from") == ["2025-02-17"] and values.get("to") == ["2024"]))
        others: dict[str, Any] = {name: value for name, value in values.items() if name != PARAMETERS[kind]}
        query = urlencode({**others, PARAMETERS[kind]: slug}, doseq=True)
        response: Any = _answer(f"/{TERM_KINDS[kind].plural}/{slug}/?{urlencode(others, doseq=True)}&per_page=200")
        if response.status_code == 404:  # it was not published yet at this edition
            assert slugs_of_page(query) == []
            return
        html = response.content.decode()
        listed = re.findall(r'<h4[^>]*><a href="/actions/([a-z0-9-]+)/', html)
        assert listed == slugs_of_file(query)
        assert _numbers(html, r'id="count">([\d,]+) action') == ([len(listed)] if listed else [])
        if "status" not in others:
            assert sum(_numbers(html, r'class="n">([\d,]+)<span class="vh">')) == len(listed)
        if kind == "agency" and "aria-current" in html.partition('<ul class="tree">')[2].partition("</ul>")[0]:
            assert _numbers(html, r'aria-current="page".*?class="n">([\d,]+) action') == [len(listed)]
        sizes.append(len(listed))

    check()
    assert sum(size > 0 for size in sizes) > EXAMPLES // 5, "the selections must find something"
