"""`manage.py import_table`: says what a stranger's table would do to the record, then does all or nothing."""

import csv
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.datapackage import NoteMissingError, StalePlanError, apply_plan
from tracker.datapackage.mapping import (
    MappedPlan,
    MappingError,
    Problem,
    TableMapping,
    load_mapping,
    plan_mapped,
    problem_cells,
    read_table,
)
from tracker.datapackage.read import MAX_ROWS
from tracker.management.accounts import active_user
from tracker.publishing import PublishingError

_TOLD = 20
"""Problems that are printed; all of them go into the file of --problems."""
_STAGES = ("read the file", "read the rows", "save", "done")


class Command(BaseCommand):
    help = (
        "Import a table of somebody else (CSV, TSV, XLSX, JSON, JSON Lines) as a mapping file says: plan, then apply. "
        "All or nothing, one edition; the next version of the file updates what the last one wrote."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE", help="The table.")
        parser.add_argument("--map", type=Path, required=True, metavar="MAP", help="What its columns mean (.toml).")
        parser.add_argument("--publish", action="store_true", help="Publish what was imported, as one edition.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")
        parser.add_argument("--note", default="", help="What readers are told about the edition and its changes.")
        parser.add_argument("--max-rows", type=int, default=MAX_ROWS, help="Refuse longer files (%(default)s rows).")
        parser.add_argument("--problems", type=Path, metavar="CSV", help="Write every problem into this file.")
        parser.add_argument("--user", help="The user name under which it is saved and published.")

    def handle(self, *args: Any, path: Path, publish: bool = False, dry_run: bool = False, **options: Any) -> None:
        at, by = timezone.now(), active_user(options.get("user"))
        bar = Bar(self.stderr, is_on=sys.stderr.isatty())
        mapping = _mapping(options["map"])
        with bar.shown():
            found = _planned(path, mapping, bar, at=at, publish=publish, max_rows=options.get("max_rows") or MAX_ROWS)
        self._report(found, mapping, options)
        if dry_run:
            self._say("Nothing was saved: this was a dry run.", options)
            return
        with bar.shown():
            bar.at(2, f"{len(found.plan.drafts):,}")
            self._apply(found, by=by, at=at, publish=publish, options=options)

    def _apply(self, found: MappedPlan, *, by: User | None, at: datetime, publish: bool, options: Any) -> None:
        try:
            outcome = apply_plan(found.plan, by=by, at=at, publish=publish, note=options.get("note") or "")
        except PublishingError as error:
            lines = [f"row {found.plan.rows.get(slug)}: {' '.join(said)}" for slug, said in error.problems.items()]
            raise CommandError("\n".join([*lines[:_TOLD], "It cannot be published: nothing was saved."])) from error
        except (NoteMissingError, StalePlanError) as error:
            raise CommandError(f"{error} Nothing was saved.") from error
        if outcome.edition:
            self._say(f"Saved {outcome.saved:,} entries. Published edition {outcome.edition.number}.", options)
        else:
            self._say(f"Saved {outcome.saved:,} entries.{' Nothing new to publish.' if publish else ''}", options)

    # --- the report --------------------------------------------------------------------------------------------

    def _report(self, found: MappedPlan, mapping: TableMapping, options: dict[str, Any]) -> None:
        """Print what was found; raise CommandError when anything was refused."""
        for note in found.plan.notes[:1] if options.get("verbosity", 1) < 2 else found.plan.notes:
            self._say(note, options)
        self._say(summary(found, mapping), options)
        if options.get("problems"):
            write_problems(options["problems"], found.problems)
            self._say(f"{len(found.problems):,} problems written to {options['problems']}.", options)
        refused = [problem for problem in found.problems if problem.state == "refused"]
        others = [problem for problem in found.problems if problem.state in ("queued", "conflict")]
        for line in _lines(others):
            self._say(line, options)
        if found.plan.faults:
            raise CommandError("\n".join([*_lines(refused), f"{found.plan.name} is refused: nothing was saved."]))

    def _say(self, line: str, options: dict[str, Any]) -> None:
        if options.get("verbosity", 1) >= 1:
            self.stdout.write(line)


def _planned(
    path: Path, mapping: TableMapping, bar: "Bar", *, at: datetime, publish: bool, max_rows: int
) -> MappedPlan:
    """Return the plan of a file; its rows are forgotten on the way out, before there are entries to save."""
    bar.at(0)
    table = read_table(path, mapping, max_rows=max_rows)
    bar.at(1, f"{len(table.rows):,}")
    return plan_mapped(table, mapping, today=at.date(), publish=publish)


def summary(found: MappedPlan, mapping: TableMapping) -> str:
    """Return what a plan comes to, in one line."""
    counts = found.counts
    words = found.plan.vocabulary
    created = f" {len(words.terms):,} new terms, {len(words.sources):,} new sources." if words else ""
    told = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    return f"{found.plan.name} by {mapping.name}: {told}.{created}"


def write_problems(path: Path, problems: list[Problem]) -> None:
    """Write a CSV of all problems. Raises CommandError."""
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            names = ("state", "row", "column", "value", "reason", "entry")
            writer = csv.DictWriter(stream, names)
            writer.writeheader()
            writer.writerows(problem_cells(problem) for problem in problems)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def _lines(problems: list[Problem]) -> Iterator[str]:
    for problem in problems[:_TOLD]:
        place = ", ".join(part for part in (problem.row and f"row {problem.row}", problem.column, problem.slug) if part)
        yield f"{problem.state}: {place}: {problem.reason}" if place else f"{problem.state}: {problem.reason}"
    if len(problems) > _TOLD:
        yield f"... and {len(problems) - _TOLD:,} more: give --problems to have them all."


def _mapping(path: Path) -> TableMapping:
    try:
        return load_mapping(path)
    except MappingError as error:
        raise CommandError("\n".join([*error.sentences, "The mapping cannot be used: nothing was read."])) from error


class Bar:
    """A line on a terminal that says how far the import is; nothing anywhere else."""

    def __init__(self, stream: Any, *, is_on: bool) -> None:
        self.stream, self.is_on, self.since = stream, is_on, monotonic()

    def at(self, stage: int, what: str = "") -> None:
        """Say which stage begins, and how much there is to do in it."""
        done = "#" * (stage * 10) + "." * ((len(_STAGES) - 1 - stage) * 10)
        self._tell(f"[{done}] {_STAGES[stage]} {what} ({monotonic() - self.since:.0f} s)")

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Take the line away at the end, also of a failure."""
        try:
            yield
        finally:
            self._tell("")

    def _tell(self, line: str) -> None:
        if self.is_on:
            self.stream.write(f"\r\033[K{line}", ending="")
            self.stream.flush()
