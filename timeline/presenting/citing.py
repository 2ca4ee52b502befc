"""How to cite a selection or an entry: as a sentence, and for programs as BibTeX, RIS and CSL-JSON.

A citation names an edition, its digest and the pinned address, so that what was cited can be fetched and checked
again. Nothing depends on today. Values may hold anything: each format escapes them by its own rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from timeline.languages import neutral
from timeline.presenting.words import capital, day_name


@dataclass(frozen=True)
class Work:
    """What is cited. `key` is letters, digits and hyphens; `digest` seals the edition; `url` is pinned to it.

    `is_dataset` tells a selection from a single entry, whose `version` is its own.
    """

    key: str
    title: str
    site: str
    edition: int
    published_at: datetime
    digest: str
    url: str
    is_dataset: bool
    version: int | None = None

    @property
    def edition_name(self) -> str:
        """The edition, for an entry with its version: "version 2 (edition 42)"."""
        return f"version {self.version} (edition {self.edition})" if self.version else f"edition {self.edition}"

    @property
    def note(self) -> str:
        """What lets a reader check the data cited."""
        return f"SHA-256 of edition {self.edition}: {self.digest}"


@neutral()
def text(work: Work) -> str:
    """Return the citation as one sentence."""
    edition = f"{work.edition_name}, {day_name(work.published_at)}"
    return f"“{work.title}.” {work.site}, {edition}. {work.note}. {work.url}"


def short_text(work: Work) -> str:
    """Return the citation without the digest, for the margin of a page."""
    return f"“{work.title}.” {work.site}, {work.edition_name}. {work.url}"


# --- BibTeX --------------------------------------------------------------------------------------------------------

# BibTeX counts braces even behind a backslash, so that they can only be named.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(work: Work) -> str:
    """Return the entry of a .bib file, for BibTeX and biblatex alike."""
    at = work.published_at.astimezone(UTC)
    # Doubled braces keep capitals, and keep a site from being read as first and last name.
    fields = {
        "title": f"{{{{{_tex(work.title)}}}}}",
        "author": f"{{{{{_tex(work.site)}}}}}",
        "year": f"{{{at.year}}}",
        "month": _MONTHS[at.month - 1],
        "howpublished": f"{{{_tex(capital(work.edition_name))}}}",
        "note": f"{{{_tex(work.note)}}}",
        "url": f"{{{work.url}}}",
    }
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items())
    return f"@misc{{{work.key},\n{lines}}}\n"


def _tex(value: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in _in_one_line(value))


# --- RIS -----------------------------------------------------------------------------------------------------------


def ris(work: Work) -> str:
    """Return the record of a .ris file. A value ends with its line: blanks stand for line ends."""
    at = work.published_at.astimezone(UTC)
    fields = [
        ("TY", "DATA" if work.is_dataset else "ELEC"),
        ("TI", work.title),
        ("AU", work.site),
        ("PB", work.site),
        ("PY", f"{at.year}"),
        ("DA", f"{at:%Y/%m/%d}/"),
        ("ET", work.edition_name),
        ("N1", work.note),
        ("UR", work.url),
        ("ID", work.key),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {_in_one_line(value)}\r\n" for tag, value in fields)


# --- CSL-JSON ------------------------------------------------------------------------------------------------------


def csl(work: Work) -> str:
    """Return a list of one item in CSL-JSON, as Zotero, Pandoc and citeproc read it."""
    at = work.published_at.astimezone(UTC)
    item = {
        "id": work.key,
        "type": "dataset" if work.is_dataset else "webpage",
        "title": work.title,
        "author": [{"literal": work.site}],
        **({"publisher": work.site} if work.is_dataset else {"container-title": work.site}),
        "issued": {"date-parts": [[at.year, at.month, at.day]]},
        "version": work.edition_name,
        "note": work.note,
        "URL": work.url,
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


_BLANKS = re.compile(r"\s+")


def _in_one_line(value: str) -> str:
    return _BLANKS.sub(" ", value).strip()


@dataclass(frozen=True)
class Format:
    """One way of writing a citation: its ending in an address, its name, its media type, and what writes it."""

    suffix: str
    label: str
    content_type: str
    write: Callable[[Work], str]


FORMATS = (
    Format("bib", "BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
    Format("ris", "RIS", "application/x-research-info-systems; charset=utf-8", ris),
    Format("json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl),
)
