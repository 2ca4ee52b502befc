"""Terms and sources become public with the first entry that uses them, and keep their published form after that."""

import json
from typing import Any

import pytest
from django.db import connection

from tests import factories
from tests.factories import citation
from tracker.models import Agency, PublishedAction, PublishedTerm, Publisher, Source
from tracker.publishing import PublishingError

pytestmark = pytest.mark.django_db


def _public() -> set[tuple[str, str]]:
    return set(PublishedTerm.objects.values_list("kind", "slug"))


def _entry(slug: str) -> dict[str, Any]:
    return dict(json.loads(PublishedAction.objects.current().get(slug=slug).record)["entry"])


def _term(kind: str, slug: str) -> dict[str, Any]:
    return dict(json.loads(PublishedTerm.objects.current().get(kind=kind, slug=slug).record)["term"])


def test_all_that_the_terms_point_at_is_published_with_first_use() -> None:
    party = factories.PartyFactory
    country = party.create(slug="country")
    group = party.create(slug="group", group=True)
    group.members.add(party.create(slug="member"))
    unit = party.create(slug="unit", unit=True, agency=factories.AgencyFactory.create(slug="unit-agency"))
    agency = factories.AgencyFactory.create(
        slug="agency",
        parent=factories.AgencyFactory.create(slug="parent", parent=factories.AgencyFactory.create(slug="top")),
        successor=factories.AgencyFactory.create(slug="successor"),
        successor_date="2025-01-20",
        country=country,
    )
    survivor = factories.TopicFactory.create(slug="survivor")
    topic = factories.TopicFactory.create(slug="merged", merged_into=survivor)
    source = factories.SourceFactory.create(
        slug="memo", publisher__slug="nbc", republished_by=factories.PublisherFactory.create(slug="local")
    )
    factories.published(
        agency=agency, affects=[group, unit], topics=[topic], citations=[citation(source)], actor=None, imported=True,
        category=factories.CategoryFactory.create(slug="aid-pause"),
    )  # fmt: skip
    assert _public() == {
        ("agency", "agency"), ("agency", "parent"), ("agency", "top"), ("agency", "successor"),
        ("agency", "unit-agency"), ("party", "country"), ("party", "group"), ("party", "member"), ("party", "unit"),
        ("topic", "merged"), ("topic", "survivor"), ("source", "memo"), ("publisher", "nbc"),
        ("publisher", "local"), ("category", "aid-pause"),
    }  # fmt: skip


def test_terms_are_published_once() -> None:
    agency = factories.AgencyFactory.create(slug="justice")
    factories.published(agency=agency)
    factories.published(agency=agency)
    assert PublishedTerm.objects.filter(kind="agency").count() == 1


def test_entry_prints_a_public_term_as_published_and_not_as_edited() -> None:
    agency = factories.AgencyFactory.create(slug="justice", name="Justice Department")
    factories.published(agency=agency)
    Agency.objects.filter(slug="justice").update(name="Canary", name_key="canary", abbreviation="CAN")
    factories.published(slug="second", agency=agency)
    assert _entry("second")["agency"] == {
        "slug": "justice",
        "name": "Justice Department",
        "abbreviation": None,
        "parent": None,
    }
    assert _term("agency", "justice")["name"] == "Justice Department"


def test_entry_prints_a_parent_as_published_and_not_as_edited() -> None:
    parent = factories.AgencyFactory.create(slug="parent", name="Old Parent")
    factories.published(agency=parent)
    Agency.objects.filter(slug="parent").update(name="Canary", name_key="canary")
    child = factories.AgencyFactory.create(slug="child", parent=Agency.objects.get(slug="parent"))
    factories.published(slug="second", agency=child)
    assert _entry("second")["agency"]["parent"] == {"slug": "parent", "name": "Old Parent"}


