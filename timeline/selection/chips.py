"""The words beside a selection: what a name and a value are called, and the chips that take them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from timeline.terms import DIMENSIONS
from tracker import codebook, dates

if TYPE_CHECKING:
    from timeline.selection.chosen import Selection
    from timeline.terms import Vocabulary

LABELS = {
    "q": "Words",
    "from": "From",
    "to": "To",
    "dates": "Dates",
    "actor": "Actor",
    "agency": "Agency",
    "category": "Category",
    "form": "Form",
    "topic": "Topic",
    "affects": "Affects",
    "publisher": "Publisher",
    "status": "Status",
    "status_by": "Brought about by",
    "had_status": "Ever had status",
    "in_force": "In force",
    "in_force_on": "In force on",
    "evidence": "Evidence",
    "corroborated": "Corroborated",
    "disputed": "Disputed",
    "changed_since": "Changed since",
    "as_of": "As of",
}
YES_NO = codebook.Codes(
    codebook.Code(code="yes", label="Yes", definition="It is."),
    codebook.Code(code="no", label="No", definition="It is not."),
)
CODES: dict[str, codebook.Codes] = {
    "form": codebook.FORMS,
    "status": codebook.STATUSES,
    "status_by": codebook.STATUS_BY,
    "had_status": codebook.STATUSES,
    "in_force": codebook.IN_FORCE,
    "evidence": codebook.EVIDENCE,
    "corroborated": YES_NO,
    "disputed": YES_NO,
    "dates": codebook.DATE_MATCHES,
    "sort": codebook.SORTS,
    "theme": codebook.THEMES,
}
NOT_CODED_LABEL = "Not yet coded"
_DAYS = frozenset({"from", "to", "in_force_on"})
_EDITIONS = frozenset({"as_of", "changed_since"})


@dataclass(frozen=True)
class Chip:
    """One chosen value; `query` is the canonical query without it."""

    name: str
    label: str
    value: str
    value_label: str
    query: str


def label(name: str, value: str, vocabulary: Vocabulary) -> str:
    """Return how `value` of parameter `name` is printed; a merged term says what it was."""
    if name in DIMENSIONS:
        return NOT_CODED_LABEL if value == codebook.NOT_CODED else vocabulary.label(DIMENSIONS[name], value)
    if name in CODES:
        code = CODES[name].get(value)
        return code.label if code else value
    if name in _EDITIONS and value.isdigit():
        return _("edition %(number)s") % {"number": value}
    return _shown_day(value) if name in _DAYS | _EDITIONS else value


def _shown_day(text: str) -> str:
    """Return a day, month or year in words, without "day not known": here the whole of it is meant."""
    try:
        return dates.display(text).partition(",")[0]
    except dates.DateError:
        return text


def chips(selection: Selection) -> list[Chip]:
    """Return a chip for each chosen value, in table order."""
    return [
        Chip(name, LABELS[name], value, selection.label(name, value), selection.without(name, value))
        for name, values in selection.texts.items()
        if name in LABELS
        for value in values
    ]


def filters(selection: Selection) -> list[tuple[str, str]]:
    """Return what narrows the selection, (name, value) as shown, in table order; an edition narrows nothing."""
    return [(chip.label, chip.value_label) for chip in chips(selection) if chip.name != "as_of"]
