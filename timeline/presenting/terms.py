"""The page of a term: its facts with their links, what is counted with it, and its place among others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from timeline.presenting import links
from timeline.presenting.words import said
from timeline.terms import Vocabulary
from tracker import codebook, dates

PLURALS = {
    "actor": gettext_lazy("Actors"),
    "agency": gettext_lazy("Agencies"),
    "party": gettext_lazy("Parties affected"),
    "topic": gettext_lazy("Topics"),
    "category": gettext_lazy("Categories"),
    "publisher": gettext_lazy("Publishers"),
    "source": gettext_lazy("Sources"),
}
_FINDINGS = {
    codebook.NOT_NAMED: gettext_lazy(
        "A finding: the sources name nobody as having taken the decision. A blank would mean that nobody has looked."
    ),
    codebook.NOT_KNOWN: gettext_lazy(
        "A finding: no source says which body took the action. A blank would mean that nobody has looked."
    ),
}


@dataclass(frozen=True)
class Named:
    """A name, where it leads ("" = nowhere), and a smaller remark behind it.

    `is_said` tells that the name is in the language of the page, not in that of the record.
    """

    name: str
    href: str = ""
    note: str = ""
    is_said: bool = False


@dataclass(frozen=True)
class TermFact:
    """One fact about a term or a source: its name and one or more values."""

    label: str
    values: list[Named]


@dataclass(frozen=True)
class TermPage:
    """What the page of a term says beside its list; texts are "" and lists empty where there is nothing to say."""

    kind: str
    slug: str
    name: str
    kind_label: str
    definition: str
    example: str
    including: str
    facts: list[TermFact]


def term_page(
    vocabulary: Vocabulary, kind: str, slug: str, *, as_of: str = "", offices: Sequence[tuple[str, str, str]] = ()
) -> TermPage:
    """Return the page of a standing term; its links keep the edition `as_of` if one is pinned.

    `offices` are what the actor was called in entries: (office, first day, last day), days as stored.
    """
    term = vocabulary.standing[kind][slug]
    facts = _Facts(vocabulary, kind, slug, as_of=as_of)
    return TermPage(
        kind=kind,
        slug=slug,
        name=term["name"],
        kind_label=_kind_label(kind, term),
        definition=str(_FINDINGS.get(slug, "")) or term.get("definition") or "",
        example=term.get("example") or "",
        including=including(vocabulary, kind, slug),
        facts=[fact for fact in (*facts.all(), _offices(offices)) if fact.values],
    )


def _kind_label(kind: str, term: Mapping[str, Any]) -> str:
    """Return "Agency", or "State" of the parties affected."""
    if kind == "party" and term.get("kind") in codebook.PARTY_KINDS:
        return said(codebook.PARTY_KINDS[term["kind"]].label)
    return said(codebook.TERM_KINDS[kind].label)


def _offices(offices: Sequence[tuple[str, str, str]]) -> TermFact:
    values = [Named(office, note=_days(first, last)) for office, first, last in offices]
    return TermFact(_("Office, as held on the day of an action"), values)


def _days(first: str, last: str) -> str:
    """Return one day, or "3 Mar 2025 to 5 May 2025"."""
    shown = {"first": dates.display(first), "last": dates.display(last)}
    return shown["first"] if first == last else _("%(first)s to %(last)s") % shown


class _Facts:
    """The facts of one term, each with the other terms that it names."""

    def __init__(self, vocabulary: Vocabulary, kind: str, slug: str, *, as_of: str) -> None:
        self.vocabulary, self.kind, self.slug, self.as_of = vocabulary, kind, slug, as_of
        self.term = vocabulary.standing[kind][slug]

    def all(self) -> list[TermFact]:
        """Return every fact, also those without a value."""
        aliases = [Named(alias) for alias in self.term.get("aliases", ())]
        merged = [
            Named(self.vocabulary.name(self.kind, other))
            for other in self.vocabulary.naming(self.kind, "merged_into", self.slug)
        ]
        return [
            *(self._agency() if self.kind == "agency" else ()),
            *(self._party() if self.kind == "party" else ()),
            TermFact(_("Also called, or called before"), aliases),
            TermFact(_("Merged into it"), merged),
        ]

    def _agency(self) -> list[TermFact]:
        return [
            TermFact(_("Abbreviation"), self._text("abbreviation")),
            TermFact(_("Part of"), self._one("agency", "parent")),
            TermFact(_("Country"), self._one("party", "country")),
            TermFact(_("Since"), self._day("valid_from")),
            TermFact(_("Until"), self._day("valid_until")),
        ]

    def _party(self) -> list[TermFact]:
        groups = self.vocabulary.naming("party", "members", self.slug)
        units = self.vocabulary.naming("agency", "country", self.slug)
        return [
            TermFact(_("Country code"), self._text("iso_3166_1_alpha_3")),
            TermFact(_("Belongs to"), self._one("agency", "agency")),
            TermFact(_("Members"), self._many("party", self.term.get("members", ()))),
            TermFact(_("Member of"), self._many("party", groups)),
            TermFact(_("Its agencies"), self._many("agency", [slug for slug in units if self._is_top(slug)])),
        ]

    def _is_top(self, agency: str) -> bool:
        return not self.vocabulary.standing["agency"][agency].get("parent")

    def _text(self, field_: str) -> list[Named]:
        return [Named(self.term[field_])] if self.term.get(field_) else []

    def _day(self, field_: str) -> list[Named]:
        return [Named(dates.display(self.term[field_]), is_said=True)] if self.term.get(field_) else []

    def _one(self, kind: str, field_: str) -> list[Named]:
        return self._many(kind, [self.term[field_]] if self.term.get(field_) else [])

    def _many(self, kind: str, slugs: Iterable[str]) -> list[Named]:
        return [linked(self.vocabulary, kind, slug, as_of=self.as_of) for slug in slugs]


def linked(vocabulary: Vocabulary, kind: str, slug: str, *, as_of: str = "", note: str = "") -> Named:
    """Return a term by its name at the edition, with the address of its page; one taken out by law has none."""
    stands = slug in vocabulary.standing.get(kind, {})
    return Named(vocabulary.name(kind, slug), links.term_page(kind, slug, as_of=as_of) if stands else "", note)


def successions(vocabulary: Vocabulary, slug: str, *, as_of: str = "") -> list[TermFact]:
    """Return what an agency took over from, and what took over from it, each with the day."""
    standing = vocabulary.standing["agency"]
    before = [
        linked(vocabulary, "agency", other, as_of=as_of, note=_on(standing[other]))
        for other in vocabulary.naming("agency", "successor", slug)
    ]
    following = standing[slug].get("successor")
    after = [linked(vocabulary, "agency", following, as_of=as_of, note=_on(standing[slug]))] if following else []
    return [fact for fact in (TermFact(_("Took over from"), before), TermFact(_("Became"), after)) if fact.values]


def _on(term: Mapping[str, Any]) -> str:
    """Return the day on which a body handed over, or ""."""
    return dates.display(term["successor_date"]) if term.get("successor_date") else ""


# --- what is counted with it ---------------------------------------------------------------------------------------


def including(vocabulary: Vocabulary, kind: str, slug: str) -> str:
    """Return what ticking the term finds besides itself: "including 3 parts and 1 predecessor", or ""."""
    found = vocabulary.expand(kind, slug)
    tally = dict.fromkeys(("parts", "predecessors", "groups", "merged"), 0)
    for other in found - {slug}:
        tally[_reached(vocabulary.standing[kind].get(other, {}), found, kind)] += 1
    parts = [
        ngettext("%(n)d part", "%(n)d parts", tally["parts"]) % {"n": tally["parts"]},
        ngettext("%(n)d predecessor", "%(n)d predecessors", tally["predecessors"]) % {"n": tally["predecessors"]},
        ngettext("%(n)d group that it belongs to", "%(n)d groups that it belongs to", tally["groups"])
        % {"n": tally["groups"]},
        ngettext("%(n)d merged into it", "%(n)d merged into it", tally["merged"]) % {"n": tally["merged"]},
    ]
    told = [text for text, number in zip(parts, tally.values(), strict=True) if number]
    return _("including %(list)s") % {"list": _joined(told)} if told else ""


def _reached(term: Mapping[str, Any], found: frozenset[str], kind: str) -> str:
    """Return by which relation a term is found with another; a part of a predecessor is a part."""
    if term.get("merged_into") in found:
        return "merged"
    if kind == "party":
        return "groups"
    return "parts" if term.get("parent") in found else "predecessors"


def _joined(texts: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    if len(texts) < 2:
        return "".join(texts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}


# --- the tree of agencies ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Branch:
    """One body with those below it; `count` of the actions that ticking it finds, None where it is not counted."""

    slug: str
    name: str
    abbreviation: str
    href: str
    count: int | None
    is_here: bool = False
    below: list[Branch] = field(default_factory=list)


class Tree:
    """The agencies of an edition under their parents. A merged body is left to its survivor."""

    def __init__(self, vocabulary: Vocabulary, *, counts: Mapping[str, int], as_of: str = "") -> None:
        self.vocabulary, self.counts, self.as_of = vocabulary, counts, as_of
        self.standing = vocabulary.standing.get("agency", {})
        self.below: dict[str, list[str]] = defaultdict(list)
        for slug in sorted(filter(self._stands, self.standing), key=partial(vocabulary.sort_key, "agency")):
            self.below[self._parent(slug)].append(slug)

    def tops(self) -> list[str]:
        """Return the agencies below which all others stand, by name."""
        return self.below[""]

    def branch(self, slug: str, *, here: str = "", seen: frozenset[str] = frozenset()) -> Branch:
        """Return an agency with everything below it; `here` is the one whose page it is for."""
        seen |= {slug}
        below = [other for other in self.below.get(slug, ()) if other not in seen]
        return self._drawn(slug, here, [self.branch(other, here=here, seen=seen) for other in below])

    def around(self, slug: str) -> Branch | None:
        """Return the bodies above `slug`, itself, and everything below it; None where it stands alone."""
        drawn = self.branch(slug, here=slug)
        above, seen = self._parent(slug), {slug}
        if not above and not drawn.below:
            return None
        while above and above not in seen:
            seen.add(above)
            drawn = self._drawn(above, slug, [drawn])
            above = self._parent(above)
        return drawn

    def country(self, slug: str) -> str:
        """Return the slug of the state that an agency belongs to, or ""."""
        return str(self.standing[slug].get("country") or "")

    def _parent(self, slug: str) -> str:
        parent = self.standing[slug].get("parent")
        survivor = self.vocabulary.survivor("agency", parent) if parent else ""
        return survivor if survivor in self.standing else ""

    def _stands(self, slug: str) -> bool:
        return self.vocabulary.survivor("agency", slug) == slug

    def _drawn(self, slug: str, here: str, below: list[Branch]) -> Branch:
        return Branch(
            slug=slug,
            name=self.vocabulary.name("agency", slug),
            abbreviation=self.standing[slug].get("abbreviation") or "",
            href=links.term_page("agency", slug, as_of=self.as_of),
            count=self.counts.get(slug, 0),
            is_here=slug == here,
            below=below,
        )
