"""Publishing changes to terms and sources: a spelling, an alias, an archive address."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from tracker import document
from tracker.columns.rows import outward
from tracker.models import Edition, PublishedAction, PublishedTerm
from tracker.publishing.press import Press, PublishingError, TermKey, chunks, random_salt
from tracker.publishing.vocabulary import (
    Terms,
    by_kind,
    current_rows,
    live_terms,
    publish_missing,
    published_closure,
)

# The dimension under which an entry is found by a term of a kind.
_DIMENSIONS = {"party": "affects"}
_NAMES_A_QUERY = 50


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
    if removed := sorted(key for key, row in rows.items() if not row.record):
        sentence = ["The law made us remove it: make a new one if it should be named."]
        raise PublishingError({f"{kind}/{slug}": sentence for kind, slug in removed})
    changed = _changed(live_terms(keys), rows)
    arriving = publish_missing(press, _outward(changed) - keys)
    for row, source in _sources_showing(changed):
        rows["source", row.slug] = row
        changed["source", row.slug] = source
    for key in sorted(changed):
        press.seal_term(key, changed[key], before=rows[key])
    if renew and changed:
        _renew_entries(press, changed, arriving)
    return press.print()


def terms_with_unpublished_changes(keys: Iterable[TermKey]) -> set[TermKey]:
    """Return those of `keys` that are public in another form than the record has now. Reads only."""
    rows = {key: row for key, row in current_rows(keys).items() if row.record}
    return set(_changed(live_terms(rows), rows))


def _outward(terms: Terms) -> set[TermKey]:
    return set().union(*(outward(key, term) for key, term in terms.items()))


def _changed(live: Terms, rows: Mapping[TermKey, PublishedTerm]) -> Terms:
    """Return those of `live`, as readers will see them, that differ from `rows`."""
    publishers = {key: term for key, term in live.items() if key[0] == "publisher"}
    # A source prints its publishers as they are public or become so now, not as somebody is editing them.
    printed = published_closure(_outward({key: live[key] for key in live if key[0] == "source"})) | publishers
    earlier = _earlier_names(key for key in live if key[0] != "source")
    found: Terms = {}
    for key, term in live.items():
        fresh = document.reprint_source(term, printed) if key[0] == "source" else _keeping(term, earlier[key])
        if fresh != json.loads(rows[key].record)["term"]:
            found[key] = fresh
    return found


def _earlier_names(keys: Iterable[TermKey]) -> dict[TermKey, list[str]]:
    """Return the names under which each term was published so far, oldest first."""
    found: dict[TermKey, list[str]] = {}
    for kind, slugs in by_kind(keys).items():
        for chunk in chunks(slugs):
            for row in PublishedTerm.objects.filter(kind=kind, slug__in=chunk, redacted_in=None).order_by("version"):
                found.setdefault((kind, row.slug), []).append(json.loads(row.record)["term"]["name"])
    return found


def _keeping(term: Mapping[str, Any], earlier: list[str]) -> dict[str, Any]:
    """Return `term` with its `earlier` names among its aliases."""
    names = dict.fromkeys([*term["aliases"], *(name for name in earlier if name != term["name"])])
    return {**term, "aliases": list(names)}


def _sources_showing(changed: Terms) -> list[tuple[PublishedTerm, dict[str, Any]]]:
    """Return the public sources that print a changed publisher, each as it was and as it will be."""
    found = []
    for row in _rows_naming("source", [slug for kind, slug in changed if kind == "publisher"]):
        old = json.loads(row.record)["term"]
        fresh = document.reprint_source(old, changed)
        if fresh != old and ("source", row.slug) not in changed:
            found.append((row, fresh))
    return found


def _renew_entries(press: Press, changed: Terms, arriving: Terms) -> None:
    """Seal a minor version of each current entry that shows what `changed`; `arriving` is first public now."""
    showing = changed.keys() | _parts_of(changed)
    terms = {**published_closure(showing), **arriving, **changed}
    for row in _rows_showing(showing):
        old = json.loads(row.record)["entry"]
        fresh = document.reprint(old, terms)
        if fresh != old:
            press.seal_entry(row.slug, fresh, before=row, change="minor", note=press.note)


def _parts_of(changed: Terms) -> set[TermKey]:
    """Return the public agencies that print one of the `changed` ones as their parent."""
    parents = {slug for kind, slug in changed if kind == "agency"}
    rows = _rows_naming("agency", sorted(parents))
    return {("agency", row.slug) for row in rows if json.loads(row.record)["term"]["parent"] in parents}


def _rows_naming(kind: str, slugs: list[str]) -> list[PublishedTerm]:
    """Return the current terms of `kind` in whose record a slug stands, in whatever place. Reads each record."""
    return [
        row
        for chunk in chunks(slugs, _NAMES_A_QUERY)
        for row in PublishedTerm.objects.current().filter(
            reduce(or_, (Q(record__contains=f'"{slug}"') for slug in chunk)), kind=kind
        )
    ]


def _rows_showing(keys: Iterable[TermKey]) -> list[PublishedAction]:
    found: dict[str, PublishedAction] = {}
    for kind, slugs in by_kind(keys).items():
        for chunk in chunks(slugs):
            rows = PublishedAction.objects.current().filter(
                facets__value__dimension=_DIMENSIONS.get(kind, kind), facets__value__key__in=chunk
            )
            found |= {row.slug: row for row in rows}
    return [found[slug] for slug in sorted(found)]
