"""Publishing changes to terms and sources: a spelling, an alias, an archive address."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from tracker import document
from tracker.models import Agency, Edition, PublishedAction, PublishedTerm, Source
from tracker.publishing.press import Press, PublishingError, TermKey, chunks, random_salt
from tracker.publishing.vocabulary import (
    Terms,
    current_rows,
    live_terms,
    outward,
    publish_missing,
    published_closure,
)

# The dimension under which an entry is found by a term of a kind.
_DIMENSIONS = {"party": "affects"}


@transaction.atomic
def publish_terms(
    keys: Iterable[TermKey],
    *,
    by: User | None,
    at: datetime,
    note: str,
    renew: bool = True,
    salt: Callable[[], str] = random_salt,
) -> Edition | None:
    """Publish the present form of terms and sources that are public already; None if none differs.

    `keys` are (kind, slug). With `renew`, each current entry that shows a changed datum gets a `minor` version,
    built from its last published record and never from the working copy. Raises PublishingError.
    """
    press = Press.open(by=by, at=at, note=note, salt=salt)
    keys = set(keys)
    rows = current_rows(keys)
    if missing := sorted(keys - rows.keys()):
        sentence = ["It is published with the first entry that uses it."]
        raise PublishingError({f"{kind}/{slug}": sentence for kind, slug in missing})
    changed = _changed(live_terms(keys), rows)
    printed = publish_missing(press, set().union(*(outward(key, term) for key, term in changed.items())) - keys)
    printed |= _with_renewed_sources(changed, rows)
    changed = {key: printed[key] for key in printed.keys() & rows.keys()}
    for key in sorted(changed):
        press.seal_term(key, changed[key], before=rows[key])
    if renew and changed:
        _renew_entries(press, changed, note=note)
    return press.print()


def _changed(live: Terms, rows: Mapping[TermKey, PublishedTerm]) -> Terms:
    found: Terms = {}
    for key, term in live.items():
        old = json.loads(rows[key].record)["term"]
        fresh = _keeping_names(term, old)
        if fresh != old:
            found[key] = fresh
    return found


def _keeping_names(term: Mapping[str, Any], old: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `term` with the names under which it was published before among its aliases."""
    if "aliases" not in term:
        return term
    earlier = [*old["aliases"], *([old["name"]] if old["name"] != term["name"] else [])]
    names = dict.fromkeys([*term["aliases"], *(name for name in earlier if name != term["name"])])
    return {**term, "aliases": list(names)}


def _with_renewed_sources(changed: Terms, rows: dict[TermKey, PublishedTerm]) -> Terms:
    """Return `changed` and the sources that print a changed publisher; their rows are added to `rows`."""
    publishers = [slug for kind, slug in changed if kind == "publisher"]
    found = dict(changed)
    sources: set[TermKey] = set()
    for chunk in chunks(publishers):
        for column in ("publisher__slug__in", "republished_by__slug__in"):
            sources |= {
                ("source", slug) for slug in Source.objects.filter(**{column: chunk}).values_list("slug", flat=True)
            }
    standing = current_rows(sources - changed.keys())
    for key, row in standing.items():
        old = json.loads(row.record)["term"]
        fresh = document.reprint_source(old, changed)
        if fresh != old:
            found[key] = fresh
            rows[key] = row
    for key in [key for key in changed if key[0] == "source"]:
        found[key] = document.reprint_source(changed[key], {**published_closure(outward(key, changed[key])), **changed})
    return found


def _renew_entries(press: Press, changed: Terms, *, note: str) -> None:
    terms = {**published_closure(changed.keys() | _parts_of(changed)), **changed}
    showing = changed.keys() | _parts_of(changed)
    for row in _rows_showing(showing):
        old = json.loads(row.record)["entry"]
        fresh = document.reprint(old, terms)
        if fresh != old:
            press.seal_entry(row.slug, fresh, before=row, change="minor", note=note)


def _parts_of(changed: Iterable[TermKey]) -> set[TermKey]:
    """Return the agencies that print one of the `changed` ones as their parent."""
    parents = [slug for kind, slug in changed if kind == "agency"]
    return {
        ("agency", slug)
        for chunk in chunks(parents)
        for slug in Agency.objects.filter(parent__slug__in=chunk).values_list("slug", flat=True)
    }


def _rows_showing(keys: Iterable[TermKey]) -> list[PublishedAction]:
    found: dict[int, PublishedAction] = {}
    for kind, slug in sorted(keys):
        rows = PublishedAction.objects.current().filter(
            facets__value__dimension=_DIMENSIONS.get(kind, kind), facets__value__key=slug
        )
        found |= {row.pk: row for row in rows}
    return [found[key] for key in sorted(found)]
