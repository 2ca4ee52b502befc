"""What each page tells those that show its address: search engines, messengers, archives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.exports.files import FILES
from timeline.presenting import linked, links, social
from timeline.presenting.social import Social
from timeline.presenting.words import grouped
from timeline.selection import Selection
from tracker.columns.descriptor import LICENCE
from tracker.models.ledger import Edition, PublishedAction


def of_page(*, title: str, description: str, url: str, steps: tuple[tuple[str, str], ...] = ()) -> Social:
    """Return a page of the site; `steps` are (name, path) of the pages above it and of itself."""
    above = [(name, settings.PUBLIC_URL + path) for name, path in steps]
    return Social(
        title=title,
        description=social.described(description),
        url=url,
        image=settings.PUBLIC_URL + links.card(),
        image_alt=settings.SITE_NAME,
        data=[linked.breadcrumbs(above)] if above else [],
    )


def of_selection(selection: Selection, *, title: str, url: str) -> Social:
    """Return the timeline under a sound selection; the whole record is also described as data."""
    edition = selection.edition
    return Social(
        title=settings.SITE_NAME if not selection.is_filtered else title,
        description=_about_record()
        if not selection.is_filtered
        else _("%(title)s: who took each decision, when, what has happened to it since, and every source.")
        % {"title": title},
        url=url,
        image=settings.PUBLIC_URL + links.card(query=selection.data_query),
        image_alt=social.image_alt(settings.SITE_NAME, title),
        data=[dataset(selection, edition)] if edition and not selection.is_filtered else [],
    )


def _about_record() -> str:
    return _(
        "Policy actions and what became of them: who took each decision, when, what has happened to it since, "
        "and every source."
    )


def dataset(selection: Selection, edition: Edition) -> linked.Thing:
    """Return the whole record at the edition served as a data set with its files."""
    query = f"as_of={edition.number}" if "as_of" in selection.texts else ""
    files = [
        (export.file, export.content_type.partition(";")[0], settings.PUBLIC_URL + links.file(export.file, query))
        for export in FILES
        if export.is_offered and export.is_saved
    ]
    return linked.dataset(
        site=settings.SITE_NAME,
        url=settings.PUBLIC_URL + links.timeline(query),
        description=_about_record(),
        licence=LICENCE["path"],
        version=edition.number,
        modified=f"{edition.published_at:%Y-%m-%dT%H:%M:%SZ}",
        files=files,
    )


def of_entry(row: PublishedAction, *, url: str, as_of: str = "") -> Social:
    """Return the page of an entry that stands; `as_of` is the edition asked for, as typed."""
    record = json.loads(row.record)
    entry = record["entry"]
    image = settings.PUBLIC_URL + links.card(row.slug, f"as_of={as_of}" if as_of else "")
    home = settings.PUBLIC_URL + links.timeline()
    article = linked.article(
        record, url=url, image=image, site=settings.SITE_NAME, home=home, language=settings.RECORD_LANGUAGE
    )
    return Social(
        title=entry["title"],
        description=social.entry_description(entry),
        url=url,
        image=image,
        image_alt=social.image_alt(entry["title"], social.entry_line(entry)),
        kind="article",
        data=[article, linked.breadcrumbs([(_("Timeline"), home), (entry["title"], url)])],
    )


def of_data(selection: Selection, *, url: str) -> Social:
    """Return the page of files, with the whole record as data."""
    edition = selection.edition
    found = of_page(title=_("Data"), description=_about_record(), url=url)
    return replace(found, data=[dataset(selection, edition)] if edition else [])


def of_term(context: Mapping[str, Any], *, name: str, definition: str, path: str) -> Social:
    """Return the page of a term or source from what its template gets: canonical, index, and what was found."""
    index = context["index"]
    found = context["found"]
    told = ngettext(
        "%(name)s: %(number)s action, and what became of it.",
        "%(name)s: %(number)s actions, and what became of them.",
        found,
    ) % {"name": name, "number": grouped(found)}
    return of_page(
        title=name,
        description=definition or told,
        url=context["canonical"],
        steps=((index["label"], index["href"]), (name, path)),
    )
