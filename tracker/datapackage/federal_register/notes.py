"""Disposition notes of executive orders, taken apart: text -> statements and whatever was not understood.

The Federal Register writes what became of an order, and what it did to others, as one note by hand::

    note      = { heading | target | mark | rest }
    heading   = verb [ part ] { "and" verb [ part ] } [ "by" ] [ ":" ]      Revokes in part:  Revoked (in part) by:
              | "EO" number "is nullified" [ "in part" ] "by virtue of ... being abolished by"
    verb      = revokes | rescinds | terminates | supersedes | amends | supplements | continues | reinstates
              | suspends | see                    in every form of the word, and misspelt where a colon follows
    part      = "in part" | "(in part)" | "partially", which stands in front
    target    = document [ "," | ";" | "of" ] [ day ] { "(" citation | "in part" | remark ")" }
    document  = ( "EO" | "EP" | "Executive Order" [ "No." ] ) number [ "-" letter ] | number, where a day follows
              | ( "Proc." | "Proclamation" ) number | "Public Law" number
              | ( memorandum | notice | order | rule | determination, with words in front ) [ "No." number ] "of" day
    day       = month day "," year
    mark      = ";" | "," | "." | "and" | blanks

A heading holds until the next one. A target before any heading, a heading without a target and everything else is
`rest`, and so are targets after other words, up to the next ";" or line. Pure, never raises; the pieces put together
are the note, character by character.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.datapackage.federal_register.words import NULLIFIED, SPACE, TARGET, read_heading, read_target

__all__ = ["Heading", "Note", "Statement", "Target", "parse_note"]


@dataclass(frozen=True)
class Heading:
    """A verb as it stands there: "revoked by", whole or in part. `subject` is the order that it names itself."""

    verbs: tuple[tuple[str, bool], ...]  # (code of the verb, whether in part)
    passive: bool = False
    subject: str = ""


@dataclass(frozen=True)
class Target:
    """The document that a verb speaks of.

    `kind` is "eo", "proclamation", "memorandum", ... ; `day` is YYYY-MM-DD, blank where none can be read; `text` is
    the target as it stands there.
    """

    kind: str
    number: str
    day: str
    text: str
    citation: str = ""
    in_part: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Statement:
    """One verb with one target."""

    verb: str
    passive: bool
    in_part: bool
    target: Target
    subject: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of the note: "heading", "target", "mark" or "rest"."""

    kind: str
    start: int
    end: int


@dataclass
class Note:
    """A note taken apart. `pieces` follow each other without gaps from its first to its last character."""

    text: str
    statements: list[Statement] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def remainder(self) -> list[str]:
        """What was not understood, piece by piece, blanks collapsed."""
        found = (" ".join(self.text[piece.start : piece.end].split()) for piece in self.pieces if piece.kind == "rest")
        return [text for text in found if text.strip(" ;,.")]


def parse_note(text: str) -> Note:
    """Return what a disposition note says. Never raises."""
    note = Note(text)
    heading: Heading | None = None
    heading_at: int | None = None  # the piece of a heading that has no target yet
    is_sure = True  # not after words that may say anything: "read in conjunction with"
    for piece, found in _scan(text):
        note.pieces.append(piece)
        if piece.kind in ("mark", "rest"):
            is_sure = bool(_BREAK.search(text, piece.start, piece.end)) or (is_sure and piece.kind == "mark")
        elif isinstance(found, Heading):
            _demote(note, heading_at)
            heading, heading_at, is_sure = found, len(note.pieces) - 1, True
        elif isinstance(found, Target) and is_sure and heading and heading.verbs:
            heading_at = None
            note.statements += [
                Statement(verb, heading.passive, in_part or found.in_part, found, heading.subject)
                for verb, in_part in heading.verbs
            ]
        elif isinstance(found, Target):
            _demote(note, len(note.pieces) - 1)
    _demote(note, heading_at)
    note.pieces = _joined(note.pieces)
    return note


def _demote(note: Note, at: int | None) -> None:
    """Turn a heading without target, or a target without heading, into what it is: not understood."""
    if at is not None:
        piece = note.pieces[at]
        note.pieces[at] = Piece("rest", piece.start, piece.end)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Put neighbouring rests together, with the marks between them: a sentence is kept as one."""
    joined: list[Piece] = []
    for piece in pieces:
        if piece.kind == "rest" and len(joined) > 1 and joined[-1].kind == "mark" and joined[-2].kind == "rest":
            joined.pop()
        if piece.kind == "rest" and joined and joined[-1].kind == "rest":
            joined[-1] = Piece("rest", joined[-1].start, piece.end)
        else:
            joined.append(piece)
    return joined


_BREAK = re.compile(r"[;\n]")
_MARK = re.compile(rf"(?:[;,.]|{SPACE}|and\b)+")
_WORD = re.compile(r"\w+|.", re.DOTALL)
Found = Heading | Target | None


def _scan(text: str) -> Iterator[tuple[Piece, Found]]:
    """Yield the pieces of a note from left to right; what no rule knows, word by word."""
    at = 0
    while at < len(text):
        kind, end, found = _next(text, at)
        yield Piece(kind, at, end), found
        at = end


def _next(text: str, at: int) -> tuple[str, int, Found]:
    if match := NULLIFIED.match(text, at):
        verb = ("nullifies", bool(match["part"]))
        return "heading", match.end(), Heading((verb,), passive=True, subject=match["subject"])
    if mark := _MARK.match(text, at):
        return "mark", mark.end(), None
    if read := read_heading(text, at):
        end, verbs, passive = read
        return "heading", end, Heading(verbs, passive=passive)
    if match := TARGET.match(text, at):
        target = Target(text=" ".join(match[0].split()), **read_target(match))
        return "target", match.end(), target
    word = _WORD.match(text, at)
    return "rest", word.end() if word else at + 1, None
