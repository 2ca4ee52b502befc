"""Publishing a change to a term: its new version, and a minor version of every entry that shows it."""

import json
from typing import Any

import pytest

from tests import factories
from tests.factories import NOW, citation
from tracker.models import Agency, Edition, PublishedAction, PublishedTerm
from tracker.publishing import PublishingError, publish_terms, retract

pytestmark = pytest.mark.django_db


def _rename(term: Any, name: str, **values: Any) -> Any:
    """Edit a term as admin does: on a fresh copy, through save."""
    fresh = type(term).objects.get(pk=term.pk)
    for field, value in {"name": name, **values}.items():
        setattr(fresh, field, value)
    fresh.full_clean()
    fresh.save()
    return fresh


def _publish(*terms: Any, **values: Any) -> Edition | None:
    keys = [(term.ledger_kind, term.slug) for term in terms]
    return publish_terms(keys, by=None, at=NOW, note="Spelling.", **values)


def _term(kind: str, slug: str) -> dict[str, Any]:
    return dict(json.loads(PublishedTerm.objects.current().get(kind=kind, slug=slug).record)["term"])


def _row(slug: str) -> PublishedAction:
    return PublishedAction.objects.current().get(slug=slug)


def _entry(slug: str) -> dict[str, Any]:
    return dict(json.loads(_row(slug).record)["entry"])


# --- the term --------------------------------------------------------------------------------------------------


def test_term_that_does_not_differ_makes_no_edition() -> None:
    topic = factories.TopicFactory.create()
    factories.published(topics=[topic])
    assert _publish(topic) is None
    assert Edition.objects.count() == 1


def test_term_that_was_never_published_is_refused_by_name() -> None:
    topic = factories.TopicFactory.create(slug="war")
    with pytest.raises(PublishingError) as refused:
        _publish(topic)
    assert list(refused.value.problems) == ["topic/war"]


def test_kind_that_is_none_is_refused() -> None:
    with pytest.raises(PublishingError):
        publish_terms([("planet", "mars")], by=None, at=NOW, note="")


def test_new_spelling_is_a_new_version_of_the_term() -> None:
    actor = factories.ActorFactory.create(slug="bondi", name="Pam Bondy")
    factories.published(actor=actor)
    edition = _publish(_rename(actor, "Pam Bondi"))
    row = PublishedTerm.objects.current().get(kind="actor")
    assert (row.version, row.edition) == (2, edition)
    assert _term("actor", "bondi")["name"] == "Pam Bondi"


def test_earlier_names_become_aliases_once_each() -> None:
    actor = factories.ActorFactory.create(slug="bondi", name="P. Bondi", aliases="AG\nPam Bondy")
    factories.published(actor=actor)
    for name in ("Pam Bondy", "Pam Bondi", "P. Bondi", "Pam Bondi"):
        _publish(_rename(actor, name))
    assert _term("actor", "bondi")["aliases"] == ["AG", "Pam Bondy", "P. Bondi"]


def test_alias_that_an_editor_takes_away_goes() -> None:
    actor = factories.ActorFactory.create(slug="bondi", name="Pam Bondi", aliases="Wrong\nRight")
    factories.published(actor=actor)
    assert _publish(_rename(actor, "Pam Bondi", aliases="Right"))
    assert _term("actor", "bondi")["aliases"] == ["Right"]


def test_alias_alone_renews_no_entry() -> None:
    topic = factories.TopicFactory.create()
    factories.published(slug="aid-pause", topics=[topic])
    assert _publish(_rename(topic, topic.name, aliases="Another"))
    assert _row("aid-pause").version == 1


def test_definition_of_a_category_is_published_without_renewing_entries() -> None:
    category = factories.CategoryFactory.create(slug="aid-pause")
    factories.published(slug="entry", category=category)
    assert _publish(_rename(category, category.name, definition="Stops aid.", position=3))
    assert _term("category", "aid-pause")["definition"] == "Stops aid."
    assert _row("entry").version == 1


