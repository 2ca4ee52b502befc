"""A merged term leads to its survivor, from its edition on and not before."""

from typing import Any

import pytest
from django.test import Client

from tests.timeline import page
from tests.timeline.terms.bodies import Bodies, merge, publish_bodies
from timeline.presenting.terms import Tree, including
from timeline.terms import Vocabulary, vocabulary
from tracker.models import Edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies() -> Bodies:
    found = publish_bodies()
    merge(found.unit, found.ministry)
    return found


def _now() -> Vocabulary:
    newest = Edition.objects.newest()
    return vocabulary(newest, number=newest.number if newest else 0)


def test_merged_term_redirects_to_its_survivor_for_good(client: Client, bodies: Bodies) -> None:
    response: Any = client.get("/agencies/unit/?status=in_effect&utm_source=x")
    assert response.status_code == 301
    assert response["Location"] == "/agencies/ministry/?status=in_effect"


def test_before_the_merger_the_old_page_stands(client: Client, bodies: Bodies) -> None:
    html = page.get(client, "/agencies/unit/?as_of=1")
    assert "<h1><bdi>Unit</bdi></h1>" in html
    assert page.slugs(html) == ["of-unit"]


def test_survivor_names_what_was_merged_into_it(client: Client, bodies: Bodies) -> None:
    html = page.get(client, "/agencies/ministry/")
    assert "Merged into it Unit" in page.words(html)
    assert sorted(page.slugs(html)) == ["of-board", "of-ministry", "of-office", "of-unit"]


def test_merged_body_is_counted_with_its_survivor(bodies: Bodies) -> None:
    assert including(_now(), "agency", "ministry") == "including 1 part, 1 predecessor and 1 merged into it"


def test_merged_body_is_in_no_tree(bodies: Bodies) -> None:
    drawn = Tree(_now(), counts={}).around("ministry")
    assert drawn is not None
    assert [branch.slug for branch in drawn.below] == ["office"]
    assert drawn.below[0].below == []


def test_merged_term_is_in_no_list(client: Client, bodies: Bodies) -> None:
    assert "Unit" not in page.get(client, "/agencies/?q=unit").split("<main")[1].split("</form>")[1]
    assert "/agencies/unit/" in page.get(client, "/agencies/?q=unit&as_of=1")


def test_card_of_an_old_entry_leads_there_all_the_same(client: Client, bodies: Bodies) -> None:
    assert 'href="/agencies/unit/"' in page.get(client, "/")
