"""What was found, in words: the title of the page, the counts, what became of the actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from timeline.presenting.words import counted, grouped
from tracker import codebook


def headline(found: int, everything: int, *, is_filtered: bool) -> str:
    """Return "3 of 9 actions", "9 actions", "No actions match" or "No actions"."""
    if not is_filtered:
        return counted(found, "action") if found else _("No actions")
    if not found:
        return _("No actions match")
    return _("%(found)s of %(everything)s") % {"found": grouped(found), "everything": counted(everything, "action")}


def fates(counts: Mapping[str, int]) -> str:
    """Return what became of the actions found: "3 in force, 2 undone, 3 took place, 1 unconfirmed".

    `counts` gives the number of actions of each current status.
    """
    totals = dict.fromkeys(codebook.FATES, 0)
    for status, number in counts.items():
        totals[codebook.STATUSES[status].fate] += number
    return ", ".join(
        f"{grouped(number)} {npgettext('counted', fate, fate, number)}" for fate, number in totals.items() if number
    )


def page_title(headline: str, filters: Sequence[tuple[str, str]], *, edition: str = "", page: int = 1) -> str:
    """Return the state of the page in plain words: "3 of 9 actions: Agency Justice Department".

    `filters` are (name, value) as shown; `edition` says which one where it is not the newest.
    """
    named = ", ".join(f"{name} {value}" for name, value in filters[:3])
    more = len(filters) - 3
    if more > 0:
        told = ngettext("%(named)s and %(number)s more filter", "%(named)s and %(number)s more filters", more)
        named = told % {"named": named, "number": more}
    parts = [
        f"{headline}: {named}" if named else headline,
        _("as it stood at %(edition)s") % {"edition": edition} if edition else "",
        _("page %(number)s") % {"number": page} if page > 1 else "",
    ]
    return ", ".join(part for part in parts if part)


def filters_told(filters: Iterable[tuple[str, str]]) -> str:
    """Return filters, (name, value) as shown, in words: "Agency: Justice Department; Status: Reversed"."""
    return "; ".join(f"{name}: {value}" for name, value in filters)


def status_counts(options: Iterable[tuple[str, int, bool]]) -> dict[str, int]:
    """Return how many of the actions found have each status, from the (value, count, is_on) of the facet.

    A facet is counted without its own selection, so the ticked values alone were found; every action has
    exactly one current status.
    """
    every = list(options)
    ticked = [option for option in every if option[2]]
    return {value: count for value, count, _ in ticked or every}
