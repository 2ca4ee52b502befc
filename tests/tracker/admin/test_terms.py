"""How pickers and lists find terms: by any name, the best match first."""

import pytest
from django.test import Client

from tests.factories import ActorFactory, AgencyFactory, PublisherFactory
from tracker.admin.terms import find_term
from tracker.models import Agency, Publisher


def _found(client: Client, term: str, field: str = "agency") -> list[str]:
    query = {"app_label": "tracker", "model_name": "policyaction", "field_name": field, "term": term}
    return [item["text"] for item in client.get("/admin/autocomplete/", query).json()["results"]]


def test_abbreviation_comes_before_what_only_holds_the_letters(editor_client: Client) -> None:
    for name, abbreviation in (("Adojan Office", ""), ("Justice Department", "DOJ"), ("Zeta", "DOJX")):
        AgencyFactory.create(name=name, abbreviation=abbreviation)
    assert _found(editor_client, "doj")[0] == "Justice Department"


def test_nearer_names_come_first(editor_client: Client) -> None:
    names = ["State", "State Department", "Department of State", "Interstate Commission"]
    for name in reversed(names):
        AgencyFactory.create(name=name)
    assert _found(editor_client, "state") == names


@pytest.mark.parametrize("term", ["emile", "ÉMILE", "зеленський", "kyiv mil"])
def test_accents_and_case_do_not_matter(editor_client: Client, term: str) -> None:
    ActorFactory.create(name="Émile Zelenskyy", aliases="Володимир Зеленський\nKyïv's Military Chief")
    ActorFactory.create(name="Somebody Else")
    assert _found(editor_client, term, field="actor") == ["Émile Zelenskyy"]


@pytest.mark.parametrize("term", ["%", "_", "100%", "x' OR 1=1 --"])
def test_signs_are_letters_like_others(editor_client: Client, term: str) -> None:
    AgencyFactory.create(name="Justice Department", aliases="DOJ")
    assert _found(editor_client, term) == []


def test_list_keeps_the_order_that_was_asked_for(reviewer_client: Client) -> None:
    for name in ("Beta State", "State"):
        AgencyFactory.create(name=name)
    rows = reviewer_client.get("/admin/tracker/agency/", {"q": "state", "o": "1"}).context["cl"].result_list
    assert [row.name for row in rows] == ["Beta State", "State"]


@pytest.mark.django_db
def test_merged_term_is_found_as_the_one_that_stays() -> None:
    survivor = PublisherFactory.create(name="Associated Press")
    PublisherFactory.create(name="The AP", aliases="AP", merged_into=survivor)
    assert find_term(Publisher, "the ap") == find_term(Publisher, "ap") == survivor


@pytest.mark.django_db
def test_no_term_is_found_for_nothing() -> None:
    assert find_term(Agency, "  ") is None
