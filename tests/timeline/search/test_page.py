"""The timeline page with words looked for: they are marked where they stand, and nothing in a text becomes markup."""

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    """Return the page of a search that finds one entry by its title, its state and a source."""
    source = factories.SourceFactory.create(title="Grain <b>report</b> & more")
    factories.published(
        title="<i>Aid</i> stopped", where_it_stands="Stopped again.", citations=[factories.citation(source)]
    )
    return client.get("/", {"q": "aid again report"}).content.decode()


@pytest.mark.parametrize(
    "marked",
    [
        "<bdi>&lt;i&gt;<mark>Aid</mark>&lt;/i&gt; stopped</bdi>",
        "<bdi>Stopped <mark>again</mark>.</bdi>",
        "Source: <bdi>Grain &lt;b&gt;<mark>report</mark>&lt;/b&gt; &amp; more</bdi>",
    ],
    ids=["title", "where it stands", "title of a source"],
)
def test_words_are_marked(page: str, marked: str) -> None:
    assert marked in page


def test_nothing_is_marked_where_nothing_was_looked_for(client: Client) -> None:
    factories.published(title="Aid stopped")
    assert "<mark>" not in client.get("/").content.decode()
