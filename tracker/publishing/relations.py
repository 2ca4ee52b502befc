"""Relations in the ledger: published in the edition that makes both ends public, rewriting neither."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F

from tracker import codebook, document
from tracker.checking import is_answered
from tracker.models import PublishedAction, PublishedRelation, Relation, Revision
from tracker.publishing.press import Press, chunks

Relations = list[dict[str, Any]]


def seal_relations(press: Press, accepted: Mapping[str, Relations]) -> None:
    """Seal what differs between the relations of `accepted` entries (by slug) and the ledger's.

    Also those of entries published before that were waiting for an entry of this edition.
    """
    arriving = {row.slug for row in press.actions if row.version == 1}
    wanted = {**_waiting_for(arriving), **accepted}
    public = ever_public({item["to"] for items in wanted.values() for item in items if item["to"]}) | arriving
    standing = _standing(wanted)
    for slug in sorted(wanted):
        items = [item for item in wanted[slug] if not item["to"] or item["to"] in public]
        _seal_of_entry(press, slug, items, standing.get(slug, {}))


def _seal_of_entry(press: Press, slug: str, items: Relations, standing: Mapping[str, PublishedRelation]) -> None:
    wanted = {f"{slug}|{document.relation_key(item)}": item for item in items}
    for key, item in wanted.items():
        relation = {"from": slug, **item}
        before = standing.get(key)
        if before is None or before.removed or json.loads(before.record)["relation"] != relation:
            press.seal_relation(key, relation, before=before, removed=False)
    for key, before in sorted(standing.items()):
        if key not in wanted and not before.removed:
            press.seal_relation(key, json.loads(before.record)["relation"], before=before, removed=True)


def _waiting_for(arriving: set[str]) -> dict[str, Relations]:
    """Return the relations of public entries that point at `arriving`, by slug, from their accepted revision."""
    pointing: set[int] = set()
    for chunk in chunks(sorted(arriving)):
        found = Relation.objects.filter(to_action__slug__in=chunk, from_action__published_revision__isnull=False)
        pointing |= set(found.values_list("from_action_id", flat=True))
    waiting: dict[str, Relations] = {}
    for chunk in chunks(sorted(pointing)):
        revisions = Revision.objects.filter(action__in=chunk, number=F("action__published_revision"))
        waiting |= {each.action.slug: each.document["relations"] for each in revisions.select_related("action")}
    return {slug: waiting[slug] for slug in waiting.keys() & _standing_entries(waiting)}


def ever_public(slugs: set[str]) -> set[str]:
    """Return those of `slugs` that were ever published."""
    return {
        slug
        for chunk in chunks(sorted(slugs))
        for slug in PublishedAction.objects.filter(slug__in=chunk).values_list("slug", flat=True)
    }


def _standing_entries(slugs: Iterable[str]) -> set[str]:
    """Return those of `slugs` that readers see now, neither unpublished nor retracted."""
    return {
        slug
        for chunk in chunks(sorted(slugs))
        for slug in PublishedAction.objects.current()
        .filter(slug__in=chunk)
        .exclude(change="retracted")
        .values_list("slug", flat=True)
    }


def _standing(slugs: Iterable[str]) -> dict[str, dict[str, PublishedRelation]]:
    found: dict[str, dict[str, PublishedRelation]] = {}
    for chunk in chunks(sorted(slugs)):
        for row in PublishedRelation.objects.current().filter(from_slug__in=chunk, redacted_in=None):
            found.setdefault(row.from_slug, {})[row.key] = row
    return found


def disagreements(entries: Mapping[str, tuple[Mapping[str, Any], Relations]]) -> dict[str, list[str]]:
    """Return, by slug, where a whole relation says that an entry ended and that entry's history does not.

    A note at the relation is the editor's answer to that, and is accepted.
    """
    settling: list[tuple[str, Mapping[str, Any]]] = [
        (slug, item) for slug, (_, items) in entries.items() for item in items if item["to"] and _settles(item)
    ]
    settling += [(slug, item) for slug, item in _settling_from_elsewhere(set(entries)) if slug not in entries]
    histories = {slug: entry for slug, (entry, _) in entries.items()}
    histories |= _public_entries({end for slug, item in settling for end in (slug, item["to"])} - histories.keys())
    found: dict[str, list[str]] = {}
    for slug, item in settling:
        entry, offered = histories.get(item["to"]), codebook.RELATION_KINDS[item["kind"]].offers or ""
        since = histories[slug]["date"]
        if entry is None or is_answered(entry["status_history"], status=offered, since=since):
            continue
        told = slug if slug in entries else item["to"]
        found.setdefault(told, []).append(
            f"“{histories[slug]['title']}” {codebook.RELATION_KINDS[item['kind']].label.lower()} “{entry['title']}”, "
            "but no line of the latter's history says so. Add the line, or say at the relation why not."
        )
    return found


def _settles(item: Mapping[str, Any]) -> bool:
    return codebook.RELATION_KINDS[item["kind"]].settles and not item["in_part"] and not item["note"]


def _settling_from_elsewhere(slugs: set[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the relations that end one of `slugs`, public or waiting for it, of entries that readers see."""
    published = _published_pointing_at(slugs)
    standing = _standing_entries({row["from"] for row in published})
    found = {(row["from"], document.relation_key(row)): row for row in published if row["from"] in standing}
    for slug, items in _waiting_for(slugs).items():
        found |= {(slug, document.relation_key(item)): item for item in items if item["to"] in slugs and _settles(item)}
    for (slug, _), item in sorted(found.items()):
        yield slug, item


def _published_pointing_at(slugs: Iterable[str]) -> list[dict[str, Any]]:
    kinds = [kind for kind, code in codebook.RELATION_KINDS.items() if code.settles]
    rows = [
        row
        for chunk in chunks(sorted(slugs))
        for row in PublishedRelation.objects.current().filter(
            to_slug__in=chunk, kind__in=kinds, in_part=False, removed=False, redacted_in=None
        )
    ]
    relations = [json.loads(row.record)["relation"] for row in rows]
    return [relation for relation in relations if _settles(relation)]


def _public_entries(slugs: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    rows = [
        row
        for chunk in chunks(sorted(slugs))
        for row in PublishedAction.objects.current().filter(slug__in=chunk).exclude(change="retracted")
    ]
    return {row.slug: json.loads(row.record)["entry"] for row in rows}
