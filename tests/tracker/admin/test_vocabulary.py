"""Terms and sources in admin: found by any name, frozen keys, changes published on purpose, a history to be read."""

import json

import pytest
from django.apps import apps
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client

from tests.factories import ActorFactory, AgencyFactory, PublisherFactory, SourceFactory, published
from tests.tracker.admin.forms import opened
from tracker.models import Actor, Agency, Edition, PublishedAction, PublishedTerm, Source

AGENCIES = "/admin/tracker/agency/"


def _typed(agency: Agency, **values: str) -> dict[str, str]:
    return {"name": agency.name, "abbreviation": "", "aliases": "", "slug": agency.slug} | values


@pytest.mark.parametrize("words", ["DOJ", "main justice", "justice dep"])
def test_picker_finds_by_abbreviation_and_alias(editor_client: Client, words: str) -> None:
    AgencyFactory.create(name="Justice Department", abbreviation="DOJ", aliases="Main Justice")
    field = {"app_label": "tracker", "model_name": "policyaction", "field_name": "agency"}
    found = editor_client.get("/admin/autocomplete/", field | {"term": words}).json()["results"]
    assert [item["text"] for item in found] == ["Justice Department"]


@pytest.mark.parametrize("kind", ["actor", "agency", "topic", "publisher", "category", "affectedparty"])
def test_new_term_needs_no_more_than_its_name(editor_client: Client, kind: str) -> None:
    data = {"name": "Émile & Co.", "kind": "state", "definition": "Does something.", "position": "0"}
    response = editor_client.post(f"/admin/tracker/{kind}/add/", data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert apps.get_model("tracker", kind).objects.get().slug == "emile-co"


def test_new_source_is_made_in_a_popup(editor_client: Client) -> None:
    publisher = PublisherFactory.create(name="The Record")
    data = {"title": "Aid paused", "publisher": publisher.pk, "kind": "news_report", "_popup": "1"}
    response = editor_client.post("/admin/tracker/source/add/?_popup=1", data)
    assert "popup_response" in response.content.decode()
    assert Source.objects.get().slug == "the-record-aid-paused"


@pytest.mark.parametrize("slug", ["Not A Slug", "not-coded", "x" * 101, "a\x00"], ids=ascii)
def test_key_that_cannot_be_one_is_refused(editor_client: Client, slug: str) -> None:
    data = {"name": "Other things", "definition": "Does something.", "position": "0", "slug": slug}
    response = editor_client.post("/admin/tracker/category/add/", data)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors


def test_name_that_exists_is_refused_in_words(editor_client: Client) -> None:
    AgencyFactory.create(name="Justice Department")
    response = editor_client.post(f"{AGENCIES}add/", {"name": "justice  department"})
    assert "exists already" in str(response.context["adminform"].form.errors["name"])


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "a\u202eb", "a; b", "x" * 201], ids=ascii)
def test_hostile_name_is_refused_at_its_field(editor_client: Client, name: str) -> None:
    response = editor_client.post(f"{AGENCIES}add/", {"name": name})
    assert "name" in response.context["adminform"].form.errors
    assert not Agency.objects.exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:x", "ftp://a.example/", "http://u:p@a.example/"])
@pytest.mark.parametrize("field", ["url", "archive_url"])
def test_hostile_address_of_a_source_is_refused(editor_client: Client, field: str, url: str) -> None:
    source = SourceFactory.create()
    data = {"title": source.title, "publisher": source.publisher_id, "kind": "news_report", "url": source.url}
    response = editor_client.post(f"/admin/tracker/source/{source.pk}/change/", data | {field: url})
    assert field in response.context["adminform"].form.errors


def test_key_is_typed_until_it_is_published(editor_client: Client) -> None:
    fresh = AgencyFactory.create(name="Fresh")
    public = Agency.objects.get(slug=_public_agency_slug())
    for agency, key in ((fresh, "fresh-key"), (public, "other-key")):
        address = f"{AGENCIES}{agency.pk}/change/"
        editor_client.post(address, _typed(agency, slug=key) | opened(editor_client, address))
    assert Agency.objects.get(pk=fresh.pk).slug == "fresh-key"
    assert Agency.objects.get(pk=public.pk).slug == public.slug


