"""For readers: the lists of all actors, agencies and other terms, and of all sources, as of an edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from math import ceil
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from timeline import facets
from timeline.presenting import form, links
from timeline.presenting.pager import pager
from timeline.presenting.sources_listed import listed
from timeline.presenting.terms import PLURALS, Branch, Named, Tree, linked
from timeline.presenting.words import said
from timeline.selection import Selection
from timeline.selection.addresses import canonical_text
from timeline.selection.fields import MAX_WORDS
from timeline.terms import PARAMETERS, is_redacted
from timeline.views import sharing, source_rows
from timeline.views.listing import pinned
from timeline.views.reading import read_only, today
from timeline.views.terms import error_lines, pinned_to
from tracker import codebook

Context = dict[str, Any]
TERMS_A_PAGE, SOURCES_A_PAGE = 100, 50
MOST_PUBLISHERS = 200  # offered to choose from, those with the most actions
_EDITION = ("as_of", "page")


@dataclass
class Asked:
    """What the address of a list asks for: an edition and a page (`selection`), and what to look for.

    `own` are the accepted values of this list's own names; `left_out` names that say nothing here.
    """

    kind: str
    selection: Selection
    own: dict[str, str] = field(default_factory=dict)
    errors: list[form.ErrorLine] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def as_of(self) -> str:
        """The edition asked for, as typed."""
        return pinned_to(self.selection)

    def address(self, *, page: int = 1, as_of: str | None = None, without: Iterable[str] = ()) -> str:
        """Return the address of this list on another page, at another edition ("" = newest), or without a name."""
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in self.own.items() if value and name not in {*without}})
        query.update({"as_of": edition} if (edition := self.as_of if as_of is None else as_of) else {})
        query.update({"page": str(page)} if page > 1 else {})
        return links.term_index(self.kind, query.urlencode())


@read_only
def terms(request: HttpRequest, *, kind: str) -> HttpResponse:
    """Show the terms of one kind by name, each with the number of actions that asking for it finds."""
    asked = _asked(request, kind, ("q",))
    if asked.errors:
        return _page(request, asked, {}, "terms", status=400)
    shown = _agencies(asked) if kind == "agency" and not asked.own["q"] else _named(asked)
    return _page(request, asked, shown, "terms")


@read_only
def sources(request: HttpRequest) -> HttpResponse:
    """Show the sources, the newest first."""
    asked = _asked(request, "source", ("q", "kind", "publisher"))
    choices = _choices(asked)
    if asked.errors:
        return _page(request, asked, choices, "sources", status=400)
    wanted = source_rows.Wanted(words=asked.own["q"], kind=asked.own["kind"], publisher=asked.own["publisher"])
    found = source_rows.count(asked.selection, wanted)
    first = _first(asked, found, SOURCES_A_PAGE)
    part = list(source_rows.newest_first(asked.selection, wanted)[first : first + SOURCES_A_PAGE])
    lines = listed(part, uses=source_rows.uses(asked.selection, part), as_of=asked.as_of)
    return _page(request, asked, choices | _paged(asked, found, SOURCES_A_PAGE) | {"sources": lines}, "sources")


# --- what was asked ------------------------------------------------------------------------------------------------


def _asked(request: HttpRequest, kind: str, names: tuple[str, ...]) -> Asked:
    """Read the address. One query for the newest edition, one for its terms unless they are cached."""
    ours, rest = QueryDict(mutable=True), request.GET.copy()
    left_out = []
    for name in list(rest):
        if name in names:
            ours.setlist(name, rest.pop(name))
        elif name in codebook.PARAMETERS and name not in _EDITION:
            left_out += [name] if any(rest.pop(name)) else []
    asked = Asked(kind, Selection.parse(rest, surface="page", today=today()), left_out=left_out)
    asked.errors += error_lines(asked.selection)
    for name in names:
        asked.own[name] = canonical_text("q" if name == "q" else "form" if name == "kind" else name, _last(ours, name))
        wrong = _wrong(asked, name, ours.getlist(name))
        asked.errors += [form.ErrorLine(f"own-{name}", wrong)] if wrong else []
    return asked


def _last(query: QueryDict, name: str) -> str:
    return next((str(value) for value in reversed(query.getlist(name)) if str(value).strip()), "")


def _wrong(asked: Asked, name: str, typed: list[str]) -> str:
    """Return what is wrong with a value of this list's own names, or ""."""
    value = asked.own[name]
    if sum(bool(each.strip()) for each in typed) > 1:
        return _("“%(name)s” takes one value here.") % {"name": name}
    if name == "q" and ("\x00" in value or len(value) > MAX_WORDS):
        return _("Look for at most %(most)d characters, none of them NUL.") % {"most": MAX_WORDS}
    if name == "kind" and value and value not in codebook.SOURCE_KINDS:
        return _("There is no such kind of source.")
    if name == "publisher" and value and not asked.selection.vocabulary.is_known("publisher", value):
        return _("This publisher is not in the published record.")
    return ""


def _first(asked: Asked, found: int, per_page: int) -> int:
    """Return the place of the first row of the page asked for. Raises Http404 where there is no such page."""
    page = asked.selection.page
    if not 1 <= page <= max(1, ceil(found / per_page)):
        raise Http404("There is no such page.")
    return (page - 1) * per_page


