"""The controls of the filter form as they were typed, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker import codebook

_LABELS = {
    "q": "Search words",
    "from": "From",
    "to": "To",
    "in_force_on": "On this day",
    "changed_since": "Changed since",
    "as_of": "As it stood at",
}
_OTHER_LABELS = {"page": "Page", "per_page": "Entries per page", "view": "View", "sort": "Sort", "dates": "Dates"}
_RANGES = {
    "possible": "May fall in this range",
    "certain": "Surely falls in this range",
}
# Parameters without a control of their own; they travel along, hidden.
_KEPT = ("view", "per_page")

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Field:
    """One text box: what was typed stands in it, right or wrong."""

    name: str
    label: str
    typed: str
    errors: Sequence[str]

    @property
    def id(self) -> str:
        """The element's id, by which labels and the error summary find it."""
        return field_id(self.name)


@dataclass(frozen=True)
class ErrorLine:
    """One line of the error summary; `field` is the id of the control, or ""."""

    field: str
    text: str


@dataclass(frozen=True)
class Alternative:
    """One of several values of which one holds: a radio button, an option of a list."""

    value: str
    label: str
    is_on: bool


def field_id(name: str) -> str:
    """Return the id of the control of a parameter; facets are groups of boxes."""
    return name if name in _LABELS or name in ("sort", "dates") else f"facet-{name.replace('_', '-')}"


def fields(typed: Typed, *, errors: Typed) -> dict[str, Field]:
    """Return the text boxes by name."""
    return {
        name: Field(name, label, (typed.get(name) or [""])[0], errors.get(name, ())) for name, label in _LABELS.items()
    }


def error_lines(errors: Typed, *, labels: Mapping[str, str]) -> list[ErrorLine]:
    """Return the error summary, each line naming its field; `labels` are the names of the facets."""
    named = _OTHER_LABELS | dict(labels) | _LABELS
    reachable = {*_LABELS, *labels, "dates"}
    return [
        ErrorLine(field_id(name) if name in reachable else "", f"{named.get(name, name)}: {text}")
        for name, texts in errors.items()
        for text in texts
    ]


def date_matches(typed: Typed) -> list[Alternative]:
    """Return the two ways in which a range of days may be meant."""
    chosen = (typed.get("dates") or [""])[0]
    on = chosen if chosen in codebook.DATE_MATCHES else "possible"
    return [Alternative(code, _RANGES[code], code == on) for code in codebook.DATE_MATCHES]


def sorts(chosen: str, *, has_words: bool) -> list[Alternative]:
    """Return the orders of the list; the best match asks for words to match."""
    return [
        Alternative(code, item.label, code == chosen)
        for code, item in codebook.SORTS.items()
        if code != "relevance" or has_words
    ]


def kept(typed: Typed, *, also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return what travels along without a control: `also` names those whose control is not shown."""
    return [(name, value) for name in (*_KEPT, *also) for value in typed.get(name, ())]
