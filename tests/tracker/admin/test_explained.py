"""The codebook where it is needed: each choice carries its definition and an example."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from tests.factories import CategoryFactory, save
from tests.tracker.admin.forms import ADD, change_address
from tracker import codebook
from tracker.admin.widgets import explaining


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("form", codebook.FORMS),
        ("status_changes-__prefix__-status", codebook.STATUSES),
        ("status_changes-__prefix__-by", codebook.STATUS_BY),
        ("citations-__prefix__-attribution", codebook.ATTRIBUTIONS),
        ("citations-__prefix__-stance", codebook.STANCES),
        ("relations-__prefix__-kind", codebook.RELATION_KINDS),
    ],
)
def test_lists_of_an_entry_explain_their_codes(editor_client: Client, name: str, codes: Any) -> None:
    page = editor_client.get(change_address(save())).content.decode()
    _, _, rest = page.partition(f'<select name="{name}"')
    options, _, after = rest.partition("</select>")
    for code in codes.values():
        assert f'data-definition="{escape(code.definition)}"' in options
        assert f'data-example="{escape(code.example)}"' in options
    assert after.startswith('<noscript><a href="/method/#')


@pytest.mark.parametrize("codes", [codebook.STATUSES, codebook.ATTRIBUTIONS], ids=["status", "attribution"])
def test_radio_lists_show_definition_and_example(editor_client: Client, codes: Any) -> None:
    page = editor_client.get(ADD).content.decode()
    for code in codes.values():
        assert escape(code.definition) in page
        assert f"Example: {escape(code.example)}" in page


def test_category_explains_itself_from_its_record(editor_client: Client) -> None:
    CategoryFactory.create(definition="Stops “aid”.", example="A & B.")
    page = editor_client.get(ADD).content.decode()
    assert 'data-definition="Stops “aid”." data-example="A &amp; B."' in page


def test_choices_that_are_no_codes_are_plain() -> None:
    assert explaining([("a", "A")]) is None
