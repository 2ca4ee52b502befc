"""The filter panel: what may be ticked, in which order, what is open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from django.utils.translation import gettext as _

from timeline.presenting.form import field_id
from timeline.presenting.words import capital, said
from tracker import codebook

SHOWN = 8
"""Options shown before "N more"."""


class Counted(Protocol):
    """One value of a facet, as `timeline.facets.counts` gives it."""

    @property
    def value(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def count(self) -> int | None: ...
    @property
    def is_on(self) -> bool: ...


@dataclass(frozen=True)
class Choice:
    """One box to tick; `count` is None where it is not counted, `glyph` names a symbol or is ""."""

    value: str
    label: str
    count: int | None
    is_on: bool
    glyph: str = ""

    @property
    def is_zero(self) -> bool:
        """Whether ticking it finds nothing: greyed, never taken away, and still to be ticked."""
        return self.count == 0 and not self.is_on


@dataclass(frozen=True)
class Facet:
    """One group of boxes: `groups` are (heading, choices), `more` those behind "N more"."""

    name: str
    label: str
    hint: str
    groups: list[tuple[str, list[Choice]]]
    more: list[Choice]
    selected: int
    is_open: bool
    more_is_open: bool
    errors: Sequence[str]

    @property
    def id(self) -> str:
        """The element's id, by which the error summary finds it."""
        return field_id(self.name)


@dataclass(frozen=True)
class _Kind:
    label: str
    hint: str = ""
    is_open: bool = False


def _kinds() -> dict[str, _Kind]:
    """Return the facets in the order of the panel, in the language of the reader."""
    return {
        "status": _Kind(_("Status"), is_open=True),
        "topic": _Kind(_("Topic"), is_open=True),
        "agency": _Kind(_("Agency"), _("Finds its parts and predecessors too"), is_open=True),
        "category": _Kind(_("Category")),
        "actor": _Kind(_("Actor")),
        "form": _Kind(_("Form")),
        "affects": _Kind(_("Affects"), _("Finds the groups it belongs to")),
        "publisher": _Kind(_("Publisher")),
        "evidence": _Kind(_("Evidence")),
        "corroborated": _Kind(_("Corroborated"), _("By first-hand sources of two or more publishers")),
        "disputed": _Kind(_("Disputed"), _("A cited denial is unresolved")),
        "in_force": _Kind(_("In force")),
        "status_by": _Kind(_("Status brought about by")),
        "had_status": _Kind(_("Ever had the status")),
    }


_STATUS_NAMES = ("status", "had_status")


def uncounted(codes: Mapping[str, codebook.Coded], *, chosen: Sequence[str]) -> list[Choice]:
    """Return the options of a facet that is not counted, in the order of the codebook."""
    return [Choice(code, item.label, None, code in chosen) for code, item in codes.items()]


def facets(
    counts: Mapping[str, Iterable[Counted]], *, errors: Mapping[str, Sequence[str]], typed: Collection[str] = ()
) -> list[Facet]:
    """Return the facets of the panel; options come in their fixed order, by overall frequency.

    `typed` are the parameters that were given: the day of `in_force_on` is asked for inside the facet in_force.
    """
    return [
        _facet(
            name,
            kind,
            list(counts.get(name, ())),
            errors.get(name, ()),
            is_used=name == "in_force" and "in_force_on" in typed,
        )
        for name, kind in _kinds().items()
    ]


def _facet(name: str, kind: _Kind, options: list[Counted], errors: Sequence[str], *, is_used: bool) -> Facet:
    choices = [_choice(name, option) for option in options]
    head, more = (choices, []) if name in _STATUS_NAMES else _split(choices)
    selected = sum(choice.is_on for choice in choices)
    return Facet(
        name=name,
        label=kind.label,
        hint=kind.hint,
        groups=_status_groups(head) if name == "status" else [("", head)],
        more=more,
        selected=selected,
        is_open=kind.is_open or selected > 0 or is_used or bool(errors),
        more_is_open=any(choice.is_on for choice in more),
        errors=errors,
    )


def _choice(name: str, option: Counted) -> Choice:
    glyph = codebook.STATUSES[option.value].glyph if name in _STATUS_NAMES else ""
    return Choice(option.value, option.label, option.count, option.is_on, glyph)


def _split(choices: list[Choice]) -> tuple[list[Choice], list[Choice]]:
    """Cut a long list, but never to hide a single one."""
    size = len(choices) if len(choices) <= SHOWN + 1 else SHOWN
    return choices[:size], choices[size:]


def _status_groups(choices: list[Choice]) -> list[tuple[str, list[Choice]]]:
    """Put the statuses under the three headings of the codebook, each in the order of the codebook."""
    order = codebook.STATUSES.codes.index
    ordered = sorted(choices, key=lambda choice: (_group(choice), order(choice.value)))
    return [
        (capital(said(codebook.STATUS_GROUPS[place])), list(members)) for place, members in groupby(ordered, key=_group)
    ]


def _group(choice: Choice) -> int:
    return codebook.STATUS_GROUPS.index(codebook.STATUSES[choice.value].group)
