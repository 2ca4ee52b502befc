"""Linked data (schema.org) for search engines and archives: only what the record itself says.

A block of data does not run, and no policy of content blocks it; what could end its element is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from timeline.presenting import links
from tracker import dates

Thing = dict[str, Any]

_CONTEXT = "https://schema.org"
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def script(data: Mapping[str, Any]) -> SafeString:
    """Return an object as the element that holds it in a page."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False).translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def dataset(
    *,
    site: str,
    url: str,
    description: str,
    licence: str,
    version: int,
    modified: str,
    files: Iterable[tuple[str, str, str]],
) -> Thing:
    """Return the whole record as a data set. `files` are (name, media type, full address); `modified` an instant."""
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": site,
        "description": description,
        "url": url,
        "license": licence,
        "version": str(version),
        "dateModified": modified,
        "isAccessibleForFree": True,
        "creator": _organization(site),
        "distribution": [
            {"@type": "DataDownload", "name": name, "encodingFormat": media, "contentUrl": address}
            for name, media, address in files
        ],
    }


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Thing:
    """Return the way to a page: (name, full address) of each step, the page itself last."""
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }


def article(record: Mapping[str, Any], *, url: str, image: str, site: str, home: str, language: str) -> Thing:
    """Return a public record of an entry as an article of ours about what was decided; `home` is the site's address."""
    entry = record["entry"]
    described = entry["summary"] or entry["where_it_stands"]
    return {
        "@context": _CONTEXT,
        "@type": "Article",
        "headline": entry["title"],
        **({"description": described} if described else {}),
        "url": url,
        "mainEntityOfPage": url,
        "image": image,
        "inLanguage": language,
        "datePublished": record["first_published"],
        "dateModified": record["last_changed"],
        "version": str(record["version"]),
        "publisher": _organization(site),
        "isPartOf": {"@type": "Dataset", "name": site, "url": home},
        "citation": [_source(citation["source"]) for citation in entry["citations"]],
    }


def _source(source: Mapping[str, Any]) -> Thing:
    published = dates.datetime_attribute(source["published"]) if source["published"] else None
    found = {"url": links.safe(source["url"]), "datePublished": published}
    return {
        "@type": "CreativeWork",
        "name": source["title"],
        "publisher": _organization(source["publisher"]["name"]),
        **{name: value for name, value in found.items() if value},
    }


def _organization(name: str) -> Thing:
    return {"@type": "Organization", "name": name}
