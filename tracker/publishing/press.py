"""One edition in the making: numbers, versions, digests, and the order in which rows are written."""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from tracker import codebook, columns, document
from tracker.models import Edition, Projection, PublishedAction, PublishedRelation, PublishedTerm
from tracker.models.fields import clean_text, validate_plain_text
from tracker.models.ledger import edition_published
from tracker.publishing.lock import take_lock
from tracker.publishing.projections import write_projections

_BATCH = 500

TermKey = tuple[str, str]


class PublishingError(Exception):
    """Why nothing was published: slug (or "kind/slug" of a term) to sentences.

    `by_path` says in addition what of the document each is about (as `checking` does), or what of the Change:
    "change_kind", "change_note". "" = the entry as a whole.
    """

    def __init__(self, problems: Mapping[str, Sequence[str] | Mapping[str, Sequence[str]]]) -> None:
        self.by_path: dict[str, dict[str, list[str]]] = {
            name: {path: list(sentences) for path, sentences in _by_path(found).items()}
            for name, found in problems.items()
        }
        self.problems = {
            name: [sentence for sentences in paths.values() for sentence in sentences]
            for name, paths in self.by_path.items()
        }
        super().__init__("; ".join(f"{name}: {' '.join(found)}" for name, found in self.problems.items()))


