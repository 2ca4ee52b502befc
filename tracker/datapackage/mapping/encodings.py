"""The bytes of a text file -> text, and in words which encoding that was; or the sentence why not."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 60_000
"""Bytes around the first letter that is not ASCII from which an encoding is guessed: more takes seconds."""
_CANDIDATES = ["cp1252", "mac_roman", "latin_1", "cp1250", "cp1251", "iso8859_2", "iso8859_15", "cp437", "cp850"]
_MANY = 3  # well-formed letters of UTF-8 for one broken byte: then it is UTF-8, and damaged


class EncodingError(Exception):
    """A file that is no text that can be read; the sentence says why."""


@dataclass(frozen=True)
class Decoded:
    """The text of a file, the encoding that it was read in, and whether that was a guess."""

    text: str
    encoding: str
    is_guess: bool = False


def decode(content: bytes, *, declared: str) -> Decoded:
    """Return the text of a file. `declared` is an encoding or "detect". Raises EncodingError."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _as_declared(content, encoding)
    if declared not in ("detect", "utf-16", "utf-32") and b"\x00" in content:
        raise EncodingError("This is not text: it holds NUL bytes.")
    if declared != "detect":
        return _as_declared(content, declared)
    return _detected(content)


def _as_declared(content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding), encoding.removesuffix("-sig"))
    except UnicodeDecodeError as error:
        raise EncodingError(_broken(content, error, encoding)) from error


def _broken(content: bytes, error: UnicodeDecodeError, encoding: str) -> str:
    if error.end == len(content) and ("unexpected end" in error.reason or "truncated" in error.reason):
        return "This ends in the middle of a character: the file seems to be cut off. Fetch it again."
    line = content.count(b"\n", 0, error.start) + 1
    return f"Line {line} is not {encoding}: the file is damaged, or was saved in another encoding."


def _detected(content: bytes) -> Decoded:
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if b"\x00" in content:
            raise EncodingError("This is not text: it holds NUL bytes.") from error
        if _is_damaged_utf_8(content, error):
            raise EncodingError(_broken(content, error, "UTF-8")) from error
        return _guessed(content, error.start)


def _is_damaged_utf_8(content: bytes, error: UnicodeDecodeError) -> bool:
    """Return whether most of what is not ASCII is well-formed UTF-8, as in no other encoding."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    letters = len(text) - len(text.encode("ascii", errors="ignore")) - broken
    is_cut = error.end == len(content) and "unexpected end" in error.reason
    return is_cut or letters >= _MANY * broken


def _guessed(content: bytes, start: int) -> Decoded:
    near = max(0, start - _SAMPLE // 2)
    found = from_bytes(content[near : near + _SAMPLE], cp_isolation=_CANDIDATES)
    # Of those that fit equally well, the first of the list is the commonest.
    best = min(found, key=lambda each: (each.chaos, -each.coherence, _CANDIDATES.index(each.encoding)), default=None)
    if best is None:
        raise EncodingError("Nobody can tell in which encoding this is. Name it in the mapping, or save it as UTF-8.")
    try:
        return Decoded(content.decode(best.encoding), best.encoding, is_guess=True)
    except UnicodeDecodeError as error:
        raise EncodingError(_broken(content, error, best.encoding)) from error
