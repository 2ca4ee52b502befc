"""What hangs on the entries of a selection: the lines of their histories, and the sources that they cite."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

from django.http import Http404

from timeline import keyset
from timeline.api.base import FILTERS, PAGING, Body, Endpoint, ListEndpoint, Place
from timeline.api.problems import ProblemError, withheld
from timeline.exports import chunks
from timeline.exports.companions import cited_rows
from timeline.selection import Selection
from timeline.terms import read_term
from tracker import codebook, columns
from tracker.columns import FILES_BY_NAME, rows
from tracker.models.ledger import PublishedTerm

_FILE = FILES_BY_NAME["status_changes.csv"]


class StatusChanges(ListEndpoint):
    """The rows of status_changes.csv, entries in the order of the selection."""

    name = "status_changes"
    summary = "Status histories of the entries that satisfy a selection"
    about = "One item for each line of a history, entries in the order of the selection; count counts entries."
    takes = FILTERS | PAGING
    result = "StatusChangeList"

    def total(self, selection: Selection, **where: Any) -> int:
        return selection.narrowed().count()

    def items(
        self, selection: Selection, *, after: Place | None, count: int, **where: Any
    ) -> Iterable[tuple[Place, Body]]:
        """A place is the entry before, and how many lines of the one behind it were given.

        Each entry has a line at least, so that one entry more than items wanted is enough.
        """
        key, slug, given = after or (None, None, 0)
        before = None if key is None else cast(keyset.Place, (key, slug))
        for next_key, next_slug, record in chunks.rows_behind(selection, "record", after=before)[: count + 1]:
            lines = rows.status_cells(next_slug, json.loads(record)["entry"])
            for number, cells in enumerate(lines[int(given or 0) :], start=int(given or 0) + 1):
                yield (key, slug, number), _typed(cells)
            key, slug, given = next_key, next_slug, 0


def _typed(cells: rows.Cells) -> Body:
    """Return the cells of a line as values: numbers as numbers, null for what is absent."""
    whole = {name for name in _FILE.columns if columns.field_type(_FILE, name) == "integer"}
    return {name: (int(cell) if name in whole else cell) if cell else None for name, cell in cells.items()}


class Sources(ListEndpoint):
    """The sources cited by the entries of a selection."""

    name = "sources"
    summary = "Sources cited by the entries that satisfy a selection"
    about = "Each source once, by its key, as it stood at the edition served."
    takes = (FILTERS - {"sort"}) | PAGING
    result = "SourceList"

    def total(self, selection: Selection, **where: Any) -> int:
        return cited_rows(selection).exclude(record="").count()

    def items(
        self, selection: Selection, *, after: Place | None, count: int, **where: Any
    ) -> Iterable[tuple[Place, Body]]:
        found = cited_rows(selection).exclude(record="").order_by("slug")
        if after:
            found = found.filter(slug__gt=after[0])
        for slug, record in found.values_list("slug", "record")[:count]:
            yield (slug,), _source(read_term(slug, record))


class Source(Endpoint):
    """One source."""

    name = "source"
    summary = "One source"
    about = "As it stands now, or as it stood at as_of."
    result = "SourceDetail"
    refuses = (404, 451)

    def body(self, selection: Selection, *, slug: str = "", **where: Any) -> Body:
        row = PublishedTerm.objects.sealed_by(selection.number).filter(kind="source", slug=slug).first()
        if row is None:
            raise Http404
        if not row.record:
            raise ProblemError(withheld(edition=row.redacted_in))
        return {"edition": selection.number, "source": _source(read_term(slug, row.record))}


def _source(document: Body) -> Body:
    return document | {"official": codebook.SOURCE_KINDS[document["kind"]].official}
