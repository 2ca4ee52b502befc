"""What ticking a term finds, by the terms as of the edition served."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests import factories
from tests.timeline.scene import FIRST, SECOND, select, slugs
from timeline.terms import Vocabulary, read_term
from tracker import publishing

pytestmark = pytest.mark.django_db


def _vocabulary(kind: str, **terms: dict[str, object]) -> Vocabulary:
    known = {kind: {slug: {"slug": slug, "name": slug.upper(), **term} for slug, term in terms.items()}}
    return Vocabulary(known=known, standing=known)


AGENCIES: dict[str, dict[str, object]] = {
    "top": {},
    "part": {"parent": "top"},
    "room": {"parent": "part"},
    "old": {"successor": "part"},
    "oldroom": {"parent": "old"},
    "gone": {"merged_into": "part"},
    "away": {"parent": None},
}
EXPANDED = {
    "parts of parts, predecessors and their parts": ("top", {"top", "part", "room", "old", "oldroom", "gone"}),
    "predecessors": ("part", {"part", "room", "old", "oldroom", "gone"}),
    "a predecessor alone": ("old", {"old", "oldroom"}),
    "a merged body is its survivor": ("gone", {"part", "room", "old", "oldroom", "gone"}),
    "nothing around it": ("away", {"away"}),
    "not yet there": ("later", {"later"}),
}


@pytest.mark.parametrize(("slug", "found"), EXPANDED.values(), ids=EXPANDED)
def test_agency_finds(slug: str, found: set[str]) -> None:
    assert _vocabulary("agency", **AGENCIES).expand("agency", slug) == found


def test_party_finds_the_groups_it_belongs_to() -> None:
    vocabulary = _vocabulary("party", us={}, nato={"members": ["us"]}, west={"members": ["nato"]})
    assert vocabulary.expand("party", "us") == {"us", "nato", "west"}
    assert vocabulary.expand("party", "nato") == {"nato", "west"}


def test_circle_of_terms_ends() -> None:
    vocabulary = _vocabulary("agency", a={"merged_into": "b", "parent": "b"}, b={"merged_into": "a", "parent": "a"})
    assert vocabulary.expand("agency", "a") == {"a", "b"}


def test_merged_term_is_labelled_by_both_names() -> None:
    vocabulary = _vocabulary("actor", old={"merged_into": "new"}, new={})
    assert vocabulary.label("actor", "old") == "NEW (was OLD)"


def test_merger_counts_from_its_edition_on() -> None:
    survivor, merged = (factories.AgencyFactory.create(name=name) for name in ("Alpha", "Beta"))
    factories.publish(
        factories.save(slug="of-alpha", agency=survivor), factories.save(slug="of-beta", agency=merged), at=FIRST
    )
    merged.merged_into = survivor
    merged.save()
    publishing.publish_terms([("agency", "beta")], by=None, at=SECOND, note="Merged.", renew=False)
    assert slugs("agency=beta") == ["of-alpha", "of-beta"]
    assert slugs("agency=beta&as_of=1") == ["of-beta"]
    assert select("agency=beta").chips()[0].value_label == "Alpha (was Beta)"
    assert select("agency=beta&as_of=1").chips()[0].value_label == "Beta"


def test_name_is_that_of_the_edition_served() -> None:
    agency = factories.AgencyFactory.create(name="Old Name", slug="body")
    factories.publish(factories.save(agency=agency), at=FIRST)
    agency.name = "New Name"
    agency.save()
    publishing.publish_terms([("agency", "body")], by=None, at=SECOND, note="Renamed.")
    assert select("agency=body").label("agency", "body") == "New Name"
    assert select("agency=body&as_of=1").label("agency", "body") == "Old Name"


def test_terms_are_read_once_for_an_edition(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    factories.published(at=FIRST)
    first = select()
    with django_assert_num_queries(1):  # the newest edition alone
        assert select().vocabulary is first.vocabulary


def test_redacted_term_is_known_by_its_slug() -> None:
    assert read_term("removed-1", "") == {"slug": "removed-1", "name": "removed-1"}
