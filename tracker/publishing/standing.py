"""What readers see of entries, and what they would see of the working copies. Reads only."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from tracker import document
from tracker.models import PolicyAction, PublishedAction, PublishedRelation
from tracker.publishing.press import chunks
from tracker.publishing.relations import ever_public
from tracker.publishing.vocabulary import published_closure

Document = dict[str, Any]


def public_documents(slugs: Iterable[str]) -> dict[str, Document]:
    """Return {"entry", "relations"} of each of `slugs` that readers see now, by slug. Two queries for each 500."""
    found: dict[str, Document] = {}
    for chunk in chunks(sorted(slugs)):
        for row in PublishedAction.objects.current().filter(slug__in=chunk).exclude(change="retracted"):
            found[row.slug] = {"entry": json.loads(row.record)["entry"], "relations": []}
        for relation in PublishedRelation.objects.current().filter(
            from_slug__in=chunk, removed=False, redacted_in=None
        ):
            if relation.from_slug in found:
                found[relation.from_slug]["relations"].append(_entered(json.loads(relation.record)["relation"]))
    return found


def _entered(relation: Document) -> Document:
    """Return a public relation as the entry has it."""
    return {name: value for name, value in relation.items() if name != "from"}


def working_documents(actions: Sequence[PolicyAction]) -> dict[str, Document]:
    """Return {"entry", "relations"} of `actions` (of `for_documents()`) as publishing them would print them, by slug.

    Terms that are public keep their public form, and relations wait until readers have seen the other end.
    """
    entries = {action.slug: document.entry_of(action) for action in actions}
    terms = published_closure(set().union(*(document.terms_named(entry) for entry in entries.values())))
    relations = {action.slug: document.relations_of(action) for action in actions}
    public = ever_public({item["to"] for items in relations.values() for item in items if item["to"]})
    return {
        slug: {
            "entry": document.reprint(entry, terms),
            "relations": [item for item in relations[slug] if not item["to"] or item["to"] in public],
        }
        for slug, entry in entries.items()
    }