def test_unpublished_new_parent_of_a_public_agency_stays_unpublished() -> None:
    agency = factories.AgencyFactory.create(slug="child")
    factories.published(agency=agency)
    agency.parent = factories.AgencyFactory.create(slug="canary")
    agency.save()
    factories.published(slug="second", agency=agency)
    assert ("agency", "canary") not in _public()
    assert _entry("second")["agency"]["parent"] is None


def test_unpublished_new_publisher_of_a_public_source_stays_unpublished() -> None:
    source = factories.SourceFactory.create(publisher__slug="nbc")
    factories.published(citations=[citation(source)])
    source.publisher = factories.PublisherFactory.create(slug="canary")
    source.save()
    factories.published(slug="second", citations=[citation(source)])
    assert ("publisher", "canary") not in _public()
    assert _entry("second")["citations"][0]["source"]["publisher"]["slug"] == "nbc"
    assert "canary" not in str(_entry("second"))


def test_new_source_prints_a_public_publisher_as_published() -> None:
    publisher = factories.PublisherFactory.create(slug="nbc", name="NBC")
    factories.published(citations=[citation(factories.SourceFactory.create(publisher=publisher))])
    Publisher.objects.filter(slug="nbc").update(name="Canary", name_key="canary")
    source = factories.SourceFactory.create(slug="memo", publisher=Publisher.objects.get(slug="nbc"))
    factories.published(slug="second", citations=[citation(source)])
    assert _term("source", "memo")["publisher"] == {"slug": "nbc", "name": "NBC"}
    assert _entry("second")["derived"]["source_publisher"] == "NBC"


def test_term_that_is_public_first_now_is_printed_as_it_is_now() -> None:
    source = factories.SourceFactory.create(slug="memo", title="Before")
    action = factories.save(slug="second", citations=[citation(source)])
    source.title = "After"
    source.save()
    factories.publish(action)
    assert _entry("second")["derived"]["source_title"] == _term("source", "memo")["title"] == "After"


def test_entry_naming_a_term_by_a_key_it_no_longer_has_is_refused() -> None:
    actor = factories.ActorFactory.create(slug="bondy")
    action = factories.save(slug="aid-pause", actor=actor)
    actor.slug = "bondi"
    actor.save()
    with pytest.raises(PublishingError, match="'bondy' has another key now"):
        factories.publish(action)
    assert not PublishedTerm.objects.exists()
    assert factories.publish(factories.edit(action, actor=actor))


@pytest.mark.parametrize("name", ["foo_bar", "Foo  Bar", "Föö & Bär"])
def test_slug_of_a_term_is_one(name: str) -> None:
    term = factories.PublisherFactory.create(name=name)
    assert term.slug in {"foo-bar"}


def test_every_key_in_a_public_entry_is_a_public_term() -> None:
    factories.published(affects=[factories.PartyFactory.create()], topics=[factories.TopicFactory.create()])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.dimension, v.key FROM tracker_publishedfacet f JOIN tracker_facetvalue v ON v.id = f.value_id"
        )
        named = {(_KINDS[dimension], key) for dimension, key in cursor.fetchall() if dimension in _KINDS}
    assert len(named) == 7
    assert named == _public()


_KINDS = {name: name for name in ("actor", "agency", "category", "topic", "publisher", "source")} | {"affects": "party"}


def test_source_model_keeps_what_the_ledger_shows() -> None:
    source = factories.SourceFactory.create(slug="memo", authors="B\nA\nB", archive_url="https://archive.example/1")
    factories.published(citations=[citation(Source.objects.get(pk=source.pk))])
    term = _term("source", "memo")
    assert (term["authors"], term["archive_url"]) == (["B", "A"], "https://archive.example/1")


def test_terms_that_no_entry_names_are_published_when_asked_for() -> None:
    part = factories.AgencyFactory.create(slug="part", parent=factories.AgencyFactory.create(slug="whole"))
    action = factories.save()
    factories.publish(action, with_terms=[("agency", part.slug)])
    assert {("agency", "part"), ("agency", "whole")} <= _public()
