"""What becomes of entries that a mapped table tells of again: an update touches what its mapping wrote, nothing else.

Such a table names no version. What the imports of this mapping *said* is read from the revisions that they made
(`said`), and each fact that the mapping owns is compared three ways: what they said, what the record says, what the
file says now. What only the file changed is applied; what only an editor changed stays; a single fact that both
changed is a conflict, and the entry is left as it is. Topics, citations, lines and other lists are compared item by
item, so an editor's own topic or development stays beside those of the file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker import dates, document
from tracker.datapackage.apply import imported_with
from tracker.datapackage.entries import ACTIONS, Incoming
from tracker.datapackage.merging import Conflict, Content, Standing, Verdict, content_of
from tracker.datapackage.plan import Judged
from tracker.models import Revision

_CHUNK = 500
_SETS = frozenset(document.TERM_SETS)
_LISTS = _SETS | {"identifiers", "citations", "status_history", "relations"}
_NUMBERED = ("citations", "status_history")


@dataclass(frozen=True)
class Owning:
    """Judges entries by the imports of one mapping. `open` are facts that wait for an editor, by slug."""

    mapping: str
    owned: frozenset[str]
    appends: bool
    open: Mapping[str, set[str]] = field(default_factory=dict)

    def __call__(self, incoming: list[Incoming], ours: dict[str, Content], standing: dict[str, Standing]) -> Judged:
        """Yield what becomes of each entry. A query for each 500 that differ from the record."""
        for item in incoming:
            if item.slug not in standing:
                yield item, Verdict(content=ours[item.slug])
        known = [item for item in incoming if item.slug in standing]
        for start in range(0, len(known), _CHUNK):
            chunk = known[start : start + _CHUNK]
            differing = [item.slug for item in chunk if self._differing(item.slug, ours, standing)]
            told = dict(_histories(differing, mapping=self.mapping))
            for item in chunk:
                here = standing[item.slug].content
                if item.slug in differing:
                    yield item, self._judge(item, ours[item.slug], here, told.get(item.slug, []))
                else:
                    yield item, Verdict(is_same=True)

    def _differing(self, slug: str, ours: Mapping[str, Content], standing: Mapping[str, Standing]) -> list[str]:
        """Return the owned facts that the file tells otherwise than the record."""
        here, own = standing[slug].content, self.owned - self.open.get(slug, set())
        return [name for name in sorted(own) if ours[slug][name] != here[name]]

    def _judge(self, item: Incoming, ours: Content, here: Content, history: list["Step"]) -> Verdict:
        base = {name: said(history, name) for name in self.owned}
        if self.appends:
            ours = _appended(ours, base)
        changes: Content = {}
        conflicts = []
        for name in sorted(self.owned - self.open.get(item.slug, set())):
            merged = _merged(name, base=base[name], here=here[name], ours=ours[name])
            if merged is None:
                conflicts.append(Conflict(item.slug, ACTIONS, item.row.number, name))
            elif merged.value != here[name]:
                changes[name] = merged.value
        if conflicts:
            return Verdict(conflicts=conflicts)
        return Verdict(content=here | changes) if changes else Verdict(is_same=True)


# --- what the imports said -------------------------------------------------------------------------------------

Step = tuple[bool, Content]
"""One revision: whether an import of the mapping made it, and what the entry then said."""


def _histories(slugs: Sequence[str], *, mapping: str) -> Iterator[tuple[str, list[Step]]]:
    """Yield the revisions of each of these entries, oldest first. One query."""
    found: dict[str, list[Step]] = {}
    rows = Revision.objects.filter(action__slug__in=slugs).order_by("action_id", "number")
    for slug, reason, saved in rows.values_list("action__slug", "reason", "document"):
        content = content_of(saved["entry"], saved["relations"])
        found.setdefault(slug, []).append((reason.startswith(imported_with(mapping)), content))
    yield from found.items()


def said(history: Sequence[Step], name: str) -> Any:
    """Return what the imports wrote into a fact: the value that the last of them changed, or the items they put in.

    What an import left alone is not what it said: an editor's words that it met stay the editor's.
    """
    told: Any = [] if name in _LISTS else None
    before: Any = told
    is_first = True
    for is_import, content in history:
        now = content[name]
        if is_import and name in _LISTS:
            told = _put(_taken(told, _taken(before, now)), _taken(now, before))
        elif is_import and (now != before or is_first):
            told = now
        is_first = is_first and not is_import
        before = now
    return told


# --- lists, item by item ---------------------------------------------------------------------------------------


def _identity(item: Any) -> str:
    """Return what makes two items of a list the same one: all that they say, wherever they stand."""
    if not isinstance(item, dict):
        return str(item)
    plain = {name: value for name, value in item.items() if name != "position"}
    return json.dumps(plain, sort_keys=True, ensure_ascii=False)


def _taken(items: Sequence[Any], away: Sequence[Any]) -> list[Any]:
    gone = set(map(_identity, away))
    return [item for item in items if _identity(item) not in gone]


def _put(items: Sequence[Any], more: Sequence[Any]) -> list[Any]:
    known = set(map(_identity, items))
    return [*items, *(item for item in more if _identity(item) not in known)]


@dataclass(frozen=True)
class _Merged:
    value: Any


def _merged(name: str, *, base: Any, here: Any, ours: Any) -> _Merged | None:
    """Return what a fact comes to; None when file and record both changed it."""
    if name in _LISTS:
        return _merged_list(name, gone=_taken(base, ours), new=_taken(ours, base), here=here)
    if ours in (base, here):
        return _Merged(here)
    return _Merged(ours) if here == base else None


def _merged_list(name: str, *, gone: list[Any], new: list[Any], here: list[Any]) -> _Merged | None:
    if name == "status_history" and _taken(gone, here):
        return None  # a line that the file takes back was changed here
    found = _put(_taken(here, gone), new)
    if name in _SETS:
        found = sorted(found, key=lambda term: str(term["slug"]))
    elif name == "relations":
        found = sorted(found, key=document.relation_key)
    elif name == "status_history":
        found = _in_time(found)
    elif name == "citations" and len({item["source"]["slug"] for item in found}) < len(found):
        return None
    if name in _NUMBERED:
        found = [item | {"position": number} for number, item in enumerate(found, start=1)]
    return _Merged(found)


def _in_time(lines: list[Any]) -> list[Any]:
    """Return lines in an order that their days allow: as they stand if that will do, else by their days."""
    try:
        earliest, latest = document.possible_days([line["date"] for line in lines])
        if all(first <= last for first, last in zip(earliest, latest, strict=True)):
            return lines
        return sorted(lines, key=lambda line: dates.parse(line["date"]).earliest)
    except (dates.DateError, TypeError, ValueError):
        return lines


def _appended(ours: Content, base: Mapping[str, Any]) -> Content:
    """Return what a file says that only tells how matters stand: earlier lines and their sources stay.

    A line that says what the last one said adds nothing, on whatever day the file was made.
    """
    told, cited = base["status_history"], base.get("citations", [])
    new = [line for line in ours["status_history"] if not told or _stage(line) != _stage(told[-1])]
    found = ours | {"status_history": [*told, *new]}
    if cited:
        sources = {item["source"]["slug"] for item in cited}
        more = [item for item in ours["citations"] if new and item["source"]["slug"] not in sources]
        found |= {"citations": [*cited, *more]}
    return found


def _stage(line: Mapping[str, Any]) -> tuple[Any, Any]:
    return line["status"], line["note"]
