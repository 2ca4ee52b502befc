"""The page of definitions: every code and column is there, under an address of its own."""

import re

import pytest
from django.test import Client

from tests import factories
from tracker import codebook, columns, publishing

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    """The page of an empty ledger."""
    return client.get("/method/").content.decode()


@pytest.mark.parametrize("status", codebook.STATUSES.codes)
def test_each_status_has_an_anchor(page: str, status: str) -> None:
    assert f'id="status-{status}"' in page


def test_each_column_has_an_anchor_in_order(page: str) -> None:
    places = [page.index(f'id="column-{column.name}"') for column in columns.COLUMNS]
    assert places == sorted(places)


def test_link_of_the_file_leads_to_the_columns(client: Client, page: str) -> None:
    factories.published()
    assert client.get("/actions.csv")["Link"] == '</method/#columns>; rel="describedby"'
    assert 'id="columns"' in page


def test_category_is_defined_as_it_was_published(client: Client) -> None:
    category = factories.CategoryFactory.create(slug="talks", name="Talks", definition="People meet.")
    factories.published(category=category)
    category.definition = "Officials meet."
    category.save()
    assert "People meet." in client.get("/method/").content.decode()
    publishing.publish_terms([("category", "talks")], by=None, at=factories.NOW, note="Said better.")
    assert "Officials meet." in client.get("/method/").content.decode()


def test_ids_are_unique(page: str) -> None:
    ids = [part.split('"', 1)[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_every_name_in_an_address_is_told(page: str) -> None:
    assert re.findall(r'id="parameter-(\w+)"', page) == list(codebook.PARAMETERS)