def _by_path(found: Sequence[str] | Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    return found if isinstance(found, Mapping) else {"": found}


def random_salt() -> str:
    """Return 128 random bits in hexadecimal, so that a redacted short text cannot be guessed from its digest."""
    return secrets.token_hex(16)


def unprintable(note: str) -> list[str]:
    """Return why `note` cannot stand in the ledger; empty if it can."""
    try:
        validate_plain_text(clean_text(note))
    except ValidationError as error:
        return [f"The note {message[0].lower()}{message[1:]}" for message in error.messages]
    return []


@dataclass
class Press:
    """Collects the sealed rows of one edition and prints them.

    `open` takes the lock and must be called inside a transaction, before anything is read.
    """

    number: int
    previous: str | None
    at: datetime
    by: User | None
    note: str
    salt: Callable[[], str]
    actions: list[PublishedAction] = field(default_factory=list)
    terms: list[PublishedTerm] = field(default_factory=list)
    relations: list[PublishedRelation] = field(default_factory=list)
    replaced: dict[type[Any], list[int]] = field(default_factory=dict)

    @classmethod
    def open(cls, *, by: User | None, at: datetime, note: str, salt: Callable[[], str]) -> "Press":
        """Take the lock and number the edition; its instant never runs behind the one before.

        Raises PublishingError, under "note", for a note with characters that nobody can see.
        """
        if found := unprintable(note):
            raise PublishingError({"note": found})
        take_lock()
        before = Edition.objects.newest()
        at = at.astimezone(UTC).replace(microsecond=0)
        return cls(
            number=before.number + 1 if before else 1,
            previous=before.digest if before else None,
            at=max(at, before.published_at) if before else at,
            by=by,
            note=clean_text(note),
            salt=salt,
        )

    def seal_entry(
        self, slug: str, entry: Mapping[str, Any], *, before: PublishedAction | None, change: str, note: str
    ) -> None:
        """Add a version of an entry; `before` is the row that it replaces."""
        self._seal_action(self._action_record(slug, before, change, note) | {"entry": entry}, before)

    def seal_tombstone(self, before: PublishedAction, *, reason: str, note: str, replaced_by: Sequence[str]) -> None:
        """Add the row that takes an entry away and says why."""
        record = self._action_record(before.slug, before, "retracted", note)
        self._seal_action(record | {"entry": None, "reason": reason, "replaced_by": list(replaced_by)}, before)

    def seal_blank(self, before: Any, **neutral: str) -> None:
        """Add the row that says, under a neutral key, that the law took an entry or term away. Its text is empty."""
        blank = type(before)(
            version=before.version + 1,
            edition_id=self.number,
            record="",
            digest=document.digest(""),
            redacted_in=self.number,
            **neutral,
        )
        self._replace(before)
        if isinstance(blank, PublishedAction):
            blank.change, blank.record_bytes, blank.csv_bytes = "redacted", 0, 0
            self.actions.append(blank)
        else:
            self.terms.append(blank)

    def _action_record(self, slug: str, before: PublishedAction | None, change: str, note: str) -> dict[str, Any]:
        old = json.loads(before.record) if before else {}
        now = document.instant(self.at)
        moved = codebook.CHANGES[change].moves_last_changed or not old
        return {
            "slug": slug,
            "version": old.get("version", 0) + 1,
            "edition": self.number,
            "salt": self.salt(),
            "change": change,
            "change_note": clean_text(note) or None,
            "first_published": old.get("first_published", now),
            "last_changed": now if moved else old["last_changed"],
            "last_change": change if moved else old["last_change"],
        }

    def _seal_action(self, record: dict[str, Any], before: PublishedAction | None) -> None:
        text = document.canonical(record)
        line = document.csv_line(record, public_url=settings.PUBLIC_URL) if record["entry"] else ""
        self._replace(before)
        self.actions.append(
            PublishedAction(
                slug=record["slug"],
                version=record["version"],
                edition_id=self.number,
                change=record["change"],
                change_note=record["change_note"] or "",
                record=text,
                digest=document.digest(text),
                csv=line,
                csv_digest=document.digest(line) if line else "",
                record_bytes=len(text.encode()),
                csv_bytes=len(line.encode()),
            )
        )

    def seal_term(self, key: TermKey, term: Mapping[str, Any], *, before: PublishedTerm | None) -> None:
        """Add a version of a term or source."""
        kind, slug = key
        version = before.version + 1 if before else 1
        text = document.canonical(
            {
                "kind": kind,
                "slug": slug,
                "version": version,
                "edition": self.number,
                "salt": self.salt(),
                "term": term,
            }
        )
        self._replace(before)
        self.terms.append(
            PublishedTerm(
                kind=kind,
                slug=slug,
                version=version,
                edition_id=self.number,
                record=text,
                digest=document.digest(text),
            )
        )

    def seal_relation(
        self, key: str, relation: Mapping[str, Any], *, before: PublishedRelation | None, removed: bool
    ) -> None:
        """Add a version of a relation, or the row that takes it away."""
        version = before.version + 1 if before else 1
        text = document.canonical(
            {
                "key": key,
                "version": version,
                "edition": self.number,
                "salt": self.salt(),
                "removed": removed,
                "relation": relation,
            }
        )
        self._replace(before)
        self.relations.append(
            PublishedRelation(
                key=key,
                version=version,
                edition_id=self.number,
                from_slug=relation["from"],
                kind=relation["kind"],
                in_part=relation["in_part"],
                to_slug=relation["to"],
                removed=removed,
                record=text,
                digest=document.digest(text),
            )
        )

    def _replace(self, before: Any) -> None:
        if before is not None:
            self.replaced.setdefault(type(before), []).append(before.pk)

    def print(self) -> Edition | None:
        """Write the edition with all its rows and projections, and tell the listeners. None if there is no row."""
        if not (self.actions or self.terms or self.relations):
            return None
        edition = Edition(
            number=self.number,
            published_at=self.at,
            published_by=self.by,
            note=self.note,
            columns=len(columns.COLUMNS),
            codebook=codebook.VERSION,
        )
        edition.digest = edition_digest(edition, previous=self.previous, rows=self._row_digests())
        edition.save(force_insert=True)
        self._write_rows()
        edition_published.send(sender=Edition, edition=edition)
        return edition

    def _write_rows(self) -> None:
        for model, keys in self.replaced.items():
            for chunk in chunks(keys):
                model.objects.filter(pk__in=chunk).supersede(self.number)
        for chunk in chunks(self.replaced.get(PublishedAction, [])):
            Projection.objects.filter(pk__in=chunk).update(superseded_in=self.number)
        PublishedTerm.objects.bulk_create(self.terms, batch_size=_BATCH)
        PublishedRelation.objects.bulk_create(self.relations, batch_size=_BATCH)
        PublishedAction.objects.bulk_create(self.actions, batch_size=_BATCH)
        write_projections(self.actions)

    def _row_digests(self) -> Iterator[str]:
        yield from (row_digest("action", row.digest, row.csv_digest) for row in self.actions)
        yield from (row_digest("term", row.digest) for row in self.terms)
        yield from (row_digest("relation", row.digest) for row in self.relations)


def row_digest(kind: str, json_digest: str, csv_digest: str = "") -> str:
    """Return how one sealed row stands in the digest of its edition. No slug: a redaction changes it."""
    return f"{kind} {json_digest} {csv_digest}".rstrip()


def edition_digest(edition: Edition, *, previous: str | None, rows: Iterable[str]) -> str:
    """Return the digest that chains `edition` to `previous` (the digest of the edition before) and seals its rows."""
    return document.digest(
        document.canonical(
            {
                "previous": previous,
                "number": edition.number,
                "published_at": document.instant(edition.published_at),
                "note": edition.note,
                "codebook": edition.codebook,
                "rows": sorted(rows),
            }
        )
    )


def chunks(items: Sequence[Any], size: int = _BATCH) -> Iterator[Sequence[Any]]:
    """Yield `items` in pieces that fit into one statement."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
