"""Redaction: the law takes a text away. One person asks, another confirms, once; the ledger still verifies.

What was redacted is listed by digests alone (`kept_list`), so that it can be kept apart from the database and
carried out again (`replay`) on a backup that was made before.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from tracker.models import Edition, PublishedAction, PublishedRelation, PublishedTerm, Redaction
from tracker.models.fields import clean_text
from tracker.publishing.lock import take_lock
from tracker.publishing.redaction.carrying_out import Work, carry_out
from tracker.publishing.redaction.finding import FORGOTTEN, REMOVED, REPRINTED, Found, Item, Key, find

__all__ = [
    "FORGOTTEN",
    "REDACT",
    "REMOVED",
    "REPRINTED",
    "Found",
    "Item",
    "RedactionError",
    "ask",
    "confirm",
    "find",
    "fingerprint",
    "kept_list",
    "may_redact",
    "read_list",
    "replay",
    "withdraw",
]

REDACT = "tracker.redact"


class RedactionError(Exception):
    """Why nothing was redacted: sentences."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


def may_redact(user: User) -> bool:
    """Return whether `user` may ask for and confirm redactions."""
    return user.is_active and user.has_perm(REDACT)


def fingerprint(found: Found) -> str:
    """Return a digest of a list, by which both people can tell that they saw the same one."""
    told = [[asdict(item) for item in found.items], found.relations]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


@transaction.atomic
def ask(text: str, *, reason: str, by: User, at: datetime, seen: str) -> Redaction:
    """Ask for the redaction of `text`; another person confirms it.

    `seen` is the fingerprint of the list that was shown. Raises RedactionError.
    """
    text, reason = clean_text(text).strip(), clean_text(reason).strip()
    _refuse(may_redact(by), "This account has no right to redact.")
    _refuse(bool(reason), "Say why: the court, the law, the day.")
    _refuse(text.casefold() not in reason.casefold(), "The reason is kept: it must not hold the text itself.")
    found = find(text)
    _refuse_list(found, seen)
    listed = {"seen": seen, "count": len(found.items)}
    return Redaction.objects.create(text=text, reason=reason, listed=listed, asked_by=by, asked_at=at)


def withdraw(redaction: Redaction, *, by: User) -> None:
    """Forget a redaction that waits, with the text that it names. Raises RedactionError."""
    _refuse(may_redact(by), "This account has no right to redact.")
    gone, _ = Redaction.objects.waiting().filter(pk=redaction.pk).delete()
    _refuse(bool(gone), "It was carried out already.")


@transaction.atomic
def confirm(key: int, *, by: User, at: datetime, seen: str) -> Edition | None:
    """Carry out what somebody else asked for; return the edition, None where nothing of it was public.

    Raises RedactionError, and then changes nothing.

    `seen` is the fingerprint of the list that was shown to `by`: it must be the one that was asked for, and still be
    what the search finds.
    """
    take_lock()  # nobody publishes between the search and what follows from it
    redaction = Redaction.objects.waiting().filter(pk=key).first()
    if redaction is None:
        raise RedactionError(["It was carried out or withdrawn already."])
    _refuse(may_redact(by), "This account has no right to redact.")
    _refuse(by.pk != redaction.asked_by_id, "Another person than the one who asked confirms it.")
    found = find(redaction.text)
    _refuse(seen == redaction.listed["seen"], "This is not the list that was asked for: withdraw it and ask again.")
    _refuse_list(found, seen)
    Redaction.objects.filter(pk=key).update(under_way=True)
    work = Work(items=found.items, relations=found.relations)
    edition = carry_out(work, by=by, at=at, text=redaction.text)
    Redaction.objects.filter(pk=key).update(
        text="",
        listed=work.listed,
        confirmed_by=by,
        confirmed_at=at,
        edition=edition and edition.number,
        under_way=False,
    )
    return edition


def _refuse_list(found: Found, seen: str) -> None:
    if found.refused:
        raise RedactionError(found.refused)
    _refuse(bool(found.items or found.relations), "Nothing holds this text.")
    _refuse(seen == fingerprint(found), "What the search finds has changed: look at the list again.")


def _refuse(holds: bool, sentence: str) -> None:
    if not holds:
        raise RedactionError([sentence])


# --- the list that is kept apart -----------------------------------------------------------------------------------


def kept_list() -> Iterator[dict[str, Any]]:
    """Yield every redaction that was carried out, oldest first: digests and neutral names, nothing of the text."""
    for redaction in Redaction.objects.done().order_by("pk"):
        at = redaction.confirmed_at or redaction.asked_at
        yield {"edition": redaction.edition, "at": at.isoformat(), "reason": redaction.reason, **redaction.listed}


def read_list(text: str) -> list[dict[str, Any]]:
    """Return the lines of a list that was kept apart. Raises ValueError for what is none."""
    lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        if not isinstance(line, dict) or not {"items", "relations", "reason"} <= line.keys():
            raise ValueError(f"Line {number} is not of a list of redactions.")
    return lines


@transaction.atomic
def replay(line: Mapping[str, Any], *, at: datetime) -> Edition | None:
    """Carry out again, on a restored copy, what one line of the list names; None where nothing of it is left.

    Two people decided then: nobody is asked again. What has neither a row in this copy nor a text is left alone.
    """
    take_lock()
    items, names = _items_of(line["items"])
    relations = {key: each["neutral"] for each in line["relations"] for key in _relation_keys(each["digests"])}
    if not (relations or any(item.how != FORGOTTEN for item in items)):
        return None
    redaction = Redaction.objects.create(reason=line["reason"], asked_at=at, under_way=True)
    work = Work(items=items, relations=sorted(relations), names=names, relation_names=relations)
    edition = carry_out(work, by=None, at=at)
    Redaction.objects.filter(pk=redaction.pk).update(
        listed=dict(line) | work.listed, confirmed_at=at, edition=edition and edition.number, under_way=False
    )
    return edition


def _items_of(lines: list[Mapping[str, Any]]) -> tuple[list[Item], dict[Key, str]]:
    """Return what of the list has a text in this copy, under the neutral names that it was given then.

    An entry that stayed is reprinted only if the version from which it was stands here; any other may hold the text.
    """
    items, names = [], {}
    for line in lines:
        model: Any = PublishedAction if line["kind"] == "action" else PublishedTerm
        rows = list(model.objects.filter(digest__in=line["digests"], redacted_in=None).order_by("version"))
        if not rows:
            continue
        slug, last = rows[-1].slug, rows[-1]
        how = REMOVED if line["how"] == REPRINTED and last.digest != line["from"] else line["how"]
        items.append(Item(line["kind"], slug, slug, how, len(rows)))
        if how == REMOVED and line["neutral"]:
            names[line["kind"], slug] = line["neutral"]
    return items, names


def _relation_keys(digests: list[str]) -> set[str]:
    rows = PublishedRelation.objects.filter(digest__in=digests, redacted_in=None)
    return set(rows.values_list("key", flat=True))