def test_new_parent_that_was_never_public_is_published_with_it() -> None:
    agency = factories.AgencyFactory.create(slug="child", parent=factories.AgencyFactory.create(slug="old"))
    factories.published(slug="entry", agency=agency)
    top = factories.AgencyFactory.create(slug="top")
    new = factories.AgencyFactory.create(slug="new", name="New Parent", parent=top)
    _publish(_rename(agency, agency.name, parent=new))
    assert set(PublishedTerm.objects.filter(edition=2).values_list("slug", "version")) == {
        ("child", 2),
        ("new", 1),
        ("top", 1),
    }
    assert _entry("entry")["agency"]["parent"] == {"slug": "new", "name": "New Parent"}


def test_unchanged_term_among_the_keys_gets_no_version() -> None:
    top = factories.AgencyFactory.create(slug="top")
    middle = factories.AgencyFactory.create(slug="middle", parent=top)
    child = factories.AgencyFactory.create(slug="child", parent=middle)
    factories.published(agency=child)
    _publish(top, _rename(child, "Renamed"))
    assert list(PublishedTerm.objects.filter(edition=2).values_list("slug", flat=True)) == ["child"]


# --- the entries that show it ----------------------------------------------------------------------------------

SHOWN: dict[str, tuple[Any, Any, Any]] = {
    "actor": (factories.ActorFactory, "actor", lambda entry: entry["actor"]["name"]),
    "other actor": (factories.ActorFactory, "other_actors", lambda entry: entry["other_actors"][0]["name"]),
    "agency": (factories.AgencyFactory, "agency", lambda entry: entry["agency"]["name"]),
    "other agency": (factories.AgencyFactory, "other_agencies", lambda entry: entry["other_agencies"][0]["name"]),
    "party": (factories.PartyFactory, "affects", lambda entry: entry["affects"][0]["name"]),
    "topic": (factories.TopicFactory, "topics", lambda entry: entry["topics"][0]["name"]),
    "category": (factories.CategoryFactory, "category", lambda entry: entry["category"]["name"]),
}


@pytest.mark.parametrize("name", SHOWN)
def test_entry_that_shows_a_term_gets_a_minor_version(name: str) -> None:
    maker, field, read = SHOWN[name]
    term = maker.create()
    several = field in ("other_actors", "other_agencies", "affects", "topics")
    values: dict[str, Any] = {field: [term] if several else term}
    factories.published(slug="aid-pause", **values)
    factories.published(slug="other")
    _publish(_rename(term, "Spelt anew"))
    row = _row("aid-pause")
    assert (row.version, row.change, row.change_note) == (2, "minor", "Spelling.")
    assert read(_entry("aid-pause")) == "Spelt anew"
    assert _row("other").version == 1


def test_children_print_the_new_spelling_of_their_parent() -> None:
    parent = factories.AgencyFactory.create(name="Old")
    factories.published(slug="aid-pause", agency=factories.AgencyFactory.create(parent=parent))
    _publish(_rename(parent, "New"))
    assert _entry("aid-pause")["agency"]["parent"]["name"] == "New"


def test_children_are_those_that_readers_see_and_not_those_being_edited() -> None:
    parent, other = factories.AgencyFactory.create(name="Old"), factories.AgencyFactory.create()
    child = factories.AgencyFactory.create(parent=parent)
    factories.published(slug="aid-pause", agency=child)
    Agency.objects.filter(pk=child.pk).update(parent=other)
    _publish(_rename(parent, "New"))
    assert _entry("aid-pause")["agency"]["parent"]["name"] == "New"


@pytest.mark.parametrize("place", ["publisher", "republished_by"])
def test_sources_and_their_entries_print_the_new_spelling_of_a_publisher(place: str) -> None:
    publisher = factories.PublisherFactory.create(name="Old")
    source = factories.SourceFactory.create(slug="memo", **{place: publisher})
    factories.published(slug="aid-pause", citations=[citation(source)])
    _publish(_rename(publisher, "New"))
    assert _term("source", "memo")[place]["name"] == "New"
    assert _entry("aid-pause")["citations"][0]["source"][place]["name"] == "New"
    assert ("New" in _row("aid-pause").csv) is (place == "publisher")


