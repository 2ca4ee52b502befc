"""The terms as an edition had them: their names, and what is found by ticking one.

A snapshot is one query, kept per process: an edition never changes. It is keyed by the digest of the newest
edition, which covers all before it, so that a restored or rolled back database is never taken for another.
"""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from tracker.models.ledger import Edition, PublishedTerm

# Parameters whose values are slugs, and the kind of term each names.
DIMENSIONS = {
    "actor": "actor",
    "agency": "agency",
    "category": "category",
    "topic": "topic",
    "affects": "party",
    "publisher": "publisher",
}

PARAMETERS = {kind: name for name, kind in DIMENSIONS.items()}
"""The parameter by which a term of each kind is asked for."""

Terms = dict[str, dict[str, dict[str, Any]]]  # kind -> slug -> the term's document


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All terms ever published (`known`), and those that stood at an edition (`standing`), by kind and slug."""

    known: Terms
    standing: Terms

    def is_known(self, kind: str, slug: str) -> bool:
        """Whether this slug has ever been published; once it has, it is valid for ever."""
        return slug in self.known.get(kind, {})

    def name(self, kind: str, slug: str) -> str:
        """Return the term's name at the edition; a later term has its own, an unknown slug stands for itself."""
        term = self.standing.get(kind, {}).get(slug) or self.known.get(kind, {}).get(slug)
        return term["name"] if term else slug

    def label(self, kind: str, slug: str) -> str:
        """Return the name, and for a merged term that of its survivor: "A (was B)"."""
        survivor = self.survivor(kind, slug)
        name = self.name(kind, slug)
        return name if survivor == slug else f"{self.name(kind, survivor)} (was {name})"

    def survivor(self, kind: str, slug: str) -> str:
        """Return the term that `slug` was merged into by this edition, or `slug` itself."""
        seen = {slug}
        while (merged := self.standing.get(kind, {}).get(slug, {}).get("merged_into")) and merged not in seen:
            seen.add(merged)
            slug = merged
        return slug

    def expand(self, kind: str, slug: str) -> frozenset[str]:
        """Return the slugs that ticking `slug` finds.

        Its survivor, all that was merged into it; for an agency its parts, predecessors and their parts; for a
        party the groups that it belongs to.
        """
        found = {self.survivor(kind, slug)}
        waiting = list(found)
        while waiting:
            fresh = self._below[kind].get(waiting.pop(), set()) - found
            found |= fresh
            waiting += fresh
        return frozenset(found)

    def expansions(self, kind: str) -> dict[str, frozenset[str]]:
        """Return what ticking finds for each standing term that was not merged into another. Computed once."""
        if kind not in self._expansions:
            terms = self.standing.get(kind, {})
            self._expansions[kind] = {
                slug: self.expand(kind, slug) for slug in terms if self.survivor(kind, slug) == slug
            }
        return self._expansions[kind]

    def naming(self, kind: str, field: str, slug: str) -> list[str]:
        """Return the standing terms of `kind` whose `field` names `slug`, by name.

        `field` is parent, successor, merged_into, agency, country or members. The first question about a field goes
        through all terms of the kind, later ones through none.
        """
        if (kind, field) not in self._naming:
            found: dict[str, list[str]] = defaultdict(list)
            for other, term in self.standing.get(kind, {}).items():
                named = term.get(field) or ()
                for each in (named,) if isinstance(named, str) else named:
                    found[each].append(other)
            self._naming[kind, field] = {
                each: sorted(others, key=lambda other: self.sort_key(kind, other)) for each, others in found.items()
            }
        return self._naming[kind, field].get(slug, [])

    def sort_key(self, kind: str, slug: str) -> tuple[str, str]:
        """Return what puts terms in the order of their names: without marks and case, the slug last."""
        folded = unicodedata.normalize("NFKD", self.name(kind, slug)).casefold()
        return "".join(letter for letter in folded if not unicodedata.combining(letter)), slug

    @cached_property
    def _naming(self) -> dict[tuple[str, str], dict[str, list[str]]]:
        return {}

    @cached_property
    def _expansions(self) -> dict[str, dict[str, frozenset[str]]]:
        return {}

    @cached_property
    def _below(self) -> dict[str, dict[str, set[str]]]:
        """Kind -> slug -> the slugs found with it, one step away."""
        below: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for kind, terms in self.standing.items():
            for slug, term in terms.items():
                for above in _found_by(term):
                    below[kind][above].add(slug)
        return below


def _found_by(term: dict[str, Any]) -> Iterator[str]:
    """Yield the slugs whose ticking also finds `term`: parent, successor, survivor, members."""
    for relation in ("parent", "successor", "merged_into"):
        if term.get(relation):
            yield term[relation]
    yield from term.get("members", ())


def vocabulary(newest: Edition | None, *, number: int) -> Vocabulary:
    """Return the terms as of edition `number`, none of them published after `newest`. One query, then cached."""
    if newest is None:
        return Vocabulary(known={}, standing={})
    return _snapshot(newest.number, newest.digest, number)


@lru_cache(maxsize=16)
def _snapshot(newest: int, _digest: str, number: int) -> Vocabulary:
    stood = PublishedTerm.objects.sealed_by(newest) | PublishedTerm.objects.sealed_by(number)
    rows = stood.filter(kind__in=DIMENSIONS.values())
    known: Terms = defaultdict(dict)
    standing: Terms = defaultdict(dict)
    fields = ("kind", "slug", "edition_id", "superseded_in", "record")
    for kind, slug, edition, superseded_in, record in rows.values_list(*fields):
        term = read_term(slug, record)
        if edition <= number and (superseded_in is None or superseded_in > number):
            standing[kind][slug] = term
        if superseded_in is None or superseded_in > newest:
            known[kind][slug] = term
    return Vocabulary(known=known, standing=standing)


def read_term(slug: str, record: str) -> dict[str, Any]:
    """Return a term's document; a redacted one keeps nothing but its slug."""
    return json.loads(record)["term"] if record else {"slug": slug, "name": slug}


def is_redacted(term: dict[str, Any]) -> bool:
    """Whether the law made us take out what this document said."""
    return term.keys() <= {"slug", "name"}
