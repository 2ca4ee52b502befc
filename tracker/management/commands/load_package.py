"""`manage.py load_package`: says what a data package or a table would do to the record, then does all or nothing.

It may run at every start: what exists is never overwritten unless its row names the published version that it was
edited from (see `tracker.datapackage.merging`).
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.datapackage import NoteMissingError, Plan, StalePlanError, apply_plan, plan_file, read_file
from tracker.datapackage.read import MAX_ROWS
from tracker.management.accounts import active_user
from tracker.publishing import PublishingError


class Command(BaseCommand):
    help = (
        "Load a data package (folder or .zip) or a table of actions (.csv, .xlsx): plan, then apply. All or nothing; "
        "every fault is named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="A folder or zip with datapackage.json, or a table of actions.")
        parser.add_argument("--publish", action="store_true", help="Publish what was loaded, as one edition.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument("--note", default="", help="What readers are told about the edition and its changes.")
        parser.add_argument("--max-rows", type=int, default=MAX_ROWS, help="Refuse longer files (%(default)s rows).")
        parser.add_argument("--user", help="The user name under which it is saved and published.")

    def handle(self, *args: Any, path: Path, publish: bool = False, dry_run: bool = False, **options: Any) -> None:
        at = timezone.now()
        by = active_user(options.get("user"))
        self._say(f"Reading {path} ...", options, least=2)
        found = read_file(path, max_rows=options.get("max_rows") or MAX_ROWS)
        plan = plan_file(found, today=at.date(), publish=publish)
        self._tell(plan, options)
        if plan.faults:
            raise CommandError(_refusal(plan))
        if dry_run:
            self._say("Nothing was saved: this was a dry run.", options)
            return
        self._apply(plan, by=by, at=at, publish=publish, options=options)

    def _apply(self, plan: Plan, *, by: User | None, at: datetime, publish: bool, options: dict[str, Any]) -> None:
        if plan.drafts:
            self._say(f"Saving {len(plan.drafts)} entries ...", options, least=2)
        try:
            outcome = apply_plan(plan, by=by, at=at, publish=publish, note=options.get("note") or "")
        except PublishingError as error:
            raise CommandError(_objections(plan, error)) from error
        except (NoteMissingError, StalePlanError) as error:
            raise CommandError(f"{error} Nothing was saved.") from error
        if outcome.edition:
            self._say(f"Published edition {outcome.edition.number}.", options)
        elif publish:
            self._say("Nothing new to publish.", options)

    def _tell(self, plan: Plan, options: dict[str, Any]) -> None:
        """Print what was found, in numbers; what was left aside one by one at verbosity 2."""
        for line in summary(plan):
            self._say(line, options)
        for conflict in plan.conflicts:
            self.stderr.write(str(conflict))
        for note in plan.notes:
            self._say(note, options, least=2)

    def _say(self, line: str, options: dict[str, Any], *, least: int = 1) -> None:
        if options.get("verbosity", 1) >= least:
            self.stdout.write(line)


def summary(plan: Plan) -> Iterable[str]:
    """Yield the lines that say what a plan comes to."""
    yield (
        f"{plan.name}: {len(plan.new)} new, {len(plan.changed)} changed, {len(plan.same)} the same, "
        f"{len(plan.kept)} kept as they are here, {len(plan.conflicting)} in conflict, "
        f"{len(plan.refused)} refused."
    )
    if words := plan.vocabulary:
        yield f"Terms: {len(words.terms)} new, {words.terms_there} there already."
        yield f"Sources: {len(words.sources)} new, {words.sources_there} there already."
    if plan.notes:
        yield f"Notes: {len(plan.notes)}, shown with --verbosity 2."


def _refusal(plan: Plan) -> str:
    lines = [str(fault) for fault in plan.faults]
    if plan.faults.dropped:
        lines.append(f"... and {plan.faults.dropped} more.")
    found = len(plan.faults)
    return "\n".join([*lines, f"{found} fault{'s' if found > 1 else ''} in {plan.name}: nothing was saved."])


def _objections(plan: Plan, error: PublishingError) -> str:
    """Return what the ledger refused, at the rows of the entries that it named."""
    file = plan.name if plan.name.endswith((".csv", ".xlsx")) else "actions.csv"
    places = {slug: f"{file}:{row}" for slug, row in plan.rows.items()}
    lines = [f"{places.get(slug, slug)}: {' '.join(sentences)}" for slug, sentences in error.problems.items()]
    return "\n".join([*lines, f"{plan.name} cannot be published: nothing was saved."])
