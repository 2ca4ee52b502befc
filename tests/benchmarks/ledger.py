"""A synthetic ledger: a million public entries in minutes, where publishing them would take half a day.

For whoever measures. `fill` goes past publishing on purpose, but writes what publishing would write: every stored
line, digest, edition, projection, facet and span is made by the functions that publishing uses (`printings`), the
chain of editions is sealed, and `verify_ledger --full` finds no fault. What it leaves out: the record holds the first
240 entries alone (the admin is measured on another record), no relations, no retractions, some 480 sources, and no
`edition_published` is sent for the synthetic editions, so whatever listens to it must be rebuilt.

The shape: a fifth of the entries was edited after publication, up to three times; terms are skewed, days are vague in
one case of six; the order of publication is not that of the days, so an export by day visits rows all over the table,
which is the hard case. Rows come in 2,000 editions or so over ten years.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from tests.benchmarks.printings import LATER_NOTE, PROTOTYPES, Printing, printings, prototypes
from tracker import codebook, columns, document, triggers
from tracker.models import Edition, FacetValue, Projection, PublishedAction, PublishedFacet, StatusSpan
from tracker.models.ledger import NEVER
from tracker.publishing.press import edition_digest, row_digest

START, SPACE = datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=2)
SEED = 20250303
_VARIATIONS = 4_000
_EDITIONS = 2_000
_LEAST = 40  # entries of an edition
_AT_ONCE = 4_000  # rows written together


def fill(rows: int, *, seed: int = SEED, progress: Callable[[int], None] | None = None) -> int:
    """Write a ledger of `rows` current entries into an empty, migrated database; return the number of versions.

    The database is a scratch one: guards are down and nothing is flushed to disk while it is written. `progress` is
    told the number of entries written so far. Raises ValueError below 500 rows.
    """
    if rows < 2 * PROTOTYPES + 20:
        raise ValueError(f"A synthetic ledger has at least {2 * PROTOTYPES + 20} entries.")
    with transaction.atomic():
        documents = prototypes(at=START, seed=seed)
    entries = rows - PROTOTYPES
    count = min(_VARIATIONS, entries)
    firsts, laters = (list(printings(count, of=documents, seed=seed, later=later)) for later in (False, True))
    size = max(_LEAST, entries // _EDITIONS)
    writer = _Writer(firsts, laters, last=2 + -(-entries // size), chance=random.Random(seed))
    with _unguarded(), transaction.atomic():
        for number in range(2, writer.last + 1):
            first = (number - 2) * size
            writer.edition(number, range(first, min(first + size, entries)))
            if progress:
                progress(min(first + size, entries))
        writer.flush()
        _restart_sequence()
    _settle()
    return PROTOTYPES + writer.versions


class _Due(NamedTuple):
    """A version that is to be written in `edition`; the next ones of its entry follow in the editions `after`."""

    edition: int
    entry: int
    version: int
    after: tuple[int, ...]
    first_published: str


_COLUMNS: dict[type[Model], str] = {
    Edition: "number published_at published_by_id note columns codebook digest",
    PublishedAction: "id version edition_id superseded_in record digest redacted_in slug change change_note csv"
    " csv_digest record_bytes csv_bytes",
    Projection: "row_id slug edition superseded_in changed added earliest latest qualified newest oldest",
    PublishedFacet: "value_id row_id",
    StatusSpan: "row_id in_force from_day before_day",
}


class _Writer:
    """Composes one edition after the other and hands the rows to the database in large pieces."""

    def __init__(
        self, firsts: Sequence[Printing], laters: Sequence[Printing], *, last: int, chance: random.Random
    ) -> None:
        self.last, self.chance, self.versions = last, chance, 0
        self._due: list[_Due] = []
        self._waiting: dict[type[Model], list[tuple[Any, ...]]] = {model: [] for model in _COLUMNS}
        self._digest = Edition.objects.get(number=1).digest
        self._key = PublishedAction.objects.order_by("-pk")[0].pk
        values = _facet_values({pair for printing in firsts for pair in printing.facets})
        self._printings = [[_Prepared(each, values) for each in printings] for printings in (firsts, laters)]

    def edition(self, number: int, entries: range) -> None:
        """Write one edition: these new entries, and the later versions that are due."""
        at = START + number * SPACE
        instant = document.instant(at)
        due = [_Due(number, entry, 1, self._plan(number), instant) for entry in entries]
        while self._due and self._due[0].edition == number:
            due.append(heapq.heappop(self._due))
        digests = [self._version(each, instant=instant) for each in due]
        told = Edition(number=number, published_at=at, codebook=codebook.VERSION, columns=len(columns.COLUMNS))
        self._digest = edition_digest(told, previous=self._digest, rows=digests)
        moment = connection.ops.adapt_datetimefield_value(at)
        self._waiting[Edition].append((number, moment, None, "", told.columns, told.codebook, self._digest))
        if len(self._waiting[PublishedAction]) >= _AT_ONCE:
            self.flush()

    def _plan(self, number: int) -> tuple[int, ...]:
        """Return the editions in which an entry published in edition `number` is published again."""
        times = self.chance.choices((0, 1, 2, 3), (80, 13, 5, 2))[0]
        return tuple(sorted({min(self.last, number + self.chance.randint(1, 60)) for _ in range(times)} - {number}))

    def _version(self, due: _Due, *, instant: str) -> str:
        """Compose the rows of one version; return how it stands in the digest of its edition."""
        printing = self._printings[due.version > 1][due.entry * 7919 % len(self._printings[0])]
        ends = due.after[0] if due.after else None
        if ends:
            heapq.heappush(self._due, _Due(ends, due.entry, due.version + 1, due.after[1:], due.first_published))
        self._key, self.versions = self._key + 1, self.versions + 1
        values = {
            "slug": f"{printing.words}-{due.entry}",
            "number": due.entry,
            "text": due.version,
            "salt": f"{self.chance.getrandbits(128):032x}",
            "first_published": due.first_published,
            "last_changed": instant,
            "version": due.version,
            "edition": due.edition,
        }
        return self._wait(printing, values, ends=ends)

    def _wait(self, printing: _Prepared, values: dict[str, Any], *, ends: int | None) -> str:
        key, slug, edition, version = self._key, values["slug"], values["edition"], values["version"]
        record, line = printing.record.filled(values), printing.csv.filled(values)
        digest, csv_digest = document.digest(record), document.digest(line)
        kind, note = ("published", "") if version == 1 else ("updated", LATER_NOTE)
        sizes = len(record.encode()), len(line.encode())
        self._waiting[PublishedAction].append(
            (key, version, edition, ends, record, digest, None, slug, kind, note, line, csv_digest, *sizes)
        )
        moments = _moment(values["last_changed"]), _moment(values["first_published"])
        self._waiting[Projection].append((key, slug, edition, ends or NEVER, *moments, *printing.keys))
        self._waiting[PublishedFacet].extend([(value, key) for value in printing.facets])
        self._waiting[StatusSpan].extend([(key, *span) for span in printing.spans])
        return row_digest("action", digest, csv_digest)

    def flush(self) -> None:
        """Write what waits."""
        for model, rows in self._waiting.items():
            _insert(model, rows)
            rows.clear()


class _Prepared:
    """A printing whose days and values are as the database takes them."""

    def __init__(self, printing: Printing, values: dict[tuple[str, str], int]) -> None:
        self.words, self.record, self.csv = printing.words, printing.record, printing.csv
        self.facets = [values[pair] for pair in printing.facets]
        self.spans = [
            (in_force, *map(connection.ops.adapt_datefield_value, days)) for in_force, *days in printing.spans
        ]
        keys = printing.keys
        days = [connection.ops.adapt_datefield_value(keys[name]) for name in ("earliest", "latest")]
        self.keys = (*days, keys["qualified"], keys["newest"], keys["oldest"])


@cache
def _moment(instant: str) -> int:
    """Return the sort key of an instant."""
    record = {"slug": "", "edition": 0, "entry": {"date": "2025"}, "first_published": instant, "last_changed": instant}
    return int(document.projection(record)["changed"])


def _facet_values(pairs: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    known = {(value.dimension, value.key): value.pk for value in FacetValue.objects.all()}
    missing = [FacetValue(dimension=dimension, key=key) for dimension, key in sorted(pairs - known.keys())]
    FacetValue.objects.bulk_create(missing, batch_size=500)
    return known | {(value.dimension, value.key): value.pk for value in missing}


# --- the database --------------------------------------------------------------------------------------------------


def _insert(model: type[Model], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write plain rows: by COPY on PostgreSQL, by one prepared statement on SQLite."""
    table, names = model._meta.db_table, _COLUMNS[model].split()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" for _ in names)
            connection.connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)


_HASTY = {
    "sqlite": (
        "PRAGMA foreign_keys = OFF",
        "PRAGMA journal_mode = OFF",  # what fails half way is thrown away
        "PRAGMA synchronous = OFF",
        "PRAGMA cache_size = -400000",
    ),
    "postgresql": ("SET session_replication_role = replica", "SET maintenance_work_mem = '256MB'"),
}


@contextmanager
def _unguarded() -> Iterator[None]:
    """Take the ledger's guards and the checks of foreign keys away for a while."""
    triggers.drop(connection)
    _run(*_HASTY[connection.vendor])
    yield
    connection.close()  # its settings go with it
    triggers.install(connection)


def _restart_sequence() -> None:
    _run(*connection.ops.sequence_reset_sql(no_style(), [PublishedAction]))


def _settle() -> None:
    """Let the planner know the tables, and bring them to rest."""
    if connection.vendor == "postgresql":
        _run("VACUUM ANALYZE")
    else:
        _run("ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)")


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def size_on_disk() -> int:
    """Return the bytes that the database takes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
