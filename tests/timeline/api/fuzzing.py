"""Query strings as nobody sane would type them: known names with sound, nearly sound and hostile values."""

from __future__ import annotations

from random import Random
from urllib.parse import quote, urlencode

from timeline.selection.chips import CODES
from timeline.selection.cursors import Cursor
from tracker import codebook

_STRANGERS = ["agencies", "_connector", "agency__name", "record", "utm_source", "", "q[]", "\x00", "ſtatus", "page"]
_HOSTILE = [
    "", " ", "\x00", "a\x00b", "../../etc/passwd", "1e50", str(2**70), "-1", "9" * 40, "2025-02-30", "0000",
    "10000-01-01", "2025-13", "<script>alert(1)</script>", "1' UNION SELECT 1--", "%", "_", "\\", "null", "NaN",
    "true", "٣", "\u202e", "\ud7ff", "😀" * 30, "a" * 300, "eyJh:b:c", ";", "in-effect", "reversed,blocked",
]  # fmt: skip
_DAYS = ["2024", "2025-02", "2025-02-05", "2025-03-11", "2025-06-02", "1700-01-01", "2100-12-31"]
_SOUND = {
    "q": ["grain", "aid", "100%", "talks held"],
    "from": _DAYS, "to": _DAYS, "in_force_on": _DAYS,
    "as_of": ["0", "1", "2", "2025-06-02"], "changed_since": ["0", "1", "2025-06-02"],
    "agency": ["justice-department", "white-house"], "affects": ["ukraine", "europe"], "category": ["not-coded"],
    "topic": ["aid"], "actor": ["actor-0", "not-named"], "publisher": ["publisher-0"],
    "limit": ["1", "2", "200"], "columns": ["slug", "slug,title"], "bom": ["1"], "raw": ["1"], "page": ["1"],
}  # fmt: skip


def query_string(random: Random) -> str:
    """Return the next query string: half of them sound, one in ten with bytes that are no text."""
    count = random.choice([0, 1, 1, 2, 2, 3, 5, 12])
    is_sound = random.random() < 0.5
    pairs = [_pair(random, is_sound=is_sound) for _ in range(count)]
    junk = "&" + random.randbytes(8).hex("%") if random.random() < 0.1 else ""
    return urlencode(pairs, quote_via=quote, errors="surrogatepass") + junk


def _pair(random: Random, *, is_sound: bool) -> tuple[str, str]:
    name = random.choice(list(codebook.PARAMETERS))
    if not is_sound and random.random() < 0.2:
        name = random.choice(_STRANGERS)
    return name, _value(random, name, is_sound=is_sound)


def _value(random: Random, name: str, *, is_sound: bool) -> str:
    if not is_sound and random.random() < 0.7:
        return random.choice(_HOSTILE)
    if name == "cursor":
        return str(Cursor(random.choice([0, 1, 2, 99]), "0" * 16, place=(random.randrange(9), "a"), count=3))
    return random.choice([*CODES.get(name, ()), *_SOUND.get(name, ())] or [""])
