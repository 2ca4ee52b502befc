"""A document of the register -> what its entry says: everything that the register itself can tell. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracker.datapackage.federal_register.documents import Document
from tracker.datapackage.federal_register.edges import Reading
from tracker.datapackage.federal_register.presidents import president_on
from tracker.datapackage.federal_register.sayings import Saying
from tracker.datapackage.federal_register.words import in_words
from tracker.datapackage.merging import Content

PUBLISHER, AGENCY, OFFICE = "Federal Register", "White House", "President"
_LONGEST_TITLE = 200
_LISTS = ("other_actors", "other_agencies", "affects", "topics")
_BLANK = (
    "summary", "where_it_stands", "category", "actor", "actor_office", "date_note", "due_date", "dispute_note",
    "last_verified",
)  # fmt: skip


def slug_for(number: str) -> str:
    """Return the slug of a new entry: by number, since 78 of 1,000 titles are those of other orders."""
    return f"eo-{number.lower()}"


def source_slug(document: Document) -> str:
    """Return the key of the document's own page as a source."""
    kept = "".join(character if character.isalnum() else "-" for character in document.document_number.lower())
    return f"fr-{kept.encode('ascii', 'ignore').decode()}"[:80]


def source_cells(document: Document) -> dict[str, str]:
    """Return the row of sources.csv for the document's own page; the citation stands in its title."""
    cited = f", {document.citation}" if document.citation else ""
    return {
        "source_id": source_slug(document),
        "title": f"Executive Order {document.number} of {in_words(document.signed)}{cited}",
        "publisher": PUBLISHER,
        "kind": "official_document",
        "url": document.url,
        "language": "en",
        "published": document.published,
    }


def content_said(
    document: Document, saying: Saying, reading: Reading, *, source: str, terms: Mapping[tuple[str, str], str]
) -> Content:
    """Return what the register says of an order, as the content of an entry.

    `source` is the key of its own page; `terms` maps (kind, name) to slugs. What it cannot tell is None or empty.
    """
    president = president_on(document.signed)
    lines = [_first_line(document, reading, source), *saying.lines]
    return {
        **dict.fromkeys(_BLANK),
        **{name: [] for name in _LISTS},
        "title": _title(document.title),
        "summary": _summary(document.title),
        "form": "executive_order",
        "identifiers": [f"eo:{document.number}", f"fr:{document.document_number}"],
        "actor": {"slug": terms["actor", president]} if president else None,
        "actor_office": OFFICE if president else None,
        "agency": {"slug": terms["agency", AGENCY]},
        "date": document.signed,
        "disputed": False,
        "status_history": [line | {"position": place} for place, line in enumerate(lines, start=1)],
        "citations": citations(source, lines),
        "relations": saying.relations,
    }


def citations(own: str, lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the citations: the document's own page, then those of the orders that alone tell a line."""
    others = dict.fromkeys(line["source"] for line in lines if line["source"] != own)
    bearing = [(own, ["action", "date", "actor", "status"]), *((other, ["status"]) for other in others)]
    return [
        {
            "position": place,
            "source": {"slug": slug},
            "stance": "supports",
            "bears_on": bears_on,
            "attribution": "document",
        }
        for place, (slug, bears_on) in enumerate(bearing, start=1)
    ]


def _title(title: str) -> str:
    if len(title) <= _LONGEST_TITLE:
        return title
    return f"{title[: _LONGEST_TITLE - 1].rsplit(' ', 1)[0].rstrip(' ,;:')}…"


def _summary(title: str) -> str | None:
    return f"Full title: {title}" if len(title) > _LONGEST_TITLE else None


def _first_line(document: Document, reading: Reading, source: str) -> dict[str, Any]:
    return {
        "status": "in_effect",
        "date": document.signed,
        "by": "issuer",
        "note": _leftovers(reading),
        "source": source,
    }


def _leftovers(reading: Reading) -> str | None:
    """Return what of the disposition note says nothing here, so that it is not lost."""
    kept: Sequence[str] = [f"“{text}”" for text in reading.remainder]
    sentences = [f"The Federal Register's note also says: {'; '.join(kept)}."] if kept else []
    sentences += [f"Not taken over: “{each.text}”. {each.reason}" for each in reading.queued]
    return " ".join(sentences) or None
