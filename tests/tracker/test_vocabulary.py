"""Terms: names that are one name, keys that stay, cycles that are refused, former names that are still found."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import factories
from tracker.models import Agency, Topic
from tracker.models.vocabulary import name_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d'Ivoire", "COTE  D'IVOIRE"),
        ("Straße", "STRASSE"),
        ("Ｆｕｌｌ width", "full width"),
        ("  outer\tblanks ", "outer blanks"),
    ],
    ids=["marks and case", "sharp s", "compatibility forms", "blanks"],
)
def test_name_key_is_one_for_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_same_name_is_refused_with_advice() -> None:
    factories.TopicFactory.create(name="Trade")
    with pytest.raises(ValidationError, match="word in brackets"):
        Topic(name="TRADE", slug="trade-2").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(name="TRADE")


def test_slug_is_made_from_the_name_and_numbered() -> None:
    names = ["Trade", "Trade!", "Trade?"]
    assert [Topic.objects.create(name=name).slug for name in names] == ["trade", "trade-2", "trade-3"]


def test_name_with_a_semicolon_is_refused() -> None:
    with pytest.raises(ValidationError, match="separates names"):
        Topic(name="Aid; trade", slug="aid").full_clean()


@pytest.mark.parametrize("field", ["parent", "successor", "merged_into"])
def test_cycle_is_refused(field: str) -> None:
    above = factories.AgencyFactory.create(name="Above")
    below = factories.AgencyFactory.create(name="Below")
    setattr(below, field, above)
    below.save()
    setattr(above, field, below)
    with pytest.raises(ValidationError, match="leads back"):
        above.full_clean()


def test_successor_and_its_day_belong_together() -> None:
    later = factories.AgencyFactory.create()
    agency = Agency(name="Earlier", slug="earlier", successor=later)
    with pytest.raises(ValidationError, match="belong together"):
        agency.full_clean()


def test_name_that_readers_know_stays_an_alias() -> None:
    agency = factories.AgencyFactory.create(name="Digital Service")
    factories.published(agency=agency)
    agency.name = "DOGE Service"
    agency.save()
    assert agency.alias_list == ["Digital Service"]


def test_name_that_nobody_saw_is_forgotten() -> None:
    agency = factories.AgencyFactory.create(name="Digtal Service")
    agency.name = "Digital Service"
    agency.save()
    assert agency.alias_list == []


def test_each_save_of_a_term_leaves_a_line_of_history() -> None:
    agency = factories.AgencyFactory.create(name="Digtal Service")
    agency.name = "Digital Service"
    agency.save()
    assert [line.name for line in agency.history.all()] == ["Digital Service", "Digtal Service"]
