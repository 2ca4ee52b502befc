"""For editors: what two people typed into one form, brought together field by field and row by row.

Everything is compared as a browser posts it: `Said` is what a form says, as opened, as it is now, or as typed. What
differs becomes a list of choices; whatever only one side changed is preselected. The page that asks posts the form
as typed, beside it the picks and a token for each choice; `resolved` puts theirs where theirs was picked.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms.models import ModelChoiceField
from django.http import QueryDict
from django.utils.html import strip_tags

from tracker.admin.widgets import is_key

# What is posted for one field: suffix of its name ("" unless it has several boxes) -> values.
Value = dict[str, list[str]]
Row = dict[str, Value]

ASIDE = ("position", "DELETE")


@dataclass(frozen=True)
class Said:
    """What a form says: fields by name, and rows by the prefix of their set."""

    fields: dict[str, Value] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """An unbound form with the names that are compared, and per set of rows an unbound row: they know all words."""

    form: Any
    names: Sequence[str]
    rows: Mapping[str, Any] = field(default_factory=dict)
    # Prefix -> fields that tell which row is which, and whether what is left is paired in its order.
    keys: Mapping[str, tuple[Sequence[str], bool]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """One thing that differs, in words. `pick` is "theirs", "yours" or, when both changed it, ""."""

    key: str
    label: str
    opened: str
    theirs: str
    yours: str
    pick: str
    token: str
    at: str = ""


# --- reading ---------------------------------------------------------------------------------------------------


def said_by(form: Any, names: Sequence[str]) -> dict[str, Value]:
    """Return what an unbound form would post untouched."""
    return {name: dict(_posted("", form.fields[name].widget, form[name].value())) for name in names}


def _posted(suffix: str, widget: Any, value: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget = widget.widget
    if isinstance(widget, forms.MultiWidget):
        endings: Any = vars(widget)["widgets_names"]
        for ending, part, each in zip(endings, widget.decompress(value) or (), widget.widgets, strict=True):
            yield from _posted(f"{suffix}{ending}", each, part)
    elif isinstance(widget, forms.CheckboxInput):
        yield suffix, ["on"] if value else []
    else:
        shown = widget.format_value(value)
        items = shown if isinstance(shown, (list, tuple)) else [shown]
        yield suffix, [str(item) for item in items if item not in (None, "")]


def typed_in(post: QueryDict, shape: Shape) -> Said:
    """Return what was typed: rows without the removed and the blank ones."""
    fields = said_by(shape.form, shape.names)
    rows = {prefix: list(_typed_rows(post, prefix, shape).values()) for prefix in shape.rows}
    return Said({name: _typed(post, name, value) for name, value in fields.items()}, rows)


def _typed(post: QueryDict, name: str, like: Value) -> Value:
    return {suffix: post.getlist(f"{name}{suffix}") for suffix in like}


def _typed_rows(post: QueryDict, prefix: str, shape: Shape) -> dict[int, Row]:
    """Return number of the form -> what was typed into it, in the order of the page."""
    form = shape.rows[prefix]
    likes = said_by(form, [name for name in form.fields if name != "DELETE"])
    found: dict[int, Row] = {}
    for number in _numbers(post, prefix):
        start = f"{prefix}-{number}-"
        row = {name: _typed(post, f"{start}{name}", like) for name, like in likes.items()}
        if not post.get(f"{start}DELETE") and any(_plain(row[name]) for name in form.essential):
            found[number] = row
    return found


def _numbers(post: QueryDict, prefix: str) -> list[int]:
    """Return the numbers of those forms of a set that were posted, whatever their count claims beyond."""
    total = post.get(f"{prefix}-TOTAL_FORMS", "")
    parts = (name.split("-") for name in post if name.startswith(f"{prefix}-"))
    named = {int(part[1]) for part in parts if len(part) > 2 and is_key(part[1])}
    return sorted(number for number in named if is_key(total) and number < int(total))


# --- comparing -------------------------------------------------------------------------------------------------


def _plain(value: Value | None) -> dict[str, list[str]]:
    """Return a value as it is compared: without blanks around it, line ends and order apart."""
    kept = {
        suffix: sorted(item.replace("\r\n", "\n").strip() for item in items if item.strip())
        for suffix, items in (value or {}).items()
    }
    return {suffix: items for suffix, items in kept.items() if items}


def is_same(one: Value | None, other: Value | None) -> bool:
    """Return whether two values say the same."""
    return _plain(one) == _plain(other)


def _row_plain(row: Row | None) -> dict[str, dict[str, list[str]]]:
    plain = {name: _plain(value) for name, value in (row or {}).items() if name not in ASIDE}
    return {name: value for name, value in plain.items() if value}


def _digest(plain: Any) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


def _pick(opened: Any, theirs: Any, yours: Any) -> str | None:
    """Return what is preselected ("" = nothing), or None where there is nothing to choose."""
    if theirs == yours:
        return None
    if opened == yours:
        return "theirs"
    return "yours" if opened == theirs else ""


def choices(opened: Said, theirs: Said, yours: Said, shape: Shape) -> list[Choice]:
    """Return everything on which theirs and yours differ, fields first, then rows."""
    found = [_field_choice(name, opened, theirs, yours, shape) for name in shape.names]
    for prefix in shape.rows:
        triples = _triples(opened.rows.get(prefix, []), theirs.rows[prefix], yours.rows[prefix], shape.keys[prefix])
        found += [_row_choice(prefix, number, *triple, shape=shape) for number, triple in enumerate(triples)]
    return [choice for choice in found if choice]


def _field_choice(name: str, opened: Said, theirs: Said, yours: Said, shape: Shape) -> Choice | None:
    values = [side.fields.get(name) for side in (opened, theirs, yours)]
    pick = _pick(*map(_plain, values))
    if pick is None:
        return None
    was, now, typed = (_words(shape.form.fields[name], value) for value in values)
    token = f"{name}|{_digest(_plain(values[2]))}|"
    return Choice(name, str(shape.form[name].label), was, now, typed, pick, token, at=f"id_{name}")


@dataclass(frozen=True)
class _Place:
    """A row and where it stands among the rows of its side."""

    row: Row | None = None
    index: int | None = None


def _row_choice(
    prefix: str, number: int, opened: _Place, theirs: _Place, yours: _Place, *, shape: Shape
) -> Choice | None:
    pick = _pick(*(_row_plain(side.row) for side in (opened, theirs, yours)))
    if pick is None:
        return None
    was, now, typed = (_row_words(side.row, shape.rows[prefix]) for side in (opened, theirs, yours))
    key = f"{prefix}.{number}"
    mine = _digest(_row_plain(yours.row)) if yours.row else ""
    token = f"{key}|{mine}|{'' if theirs.index is None else theirs.index}"
    return Choice(key, shape.titles[prefix], was, now, typed, pick, token, at=f"{prefix}-group")


def _triples(
    opened: list[Row], theirs: list[Row], yours: list[Row], key: tuple[Sequence[str], bool]
) -> Iterator[tuple[_Place, _Place, _Place]]:
    """Yield the same row as opened, theirs and yours, in the order opened; then what one side or both added."""
    to_theirs, to_yours = _pairs(opened, theirs, key), _pairs(opened, yours, key)
    for index, row in enumerate(opened):
        yield _Place(row, index), _at(theirs, to_theirs.get(index)), _at(yours, to_yours.get(index))
    added = [index for index in range(len(theirs)) if index not in to_theirs.values()]
    mine = [index for index in range(len(yours)) if index not in to_yours.values()]
    both = _pairs([theirs[index] for index in added], [yours[index] for index in mine], (key[0], False))
    for number, index in enumerate(added):
        yield _Place(), _at(theirs, index), _at(yours, mine[both[number]] if number in both else None)
    for number, index in enumerate(mine):
        if number not in both.values():
            yield _Place(), _Place(), _at(yours, index)


def _at(rows: list[Row], index: int | None) -> _Place:
    return _Place() if index is None else _Place(rows[index], index)


def _pairs(one: list[Row], other: list[Row], key: tuple[Sequence[str], bool]) -> dict[int, int]:
    """Return index -> index of the same row: equal ones first, then those of one key, then, if so, in their order."""
    names, in_order = key
    found: dict[int, int] = {}
    for tell in (_row_plain, lambda row: [_plain(row.get(name)) for name in names]):
        free = [index for index in range(len(other)) if index not in found.values()]
        for index in (index for index in range(len(one)) if index not in found):
            match = next((each for each in free if tell(other[each]) == tell(one[index])), None)
            if match is not None:
                found[index] = match
                free.remove(match)
    if in_order:
        left = (index for index in range(len(one)) if index not in found)
        free = [index for index in range(len(other)) if index not in found.values()]
        found |= dict(zip(left, free, strict=False))
    return found


# --- words -----------------------------------------------------------------------------------------------------


def _words(known: Any, value: Value | None) -> str:
    """Return a value as an editor reads it; "" for nothing."""
    items = [item for part in (value or {}).values() for item in part if item.strip()]
    box: Any = known
    if isinstance(known, forms.BooleanField):
        return "Yes" if items else "No"
    if isinstance(known, ModelChoiceField):
        keys = [item for item in items if is_key(item)]
        return "; ".join(str(each) for each in box.queryset.filter(pk__in=keys)) if keys else ""
    if isinstance(known, forms.ChoiceField):
        labels = {str(code): strip_tags(str(label)) for code, label in box.choices if not isinstance(label, list)}
        return "; ".join(labels.get(item, item) for item in items)
    return " ".join(items)


def _row_words(row: Row | None, form: Any) -> str:
    if row is None:
        return ""
    told = [(form.fields[name], value) for name, value in row.items() if name not in ASIDE and _plain(value)]
    return "\n".join(f"{box.label}: {_words(box, value)}" for box, value in told)


# --- putting together ------------------------------------------------------------------------------------------


def placed(post: QueryDict, opened: Said, theirs: Said, shape: Shape) -> QueryDict:
    """Return what was typed with the places of rows as they are now, where the typist left them as they were."""
    post = post.copy()
    for prefix in shape.rows:
        typed = _typed_rows(post, prefix, shape)
        numbers, yours = list(typed), list(typed.values())
        for was, now, mine in _triples(opened.rows.get(prefix, []), theirs.rows[prefix], yours, shape.keys[prefix]):
            if not (was.row and now.row and mine.row) or "position" not in mine.row or mine.index is None:
                continue
            if is_same(was.row["position"], mine.row["position"]):
                post.setlist(f"{prefix}-{numbers[mine.index]}-position", now.row["position"][""])
    return post


@dataclass
class Resolution:
    """What to save, and the keys of those choices for which it is not clear yet, with a sentence for each."""

    post: QueryDict
    open: dict[str, str] = field(default_factory=dict)


def resolved(post: QueryDict, theirs: Said, shape: Shape) -> Resolution:
    """Return what was typed with theirs wherever theirs was picked."""
    typed, outcome = typed_in(post, shape), Resolution(_without_picks(post))
    for token in post.getlist("conflict"):
        key, _, rest = token.partition("|")
        digest, _, index = rest.partition("|")
        pick = post.get(f"pick-{key}")
        if pick not in ("theirs", "yours"):
            outcome.open[key] = "Pick one of the two."
        elif pick == "theirs" and not _take_theirs(outcome.post, key, digest, index, typed, theirs):
            outcome.open[key] = "You picked theirs and changed your text as well. Which of the two is to stand?"
    for prefix in typed.rows:
        _write_rows(outcome.post, prefix, typed.rows[prefix])
    return outcome


def _without_picks(post: QueryDict) -> QueryDict:
    kept = post.copy()
    for name in list(kept):
        if name.startswith(("pick-", "conflict")):
            del kept[name]
    return kept


def _take_theirs(post: QueryDict, key: str, digest: str, index: str, typed: Said, theirs: Said) -> bool:
    """Put theirs in the place of what was typed; return whether what was typed was still as the page showed it."""
    prefix = key.partition(".")[0]
    if key in typed.fields:
        if _digest(_plain(typed.fields[key])) != digest:
            return False
        for suffix, items in theirs.fields[key].items():
            post.setlist(f"{key}{suffix}", items)
    elif prefix in typed.rows:
        return _take_row(typed.rows[prefix], digest, _named_row(theirs.rows[prefix], index))
    return True


def _named_row(rows: list[Row], index: str) -> Row | None:
    return rows[int(index)] if is_key(index) and int(index) < len(rows) else None


def _take_row(rows: list[Row], digest: str, theirs: Row | None) -> bool:
    if not digest:
        rows.extend([theirs] if theirs else [])
        return True
    at = next((number for number, row in enumerate(rows) if _digest(_row_plain(row)) == digest), None)
    if at is None:
        return False
    rows[at : at + 1] = [theirs] if theirs else []
    return True


def _write_rows(post: QueryDict, prefix: str, rows: list[Row]) -> None:
    for name in [name for name in post if name.startswith(f"{prefix}-")]:
        del post[name]
    post[f"{prefix}-TOTAL_FORMS"], post[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), "0"
    for number, row in enumerate(rows):
        for name, value in row.items():
            for suffix, items in value.items():
                post.setlist(f"{prefix}-{number}-{name}{suffix}", items)
