"""What stays of a retracted entry: the reason, the note, the day, and where to read on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from timeline.presenting import links
from timeline.presenting.links import TermLink
from timeline.presenting.sources import SourceLine, source_lines
from timeline.presenting.words import said
from tracker import codebook


@dataclass(frozen=True)
class Tombstone:
    """A retracted entry; `answer` is the HTTP status of its page, `title` what it was called.

    `sources` are told only of an action that did not happen: readers can see who reported it (codebook 9).
    """

    slug: str
    title: str
    reason: str
    explanation: str
    note: str
    day: str
    edition: int
    answer: int
    replaced_by: list[TermLink]
    sources: list[SourceLine]


def tombstone(
    record: Mapping[str, Any], *, day: str, last: Mapping[str, Any], titles: Mapping[str, str], query: str = ""
) -> Tombstone:
    """Return the tombstone of a retraction's record.

    `day` is that of the retraction, `last` the "entry" of the last version that stood; `titles` are those of the
    entries that replaced it, by slug.
    """
    reason = codebook.RETRACTION_REASONS[record["reason"]]
    return Tombstone(
        slug=record["slug"],
        title=last["title"],
        reason=said(reason.label),
        explanation=said(reason.definition),
        note=record["change_note"] or "",
        day=day,
        edition=record["edition"],
        # A duplicate whose other entry is gone as well has nowhere to lead.
        answer=410 if reason.code == "duplicate" else reason.page_answer,
        replaced_by=[
            TermLink(titles[slug], links.action(slug, query)) for slug in record["replaced_by"] if slug in titles
        ],
        sources=source_lines(last["citations"]) if reason.code == "did_not_happen" else [],
    )
