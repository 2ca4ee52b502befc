"""The preview: the public page of a working copy, for staff alone."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import edit, published, save

CANARY = "Canary7d1"


def _preview(client: Client, slug: str) -> Any:
    return client.get(f"/preview/{slug}/")


def _text(client: Client, slug: str) -> str:
    return " ".join(_preview(client, slug).content.decode().split())


def test_draft_is_shown_as_readers_would_see_it(editor_client: Client) -> None:
    page = _text(editor_client, save(title=CANARY).slug)
    assert f"<h1><bdi>{CANARY}</bdi></h1>" in page
    assert "Preview: readers do not see this." in page


def test_working_copy_is_shown_and_not_what_is_public(editor_client: Client) -> None:
    action = edit(published(title="Aid paused"), title=CANARY)
    page = _text(editor_client, action.slug)
    assert f"<h1><bdi>{CANARY}</bdi></h1>" in page
    assert f'href="{action.get_absolute_url()}"' in page


@pytest.mark.parametrize(
    "values",
    [{"date": None, "status_history": [], "citations": []}, {"agency": None, "actor": None, "category": None}],
    ids=["no date, status, source", "no terms"],
)
def test_half_an_entry_is_shown(editor_client: Client, values: dict[str, Any]) -> None:
    response = _preview(editor_client, save(**values).slug)
    assert response.status_code == 200


def test_no_version_and_no_citation_is_promised(editor_client: Client) -> None:
    page = _text(editor_client, save().slug)
    assert "Cite this entry" not in page
    assert "Changes to this entry" not in page
    assert 'rel="canonical"' not in page


def test_term_that_readers_do_not_know_is_no_link(editor_client: Client) -> None:
    action = save()
    assert action.agency is not None
    page = _text(editor_client, action.slug)
    assert f"<dd><bdi>{action.agency.name}</bdi></dd>" in page


def test_term_that_readers_know_is_a_link(editor_client: Client) -> None:
    action = published()
    assert action.agency is not None
    assert f'<a href="/agencies/{action.agency.slug}/">' in _text(editor_client, action.slug)


def test_relation_to_a_draft_is_named_without_a_link(editor_client: Client) -> None:
    other = save(title="Another draft")
    page = _text(editor_client, save(relations=[{"kind": "see_also", "to": other.slug}]).slug)
    assert "Another draft" in page
    assert other.get_absolute_url() not in page


def test_relation_to_a_public_entry_is_a_link(editor_client: Client) -> None:
    other = published(title="Another")
    page = _text(editor_client, save(relations=[{"kind": "see_also", "to": other.slug}]).slug)
    assert f'<a href="{other.get_absolute_url()}"><bdi>Another</bdi></a>' in page


def test_it_is_kept_nowhere_and_found_by_nobody(editor_client: Client) -> None:
    response = _preview(editor_client, save().slug)
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_draft_does_not_leak(intruder: Client, reader_client: Client) -> None:
    slug = save(title=CANARY).slug
    for client in (intruder, reader_client):
        for address in (slug, "no-such-entry"):
            response = _preview(client, address)
            assert (response.status_code, response.headers["Location"][:13]) == (302, "/admin/login/")


def test_staff_without_the_right_is_refused(reader: User, reader_client: Client) -> None:
    User.objects.filter(pk=reader.pk).update(is_staff=True)
    assert [_preview(reader_client, slug).status_code for slug in (save().slug, "no-such-entry")] == [403, 403]


def test_what_does_not_exist_is_not_found(editor_client: Client) -> None:
    assert _preview(editor_client, "no-such-entry").status_code == 404


def test_nothing_can_be_posted(editor_client: Client) -> None:
    assert editor_client.post(f"/preview/{save().slug}/").status_code == 405
