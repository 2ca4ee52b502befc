"""`manage.py import_agencies`: creates the public bodies of a government's list that are missing here."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.datapackage import Package, apply_plan, make_plan
from tracker.datapackage.reference import ListError, missing_bodies, read_bodies


class Command(BaseCommand):
    help = (
        "Create the agencies of a list that are missing: the Federal Register's (.csv) or reginfo's (.xml). What is "
        "here, under its name or an alias, stays as its editors made it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The list.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            bodies = read_bodies(path.read_bytes())
        except (OSError, ListError) as error:
            raise CommandError(f"{path.name}: {error}") from error
        self.stdout.write(load_terms(missing_bodies(bodies, name=path.name), len(bodies), dry_run=options["dry_run"]))


def load_terms(package: Package, listed: int, *, dry_run: bool) -> str:
    """Create the terms of `package`, unless it is a dry run, and return what to say of that. All or nothing."""
    at = timezone.now()
    plan = make_plan(package, today=at.date())
    if plan.faults:
        raise CommandError("\n".join([*map(str, plan.faults), f"{package.name}: nothing was saved."]))
    created = len(plan.vocabulary.terms) if plan.vocabulary else 0
    if not dry_run:
        apply_plan(plan, by=None, at=at)
    verb = "would be created" if dry_run else "created"
    return f"{package.name}: {listed} listed, {created} {verb}, {listed - created} there already."