def _public_agency_slug() -> str:
    published()
    return PublishedTerm.objects.filter(kind="agency").get().slug


def test_reviewer_publishes_the_change_of_a_term(reviewer_client: Client) -> None:
    agency = Agency.objects.get(slug=_public_agency_slug())
    address = f"{AGENCIES}{agency.pk}/change/"
    data = _typed(agency, name="War Department", _publish="Save and publish this change")
    page = reviewer_client.post(address, data | opened(reviewer_client, address), follow=True)
    assert "Published in edition 2." in page.content.decode()
    row = PublishedAction.objects.current().get()
    assert (json.loads(row.record)["entry"]["agency"]["name"], row.change) == ("War Department", "minor")


def test_editor_changes_a_term_and_cannot_publish_it(editor_client: Client) -> None:
    agency = Agency.objects.get(slug=_public_agency_slug())
    address = f"{AGENCIES}{agency.pk}/change/"
    assert 'name="_publish"' not in editor_client.get(address).content.decode()
    assert editor_client.post(address, _typed(agency, name="War Department", _publish="x")).status_code == 403
    editor_client.post(address, _typed(agency, name="War Department") | opened(editor_client, address))
    chosen = {"action": "publish_changes", ACTION_CHECKBOX_NAME: agency.pk}
    editor_client.post(AGENCIES, chosen)
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(("name", "is_told"), [("War Department", True), (None, False)], ids=["renamed", "as it was"])
def test_saved_change_of_a_public_term_says_that_readers_wait(
    editor_client: Client, name: str | None, is_told: bool
) -> None:
    agency = Agency.objects.get(slug=_public_agency_slug())
    address = f"{AGENCIES}{agency.pk}/change/"
    data = _typed(agency, name=name or agency.name) | opened(editor_client, address)
    page = editor_client.post(address, data, follow=True).content.decode()
    assert ("Readers still see the form published before" in page) == is_told


def test_bulk_publication_of_terms_says_what_came_of_it(reviewer_client: Client) -> None:
    agency = Agency.objects.get(slug=_public_agency_slug())
    chosen = {"action": "publish_changes", ACTION_CHECKBOX_NAME: agency.pk}
    assert "Readers see this form already." in reviewer_client.post(AGENCIES, chosen, follow=True).content.decode()
    unused = AgencyFactory.create()
    page = reviewer_client.post(AGENCIES, chosen | {ACTION_CHECKBOX_NAME: unused.pk}, follow=True)
    assert "published with the first entry that uses it" in page.content.decode()


def test_history_is_read_only(editor_client: Client) -> None:
    actor = ActorFactory.create(name="Pam Bondi")
    address = f"/admin/tracker/actor/{actor.pk}/change/"
    data = {"name": "Pamela Bondi", "slug": actor.slug}
    editor_client.post(address, data | opened(editor_client, address))
    page = editor_client.get(f"/admin/tracker/actor/{actor.pk}/history/").content.decode()
    assert "Pam Bondi → Pamela Bondi" in " ".join(page.split())
    first = actor.history.earliest()
    address = f"/admin/tracker/actor/{actor.pk}/history/{first.pk}/"
    assert editor_client.post(address, {"name": "Pam Bondi", "slug": actor.slug}).status_code in (302, 404)
    assert Actor.objects.get().name == "Pamela Bondi"


def test_history_of_a_source_is_told_in_words(editor_client: Client) -> None:
    source = SourceFactory.create(published="2025-03", kind="news_report")
    source.published, source.kind = "2025-03-03", "court_record"
    source.save()
    page = " ".join(editor_client.get(f"/admin/tracker/source/{source.pk}/history/").content.decode().split())
    assert "Mar 2025, day not known → 3 Mar 2025" in page
    assert "News report → Court record" in page


def test_history_takes_no_post(editor_client: Client) -> None:
    source = SourceFactory.create()
    assert editor_client.post(f"/admin/tracker/source/{source.pk}/history/", {"title": "x"}).status_code == 405


def test_source_is_found_by_its_address(editor_client: Client) -> None:
    SourceFactory.create(url="https://one.example/x", title="One")
    SourceFactory.create(title="Two")
    found = editor_client.get("/admin/tracker/source/", {"q": "one.example"}).context["cl"].result_list
    assert [source.title for source in found] == ["One"]
    assert Source.objects.count() == 2
