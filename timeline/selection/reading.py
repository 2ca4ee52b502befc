"""What was typed: names mapped one by one, blanks dropped, doubled single values refused."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline.selection.addresses import as_query, canonical
from tracker import codebook
from tracker.codebook.tracking import is_tracking

Surface = Literal["page", "embed", "downloads", "csv", "data", "api"]

_TAKES = {
    "page": frozenset({"", "pages"}),
    "embed": frozenset({"", "pages", "embed"}),
    "downloads": frozenset({"", "pages", "csv"}),
    "csv": frozenset({"", "csv"}),
    "data": frozenset({""}),
    "api": frozenset({"", "api"}),
}
# For people: an unknown name is told, and nothing is refused for it.
_PAGES = frozenset({"page", "embed", "downloads"})
MAX_UNKNOWN = 20  # names told: who sends a thousand is no reader
MAX_SHOWN = 60  # characters of what was typed that a sentence repeats
MAX_VALUES = 100  # of one name, and half of what an address may hold


@dataclass(frozen=True)
class Unknown:
    """A name that this surface does not know. `query` is the canonical query with it set right or left out."""

    name: str
    suggestion: str
    query: str


@dataclass
class Reading:
    """What was typed under known names (blanks dropped), and what is wrong with it so far."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    strangers: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, tuple[str, ...]]:
        """The canonical texts of what was typed."""
        return canonical(self.typed)

    @property
    def unknown(self) -> list[Unknown]:
        """Each unknown name with its nearest known one."""
        return [
            Unknown(shorten(name), nearest(name, list(codebook.PARAMETERS)), as_query(self._with({name})))
            for name in list(self.strangers)[:MAX_UNKNOWN]
        ]

    @property
    def corrected(self) -> str:
        """The canonical query with every unknown name set right or left out."""
        return as_query(self._with(set(list(self.strangers)[:MAX_UNKNOWN])))

    def _with(self, names: set[str]) -> dict[str, tuple[str, ...]]:
        """Return the canonical texts with the values of these unknown names under their nearest known ones."""
        texts = {name: list(values) for name, values in self.typed.items()}
        for name in sorted(names):
            near = nearest(name, list(codebook.PARAMETERS))
            if near and near != name and (near not in texts or codebook.PARAMETERS[near].repeatable):
                texts.setdefault(near, []).extend(self.strangers[name])
        return canonical(texts)


def read(query: QueryDict | str, *, surface: Surface, within: Mapping[str, str] | None = None) -> Reading:
    """Read a query string. Unknown names are errors on data; on pages they are told, tracking names dropped.

    `within` is what the page itself says (name -> value), as if it stood in the address.
    """
    data = QueryDict(query) if isinstance(query, str) else query
    reading = Reading()
    for name, raw in data.lists():
        values = [str(value) for value in raw if str(value).strip()]
        parameter = codebook.PARAMETERS.get(name)
        if parameter and parameter.only_on in _TAKES[surface]:
            _take(reading, name, values, repeatable=parameter.repeatable)
        elif surface not in _PAGES or not is_tracking(name):
            reading.strangers[name] = values
    for name, value in (within or {}).items():
        _fix(reading, name, value)
    if surface not in _PAGES:
        reading.errors |= {unknown.name: [_stranger(unknown)] for unknown in reading.unknown}
    return reading


def _take(reading: Reading, name: str, values: list[str], *, repeatable: bool) -> None:
    """Keep what fits: each value becomes a chip, whose address holds all the others."""
    room = min(MAX_VALUES, 2 * MAX_VALUES - sum(map(len, reading.typed.values())))
    if len(values) > 1 and not repeatable:
        reading.errors[name] = [
            _("“%(name)s” was given %(count)s times and takes one value.") % {"name": name, "count": len(values)}
        ]
    elif len(values) > room:
        told = _("“%(name)s” takes at most %(room)s values here, not %(count)s.")
        reading.errors[name] = [told % {"name": name, "room": room, "count": len(values)}]
    if values[:room]:
        reading.typed[name] = values[:room]


def _fix(reading: Reading, name: str, value: str) -> None:
    """Set what the page says. A second value would mean "any of" and show more than the page is about."""
    if name in reading.typed:
        told = _("This page is about one %(name)s already. Choose others on the timeline.")
        reading.errors[name] = [told % {"name": name}]
    reading.typed[name] = [value]


def _stranger(unknown: Unknown) -> str:
    parameter = codebook.PARAMETERS.get(unknown.name)
    if parameter:
        return f"“{unknown.name}” belongs to another kind of address ({parameter.only_on})."
    return f"We do not know “{unknown.name}”. {did_you_mean(unknown.suggestion)}".rstrip()


def did_you_mean(near: str) -> str:
    """Return the question whether the known word `near` was meant, or ""."""
    return _("Did you mean “%(near)s”?") % {"near": near} if near else ""


def nearest(typed: str, known: list[str]) -> str:
    """Return the known word most like `typed`, or "". Costs about 20 µs for each known word."""
    if len(typed) > MAX_SHOWN:
        return ""
    found = difflib.get_close_matches(typed.casefold().replace(" ", "-"), known, n=1, cutoff=0.6)
    return found[0] if found and found[0] != typed else ""


def shorten(typed: str) -> str:
    """Return what was typed, cut to what fits into a sentence."""
    return typed if len(typed) <= MAX_SHOWN else f"{typed[:MAX_SHOWN]}…"
