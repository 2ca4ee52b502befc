"""For those whom a court or the law obliges: take a text out of everything, in two steps by two people."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from tracker.models import Redaction
from tracker.publishing import redaction
from tracker.publishing.redaction import Found, RedactionError


class Command(BaseCommand):
    """Show what holds a text; ask for its redaction; confirm what somebody else asked for; replay a list."""

    help = (
        "Redact a text: --search TEXT shows everything that holds it; with --ask it waits for another person, who "
        "confirms it with --confirm NUMBER. --replay FILE redacts a restored backup again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what can be done, and by whom."""
        act = parser.add_mutually_exclusive_group(required=True)
        act.add_argument("--search", metavar="TEXT", help="show everything that holds this text")
        act.add_argument("--show", type=int, metavar="NUMBER", help="show what a waiting redaction would do")
        act.add_argument("--confirm", type=int, metavar="NUMBER", help="carry out what somebody else asked for")
        act.add_argument("--withdraw", type=int, metavar="NUMBER", help="forget what waits")
        act.add_argument("--replay", type=Path, metavar="FILE", help="redact again what `redactions` had written")
        act.add_argument("--vacuum", action="store_true", help="overwrite what was deleted in the database's files")
        parser.add_argument("--ask", action="store_true", help="with --search: ask for the redaction")
        parser.add_argument("--by", default="", metavar="NAME", help="the account of the person who acts")
        parser.add_argument("--reason", default="", help="the court, the law, the day; never the text itself")
        parser.add_argument("--seen", default="", help="the mark under the list, as it was shown")

    def handle(self, *_: Any, **told: Any) -> None:
        """Do one thing; say what is wrong in words and leave everything as it is."""
        try:
            for line in self._done(told):
                self.stdout.write(line)
        except RedactionError as error:
            raise CommandError("\n".join(error.problems)) from error

    def _done(self, told: dict[str, Any]) -> Iterator[str]:
        if told["vacuum"]:
            yield from _vacuumed()
        elif told["replay"] is not None:
            yield from _replayed(told["replay"])
        elif told["search"] is not None:
            yield from _asked(told) if told["ask"] else shown(redaction.find(told["search"]))
        elif told["show"] is not None:
            yield from shown(redaction.find(_waiting(told["show"]).text))
        elif told["withdraw"] is not None:
            redaction.withdraw(_waiting(told["withdraw"]), by=_person(told["by"]))
            yield "Withdrawn."
        else:
            edition = redaction.confirm(told["confirm"], by=_person(told["by"]), at=timezone.now(), seen=told["seen"])
            yield f"Redacted in edition {edition.number}." if edition else "Forgotten; nothing of it was public."
            yield "Now: redact --vacuum, redactions > a file kept apart from backups, and fresh backups for old ones."


def shown(found: Found) -> Iterator[str]:
    """Yield what a search found, a line each, and the mark by which both people know the list."""
    for item in found.items:
        yield f"{item.how:<10} {item.kind:<10} {item.slug}  “{item.name}”, {item.versions} public version(s)"
    if found.relations:
        yield f"{len(found.relations)} published relation(s) lose their text."
    yield "Files that wait to be imported are removed, whatever they hold."
    yield from (f"Out of reach: {sentence}" for sentence in found.unreachable)
    yield from (f"In the way: {sentence}" for sentence in found.refused)
    yield f"{len(found.items)} on the list. Its mark: {redaction.fingerprint(found)}"


def _asked(told: dict[str, Any]) -> Iterator[str]:
    waiting = redaction.ask(
        told["search"], reason=told["reason"], by=_person(told["by"]), at=timezone.now(), seen=told["seen"]
    )
    yield f"Redaction {waiting.pk} waits for another person: redact --confirm {waiting.pk} --by NAME --seen MARK"


def _waiting(number: int) -> Redaction:
    waiting = Redaction.objects.waiting().filter(pk=number).first()
    if waiting is None:
        raise CommandError(f"No redaction {number} waits.")
    return waiting


def _person(name: str) -> User:
    person = User.objects.filter(username=name).first()
    if person is None:
        raise CommandError(f"--by: there is no account {name!r}.")
    return person


def _replayed(path: Path) -> Iterator[str]:
    try:
        lines = redaction.read_list(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        edition = redaction.replay(line, at=timezone.now())
        yield f"Line {number}: " + (f"redacted in edition {edition.number}." if edition else "nothing of it is here.")


def _vacuumed() -> Iterator[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield "What was deleted is overwritten in the database's own files; not in backups, nor in archives of its log."