# --- what is shown -------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, asked: Asked, shown: Context, template: str, *, status: int = 200) -> HttpResponse:
    selection, page = asked.selection, asked.selection.page
    plural, explained = str(PLURALS[asked.kind]), codebook.TERM_KINDS[asked.kind].definition
    canonical = settings.PUBLIC_URL + asked.address(page=max(page, 1))
    context = {
        "kind": asked.kind,
        "plural": plural,
        "explained": explained,
        "social": None if asked.errors else sharing.of_page(title=plural, description=said(explained), url=canonical),
        "edition": selection.edition,
        "canonical": canonical,
        "is_hidden": bool(asked.errors or any(asked.own.values())),
        "own": asked.own,
        "errors": asked.errors,
        "pinned": pinned(selection, lambda _query: asked.address(as_of="")),
        "as_of": asked.as_of,
        "clear_href": asked.address(without=asked.own),
        "unknown": [{"name": each.name, "suggestion": "", "href": ""} for each in selection.unknown],
        "left_out": asked.left_out,
    }
    return render(request, f"timeline/terms/{template}.html", context | shown, status=status)


def _paged(asked: Asked, found: int, per_page: int) -> Context:
    last = max(1, ceil(found / per_page))
    return {"found": found, "pager": pager(asked.selection.page, last, lambda page: asked.address(page=page))}


def _counts(asked: Asked) -> dict[str, int]:
    """Return how many actions asking for each term finds. One query unless the edition's counts are cached."""
    edition = Selection.parse(f"as_of={asked.selection.number}", surface="page", today=today())
    return {option.value: option.count for option in facets.counts(edition)[PARAMETERS[asked.kind]]}


def _named(asked: Asked) -> Context:
    """Return one page of the terms by name, those merged into others left out."""
    vocabulary, kind = asked.selection.vocabulary, asked.kind
    standing = vocabulary.standing.get(kind, {})
    slugs = [
        slug
        for slug, term in standing.items()
        if not is_redacted(term) and vocabulary.survivor(kind, slug) == slug and _fits(term, asked.own["q"])
    ]
    order = partial(vocabulary.sort_key, kind)
    first = _first(asked, len(slugs), TERMS_A_PAGE)
    part = sorted(slugs, key=order)[first : first + TERMS_A_PAGE]
    counts = _counts(asked)
    return _paged(asked, len(slugs), TERMS_A_PAGE) | {
        "terms": [
            {
                "name": standing[slug]["name"],
                "abbreviation": standing[slug].get("abbreviation") or "",
                "definition": standing[slug].get("definition") or "",
                "example": standing[slug].get("example") or "",
                "kind": _kind_of(standing[slug]),
                "href": links.term_page(kind, slug, as_of=asked.as_of),
                "count": counts.get(slug, 0),
            }
            for slug in part
        ]
    }


def _kind_of(term: dict[str, Any]) -> str:
    kind = codebook.PARTY_KINDS.get(term.get("kind") or "")
    return said(kind.label) if kind else ""


def _fits(term: dict[str, Any], words: str) -> bool:
    """Whether every word occurs in one of the names of a term."""
    names = " ".join([term["name"], term.get("abbreviation") or "", *term.get("aliases", ())]).casefold()
    return all(word in names for word in words.casefold().split())


def _agencies(asked: Asked) -> Context:
    """Return one page of the trees of agencies, under their countries."""
    vocabulary = asked.selection.vocabulary
    tree = Tree(vocabulary, counts=_counts(asked), as_of=asked.as_of)
    tops = sorted(tree.tops(), key=lambda slug: _country(asked, tree, slug)[0])
    first = _first(asked, len(tops), TERMS_A_PAGE)
    return _paged(asked, len(tops), TERMS_A_PAGE) | {
        "countries": [
            {"slug": slug, "country": country, "branches": list(branches)}
            for (_order, slug, country), branches in _under_countries(asked, tree, tops[first : first + TERMS_A_PAGE])
        ]
    }


def _under_countries(asked: Asked, tree: Tree, tops: list[str]) -> list[tuple[tuple[Any, str, Named], list[Branch]]]:
    grouped = groupby(tops, key=lambda slug: _country(asked, tree, slug))
    return [(country, [tree.branch(slug) for slug in slugs]) for country, slugs in grouped]


def _country(asked: Asked, tree: Tree, slug: str) -> tuple[tuple[bool, tuple[str, str]], str, Named]:
    """Return what puts countries in order (those without one last), the slug, and the name with its link."""
    vocabulary, state = asked.selection.vocabulary, tree.country(slug)
    if not state:
        return (True, ("", "")), "none", Named(_("Country not recorded"))
    return (False, vocabulary.sort_key("party", state)), state, linked(vocabulary, "party", state, as_of=asked.as_of)


def _choices(asked: Asked) -> Context:
    """Return the kinds and publishers that sources may be narrowed to."""
    edition = Selection.parse(f"as_of={asked.selection.number}", surface="page", today=today())
    offered = [(option.value, option.label) for option in facets.counts(edition)["publisher"][:MOST_PUBLISHERS]]
    chosen = asked.own["publisher"]
    if chosen and chosen not in dict(offered):
        offered.append((chosen, asked.selection.vocabulary.label("publisher", chosen)))
    return {
        "publishers": sorted(offered, key=lambda each: each[1].casefold()),
        "source_kinds": [(code, kind.label) for code, kind in codebook.SOURCE_KINDS.items()],
    }
