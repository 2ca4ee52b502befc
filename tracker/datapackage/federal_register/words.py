"""The words of disposition notes: how verbs, documents and days are written. See `notes` for the grammar."""

import re
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from tracker.dates import MAX_DAY, MIN_DAY

SPACE = r"\s"

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]}|t)?\\.?" if len(name) > 3 else name for name in _MONTHS)
DAY = rf"(?P<month>{_MONTH})\s*,?\s*(?P<day>\d{{1,2}})\s*,?\s*(?P<year>\d{{4}})(?!\d)"

# Stem of a verb -> its code. The forms follow: revokes, revoked by.
_STEMS = {
    "revoke": "revokes",
    "rescind": "revokes",
    "terminate": "revokes",
    "supersede": "supersedes",
    "amend": "amends",
    "supplement": "supplements",
    "continue": "continues",
    "reinstate": "reinstates",
    "suspend": "suspends",
}
_FORMS = {
    form: (code, form.endswith("d"))
    for stem, code in _STEMS.items()
    for form in (stem, f"{stem}s", f"{stem.removesuffix('e')}ed")
} | {"see": ("see", False)}
# An amendment is neither "amend" nor a misspelling of it.
_NO_VERBS = frozenset({"note", "amendment", "correction"})
_LEAST_LIKENESS = 0.8

_PART = r"(?:\s*\(\s*in\s+part\s*\)|\s+in\s+part)"
_VERB = rf"(?:(?P<partially{{0}}>partially|partly)\s+)?(?P<verb{{0}}>[A-Za-z]+)(?P<part{{0}}>{_PART})?"
_HEADING = re.compile(
    rf"{_VERB.format(1)}(?:\s+(?P<joint>and|or)\s+{_VERB.format(2)})?(?P<by>\s+by)?"
    r"(?P<thing>\s+certain\s+committees?\s+established\s+by)?(?P<colon>\s*:)?",
    re.IGNORECASE,
)
_AFTER_BARE_VERB = re.compile(r"\s*(?:EO|E\.O\.|Executive\s+Orders?|Proc|Memo)\b")

NULLIFIED = re.compile(
    r"(?:Note\s*:\s*)?EO\s*(?P<subject>\d+(?:-[A-Z])?)\s+is\s+nullified\s+(?P<part>in\s+part\s+)?"
    r"by\s+virtue\s+of\s+[^:;]{1,200}?\s+being\s+abolished\s+by\b"
)
"""A sentence in place of a verb: the body that an order was about is gone."""

_ORDER = r"(?:EO|EP|E\.\s?O\.|(?:Executive|Exec\.)\s+Order)s?\s*(?:No\.?\s*)?(?P<eo>\d{1,5}(?:-[A-Z])?)(?![\d/])"
_PROCLAMATION = r"(?:Proc\.?|Proclamation)\s*(?:No\.?\s*)?(?P<proclamation>\d{1,5})(?!\d)"
_LAW = r"(?:Public\s+Law|Pub\.\s*L\.|P\.\s?L\.)\s*(?:No\.?\s*)?(?P<law>\d+\s*-\s*\d+)"
_PAPER = (
    r"(?:(?:[A-Z][\w&.']*|of|the|and)\s+){0,7}?"
    r"(?P<paper>[Mm]emorand(?:um|a)|[Mm]emo\.?|[Nn]otice|[Oo]rder|[Rr]ule|[Dd]etermination)"
    r"(?:\s+(?:No\.?\s*)?(?P<paper_number>[\d-]*\d))?"
)
_LIST = r"\s*[,;]?\s*(?:of\s+)?"
_NAMED = rf"(?:{_ORDER}|{_PROCLAMATION}|{_LAW})(?:{_LIST}{DAY})?"
_DATED = DAY.replace("?P<", "?P<dated_")
_BARE_DATED = DAY.replace("?P<", "?P<bare_")
_PAPER_DATED = rf"{_PAPER}\s*(?:,|of|dated)\s*{_DATED}"
_BARE = rf"(?P<bare>\d{{4,5}})\s*,\s*{_BARE_DATED}"
_CITED = r"\d+\s+(?:FR|F\.R\.|Stat\.?|CFR)\s+\d+"
TARGET = re.compile(
    rf"(?:{_NAMED}|{_PAPER_DATED}|{_BARE})(?:\s*,?\s*(?P<cited>{_CITED}))?(?P<brackets>(?:\s*\([^()]{{1,200}}\))*)"
)

