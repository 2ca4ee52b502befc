"""What explains the data of a package: description, readme, licence, citation, checksums.

Written of the ledger and of the words of this program alone: no clock, no address that could change later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from timeline.exports.archive import Member
from timeline.exports.typed import address
from timeline.selection import Selection
from tracker import columns
from tracker.columns.descriptor import LICENCE
from tracker.models.ledger import Edition, PublishedAction

_NOT_TABLES = {
    "actions.jsonl": "One full record per line, nested: the text that the ledger seals. Same entries, same order.",
    "check_package.py": "Checks this package without a network; needs Python alone.",
    "datapackage.json": "What each file and column is, for programs (Frictionless Table Schema).",
    "LICENSE.txt": "What you may do with the data.",
    "CITATION.cff": "How to cite them, for programs.",
    "README.md": "This text.",
    "checksums.sha256": "The SHA-256 of every other file.",
}


@dataclass(frozen=True)
class About:
    """What a package is of: the edition (None: before the first), the pinned query, and the site's address."""

    edition: Edition | None
    number: int
    query: str
    is_filtered: bool
    columns: int
    site: str
    redacted: tuple[str, ...]

    @classmethod
    def of(cls, selection: Selection) -> About:
        """Read what the texts tell besides the rows. Two queries."""
        standing = PublishedAction.objects.sealed_by(selection.number)
        blanked = standing.exclude(redacted_in=None).exclude(csv_digest="").order_by("slug")
        return cls(
            edition=selection.edition,
            number=selection.number,
            query=selection.query(as_of=selection.number),
            is_filtered=selection.is_filtered,
            columns=len(selection.all_columns),
            site=_site(standing.exclude(csv="")),
            redacted=tuple(blanked.values_list("slug", flat=True)),
        )

    @property
    def title(self) -> str:
        part = ", a selection" if self.is_filtered else ""
        return f"{settings.SITE_NAME}, edition {self.number}{part}"

    @property
    def name(self) -> str:
        return f"package-edition-{self.number}{'-selection' if self.is_filtered else ''}"

    @property
    def published(self) -> str:
        """When the edition was published; "" before the first."""
        return columns.instant(self.edition.published_at) if self.edition else ""

    @property
    def digest(self) -> str:
        return self.edition.digest if self.edition else ""

    @property
    def page(self) -> str:
        """The address of the entries, pinned."""
        return f"{self.site}/?{self.query}"

    @property
    def package(self) -> str:
        """The address of this package, pinned."""
        return f"{self.site}/package.zip?{self.query}"


def _site(standing: Any) -> str:
    """Return the address of the site as the last of its rows was published with: a new address moves no pin."""
    row = standing.order_by("-pk").values_list("slug", "csv").first()
    return address(row[1]).removesuffix(f"/actions/{row[0]}/") if row else str(settings.PUBLIC_URL)


def texts(about: About, members: Sequence[Member], *, rows: int) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of the files beside `members`. The last one sums up all that were added meanwhile."""
    yield "datapackage.json", json.dumps(_descriptor(about, members), ensure_ascii=False, indent=2) + "\n"
    yield "LICENSE.txt", _licence()
    yield "CITATION.cff", _citation(about)
    yield "README.md", _readme(about, rows=rows)
    yield "checksums.sha256", "".join(f"{member.digest}  {member.name}\n" for member in members)


def _descriptor(about: About, members: Sequence[Member]) -> dict[str, Any]:
    files = {member.name: member for member in members}
    found = columns.descriptor(
        name=about.name,
        title=about.title,
        description=_description(about),
        files=files,
        version=str(about.number),
        columns=about.columns,
    )
    for resource in found["resources"]:
        member = files[resource["path"]]
        resource |= {"bytes": member.size, "hash": f"sha256:{member.digest}"}
    return found | {
        "homepage": about.page,
        **({"created": about.published} if about.published else {}),
        "edition": {"number": about.number, "published_at": about.published or None, "digest": about.digest or None},
        "query": about.query,
        "filtered": about.is_filtered,
        "redacted": list(about.redacted),
    }


def _description(about: About) -> str:
    what = "The entries that the query selects" if about.is_filtered else "All entries"
    return f"{what}, with their histories, sources, citations and relations, as edition {about.number} had them."


def _licence() -> str:
    return (
        f"{LICENCE['title']} ({LICENCE['name']})\n{LICENCE['path']}\n\n"
        "You may share and adapt these data for any purpose if you say where they are from (see CITATION.cff), link\n"
        "the licence, and say whether you changed them. Titles of sources belong to their publishers.\n"
    )


def _citation(about: About) -> str:
    """Return CITATION.cff (version 1.2.0). JSON strings are YAML strings, whatever they hold."""
    lines = [
        "cff-version: 1.2.0",
        f"message: {_quoted('If you use these data, please cite them as below.')}",
        "type: dataset",
        f"title: {_quoted(about.title)}",
        f"authors:\n  - name: {_quoted(settings.SITE_NAME)}",
        f"version: {_quoted(str(about.number))}",
    ]
    if about.edition:
        identifier = f"type: other\n    value: {_quoted(f'sha256:{about.digest}')}"
        lines += [
            f"date-released: {_quoted(about.published[:10])}",
            f"identifiers:\n  - {identifier}\n    description: {_quoted('Digest of the edition')}",
        ]
    lines += [
        f"license: {LICENCE['name']}",
        f"url: {_quoted(about.page)}",
        f"repository-artifact: {_quoted(about.package)}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _readme(about: About, *, rows: int) -> str:
    described = {file.name: file.description for file in columns.FILES} | _NOT_TABLES
    table = "\n".join(f"| `{name}` | {text} |" for name, text in described.items())
    when = f" of {about.published}" if about.published else ""
    digest = f"\nDigest of the edition: `{about.digest}`\n" if about.digest else ""
    redacted = f"\nRedacted because the law required it: {len(about.redacted)}.\n" if about.redacted else ""
    return _README.format(
        title=about.title, description=_description(about), number=about.number, when=when, query=about.query,
        digest=digest, redacted=redacted, rows=rows, files=table, site=settings.SITE_NAME, page=about.page,
        package=about.package, method=f"{about.site}/method/", licence=LICENCE["title"], terms=LICENCE["path"],
    )  # fmt: skip


_README = """\
# {title}

{description}

Edition: {number}{when}
{digest}
Query: `{query}`

Entries: {rows}
{redacted}
Fetch it again, unchanged: {package}

## Cite it

> {site}, edition {number}{when}. {page}

The same for programs stands in `CITATION.cff`. Licence: {licence}, {terms}

## Check it

    sha256sum -c checksums.sha256
    python3 check_package.py .

The first says whether a file was damaged. The second also recomputes the chain of editions and finds each entry among
the rows that they seal; it needs no network. Compare the digest that it prints with the one that was cited to you.

## Read it

CSV as in RFC 4180, UTF-8. An empty cell means not recorded, or none. Lists are joined with "; ". Dates are EDTF text
and as vague as the date is known. Cells are raw: a spreadsheet may take one that begins with = for a formula, so open
them there as text. Every column and code is defined in `datapackage.json` and on {method}

| file | what it holds |
|---|---|
{files}
"""


@cache
def wording() -> str:
    """Return a digest of the words around the data, the same until the program or its settings change."""
    said = columns.descriptor(name="", title="", description="", files=columns.FILES_BY_NAME)
    parts = (said, _README, _NOT_TABLES, _licence(), settings.SITE_NAME, settings.PUBLIC_URL)
    return hashlib.sha256(repr(parts).encode()).hexdigest()
