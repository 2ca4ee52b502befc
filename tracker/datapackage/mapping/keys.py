"""What makes a row the same entry from file to file: its key cells, and the slug that follows from them."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.text import slugify

from tracker.datapackage.faults import Faults
from tracker.datapackage.mapping.spec import Key
from tracker.datapackage.mapping.texts import visible
from tracker.datapackage.read import Row

_LONGEST = 100
_DIGITS = 12


def slugs_of(rows: Sequence[Row], key: Key, *, name: str, faults: Faults) -> dict[int, str]:
    """Return the slug of each row by its number; rows without a key, or with that of another, are faults."""
    found: dict[int, str] = {}
    first: dict[str, int] = {}
    for row, parts in _numbered(rows, key):
        if not any(parts[: len(key.columns)]):
            faults.add(name, "This row has no key.", row=row.number, column=key.columns[0])
            continue
        slug = _slug(parts, key)
        if first.setdefault(slug, row.number) != row.number:
            message = f"Row {first[slug]} has this key already ({slug})."
            faults.add(name, message, row=row.number, column=key.columns[0])
            continue
        found[row.number] = slug
    return found


def _numbered(rows: Sequence[Row], key: Key) -> Iterator[tuple[Row, list[str]]]:
    """Yield each row with its key; further rows with one key get a number, from the top or from the bottom.

    Registers that add new rows at the top keep their numbers when they are counted from the bottom.
    """
    times: Counter[tuple[str, ...]] = Counter()
    is_backwards = key.repeats == "count_from_end"
    for row in reversed(rows) if is_backwards else rows:
        parts = tuple(visible(row[column]) for column in key.columns)
        times[parts] += 1
        is_repeated = times[parts] > 1 and key.repeats != "refuse"
        yield row, [*parts, *([str(times[parts])] if is_repeated else [])]


def _slug(parts: list[str], key: Key) -> str:
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:_DIGITS]
    text = "" if key.style == "hash" else slugify(" ".join(part.replace("_", "-").replace(".", "-") for part in parts))
    slug = "-".join(part for part in (key.prefix, text or digest) if part)
    if len(slug) > _LONGEST:
        slug = f"{slug[: _LONGEST - _DIGITS - 1].rstrip('-')}-{digest}"
    return slug
