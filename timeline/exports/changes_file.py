"""changes.csv: what changed in the public record, a row for each field of each entry in each edition (codebook 10).

Rows come by edition, then slug; the fields of an entry in the order of the public columns, its relations last. An
empty `field` means the entry as a whole: it appeared (with its title), was retracted, or its text is gone. What the
fields said is given in the words of the pages, by the one comparison that there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from timeline.changes import RelationVersion, Version, entry_of, relation_moved, relation_versions
from timeline.changes import versions as sealed_versions
from timeline.exports import ledger_files
from timeline.exports.chunks import CHUNK, release
from timeline.exports.companions import Rows
from timeline.exports.long_files import in_both
from timeline.keyset import Place, behind, up_to
from timeline.languages import neutral
from timeline.selection import Selection
from tracker import columns
from tracker.columns import instant
from tracker.columns.rows import Cells
from tracker.comparing import differences


def changes(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield every change of the entries selected, from behind `changed_since` to the edition served.

    Reads `chunk` versions at a time with what they replaced: two queries each, whatever the number of editions.
    """
    for versions, relations in _stretches(selection, chunk=chunk):
        of_entry = {(version.edition, version.slug): version for version in versions}
        related: dict[Place, list[RelationVersion]] = defaultdict(list)
        for relation in relations:
            related[relation.edition, relation.slug].append(relation)
        yield [
            cells
            for place in sorted(of_entry.keys() | related.keys())
            for cells in _rows(of_entry.get(place), related[place])
        ]


def retractions(selection: Selection, *, chunk: int = CHUNK) -> Rows:
    """Yield what was retracted from behind `changed_since` on and stands no more, whatever the other filters.

    So whoever holds an older file, filtered or not, can drop what is in here.
    """
    for found in ledger_files.retractions(selection, chunk=chunk):
        yield [cells for cells in found if int(cells["edition"]) > selection.since]


# --- from the ledger -----------------------------------------------------------------------------------------------


def _stretches(selection: Selection, *, chunk: int) -> Iterator[tuple[list[Version], list[RelationVersion]]]:
    """Yield what lies between one place (edition, slug) and the next, at most `chunk` versions of entries."""
    actions, relations = sealed_versions(selection), relation_versions(selection)
    after: Place | None = None
    while True:
        versions = [Version(*row) for row in behind(actions, "edition_id", "slug", place=after)[:chunk]]
        last = (versions[-1].edition, versions[-1].slug) if len(versions) == chunk else None
        between = up_to(
            behind(relations, "edition_id", "from_slug", place=after), "edition_id", "from_slug", place=last
        )
        linked = [RelationVersion(*row) for row in between]
        release()
        yield versions, linked
        if last is None:
            return
        after = last


# --- to rows -------------------------------------------------------------------------------------------------------


def _rows(version: Version | None, relations: list[RelationVersion]) -> Iterator[Cells]:
    """Yield the rows of one entry in one edition; a relation may have changed where the entry itself did not."""
    if version:
        for field, before, after in _of_entry(version):
            yield _cells(version, version, field=field, before=before, after=after)
    for relation in relations:
        with neutral():
            moved = list(relation_moved(relation))
        for found in moved:
            yield _cells(relation, version, field=found.path, before=found.before, after=found.after)


@neutral()
def _of_entry(version: Version) -> list[tuple[str, str, str]]:
    """Return (field, before, after) of what changed in the entry itself."""
    new, old = entry_of(version.record), entry_of(version.before)
    if new and old:
        found = [(each.path, each.before, each.after) for each in differences({"entry": old}, {"entry": new})]
        return found or [("", "", "")]
    # A text that follows a redacted one is not told as if there had been nothing.
    return [("", "", new["title"] if new and version.before is None else "")]


def _cells(row: Version | RelationVersion, version: Version | None, *, field: str, before: str, after: str) -> Cells:
    told = version.change if version else "", version.note if version and version.record else ""
    values = (row.slug, field, before, after, *told, str(row.edition), instant(row.at))
    return dict(zip(columns.CHANGES.columns, values, strict=True))


CHANGES_FILES = in_both(columns.CHANGES, changes)
RETRACTIONS_FILES = in_both(columns.FILES_BY_NAME["retractions.csv"], retractions)