_BRACKET = re.compile(r"\(([^()]*)\)")
_IS_PART = re.compile(r"\s*in\s+part\s*", re.IGNORECASE)
_IS_CITATION = re.compile(rf"\s*{_CITED}\s*", re.IGNORECASE)
_PAPERS = {"memo": "memorandum", "noti": "notice", "orde": "order", "rule": "rule", "dete": "determination"}


def read_heading(text: str, at: int) -> tuple[int, tuple[tuple[str, bool], ...], bool] | None:
    """Return where a heading that starts at `at` ends, its verbs (code, in part), and whether others did it.

    Two verbs with "or" between them say nothing certain: then there are none, and targets below belong to nobody.
    """
    match = _HEADING.match(text, at)
    if not match or (at and text[at - 1].isalnum()):
        return None
    colon = bool(match["colon"])
    first = _verb(match["verb1"], may_be_misspelt=colon)
    second = _verb(match["verb2"], may_be_misspelt=colon) if match["joint"] else None
    if first is None or (match["joint"] and second is None):
        return None
    if not colon and not _AFTER_BARE_VERB.match(text, match.end()):
        return None
    forms = [(1, first), *([(2, second)] if second else [])]
    verbs = tuple((form[0], bool(match[f"part{place}"] or match[f"partially{place}"])) for place, form in forms)
    passive = bool(match["by"]) or (first[1] and not match["thing"])
    if match["thing"]:
        verbs = tuple((code, True) for code, _ in verbs)
    return match.end(), () if (match["joint"] or "").lower() == "or" else verbs, passive


@lru_cache(maxsize=1024)
def _verb(word: str, *, may_be_misspelt: bool) -> tuple[str, bool] | None:
    """Return the code of a verb and whether the form says that it was done to the order; None for other words."""
    word = word.lower()
    if word in _NO_VERBS:
        return None
    if may_be_misspelt:
        near = get_close_matches(word, _FORMS, n=1, cutoff=_LEAST_LIKENESS)
        return _FORMS[near[0]] if near else None
    return _FORMS.get(word)


def read_target(match: re.Match[str]) -> dict[str, Any]:
    """Return the facts of a target as `Target` keeps them, without its text."""
    kind, number = _document(match)
    prefix = "dated_" if match["paper"] else "bare_" if match["bare"] else ""
    found: dict[str, Any] = {"kind": kind, "number": number, "day": day_of(match, prefix)}
    remarks = []
    if match["cited"]:
        found["citation"] = " ".join(match["cited"].split())
    for inside in _BRACKET.findall(match["brackets"] or ""):
        if _IS_PART.fullmatch(inside):
            found["in_part"] = True
        elif _IS_CITATION.fullmatch(inside):
            found["citation"] = " ".join(inside.split())
        else:
            remarks.append(" ".join(inside.split()))
    return found | {"remark": "; ".join(remarks)}


def _document(match: re.Match[str]) -> tuple[str, str]:
    for kind in ("eo", "proclamation", "law"):
        if match[kind]:
            return kind, "".join(match[kind].split())
    if match["bare"]:
        return "eo", match["bare"]
    return _PAPERS[match["paper"][:4].lower()], match["paper_number"] or ""


def day_of(match: re.Match[str], prefix: str = "") -> str:
    """Return the day of a match of `DAY` as YYYY-MM-DD; blank where there is none, such as 34 August or in 3008."""
    if not match[f"{prefix}month"]:
        return ""
    month = next(place for place, name in enumerate(_MONTHS, start=1) if name[:3] == match[f"{prefix}month"][:3])
    try:
        found = date(int(match[f"{prefix}year"]), month, int(match[f"{prefix}day"]))
    except ValueError:
        return ""
    return found.isoformat() if MIN_DAY <= found <= MAX_DAY else ""


def in_words(day: str) -> str:
    """Return a day (YYYY-MM-DD) as the record's notes have it, whatever language is shown: 17 February 2021."""
    found = date.fromisoformat(day)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"
