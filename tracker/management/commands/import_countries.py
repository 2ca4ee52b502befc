"""`manage.py import_countries`: creates the countries of a table of ISO 3166 codes that are missing here."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.datapackage.reference import ListError, missing_countries, read_countries
from tracker.management.commands.import_agencies import load_terms


class Command(BaseCommand):
    help = "Create the countries of a table of ISO 3166 codes (.csv) that are missing, by code or name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="The table.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            countries = read_countries(path.read_bytes())
        except (OSError, ListError) as error:
            raise CommandError(f"{path.name}: {error}") from error
        package = missing_countries(countries, name=path.name)
        self.stdout.write(load_terms(package, len(countries), dry_run=options["dry_run"]))
