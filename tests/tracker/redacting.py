"""A record in which one word stands wherever a text can stand, and the act that takes it away."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User

from tests import factories
from tracker import publishing
from tracker.models import Edition, PolicyAction
from tracker.publishing import redaction

CANARY = "Quillfeather"
NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
REASON = "Regional court, order of 30 June 2025."


@dataclass
class Scene:
    """Entries by what should become of them, and who asks and who confirms."""

    asking: User
    confirming: User
    named: PolicyAction
    decided: PolicyAction
    mended: PolicyAction
    linking: PolicyAction
    clean: PolicyAction


def people() -> tuple[User, User]:
    """Return two people who may redact."""
    return User.objects.create_superuser("asking"), User.objects.create_superuser("confirming")


def redact(text: str, asking: User, confirming: User) -> Edition | None:
    """Ask for a redaction and confirm it."""
    seen = redaction.fingerprint(redaction.find(text))
    waiting = redaction.ask(text, reason=REASON, by=asking, at=NOW, seen=seen)
    return redaction.confirm(waiting.pk, by=confirming, at=NOW, seen=seen)


def scene() -> Scene:
    """Publish entries that hold the word in every text, print a term that has it, held it once, or lead to one."""
    asking, confirming = people()
    named = _named()
    decided = factories.save(slug="decided", title="Somebody decided", actor=_actor())
    publisher = factories.PublisherFactory.create(name=f"{CANARY} Gazette")
    blog = factories.SourceFactory.create(title="A report", publisher=publisher, slug="report")
    mended = factories.save(slug="mended", summary=f"{CANARY} was asked.", citations=[factories.citation(blog)])
    linking = factories.save(
        slug="linking", title="Follows the other", relations=[_relation(to=named.slug, note=f"As {CANARY} said.")]
    )
    clean = factories.save(slug="clean", title="Nothing of the kind")
    factories.publish(decided, mended, linking, clean)
    mended = factories.edit(PolicyAction.objects.get(slug="mended"), summary="An office was asked.")
    factories.publish(mended, change="corrected", change_note="A name was wrong.")
    decided, linking, clean = (PolicyAction.objects.get(pk=each.pk) for each in (decided, linking, clean))
    return Scene(asking, confirming, named, decided, mended, linking, clean)


def _actor() -> Any:
    """Return a published actor who was once printed under the word, and is still."""
    return factories.ActorFactory.create(name=f"Jane {CANARY}", aliases=f"J. {CANARY}")


def _relation(**values: Any) -> dict[str, Any]:
    blank = {"kind": "amends", "in_part": True, "to": None, "title": None, "identifier": None, "url": None}
    return {**blank, "note": None, **values}


def _named() -> PolicyAction:
    """Return an entry of two versions with the word in every text field, its key included."""
    source = factories.SourceFactory.create(
        title=f"{CANARY} speaks", url=f"https://news.example/{CANARY.lower()}", authors=CANARY,
        archive_url=f"https://archive.example/{CANARY.lower()}",
    )  # fmt: skip
    values: dict[str, Any] = {
        "title": f"{CANARY} paused aid", "summary": f"{CANARY} wrote it.", "where_it_stands": f"{CANARY} holds it.",
        "actor_office": f"Office of {CANARY}", "date_note": f"{CANARY} says so.", "identifiers": [f"docket:{CANARY}"],
        "disputed": True, "dispute_note": f"{CANARY} denies it.",
        "agency": factories.AgencyFactory.create(name=f"{CANARY} Agency", abbreviation="QA"),
        "topics": [factories.TopicFactory.create(name=f"{CANARY} affair", definition=f"All about {CANARY}.")],
        "affects": [factories.PartyFactory.create(name=f"{CANARY} land")],
        "citations": [
            factories.citation(source),
            factories.citation(factories.SourceFactory.create(title=f"{CANARY} denies"), stance="disputes"),
        ],
        "status_history": [factories.line(note=f"{CANARY} signed.", source=source.slug)],
    }  # fmt: skip
    relation = _relation(title=f"The {CANARY} order", identifier=f"x:{CANARY}", note=f"By {CANARY}.")
    action = factories.save(slug=f"{CANARY.lower()}-paused-aid", relations=[relation], **values)
    factories.publish(action)
    action = factories.edit(action, summary=f"{CANARY} wrote it twice.")
    publishing.publish(
        {action.slug: action.revision}, at=factories.NOW, by=None,
        changes={action.slug: publishing.Change("updated", f"{CANARY} wrote again.")},
    )  # fmt: skip
    return factories.edit(action, title=f"{CANARY} paused aid again")
