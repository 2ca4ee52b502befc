"""The vocabulary as of an edition: each term with the number of entries that ticking it finds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import islice
from typing import Any, ClassVar

from timeline import facets
from timeline.api.base import Body, ListEndpoint, Place
from timeline.selection import Selection
from timeline.terms import DIMENSIONS


class Terms(ListEndpoint):
    """The terms of one kind, by key."""

    dimension: ClassVar[str]
    about = (
        "By their key, as they stood at the edition served. count of a term is the number of entries that filtering "
        "by it finds."
    )

    def total(self, selection: Selection, **where: Any) -> int:
        return len(self._standing(selection))

    def items(
        self, selection: Selection, *, after: Place | None, count: int, **where: Any
    ) -> Iterable[tuple[Place, Body]]:
        standing = self._standing(selection)
        slugs = sorted(standing)
        first = bisect_right(slugs, str(after[0])) if after else 0
        counts = {option.value: option.count for option in facets.counts(selection)[self.dimension]}
        kind = DIMENSIONS[self.dimension]
        for slug in islice(slugs, first, first + count):
            survivor = selection.vocabulary.survivor(kind, slug)
            yield (slug,), standing[slug] | self.more(slug, standing) | {"count": counts.get(survivor, 0)}

    def more(self, slug: str, standing: dict[str, Body]) -> Body:
        """Return what other terms say about this one."""
        return {}

    def _standing(self, selection: Selection) -> dict[str, Body]:
        return selection.vocabulary.standing.get(DIMENSIONS[self.dimension], {})


class Agencies(Terms):
    """Agencies, with their place among the others."""

    name = "agencies"
    summary = "Agencies, with parts, predecessors and successor"
    dimension = "agency"
    result = "AgencyList"

    def more(self, slug: str, standing: dict[str, Body]) -> Body:
        return {
            "parts": sorted(other for other, term in standing.items() if term.get("parent") == slug),
            "predecessors": sorted(other for other, term in standing.items() if term.get("successor") == slug),
        }


class Actors(Terms):
    """Persons and bodies that decide."""

    name = "actors"
    summary = "Actors"
    dimension = "actor"
    result = "ActorList"


class Parties(Terms):
    """Who is acted upon."""

    name = "parties"
    summary = "Affected parties"
    dimension = "affects"
    result = "PartyList"


class Categories(Terms):
    """What actions do."""

    name = "categories"
    summary = "Categories"
    dimension = "category"
    result = "CategoryList"


class Topics(Terms):
    """Subjects."""

    name = "topics"
    summary = "Topics"
    dimension = "topic"
    result = "TopicList"


class Publishers(Terms):
    """Who published the sources."""

    name = "publishers"
    summary = "Publishers of sources"
    dimension = "publisher"
    result = "PublisherList"


TERMS: tuple[type[Terms], ...] = (Actors, Agencies, Parties, Categories, Topics, Publishers)
