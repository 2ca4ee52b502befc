"""Carrying a redaction out: the ledger first, then the record, then one edition that tells of it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction

from tracker import document
from tracker.models import (
    Edition,
    FacetValue,
    PolicyAction,
    Projection,
    PublishedAction,
    PublishedFacet,
    PublishedRelation,
    PublishedTerm,
    StatusSpan,
)
from tracker.models.ledger import rows_redacted
from tracker.publishing.press import Press, chunks, random_salt
from tracker.publishing.redaction import forgetting
from tracker.publishing.redaction.finding import FORGOTTEN, REMOVED, REPRINTED, Item, Key, Needles, renamed, replaced
from tracker.publishing.vocabulary import MODELS, live_terms

NOTE = "Text was removed because the law required it."
_NEUTRAL = re.compile(r"removed-([0-9]+)\Z")


@dataclass
class Work:
    """One redaction under way: what is to go and how, under which neutral names, and which rows it blanked."""

    items: Sequence[Item]
    relations: Sequence[str]
    names: dict[Key, str] = field(default_factory=dict)
    relation_names: dict[str, str] = field(default_factory=dict)
    before: dict[Key, Any] = field(default_factory=dict)
    listed: dict[str, Any] = field(default_factory=dict)

    def keys(self, how: str) -> list[Key]:
        """Return what is treated so, in order."""
        return sorted(item.key for item in self.items if item.how == how)


def carry_out(work: Work, *, by: User | None, at: datetime, text: str = "") -> Edition | None:
    """Blank, forget and print; return the edition, None where nothing of it was public.

    Inside a transaction in which a Redaction says it is under way."""
    press = Press.open(by=by, at=at, note=NOTE, salt=random_salt)
    needles = Needles(text) if text else None
    _name(work)
    records = _touched_records(work)
    work.before = _standing(work)
    work.listed = _listed(work)
    ids = _blank(work, press.number)
    _empty_record(work, needles)
    _seal(work, press, needles)
    edition = press.print()
    forgetting.forget_revisions(item.slug for item in work.items if item.kind == "action" and item.how != REMOVED)
    forgetting.forget_logs(records, needles)
    rows_redacted.send(sender=Edition, rows=ids)
    transaction.on_commit(forgetting.forget_uploads)
    return edition


# --- names ---------------------------------------------------------------------------------------------------------


def _name(work: Work) -> None:
    """Give a neutral name to everything that goes and has none yet."""
    number = _last_number(work)
    for key in work.keys(REMOVED):
        if key not in work.names and (key[0] != "action" or _rows(key).exists()):
            number += 1
            work.names[key] = f"removed-{number}"
    for relation in work.relations:
        if relation not in work.relation_names:
            number += 1
            work.relation_names[relation] = f"removed-{number}"


def _last_number(work: Work) -> int:
    """Return the highest number that a neutral name ever had; they are never used again."""
    used = [*work.names.values(), *work.relation_names.values()]
    slugs: list[tuple[Any, str]] = [(model, "slug") for model in (PublishedAction, PolicyAction, *MODELS.values())]
    for model, name in (*slugs, (PublishedTerm, "slug"), (PublishedRelation, "key")):
        found = model._default_manager.filter(**{f"{name}__startswith": "removed-"})
        used += found.values_list(name, flat=True)
    return max((int(match[1]) for match in map(_NEUTRAL.match, used) if match), default=0)


# --- the ledger ----------------------------------------------------------------------------------------------------


def _rows(key: Key) -> Any:
    kind, slug = key
    if kind == "action":
        return PublishedAction.objects.filter(slug=slug)
    return PublishedTerm.objects.filter(kind=kind, slug=slug)


def _standing(work: Work) -> dict[Key, Any]:
    """Return the rows that stand, with the text that they have before it goes."""
    keys = [*work.keys(REMOVED), *work.keys(REPRINTED)]
    return {key: row for key in keys if (row := _rows(key).filter(superseded_in=None).first())}


def _listed(work: Work) -> dict[str, Any]:
    """Return what another copy of this ledger needs in order to forget the same: digests and neutral names."""
    items = [
        {
            "kind": key[0],
            "how": how,
            "neutral": work.names.get(key),
            "from": row.digest,
            "digests": list(_rows(key).filter(redacted_in=None).order_by("version").values_list("digest", flat=True)),
        }
        for how in (REMOVED, REPRINTED, FORGOTTEN)
        for key in work.keys(how)
        if (row := _rows(key).filter(superseded_in=None).first())
    ]
    relations = [
        {"neutral": neutral, "digests": list(_relations(key).order_by("version").values_list("digest", flat=True))}
        for key, neutral in sorted(work.relation_names.items())
    ]
    return {"items": items, "relations": relations}


def _relations(key: str) -> Any:
    return PublishedRelation.objects.filter(key=key, redacted_in=None)


def _blank(work: Work, number: int) -> list[int]:
    """Blank the rows in edition `number` with all that follows from them; return the ids of those of entries."""
    ids: list[int] = []
    for key in work.before:
        neutral = {"slug": work.names[key]} if key in work.names else {}
        rows = _rows(key).filter(redacted_in=None)
        if key[0] == "action":
            ids += rows.values_list("pk", flat=True)
            rows.redact(number, record_bytes=0, csv_bytes=0, **neutral)
        else:
            rows.redact(number, **neutral)
    for relation, neutral_key in work.relation_names.items():
        for row in _relations(relation):
            ends = {name: _end(getattr(row, name), work.names) for name in ("from_slug", "to_slug")}
            PublishedRelation.objects.filter(pk=row.pk).redact(number, key=neutral_key, **ends)
    _forget_projections(ids)
    return ids


def _end(slug: str | None, names: Mapping[Key, str]) -> str | None:
    return names.get(("action", slug), slug) if slug else None


def _forget_projections(ids: list[int]) -> None:
    for chunk in chunks(ids):
        values = set(PublishedFacet.objects.filter(row__in=chunk).values_list("value", flat=True))
        for model in (PublishedFacet, StatusSpan, Projection):
            model._default_manager.filter(row__in=chunk).delete()
        FacetValue.objects.filter(pk__in=values, facets=None).delete()


# --- the record ----------------------------------------------------------------------------------------------------


def _touched_records(work: Work) -> dict[type[models.Model], set[int]]:
    """Return the keys of the records behind the list, by model."""
    found: dict[type[models.Model], set[int]] = {}
    for item in work.items:
        model: Any = PolicyAction if item.kind == "action" else MODELS[item.kind]
        found.setdefault(model, set()).update(model.objects.filter(slug=item.slug).values_list("pk", flat=True))
    return found


def _empty_record(work: Work, needles: Needles | None) -> None:
    entries = [slug for kind, slug in work.keys(REMOVED) if kind == "action"]
    forgetting.forget_relations(entries, set(work.relations), needles)
    forgetting.delete_entries(entries)
    forgetting.empty_terms({key: neutral for key, neutral in work.names.items() if key[0] != "action"})
    forgetting.forget_histories((item.kind, work.names.get(item.key, item.slug)) for item in work.items)


# --- the edition ---------------------------------------------------------------------------------------------------


def _seal(work: Work, press: Press, needles: Needles | None) -> None:
    """Seal a blank row for what goes, and a row without the text for what stays."""
    for key in work.keys(REMOVED):
        if key in work.before:
            kind = {} if key[0] == "action" else {"kind": key[0]}
            press.seal_blank(work.before[key], slug=work.names[key], **kind)
    reprinted = [key for key in work.keys(REPRINTED) if key in work.before]
    for key in reprinted:
        if key[0] == "action":
            row = work.before[key]
            entry = replaced(json.loads(row.record)["entry"], work.names)
            press.seal_entry(key[1], entry, before=row, change="redacted", note="")
    _seal_terms(work, press, [key for key in reprinted if key[0] != "action"], needles)


def _seal_terms(work: Work, press: Press, keys: Sequence[Key], needles: Needles | None) -> None:
    """Seal terms as they are public, with what went under its neutral name.

    Where the public form itself has the text (an alias that editors took away since), the one of the record follows.
    """
    live = live_terms(keys)
    publishers = {key: {"slug": slug, "name": slug} for key, slug in work.names.items() if key[0] == "publisher"}
    for key in keys:
        term = json.loads(work.before[key].record)["term"]
        fresh = document.reprint_source(term, publishers) if key[0] == "source" else renamed(key[0], term, work.names)
        press.seal_term(key, live[key] if needles and needles.hit(fresh) else fresh, before=work.before[key])
