"""The controls of the filter form as they were typed, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tracker import codebook

_FIELDS = ("q", "from", "to", "in_force_on", "changed_since", "as_of")
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


@dataclass(frozen=True)
class ViewLink:
    """One way to draw the list."""

    view: str
    label: str
    href: str
    is_on: bool


def _labels() -> dict[str, str]:
    """Return the names of the text boxes (_FIELDS), in the language of the reader."""
    return {
        "q": _("Search words"),
        "from": _("From"),
        "to": _("To"),
        "in_force_on": _("On this day"),
        "changed_since": _("Changed since"),
        "as_of": _("As it stood at"),
    }


def _other_labels() -> dict[str, str]:
    return {
        "page": _("Page"),
        "per_page": _("Entries per page"),
        "view": _("View"),
        "sort": _("Sort"),
        "dates": _("Dates"),
    }


def field_id(name: str) -> str:
    """Return the id of the control of a parameter; facets are groups of boxes."""
    return name if name in _FIELDS or name in ("sort", "dates") else f"facet-{name.replace('_', '-')}"


def fields(typed: Typed, *, errors: Typed) -> dict[str, Field]:
    """Return the text boxes by name."""
    return {
        name: Field(name, label, (typed.get(name) or [""])[0], errors.get(name, ()))
        for name, label in _labels().items()
    }


def error_lines(errors: Typed, *, labels: Mapping[str, str]) -> list[ErrorLine]:
    """Return the error summary, each line naming its field; `labels` are the names of the facets."""
    named = _other_labels() | dict(labels) | _labels()
    reachable = {*_FIELDS, *labels, "dates"}
    return [
        ErrorLine(field_id(name) if name in reachable else "", f"{named.get(name, name)}: {text}")
        for name, texts in errors.items()
        for text in texts
    ]


def date_matches(typed: Typed) -> list[Alternative]:
    """Return the two ways in which a range of days may be meant."""
    chosen = (typed.get("dates") or [""])[0]
    on = chosen if chosen in codebook.DATE_MATCHES else "possible"
    ranges = {"possible": _("May fall in this range"), "certain": _("Surely falls in this range")}
    return [Alternative(code, ranges[code], code == on) for code in codebook.DATE_MATCHES]


def sorts(chosen: str, *, has_words: bool) -> list[Alternative]:
    """Return the orders of the list; the best match asks for words to match."""
    return [
        Alternative(code, item.label, code == chosen)
        for code, item in codebook.SORTS.items()
        if code != "relevance" or has_words
    ]


def views(chosen: str, href: Callable[[str], str]) -> list[ViewLink]:
    """Return the ways to draw the list; `href` gives the address of one ("" or "tracks")."""
    labels = {"": _("Detail"), "tracks": _("Tracks")}
    return [ViewLink(view, label, href(view), view == chosen) for view, label in labels.items()]


def kept(typed: Typed, *, also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return what travels along without a control: `also` names those whose control is not shown."""
    return [(name, value) for name in (*_KEPT, *also) for value in typed.get(name, ())]
