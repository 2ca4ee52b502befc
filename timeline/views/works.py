"""What is cited, of the ledger: a selection at an edition, or one version of an entry."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.utils.text import slugify

from timeline.languages import neutral
from timeline.presenting import links, summary
from timeline.presenting.citing import Work
from timeline.selection import Selection
from tracker.models.ledger import Edition, PublishedAction


@neutral()
def of_selection(selection: Selection, edition: Edition) -> Work:
    """Return the selection, which is sound, as served at `edition`. Two queries, to count."""
    query = selection.pinned_query
    part = f"-{hashlib.sha256(query.encode()).hexdigest()[:6]}" if selection.is_filtered else ""
    return Work(
        key=f"{slugify(settings.SITE_NAME) or 'record'}-edition-{edition.number}{part}",
        title=_title(selection),
        site=settings.SITE_NAME,
        edition=edition.number,
        published_at=edition.published_at,
        digest=edition.digest,
        url=settings.PUBLIC_URL + links.timeline(query),
        is_dataset=True,
    )


def _title(selection: Selection) -> str:
    found, everything = selection.narrowed().count(), selection.unfiltered().count()
    head = summary.headline(found, everything, is_filtered=selection.is_filtered)
    filters = [(chip.label, chip.value_label) for chip in selection.chips() if chip.name != "as_of"]
    return summary.page_title(head, filters)


@neutral()
def of_entry(row: PublishedAction) -> Work:
    """Return the version of an entry that `row` (with its edition) holds."""
    edition = row.edition
    return Work(
        key=f"{row.slug}-v{row.version}",
        title=json.loads(row.record)["entry"]["title"],
        site=settings.SITE_NAME,
        edition=edition.number,
        published_at=edition.published_at,
        digest=edition.digest,
        url=f"{settings.PUBLIC_URL}{links.action(row.slug)}?as_of={edition.number}",
        is_dataset=False,
        version=row.version,
    )
