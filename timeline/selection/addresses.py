"""The canonical query string: one address for one selection."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from tracker import codebook

Texts = Mapping[str, Sequence[str]]

DEFAULTS = {
    "dates": "possible",
    "sort": "newest",
    "page": "1",
    "per_page": "50",
    "limit": "50",
    "bom": "0",
    "raw": "0",
}
CODED = frozenset(
    {"form", "status", "status_by", "had_status", "in_force", "evidence", "corroborated", "disputed", "sort"}
)
_NUMBERED = frozenset({"as_of", "changed_since", "page", "per_page", "limit"})
# A longer number is above every edition; int() refuses thousands of digits.
_NUMBER = re.compile(r"[0-9]{1,30}")


def canonical_text(name: str, typed: str) -> str:
    """Return one value as the canonical address has it; "" when it is blank."""
    text = unicodedata.normalize("NFC", typed).strip()
    if name in CODED:
        return text.replace("-", "_")
    if name in _NUMBERED and _NUMBER.fullmatch(text):
        return str(int(text))
    return " ".join(text.split()) if name == "q" else text


def canonical(texts: Texts) -> dict[str, tuple[str, ...]]:
    """Return known names in table order with canonical values: blanks and defaults dropped, once each, sorted.

    What is single-valued keeps all it was given: refusing a doubled value is the reader's business.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in codebook.PARAMETERS:
        values = [text for text in (canonical_text(name, typed) for typed in texts.get(name, ())) if text]
        if codebook.PARAMETERS[name].repeatable:
            values = sorted(set(values))
        if values and values != [DEFAULTS.get(name)]:
            found[name] = tuple(values)
    return _without_idle_sort(found)


def _without_idle_sort(texts: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Drop `sort=relevance` where there are no words to be relevant to: it is the default order."""
    if texts.get("sort") == ("relevance",) and "q" not in texts:
        del texts["sort"]
    return texts


def as_query(texts: Texts) -> str:
    """Return `texts`, already canonical, as a query string without its question mark."""
    pairs: Iterable[tuple[str, str]] = ((name, value) for name, values in texts.items() for value in values)
    return urlencode(list(pairs), safe=",:")
