"""For readers who want to know what we said before: one version of an entry, and any two of them side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from timeline.changes import named
from timeline.presenting import changed, links
from timeline.presenting.form import ErrorLine
from timeline.presenting.versions import VersionLine, banner
from timeline.selection import Selection
from timeline.selection.reading import shorten
from timeline.views import entry, sharing
from timeline.views.listing import pinned
from timeline.views.reading import read_only, today
from timeline.views.related import titles
from tracker.comparing import differences
from tracker.models.ledger import PublishedAction, PublishedRelation

Context = dict[str, Any]


@read_only
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the entry as one of its versions said it; what was retracted stays readable here, under a banner."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    standing = entry.answer_for(request, slug, selection)
    if isinstance(standing, HttpResponse):
        return standing
    rows = PublishedAction.objects.ever_sealed_by(selection.number).filter(slug=slug, version=number)
    row = rows.select_related("edition").first()
    if row is None:
        raise Http404("There is no such version.")
    if not row.record:
        return entry.redacted(request, selection, number=row.redacted_in)
    if row.change == "retracted":
        return entry.gone(request, row, selection)
    return render(request, "timeline/version.html", _version(row, standing, selection))


def _version(row: PublishedAction, standing: PublishedAction, selection: Selection) -> Context:
    query = "" if selection.errors else selection.query()
    lines = entry.versions(row.slug, selection, shown=row.version)
    told = entry.text(row, number=row.edition_id, as_of=str(row.edition_id), query=f"as_of={row.edition_id}")
    return told | {
        "edition": selection.edition,
        "pinned": pinned(selection, lambda newest: links.version(row.slug, row.version, newest)),
        "versions": lines,
        "banner": banner(lines, row.version),
        "retracted": standing if standing.change == "retracted" else None,
        "entry_href": links.action(row.slug, query),
        "canonical": settings.PUBLIC_URL + links.version(row.slug, row.version),
        "back": {"href": links.action(row.slug, query), "text": _("Back to the entry")},
    }


# --- two of them ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One of the two fields: what was typed, the version that it names (None: none), and what is wrong with it."""

    name: str
    typed: str
    number: int | None
    error: str = ""


