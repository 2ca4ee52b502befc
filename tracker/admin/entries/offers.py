"""Relations that the other entry's history says nothing of, and the line that would say it.

"A reverses B" offers a line "reversed" for B. The offer is open until B's history has it, and no longer counts as
open once a note at the relation says why it has not: publishing asks for the same (`publishing.disagreements`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from tracker import codebook, dates, document
from tracker.models import Citation, PolicyAction, Relation, Revision, StatusChange

_LONGEST_NOTE = 300


@dataclass(frozen=True)
class Offer:
    """An open offer: the relation from A to B, and the status of the line for B ("" = a development without one)."""

    relation: Relation
    status: str

    @property
    def verb(self) -> str:
        """The relation as it is read from A to B, such as "reverses a part of"."""
        return self._kind.label.lower() + (" a part of" if self.relation.in_part else "")

    @property
    def silence(self) -> str:
        """What B's history does not do."""
        if not self.status:
            return "does not mention it"
        return f"does not say “{codebook.STATUSES[self.status].label.lower()}”"

    @property
    def address(self) -> str:
        """Where B's development is logged, filled in with A's date and source."""
        page = reverse("admin:tracker_policyaction_develop", args=[self.relation.to_action_id])
        return f"{page}?{urlencode({name: value for name, value in self._prefilled().items() if value})}"

    @property
    def _kind(self) -> codebook.RelationKind:
        return codebook.RELATION_KINDS[self.relation.kind]

    def _prefilled(self) -> dict[str, str]:
        action = self.relation.from_action
        shown = self._kind.shown_at_target.capitalize()
        note = f"{shown}: {action.title}" + (" (in part)" if self.relation.in_part else "")
        return {
            "status": self.status,
            "status_date": _day_of(action),
            "status_note": note[:_LONGEST_NOTE],
            **_source_of(action),
        }


def _day_of(action: PolicyAction) -> str:
    """Return the date of A as a line may have it: of an action that lasted, its first day."""
    if not action.date:
        return ""
    when = dates.parse(action.date)
    return when.ends[0].text if when.is_lasting else when.text


def _source_of(action: PolicyAction) -> dict[str, str]:
    """Return the first source that supports A, as the form names it."""
    supporting = [item for item in action.citations.all() if item.stance == "supports"]
    lead = min(supporting, key=lambda item: item.position, default=None)
    if lead is None:
        return {}
    named = {"source_url": lead.source.url} if lead.source.url else {"source": lead.source.slug}
    return {**named, "attribution": lead.attribution}


# --- finding them ----------------------------------------------------------------------------------------------


def unanswered(relations: QuerySet[Relation]) -> QuerySet[Relation]:
    """Relations whose target's history lacks the line they offer, annotated `offered`. No query of its own.

    The line is there when its status is the present one, or stands in a line that may be as late as A's date.
    `checking.is_answered` is the same rule for documents.
    """
    lines = StatusChange.objects.filter(action=OuterRef("to_action"))
    first_day = Coalesce(OuterRef("from_action__date_earliest"), Value(date.min, DateField()))
    present = lines.exclude(status="").order_by("-position").values("status")[:1]
    offering = relations.filter(to_action__isnull=False).annotate(offered=_offered())
    return (
        offering.filter(offered__isnull=False)
        .annotate(present=Coalesce(Subquery(present), Value("")))
        .exclude(~Q(offered=""), present=F("offered"))
        .filter(~Exists(lines.filter(status=OuterRef("offered"), date_latest__gte=first_day)))
    )


def _offered() -> Case:
    """Return the status that a relation offers, as RELATION_KINDS has it; null = nothing."""
    whens = [
        When(kind=kind.code, in_part=in_part, then=Value(status))
        for kind in codebook.RELATION_KINDS.values()
        for in_part in (False, True)
        if (status := kind.offer(in_part=in_part)) is not None
    ]
    return Case(*whens, default=None, output_field=CharField(null=True))


def disagreeing(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Entries whose status is not what a relation without a note says of them. For lists and the worklist."""
    pointing: QuerySet[Any] = unanswered(Relation.objects.filter(note=""))
    return entries.filter(
        pk__in=pointing.exclude(offered="").values("to_action")
    )  # there are fewer relations than entries


def offers_to(action: PolicyAction) -> list[Offer]:
    """Return what other entries offer to the history of `action`, oldest first. One query, or two."""
    return _read(Relation.objects.filter(to_action=action, note=""))


def offers_of_last_save(action: PolicyAction) -> list[Offer]:
    """Return what the relations that came with the last save of `action` offer, with a note or not."""
    saved = Revision.objects.filter(action=action, number__gte=action.revision - 1).order_by("number")
    documents = [revision.document["relations"] for revision in saved]
    known = {document.relation_key(item) for item in documents[0]} if len(documents) > 1 else set()
    new = [item for item in documents[-1] if item["to"] and document.relation_key(item) not in known]
    if not new:
        return []
    wanted = {(item["kind"], item["to"]) for item in new}
    offered = _read(Relation.objects.filter(from_action=action))
    return [
        offer for offer in offered if offer.relation.to_action
        and (offer.relation.kind, offer.relation.to_action.slug) in wanted
    ]  # fmt: skip


def _read(relations: QuerySet[Relation]) -> list[Offer]:
    cited = Prefetch("from_action__citations", Citation.objects.select_related("source"))
    found: QuerySet[Any] = unanswered(relations).select_related("from_action", "to_action").prefetch_related(cited)
    return [Offer(item, item.offered) for item in found.order_by("from_action__date_earliest", "pk")]
