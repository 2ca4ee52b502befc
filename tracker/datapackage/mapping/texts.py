"""Texts of a stranger's table, made fit for the record: visible characters, no HTML, titles of a length."""

import html
import re
import unicodedata

import nh3

# What nobody sees and the record refuses, and what hides between words: widthless blanks, marks of direction.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
_BLANKS = re.compile("[^\\S\n]+")
_LINES = re.compile(" ?\n ?")
_BLOCK = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr|/h[1-6]|/ul|/ol|/table)\b[^>]*>")
_CONTENT_GONE = {"script", "style", "title", "head"}
# A sentence ends where a blank and a new one follow, not after an initial or a common abbreviation.
_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Jr|Sr|St|Sen|Rep|Gov|Gen|Lt|Col|No|Inc|Corp|Co|Ltd|vs|v|U\.S|U\.K|U\.N|D\.C|a\.m|p\.m))\.$"
)
_SHORTEST = 20  # characters of a title that is one sentence of several


def visible(text: str) -> str:
    """Return `text` without invisible characters, its blanks plain and single; line ends stay, outer blanks go."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    seen = _INVISIBLE.sub("", unified)
    return unicodedata.normalize("NFC", _LINES.sub("\n", _BLANKS.sub(" ", seen))).strip()


def one_line(text: str) -> str:
    """Return `text` on one line."""
    return " ".join(text.split()) if "\n" in text else text


def of_html(text: str) -> str:
    """Return what a reader of this HTML would see, a line for each paragraph."""
    if "<" not in text and "&" not in text:
        return text
    broken = _BLOCK.sub("\\g<0>\n", text.replace("\r", " ").replace("\n", " "))
    bare = nh3.clean(broken, tags=set(), clean_content_tags=_CONTENT_GONE)
    return re.sub("\n\\s*\n+", "\n", html.unescape(bare)).strip()


def cut(text: str, *, most: int) -> str:
    """Return at most `most` characters: whole sentences if the first is not too long, else whole words and "…"."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    ends = [match.end() for match in _END.finditer(line[: most + 1]) if not _is_abbreviated(line, match)]
    if ends and ends[-1] >= _SHORTEST:
        return line[: ends[-1]]
    return line[: most - 1].rpartition(" ")[0].rstrip(" ,;:–—-") + "…" if " " in line[: most - 1] else line[:most]


def _is_abbreviated(line: str, match: re.Match[str]) -> bool:
    return bool(_ABBREVIATED.search(line[: match.start() + 1]))