@read_only
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what two versions of an entry say differently.

    `from` and `to` are version numbers here; what they mean elsewhere, the ends of a range of days, is not asked.
    """
    asked = request.GET.copy()
    typed = {name: [text for text in asked.pop(name, []) if str(text).strip()] for name in ("from", "to")}
    selection = Selection.parse(asked, surface="page", today=today())
    standing = entry.answer_for(request, slug, selection)
    if isinstance(standing, HttpResponse):
        return standing
    lines = entry.versions(slug, selection)
    numbers = sorted(line.version for line in lines if line.href)
    if not numbers:
        return entry.redacted(request, selection)
    choices = _choices(typed, numbers)
    context = _frame(slug, selection, lines, numbers, choices)
    if context["errors"]:
        return render(request, "timeline/compare.html", context, status=400)
    return render(request, "timeline/compare.html", context | _compared(slug, selection, lines, numbers, choices))


def _choices(typed: dict[str, list[Any]], numbers: Sequence[int]) -> tuple[Choice, Choice]:
    """Return what was chosen; left out, the newer version is the last one and the older that before it."""
    second = _choice("to", typed["to"], numbers, default=numbers[-1])
    earlier = [number for number in numbers if second.number and number < second.number]
    return _choice("from", typed["from"], numbers, default=earlier[-1] if earlier else numbers[0]), second


def _choice(name: str, typed: list[Any], numbers: Sequence[int], *, default: int) -> Choice:
    if not typed:
        return Choice(name, "", default)
    text = str(typed[0]).strip()
    if len(typed) > 1:
        return Choice(name, text, None, _("Choose one version here, not %(count)s.") % {"count": len(typed)})
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if number in numbers:
        return Choice(name, text, number)
    known = ", ".join(map(str, numbers))
    told = {"typed": shorten(text), "known": known if len(numbers) < 10 else f"{numbers[0]}–{numbers[-1]}"}
    return Choice(name, text, None, _("There is no version “%(typed)s” to compare. There are: %(known)s.") % told)


def _frame(
    slug: str,
    selection: Selection,
    lines: Sequence[VersionLine],
    numbers: Sequence[int],
    choices: tuple[Choice, Choice],
) -> Context:
    """Return what stands around a comparison, also where there is none."""
    pin = selection.without("page") if "as_of" in selection.texts else ""
    as_of = selection.texts.get("as_of", ("",))[0]
    labels = {"from": _("Older version"), "to": _("Newer version")}
    return {
        "edition": selection.edition,
        "pinned": pinned(selection, lambda newest: links.action(slug, newest)),
        "errors": [ErrorLine(each.name, f"{labels[each.name]}: {each.error}") for each in choices if each.error],
        "fields": [
            {"choice": each, "label": labels[each.name], "options": _options(each, lines, numbers)} for each in choices
        ],
        "as_of": as_of,
        "only_one": len(numbers) == 1,
        "back": {"href": links.action(slug, pin), "text": _("Back to the entry")},
    }


def _options(choice: Choice, lines: Sequence[VersionLine], numbers: Sequence[int]) -> list[Context]:
    """Return the options of one field, the newest first; what was typed and is none stays to be seen."""
    found = [
        {
            "value": line.version,
            "text": _("Version %(version)s, %(day)s: %(change)s")
            % {"version": line.version, "day": line.day, "change": line.change},
            "is_on": line.version == choice.number,
        }
        for line in lines
        if line.version in numbers
    ]
    typed = {"value": choice.typed, "text": shorten(choice.typed), "is_on": True}
    return [typed, *found] if choice.error else found


def _compared(
    slug: str,
    selection: Selection,
    lines: Sequence[VersionLine],
    numbers: Sequence[int],
    choices: tuple[Choice, Choice],
) -> Context:
    first, second = (choice.number or 0 for choice in choices)
    rows = PublishedAction.objects.ever_sealed_by(selection.number).filter(slug=slug, version__in={first, second})
    documents = _documents(list(rows), selection)
    as_of = selection.texts.get("as_of", ("",))[0]
    one, other = sorted((first, second))
    title = documents[second]["entry"]["title"]
    canonical = settings.PUBLIC_URL + links.compare(slug, first, second)
    told = _("Versions %(first)s and %(second)s of %(title)s") % {"first": first, "second": second, "title": title}
    return {
        "first": first,
        "second": second,
        "title": title,
        "social": sharing.of_page(title=told, description=told, url=canonical),
        "fields_changed": changed.fields(differences(documents[first], documents[second])),
        "between": [line for line in lines if one < line.version <= other],
        "canonical": canonical,
        "previous_href": _pair(slug, numbers, first, second, step=-1, as_of=as_of),
        "next_href": _pair(slug, numbers, first, second, step=1, as_of=as_of),
    }


def _documents(rows: Sequence[PublishedAction], selection: Selection) -> dict[int, Context]:
    """Return by number what versions said, with the relations as they stood in the edition of each."""
    relations = {row.version: _relations(row) for row in rows}
    ends = {relation["to"] for found in relations.values() for relation in found if relation["to"]}
    names = titles(ends, selection.number)
    return {
        row.version: {
            "entry": json.loads(row.record)["entry"],
            "relations": [named(relation, names) for relation in relations[row.version]],
        }
        for row in rows
    }


def _relations(row: PublishedAction) -> list[Context]:
    standing = PublishedRelation.objects.as_of(row.edition_id).filter(from_slug=row.slug)
    return [json.loads(record)["relation"] for record in standing.values_list("record", flat=True) if record]


def _pair(slug: str, numbers: Sequence[int], first: int, second: int, *, step: int, as_of: str) -> str:
    """Return the address of the pair one step on in both versions; "" at the ends."""
    places = [numbers.index(first) + step, numbers.index(second) + step]
    if first == second or not all(0 <= place < len(numbers) for place in places):
        return ""
    return links.compare(slug, *(numbers[place] for place in places), as_of=as_of)
