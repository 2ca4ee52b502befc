"""The words of a package against those of the record: what stands for what, and what is to be created.

Terms and sources are created when they are missing and never overwritten: a package brings words, it does not
take them from editors. A package's slug that the record does not have still stands for the record's term of that
name or alias (a source: of that address).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tracker import document
from tracker.models import Actor, AffectedParty, Agency, Category, Publisher, Source, Topic
from tracker.models.addresses import address_key
from tracker.models.fields import lines
from tracker.models.vocabulary import Term, name_key

MODELS: dict[str, type[Term]] = {
    model.ledger_kind: model for model in (Actor, Agency, AffectedParty, Category, Publisher, Topic)
}
Key = tuple[str, str]
TermDocument = dict[str, Any]

_CHUNK = 500


@dataclass
class Shelf:
    """The terms of one kind, found by slug, by name or by alias. An alias that two terms have finds neither."""

    by_slug: dict[str, TermDocument] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    by_alias: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, terms: Iterable[TermDocument]) -> "Shelf":
        """Return a shelf with `terms` on it; the first of two with one name keeps it."""
        shelf = cls()
        aliases: list[tuple[str, str]] = []
        for term in terms:
            shelf.by_slug.setdefault(term["slug"], term)
            shelf.by_name.setdefault(name_key(term["name"]), term["slug"])
            aliases += [(name_key(alias), term["slug"]) for alias in term["aliases"]]
        owners = Counter(alias for alias, _ in set(aliases))
        shelf.by_alias = {alias: slug for alias, slug in aliases if owners[alias] == 1}
        return shelf

    def named(self, name: str) -> TermDocument | None:
        """Return the term with this name or, failing that, with this alias."""
        key = name_key(name)
        slug = self.by_name.get(key) or self.by_alias.get(key)
        return self.by_slug[slug] if slug else None


class Words:
    """What the words of a package stand for: the package's own terms first, then the record's.

    Reads each kind of term once, and the sources that the package names.
    """

    def __init__(self, terms: Mapping[str, Sequence[TermDocument]]) -> None:
        self.package = {kind: Shelf.of(terms.get(kind, ())) for kind in MODELS}
        self.record = {kind: Shelf.of(_light(model)) for kind, model in MODELS.items()}
        self.sources: dict[str, dict[str, Any]] = {}
        self._here: dict[Key, str] = {}
        self.record_sources: dict[str, Source] = {}
        for kind, shelf in self.package.items():
            for slug in shelf.by_slug:
                self._here[kind, slug] = self._standing_for(kind, slug)

    def _standing_for(self, kind: str, slug: str) -> str:
        """Return the slug under which the record has, or will have, this term of the package."""
        shelf = self.record[kind]
        if slug in shelf.by_slug:
            return slug
        known = shelf.named(self.package[kind].by_slug[slug]["name"])
        return known["slug"] if known else slug

    def take_sources(self, sources: Sequence[dict[str, Any]]) -> None:
        """Learn the sources of the package, and which of the record they stand for."""
        self.sources = {source["slug"]: source for source in sources}
        self.record_sources = {source.slug: source for source in _saved_sources(sources)}
        by_address = {source.url_key: source.slug for source in self.record_sources.values() if source.url_key}
        for slug, source in self.sources.items():
            known = slug in self.record_sources
            self._here["source", slug] = slug if known else by_address.get(key_of(source["url"]) or "", slug)

    def term(self, kind: str, *, slug: str | None = "", name: str = "") -> TermDocument | None:
        """Return the term with this slug or, where that is blank, with this name; None when unknown."""
        shelves = (self.package[kind], self.record[kind])
        if slug:
            found = [shelf.by_slug[slug] for shelf in shelves if slug in shelf.by_slug]
        else:
            found = [term for shelf in shelves if name and (term := shelf.named(name))]
        return found[0] if found else None

    def source(self, slug: str) -> dict[str, Any] | None:
        """Return the source of the package with this key."""
        return self.sources.get(slug)

    def here(self, kind: str, slug: str) -> str:
        """Return the slug under which the record has, or will have, this term or source."""
        return self._here.get((kind, slug), slug)

    def is_here(self, kind: str, slug: str) -> bool:
        """Return whether the record has it already, under this or another slug."""
        known: Mapping[str, Any] = self.record_sources if kind == "source" else self.record[kind].by_slug
        return self.here(kind, slug) in known

    def will_know(self, kind: str, slug: str) -> bool:
        """Return whether the record has this slug of its own, or will once the package is loaded."""
        if kind == "source":
            return slug in self.record_sources or slug in self.sources
        return slug in self.record[kind].by_slug or slug in self.package[kind].by_slug


@lru_cache(maxsize=65_536)
def key_of(url: str | None) -> str | None:
    """Return the form in which addresses are compared; None for what is no address.

    Kept, since a plan asks for each address several times (5 s of 9 for 18,000 sources).
    """
    try:
        return address_key(url) if url else None
    except ValueError:
        return None


def _light(model: type[Term]) -> Iterator[TermDocument]:
    """Yield what is needed to find a term of the record and to print it. One query."""
    wanted = ["slug", "name", "aliases"]
    if model is Agency:
        wanted += ["abbreviation", "parent__slug"]
    for row in model._default_manager.order_by("slug").values(*wanted):
        yield row | {
            "aliases": lines(row["aliases"]),
            "abbreviation": row.get("abbreviation") or None,
            "parent": row.get("parent__slug"),
        }


def _saved_sources(sources: Sequence[dict[str, Any]]) -> Iterator[Source]:
    """Yield the sources of the record with the slug or the address of one of `sources`."""
    slugs = sorted({source["slug"] for source in sources})
    addresses = sorted({key for source in sources if (key := key_of(source["url"]))})
    queryset = Source.objects.select_related("publisher", "republished_by")
    for name, values in (("slug__in", slugs), ("url_key__in", addresses)):
        for start in range(0, len(values), _CHUNK):
            yield from queryset.filter(**{name: values[start : start + _CHUNK]})


def saved_terms(kind: str, slugs: Iterable[str]) -> Iterator[TermDocument]:
    """Yield the full documents of the record's terms of one kind. A fixed number of queries for each 500."""
    ordered = sorted(slugs)
    queryset = MODELS[kind]._default_manager.all()
    if kind == "agency":
        queryset = queryset.select_related("parent", "successor", "country", "merged_into")
    elif kind == "party":
        queryset = queryset.select_related("agency", "merged_into").prefetch_related("members")
    elif kind != "category":
        queryset = queryset.select_related("merged_into")
    for start in range(0, len(ordered), _CHUNK):
        for term in queryset.filter(slug__in=ordered[start : start + _CHUNK]):
            yield document.term_document(term)