def test_sources_are_those_that_readers_see_and_not_those_being_edited() -> None:
    publisher = factories.PublisherFactory.create(name="Old")
    source = factories.SourceFactory.create(slug="memo", publisher=publisher)
    factories.published(slug="aid-pause", citations=[citation(source)])
    source.publisher = factories.PublisherFactory.create()
    source.save()
    _publish(_rename(publisher, "New"))
    assert _term("source", "memo")["publisher"]["name"] == "New"


def test_archive_address_of_a_source_reaches_its_entries() -> None:
    source = factories.SourceFactory.create(slug="memo")
    factories.published(slug="aid-pause", citations=[citation(source)])
    source.archive_url = "https://archive.example/1"
    source.save()
    _publish(source)
    assert _entry("aid-pause")["derived"]["source_archive_url"] == "https://archive.example/1"


def test_source_whose_publisher_is_being_renamed_does_not_differ() -> None:
    source = factories.SourceFactory.create(slug="memo")
    factories.published(slug="aid-pause", citations=[citation(source)])
    _rename(source.publisher, "Canary")
    assert _publish(type(source).objects.get(slug="memo")) is None


def test_source_and_publisher_published_together_agree() -> None:
    source = factories.SourceFactory.create(slug="memo")
    factories.published(slug="aid-pause", citations=[citation(source)])
    publisher = _rename(source.publisher, "New")
    source = type(source).objects.get(slug="memo")
    source.title = "Retitled"
    source.save()
    _publish(source, publisher)
    assert (_term("source", "memo")["title"], _term("source", "memo")["publisher"]["name"]) == ("Retitled", "New")
    assert PublishedTerm.objects.filter(edition=2).count() == 2


def test_entry_is_renewed_from_its_published_record_and_not_from_the_working_copy() -> None:
    topic, other = factories.TopicFactory.create(), factories.TopicFactory.create()
    action = factories.published(slug="aid-pause", title="Published", topics=[topic])
    factories.edit(action, title="Canary", topics=[other], summary="Canary")
    _publish(_rename(topic, "New"))
    entry = _entry("aid-pause")
    assert (entry["title"], entry["summary"], entry["topics"]) == (
        "Published",
        None,
        [{"slug": topic.slug, "name": "New"}],
    )


def test_renewal_prints_nothing_else_that_is_being_edited() -> None:
    topic, actor = factories.TopicFactory.create(), factories.ActorFactory.create(name="Public")
    factories.published(slug="aid-pause", topics=[topic], actor=actor)
    _rename(actor, "Canary")
    _publish(_rename(topic, "New"))
    assert _entry("aid-pause")["actor"]["name"] == "Public"


def test_minor_renewal_leaves_last_changed_and_the_working_copy() -> None:
    topic = factories.TopicFactory.create()
    action = factories.published(slug="aid-pause", topics=[topic])
    _publish(_rename(topic, "New"))
    record = json.loads(_row("aid-pause").record)
    action.refresh_from_db()
    assert (record["last_change"], record["version"], action.revision, action.published_revision) == (
        "published",
        2,
        1,
        1,
    )


def test_without_renew_only_the_term_gets_a_version() -> None:
    topic = factories.TopicFactory.create(name="Old")
    factories.published(slug="aid-pause", topics=[topic])
    _publish(_rename(topic, "New"), renew=False)
    assert _term("topic", topic.slug)["name"] == "New"
    assert _entry("aid-pause")["topics"][0]["name"] == "Old"


def test_older_versions_and_retracted_entries_are_left_alone() -> None:
    topic = factories.TopicFactory.create()
    action = factories.published(slug="aid-pause", topics=[topic])
    factories.publish(factories.edit(action, topics=[]))
    factories.published(slug="gone", topics=[topic])
    retract("gone", reason="out_of_scope", note="No entry.", by=None, at=NOW)
    assert _publish(_rename(topic, "New"))
    assert not PublishedAction.objects.filter(edition=5).exists()


def test_merge_keeps_both_terms_and_the_entry() -> None:
    topic, survivor = factories.TopicFactory.create(slug="old"), factories.TopicFactory.create(slug="survivor")
    factories.published(slug="aid-pause", topics=[topic])
    _publish(_rename(topic, topic.name, merged_into=survivor))
    assert _term("topic", "old")["merged_into"] == "survivor"
    assert _term("topic", "survivor")["merged_into"] is None
    assert _row("aid-pause").version == 1
