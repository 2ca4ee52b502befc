"""What two documents of one entry say differently, in the words that readers see.

One comparison serves the history, restoring, the page on which two editors met, the preview of an import and the
public list of changes, so that no two of them can disagree on what a change is. Pure: no database and no
clock; in the language in use.

A draft may name a term or source by its slug alone; it is then compared by its slug alone.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext, gettext_noop, pgettext

from tracker import codebook, columns, dates

_ROWS = ("status_history", "citations")
_NOT_FIELDS = frozenset({*_ROWS, "derived"})
# What is told of a source beside its head: for the catalogues, the names of its fields in words.
_SOURCE_WORDS = (
    *(gettext_noop("kind"), gettext_noop("language"), gettext_noop("url"), gettext_noop("archive url")),
    *(gettext_noop("archived at"), gettext_noop("accessed on"), gettext_noop("authors")),
    gettext_noop("republished by"),
)
_LINE = ("status", "date", "by", "note", "source")
# What always stands in the words of a citation; all else of its source is told only where it differs.
_HEAD_OF_SOURCE = ("slug", "publisher", "title", "published")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One thing that differs: where, what it is called, and both values in words; "" = nothing was there.

    `path` is "title", "status_history.2", "citations.<source slug>" or "relations.<kind>|<target>". A line of the
    history counts by its place after the change, one that is gone by its place before.
    """

    path: str
    label: str
    before: str
    after: str


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    """Return what differs between two documents {"entry": ..., "relations": [...]}, in the order of the columns.

    None or a missing key = nothing there. No difference means equal content, derived values and positions apart.
    """
    old, new = before or {}, after or {}
    was, now = old.get("entry") or {}, new.get("entry") or {}
    return [
        *_in_fields(was, now),
        *_in_history(was, now),
        *_in_citations(was.get("citations") or (), now.get("citations") or ()),
        *_in_relations(old.get("relations") or (), new.get("relations") or ()),
    ]


# --- fields ----------------------------------------------------------------------------------------------------


def _column_titles() -> dict[str, columns.Column]:
    """Return the first column of each editorial field, in the order of the columns."""
    found: dict[str, columns.Column] = {}
    for column in columns.COLUMNS:
        if column.sort == "editorial" and column.steps[0] == "entry":
            found.setdefault(column.steps[1], column)
    return found


_FIELDS = _column_titles()


def _in_fields(was: Row, now: Row) -> Iterator[Difference]:
    for name in dict.fromkeys([*_FIELDS, *was, *now]):
        old, new = was.get(name), now.get(name)
        if name not in _NOT_FIELDS and not _alike(old, new):
            yield Difference(name, _label(name), *_told_apart(old, new, partial(_words, name)))


def _label(name: str) -> str:
    return _FIELDS[name].title if name in _FIELDS else name.replace("_", " ").capitalize()


