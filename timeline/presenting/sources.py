"""The sources of an entry, numbered as they are cited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.presenting import links
from timeline.presenting.words import counted, said
from tracker import codebook, dates


@dataclass(frozen=True)
class SourceLine:
    """One citation with its source. Addresses are "" where there is none; `attribution` is a label.

    `url` and `archive_url` lead away, `page` is that of the source with us.
    """

    number: int
    publisher: str
    republished_by: str
    title: str
    url: str
    archive_url: str
    published: str
    datetime: str | None
    kind: str
    is_official: bool
    attribution: str
    disputes: bool
    page: str = ""


def source_lines(
    citations: Sequence[Mapping[str, Any]], *, page: Callable[[str], str] | None = None
) -> list[SourceLine]:
    """Return the citations in the order of the entry, numbered from 1; `page` gives the address of a source by key."""
    return [_line(number, citation, page=page) for number, citation in enumerate(citations, 1)]


def _line(number: int, citation: Mapping[str, Any], *, page: Callable[[str], str] | None) -> SourceLine:
    source = citation["source"]
    kind = codebook.SOURCE_KINDS[source["kind"]]
    published = source["published"]
    return SourceLine(
        number=number,
        publisher=source["publisher"]["name"],
        republished_by=source["republished_by"]["name"] if source["republished_by"] else "",
        title=source["title"],
        url=links.safe(source["url"]),
        archive_url=links.safe(source["archive_url"]),
        published=dates.display(published) if published else "",
        datetime=dates.datetime_attribute(published) if published else None,
        kind=said(kind.label),
        is_official=kind.official,
        attribution=said(codebook.ATTRIBUTIONS[citation["attribution"]].label),
        disputes=citation["stance"] == "disputes",
        page=page(source["slug"]) if page else "",
    )


def numbers(citations: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the number of each source by its key, the first one where it is cited twice."""
    keys = [citation["source"]["slug"] for citation in citations]
    return {key: keys.index(key) + 1 for key in keys}


def official_count(derived: Mapping[str, Any]) -> str:
    """Return "1 official" or "none official"."""
    number = derived["official_source_count"]
    if not number:
        return _("none official")
    return ngettext("%(number)s official", "%(number)s official", number) % {"number": number}


def total(derived: Mapping[str, Any]) -> str:
    """Return "4 sources"."""
    return counted(derived["source_count"], "source")
