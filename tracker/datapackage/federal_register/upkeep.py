"""Bringing an entry up to date without touching what editors did: who last said what, read from its revisions.

Every save is a revision with its reason, and imports of the register are known by theirs. So a field, or one item of
a list, is the register's as long as an import was the last to set it. Only that is replaced or taken away; what an
editor took away stays away.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker import dates
from tracker.datapackage.merging import Content, content_of
from tracker.models import Revision

REASON = "Federal Register."
FIELDS = ("title", "summary", "form", "actor", "actor_office", "agency", "date")
"""What the register says of an order itself."""
LISTS = ("identifiers", "citations", "status_history", "relations")

_CHUNK = 500
_IS_IMPORT = re.compile(rf"Loaded from .*: {re.escape(REASON)}", re.DOTALL)
Key = tuple[str, ...]


@dataclass
class Ownership:
    """What of an entry editors said last: fields, and items of lists by key; `gone` are items they took away."""

    fields: set[str] = field(default_factory=set)
    items: dict[str, set[Key]] = field(default_factory=lambda: {name: set() for name in LISTS})
    gone: dict[str, set[Key]] = field(default_factory=lambda: {name: set() for name in LISTS})


def key_of(name: str, item: Any) -> Key:
    """Return what makes an item of a list the same one, whatever else is said in it."""
    if name == "identifiers":
        return (item,)
    if name == "citations":
        return (item["source"]["slug"],)
    if name == "relations":
        return (item["kind"], item["to"] or "", item["identifier"] or item["url"] or item["title"] or "")
    return (item["status"] or "", item["date"], "" if item["status"] else item["note"] or "")


def _said(item: Any) -> Any:
    return {name: value for name, value in item.items() if name != "position"} if isinstance(item, dict) else item


def ownership(slugs: Iterable[str]) -> dict[str, Ownership]:
    """Return what editors said of each entry. One query for each 500; reads every revision of theirs."""
    found: dict[str, Ownership] = {}
    before: tuple[str, Content] = ("", {})
    for slug, reason, document in _revisions(sorted(slugs)):
        content = content_of(document["entry"], document["relations"])
        earlier = before[1] if before[0] == slug else {}
        is_import = bool(_IS_IMPORT.match(reason))
        _note(found.setdefault(slug, Ownership()), earlier, content, is_import=is_import)
        before = (slug, content)
    return found


def _revisions(slugs: Sequence[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for start in range(0, len(slugs), _CHUNK):
        found = Revision.objects.filter(action__slug__in=slugs[start : start + _CHUNK])
        yield from found.order_by("action__slug", "number").values_list("action__slug", "reason", "document").iterator()


def _note(owned: Ownership, before: Content, after: Content, *, is_import: bool) -> None:
    """Note who set what between two revisions. What was blank at the start nobody has set."""
    changed = {name for name in FIELDS if after[name] != before.get(name)}
    owned.fields = owned.fields - changed if is_import else owned.fields | changed
    for name in LISTS:
        old = {key_of(name, item): _said(item) for item in before.get(name, ())}
        new = {key_of(name, item): _said(item) for item in after[name]}
        touched = {key for key, item in new.items() if old.get(key) != item}
        if is_import:
            owned.items[name] -= touched
        else:
            owned.items[name] |= touched
            owned.gone[name] |= old.keys() - new.keys()
        owned.gone[name] -= new.keys()


# --- bringing up to date ---------------------------------------------------------------------------------------


def brought_up_to_date(here: Content, said: Content, owned: Ownership, *, told: Collection[str]) -> Content:
    """Return the entry `here` with what the register says now. `told` are slugs of entries and sources in the file.

    An item of an earlier import that the register no longer has goes only if the file could tell it: its other end
    is in the file too.
    """
    fields = {name: said[name] for name in FIELDS if name not in owned.fields and said.get(name) is not None}
    lists = {name: _merged(name, here[name], said[name], owned, told=told) for name in LISTS}
    used = {line["source"] for line in lists["status_history"]} - {
        item["source"]["slug"] for item in lists["citations"]
    }
    lists["citations"] += [item for item in here["citations"] if item["source"]["slug"] in used]
    for name in ("citations", "status_history"):
        lists[name] = [item | {"position": place} for place, item in enumerate(lists[name], start=1)]
    return content_of(here | fields | lists, lists["relations"])


def _merged(
    name: str, here: Sequence[Any], said: Sequence[Any], owned: Ownership, *, told: Collection[str]
) -> list[Any]:
    new = {key_of(name, item): item for item in said if not _is_settled(name, item, here, owned)}
    theirs = owned.items[name]
    kept = []
    for item in here:
        key = key_of(name, item)
        if key in theirs:
            kept.append(item)
        elif key in new and told:
            kept.append(new[key])
        elif not _could_be_told(name, item, told):
            kept.append(item)
    present = {key_of(name, item) for item in kept}
    for key, item in new.items():
        if key not in present:
            kept.insert(_place(item, kept) if name == "status_history" else len(kept), item)
    return kept


def _is_settled(name: str, item: Any, here: Sequence[Any], owned: Ownership) -> bool:
    """Return whether editors decided about an item: they took it away, or logged a status for that very day."""
    if key_of(name, item) in owned.gone[name]:
        return True
    if name != "status_history" or not item["status"]:
        return False
    theirs = [line for line in here if key_of(name, line) in owned.items[name]]
    return any(line["status"] and line["date"] == item["date"] for line in theirs)


def _could_be_told(name: str, item: Any, told: Collection[str]) -> bool:
    if not told:
        return False
    if name == "relations":
        return item["to"] is None or item["to"] in told
    if name == "identifiers":
        return True
    source = item["source"]["slug"] if name == "citations" else item["source"]
    return source is None or source in told


def _place(line: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> int:
    """Return where a line belongs: after the last one that is not surely later."""
    day = dates.parse(line["date"]).earliest
    places = [place for place, other in enumerate(lines, start=1) if dates.parse(other["date"]).earliest <= day]
    return places[-1] if places else 0