def _words(name: str, value: Any, other: Any = None) -> str:
    """Return a value of the field `name` as readers see it; `other` is what it is told apart from."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if not value:
        return ""
    if isinstance(value, Mapping):
        return _term(value, other)
    if isinstance(value, (list, tuple)):
        return "; ".join(_words(name, item) for item in value)
    if name == "form":
        return _code(codebook.FORMS, value)
    return _date(value) if name in _FIELDS and _FIELDS[name].type in ("edtf", "day") else str(value)


def _term(term: Row, other: Any = None) -> str:
    """Return the name of a term, an agency with its abbreviation, and with its parent where just that changed."""
    name = str(term.get("name") or term["slug"])
    if term.get("abbreviation"):
        name += f" ({term['abbreviation']})"
    same = isinstance(other, Mapping) and other.get("slug") == term["slug"]
    if same and "parent" in term and "parent" in other and not _alike(term["parent"], other["parent"]):
        parent = gettext("part of %(parent)s") % {"parent": _term(term["parent"])} if term["parent"] else ""
        alone = gettext("part of no other")
        name += f", {parent or alone}"
    return name


def _code(codes: Mapping[str, codebook.Coded], value: str) -> str:
    return pgettext("codebook", codes[value].label) if value in codes else value


def _date(value: Any) -> str:
    try:
        return dates.display(value)
    except dates.DateError:
        return str(value)  # of a draft that was not checked yet


def _told_apart(old: Any, new: Any, say: Callable[[Any, Any], str]) -> tuple[str, str]:
    """Return both in words; in full where the words are the same and the values are not."""
    before, after = say(old, new), say(new, old)
    return (before, after) if before != after else (_in_full(old), _in_full(new))


def _in_full(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False) if value not in (None, "") else ""


# --- what counts as the same -----------------------------------------------------------------------------------


def _alike(old: Any, new: Any) -> bool:
    """Return whether two values say the same: nothing is "", no terms or no; sets of terms have no order."""
    if not old or not new:
        return not old and not new
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        return _alike_lists(old, new)
    if _is_bare(old, new) or _is_bare(new, old):
        return _slug(old) == _slug(new)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return all(_alike(old.get(key), new.get(key)) for key in {*old, *new})
    return bool(old == new)


def _alike_lists(old: Sequence[Any], new: Sequence[Any]) -> bool:
    if any(isinstance(item, Mapping) for item in [*old, *new]):
        old, new = sorted(old, key=_slug), sorted(new, key=_slug)
    return len(old) == len(new) and all(map(_alike, old, new))


def _is_bare(value: Any, other: Any) -> bool:
    """Return whether `value` names by its slug alone what `other` writes out."""
    return isinstance(other, Mapping) and (
        isinstance(value, str) or (isinstance(value, Mapping) and [*value] == ["slug"])
    )


def _slug(named: Any) -> str:
    return str(named["slug"] if isinstance(named, Mapping) else named)


# --- the history -----------------------------------------------------------------------------------------------


def _in_history(was: Row, now: Row) -> Iterator[Difference]:
    old, new = (list(enumerate(entry.get("status_history") or (), start=1)) for entry in (was, now))
    said = _saying(was), _saying(now)
    for one, other in _aligned(old, new, [_exactly, lambda line: (line.get("status"), line.get("date")), _day]):
        if one and other and _exactly(one[1]) == _exactly(other[1]):
            continue
        place = (other or one)[0]
        words = [say(row[1]) if row else "" for say, row in zip(said, (one, other), strict=True)]
        if words[0] == words[1]:
            words = [_in_full(row and row[1]) for row in (one, other)]
        label = gettext("Status history, line %(place)s") % {"place": place}
        yield Difference(f"status_history.{place}", label, *words)


def _exactly(line: Row) -> tuple[Any, ...]:
    return tuple(_slug(value) if name == "source" and value else value or None for name, value in _facts(line))


def _facts(line: Row) -> list[tuple[str, Any]]:
    return [(name, line.get(name)) for name in _LINE]


def _day(line: Row) -> Any:
    return line.get("date")


def _aligned(old: Sequence[Any], new: Sequence[Any], keys: Sequence[Callable[[Row], Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield numbered rows that belong together, None for one that is not there.

    Rows that are equal by the first key stay together and divide the rest, which the next key divides further: a line
    put in between does not make all later ones differ, and one whose note was mended still meets itself.
    """
    if not (keys and old and new):
        yield from zip_longest(old, new)
        return
    was, now = ([keys[0](row) for _, row in rows] for rows in (old, new))
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        yield from zip(old[a:b], new[c:d], strict=True) if tag == "equal" else _aligned(old[a:b], new[c:d], keys[1:])


def _saying(entry: Row) -> Callable[[Row], str]:
    """Return how to say a line of `entry`: "In effect since 3 Mar 2025, by a court: note (source)"."""
    titles = {
        _slug(item["source"]): _title(item["source"]) for item in entry.get("citations") or () if item.get("source")
    }

    def say(line: Row) -> str:
        by = line.get("by") or ""
        by = pgettext("codebook", codebook.BY_PHRASES[by]) if by in codebook.BY_PHRASES else by
        words = ", ".join(part for part in (_status_and_day(line), by) if part)
        words += f": {line['note']}" if line.get("note") else ""
        source = line.get("source") and _slug(line["source"])
        return f"{words} ({titles.get(source, source)})" if source else words

    return say


def _status_and_day(line: Row) -> str:
    status = line.get("status") or ""
    label = _code(codebook.STATUSES, status) if status else gettext("Development")
    if not line.get("date"):
        return label
    holds = status in codebook.STATUSES and codebook.STATUSES[status].in_force in codebook.IN_FORCE_VALUES_HOLDING
    told = gettext("%(status)s since %(day)s") if holds else gettext("%(status)s, %(day)s")
    return told % {"status": label, "day": dates.within(_date(line["date"]))}


# --- citations -------------------------------------------------------------------------------------------------


