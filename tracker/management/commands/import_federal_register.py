"""`manage.py import_federal_register`: the Federal Register's list of executive orders -> entries, kept up to date.

Plan, then apply: all or nothing, one edition. Run it again with next month's list: what the register changed is
updated, what editors did stays.
"""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.columns import guard
from tracker.datapackage import Manner, NoteMissingError, StalePlanError, apply_in_manner
from tracker.datapackage.federal_register import REASON, RegisterPlan, plan_listing, read_listing
from tracker.datapackage.federal_register.documents import MAX_BYTES
from tracker.datapackage.read import MAX_ROWS
from tracker.management.commands.load_package import summary
from tracker.publishing import PublishingError


class Command(BaseCommand):
    help = "Import the Federal Register's list of executive orders (.csv or .json of its document search)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The exported list: CSV, or JSON of the API.")
        parser.add_argument("--publish", action="store_true", help="Publish what was imported, as one edition.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument("--note", default="", help="What readers are told about the edition and its changes.")
        parser.add_argument("--max-rows", type=int, default=MAX_ROWS, help="Refuse longer files (%(default)s rows).")
        parser.add_argument("--problems", type=Path, help="Write what an editor should look at into this CSV.")
        parser.add_argument("--user", help="The user name under which it is saved and published.")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        at = timezone.now()
        by = _user(options.get("user"))
        found = _planned(path, today=at.date(), publish=options["publish"], max_rows=options["max_rows"])
        self._tell(found, verbosity=options["verbosity"])
        if options["problems"]:
            _write_problems(found, options["problems"])
        if found.plan.faults:
            raise CommandError(_refusal(found))
        if options["dry_run"]:
            self.stdout.write("Nothing was saved: this was a dry run.")
        else:
            manner = Manner(publish=options["publish"], note=options["note"], reason=REASON)
            self._apply(found, manner, by=by, at=at)

    def _apply(self, found: RegisterPlan, manner: Manner, *, by: User | None, at: datetime) -> None:
        try:
            outcome = apply_in_manner(found.plan, manner, by=by, at=at)
        except PublishingError as error:
            lines = [f"{slug}: {' '.join(sentences)}" for slug, sentences in error.problems.items()]
            raise CommandError("\n".join([*lines, "This cannot be published: nothing was saved."])) from error
        except (NoteMissingError, StalePlanError) as error:
            raise CommandError(f"{error} Nothing was saved.") from error
        if outcome.edition:
            self.stdout.write(f"Published edition {outcome.edition.number}.")
        elif manner.publish:
            self.stdout.write("Nothing new to publish.")

    def _tell(self, found: RegisterPlan, *, verbosity: int) -> None:
        for line in summary(found.plan):
            self.stdout.write(line)
        not_understood = sum(each.reason.startswith("This was not understood") for each in found.leftovers)
        self.stdout.write(
            f"Orders: {found.matched} known before, {len(found.vanished)} known here and not in this list (they stay), "
            f"{len(found.elsewhere)} of them changed because others in it say so."
        )
        self.stdout.write(
            f"Disposition notes: {found.statements} statements; for an editor: "
            f"{len(found.leftovers) - not_understood} not believed, {not_understood} not understood."
        )
        if verbosity > 1:
            for each in found.leftovers:
                self.stdout.write(f"{found.plan.name}:{each.row}: EO {each.number}: {each.text!r}. {each.reason}")
            for note in found.plan.notes:
                self.stdout.write(note)


def _planned(path: Path, *, today: date, publish: bool, max_rows: int) -> RegisterPlan:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(f"{path.name} is larger than any list of the register: {MAX_BYTES} bytes at most.")
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name} cannot be read: {error.strerror}.") from error
    listing = read_listing(content, name=path.name, max_rows=max_rows)
    return plan_listing(listing, today=today, publish=publish)


def _write_problems(found: RegisterPlan, path: Path) -> None:
    """Write row, column, value and reason of everything that an editor should look at."""
    rows: list[tuple[int | str, str, str, str]]
    rows = [(each.row, "disposition_notes", each.text, each.reason) for each in found.leftovers]
    rows += [(fault.row or "", fault.column or "", "", fault.message) for fault in found.plan.faults]
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(("row", "column", "value", "reason"))
        lines.writerows([guard(str(cell)) for cell in row] for row in rows)


def _refusal(found: RegisterPlan) -> str:
    lines = [str(fault) for fault in found.plan.faults]
    count = len(found.plan.faults)
    return "\n".join([*lines, f"{count} fault{'s' if count > 1 else ''} in {found.plan.name}: nothing was saved."])


def _user(name: str | None) -> User | None:
    if name is None:
        return None
    try:
        return User.objects.get(username=name, is_active=True)
    except User.DoesNotExist as error:
        raise CommandError(f"There is no active user {name!r}.") from error
