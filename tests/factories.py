"""Factories: each builds the minimum valid object, unique by sequence; traits for states.

An entry is built as a draft document and saved through `record.save_entry`, as admin and importers do.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import factory
from django.contrib.auth.models import User

from tracker import publishing, record
from tracker.models import (
    Actor,
    AffectedParty,
    Agency,
    Category,
    Edition,
    PolicyAction,
    Publisher,
    Source,
    Topic,
)

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A user without rights."""

    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"user-{number}")


class ActorFactory(factory.django.DjangoModelFactory[Actor]):
    """A person or body."""

    class Meta:
        model = Actor

    name = factory.Sequence(lambda number: f"Actor {number}")


class AgencyFactory(factory.django.DjangoModelFactory[Agency]):
    """A public body."""

    class Meta:
        model = Agency

    name = factory.Sequence(lambda number: f"Agency {number}")


class PartyFactory(factory.django.DjangoModelFactory[AffectedParty]):
    """An affected party; a state by default."""

    class Meta:
        model = AffectedParty

    class Params:
        group = factory.Trait(kind="group")
        unit = factory.Trait(kind="unit")

    name = factory.Sequence(lambda number: f"Party {number}")
    kind = "state"


class TopicFactory(factory.django.DjangoModelFactory[Topic]):
    """A subject."""

    class Meta:
        model = Topic

    name = factory.Sequence(lambda number: f"Topic {number}")


class CategoryFactory(factory.django.DjangoModelFactory[Category]):
    """A category with its definition."""

    class Meta:
        model = Category

    name = factory.Sequence(lambda number: f"Category {number}")
    definition = "Does something."


class PublisherFactory(factory.django.DjangoModelFactory[Publisher]):
    """A publisher."""

    class Meta:
        model = Publisher

    name = factory.Sequence(lambda number: f"Publisher {number}")


class SourceFactory(factory.django.DjangoModelFactory[Source]):
    """A news report; traits for official documents and for print."""

    class Meta:
        model = Source

    class Params:
        official = factory.Trait(kind="official_document")
        in_print = factory.Trait(url="")

    title = factory.Sequence(lambda number: f"Report {number}")
    publisher = factory.SubFactory(PublisherFactory)
    url = factory.Sequence(lambda number: f"https://news.example/{number}")
    published = "2025-03-03"


def line(status: str = "in_effect", date: str = "2025-03-03", **values: Any) -> dict[str, Any]:
    """Return one line of a status history."""
    return {"status": status, "date": date, **values}


def citation(source: Source | None = None, **values: Any) -> dict[str, Any]:
    """Return a citation of `source` (a new one by default), on the word of a named official."""
    source = source or SourceFactory.create()
    return {"source": {"slug": source.slug}, "attribution": "named_official", "bears_on": ["action"], **values}


def entry(**values: Any) -> dict[str, Any]:
    """Return the smallest entry that can be published; `values` replace or add keys, model instances by slug."""
    named = {key: _plain(value) for key, value in values.items()}
    defaults: dict[str, Any] = {"title": "Aid paused", "where_it_stands": "Paused.", "date": "2025-03-03"}
    for key, make in (("category", CategoryFactory), ("actor", ActorFactory), ("agency", AgencyFactory)):
        if key not in named:
            defaults[key] = _plain(make.create())
    if "citations" not in named:
        defaults["citations"] = [citation()]
    if "status_history" not in named:
        defaults["status_history"] = [line()]
    return {**defaults, **named}


def _plain(value: Any) -> Any:
    if hasattr(value, "slug"):
        return {"slug": value.slug}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def save(
    *,
    slug: str | None = None,
    relations: Sequence[Mapping[str, Any]] = (),
    by: User | None = None,
    at: datetime = NOW,
    expected: int | None = None,
    imported: bool = False,
    **values: Any,
) -> PolicyAction:
    """Save an entry through the record; an existing one when `slug` names it."""
    known = PolicyAction.objects.filter(slug=slug).first() if slug else None
    opened = expected if expected is not None else (known.revision if known else 0)
    draft = record.Draft(entry=entry(**values), relations=relations, slug=slug, expected=opened, imported=imported)
    return record.save_entry(draft, by=by, at=at)


def edit(action: PolicyAction, *, at: datetime = NOW, by: User | None = None, **values: Any) -> PolicyAction:
    """Save `action` again with some of its values replaced."""
    document = action.revisions.get(number=action.revision).document
    changed = document["entry"] | {key: _plain(value) for key, value in values.items() if key != "relations"}
    relations = values.get("relations", document["relations"])
    draft = record.Draft(entry=changed, relations=relations, slug=action.slug, expected=action.revision)
    return record.save_entry(draft, by=by, at=at)


def publish(*actions: PolicyAction, at: datetime = NOW, **values: Any) -> Edition | None:
    """Publish saved actions as one edition; `change` and `note` for those that are public already."""
    change = publishing.Change(values.pop("change", "updated"), values.pop("change_note", "It moved."))
    return publishing.publish(
        {action.slug: action.revision for action in actions},
        at=at,
        by=values.pop("by", None),
        changes={action.slug: change for action in actions},
        **values,
    )


def published(*, at: datetime = NOW, **values: Any) -> PolicyAction:
    """Save an entry and publish it."""
    action = save(at=at, **values)
    publish(action, at=at)
    action.refresh_from_db()
    return action