def _in_citations(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Difference]:
    was, now = _keyed(old, _cited), _keyed(new, _cited)
    for key in dict.fromkeys([*was, *now]):
        one, other = was.get(key), now.get(key)
        if not _alike(_bearing(one), _bearing(other)):
            yield Difference(f"citations.{key}", gettext("Source"), *_told_apart(one, other, _citation))
    kept, order = [key for key in was if key in now], [key for key in now if key in was]
    if kept != order:
        told = [_titles(keys, now) for keys in (kept, order)]
        # Two sources may have one title.
        told = told if told[0] != told[1] else ["; ".join(keys) for keys in (kept, order)]
        yield Difference("citations", gettext("Order of sources"), *told)


def _cited(item: Row) -> str:
    return _slug(item.get("source") or "")


def _keyed(items: Sequence[Row], key: Callable[[Row], str]) -> dict[str, Row]:
    """Return the items by their keys; a second one with the same key (a draft may have it) is "key#2"."""
    found: dict[str, Row] = {}
    for item in items:
        name, number = key(item), 1
        while (unique := name if number == 1 else f"{name}#{number}") in found:
            number += 1
        found[unique] = item
    return found


def _bearing(item: Row | None) -> Row | None:
    """Return a citation without its place, with what a draft may leave out, its codes in the order of the codebook."""
    if item is None:
        return None
    given = item.get("bears_on") or ["action"]
    bears_on = [code for code in codebook.BEARS_ON if code in given] + [
        code for code in given if code not in codebook.BEARS_ON
    ]
    kept = {name: value for name, value in item.items() if name != "position"}
    return kept | {"stance": item.get("stance") or "supports", "bears_on": bears_on}


def _citation(item: Row | None, other: Row | None) -> str:
    """Return a citation in words: its source, what it does for the entry, and what else of the source differs."""
    if item is None:
        return ""
    source = item.get("source") or ""
    whole = _bearing(item) or {}
    words = [
        _head(source),
        _code(codebook.STANCES, whole["stance"]).lower(),
        _code(codebook.ATTRIBUTIONS, item.get("attribution") or "").lower(),
        gettext("on %(list)s")
        % {"list": ", ".join(_code(codebook.BEARS_ON, code).lower() for code in whole["bears_on"])},
        *_further(source, (other or {}).get("source")),
    ]
    return "; ".join(word for word in words if word)


def _head(source: Any) -> str:
    if not isinstance(source, Mapping):
        return str(source)
    publisher = f"{_term(source['publisher'])}: " if isinstance(source.get("publisher"), Mapping) else ""
    published = f" ({_date(source['published'])})" if source.get("published") else ""
    return f"{publisher}{_title(source)}{published}"


def _title(source: Any) -> str:
    return str(source.get("title") or source["slug"]) if isinstance(source, Mapping) else str(source)


def _further(source: Any, other: Any) -> Iterator[str]:
    if (
        not (isinstance(source, Mapping) and isinstance(other, Mapping))
        or _is_bare(source, other)
        or _is_bare(other, source)
    ):
        return
    for name in dict.fromkeys([*source, *other]):
        if name not in _HEAD_OF_SOURCE and not _alike(source.get(name), other.get(name)):
            none = gettext("none")
            yield f"{gettext(name.replace('_', ' '))}: {_of_source(name, source.get(name)) or none}"


def _of_source(name: str, value: Any) -> str:
    if name == "kind":
        return _code(codebook.SOURCE_KINDS, value).lower()
    return _date(value) if name == "accessed_on" and value else _words(name, value)


def _titles(keys: Sequence[str], items: Mapping[str, Row]) -> str:
    return "; ".join(_title(items[key].get("source") or key) for key in keys)


# --- relations -------------------------------------------------------------------------------------------------


def _in_relations(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Difference]:
    was, now = _keyed(old, _related), _keyed(new, _related)
    for key in dict.fromkeys([*was, *now]):
        one, other = was.get(key), now.get(key)
        if not _alike(one, other):
            yield Difference(f"relations.{key}", gettext("Relation"), *_told_apart(one, other, _relation))


def _related(item: Row) -> str:
    target = next((item[name] for name in ("to", "identifier", "url", "title") if item.get(name)), "")
    return f"{item.get('kind') or ''}|{_slug(target)}"


def _relation(item: Row | None, _other: Row | None) -> str:
    if item is None:
        return ""
    kind = _code(codebook.RELATION_KINDS, item.get("kind") or "")
    kind = gettext("%(relation)s, in part") % {"relation": kind} if item.get("in_part") else kind
    named = ", ".join(item[name] for name in ("identifier", "url") if item.get(name))
    target = _slug(item["to"]) if item.get("to") else str(item.get("title") or "") + (f" ({named})" if named else "")
    return f"{kind}: {target}" + (f". {item['note']}" if item.get("note") else "")
