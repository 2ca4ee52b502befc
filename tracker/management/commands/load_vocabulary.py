"""`manage.py load_vocabulary`: brings the reference terms and the groups of fixtures/ into the database.

It only ever creates. A term that is there, under its slug or under its name, stays as its editors made it,
and a group keeps its rights; so the command may run at every start. A term that was deleted comes back.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from tracker.models import Actor, AffectedParty, Agency, Category, Topic
from tracker.models.vocabulary import Term, name_key

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"

# File -> what it holds, each after the files it refers to.
TERMS: dict[str, type[Term]] = {
    "categories.json": Category,
    "topics.json": Topic,
    "actors.json": Actor,
    "parties.json": AffectedParty,
    "agencies.json": Agency,
}
GROUPS = "groups.json"

# One object of a file: field -> value.
Fields = dict[str, Any]


class Command(BaseCommand):
    help = "Create the reference terms and groups that are missing. Changes nothing that exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--directory", type=Path, default=FIXTURES, help="Where the files are.")

    def handle(self, *args: Any, directory: Path = FIXTURES, **options: Any) -> None:
        with transaction.atomic():
            for name, (created, found) in load(directory, at=timezone.now()).items():
                self.stdout.write(f"{name:<16} {created:>4} created  {found:>4} there already")


def load(directory: Path, *, at: datetime) -> dict[str, tuple[int, int]]:
    """Load every file of `directory`; return file -> (created, there already).

    `at` is the instant that the histories of new terms give. One query a file when nothing is missing, and
    inserts in batches otherwise (the whole vocabulary: 0.3 s on SQLite).
    Raises CommandError when a file is missing or no JSON, or refers to something unknown.
    """
    loader = Loader(at=at)
    counts = {name: loader.load_terms(model, _read(directory / name)) for name, model in TERMS.items()}
    return counts | {GROUPS: load_groups(_read(directory / GROUPS))}


class Loader:
    """Creates missing terms, and remembers which row each slug of the files stands for."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.keys: dict[tuple[type[Term], str], int] = {}

    def load_terms(self, model: type[Term], entries: list[Fields]) -> tuple[int, int]:
        """Create the entries that are missing; return (created, there already)."""
        waiting = self._missing(model, entries)
        created = len(waiting)
        while waiting:
            ready = [entry for entry in waiting if self._is_resolved(model, entry)]
            if not ready:
                raise CommandError(f"Refers to an unknown term, or to itself: {_slugs(waiting)}")
            self._create(model, ready)
            waiting = [entry for entry in waiting if (model, entry["slug"]) not in self.keys]
        return created, len(entries) - created

    def _missing(self, model: type[Term], entries: list[Fields]) -> list[Fields]:
        """Return the entries that no row stands for, by slug or else by name; note the rows of the others."""
        rows = model._default_manager.values_list("pk", "slug", "name_key")
        by_slug = {slug: pk for pk, slug, _ in rows}
        by_name = {key: pk for pk, _, key in rows}
        missing = []
        for entry in entries:
            pk = by_slug.get(entry["slug"]) or by_name.get(name_key(entry["name"]))
            if pk is None:
                missing.append(entry)
            else:
                self.keys[model, entry["slug"]] = pk
        return missing

    def _is_resolved(self, model: type[Term], entry: Fields) -> bool:
        return all(key in self.keys for key in _references(model, entry).values())

    def _create(self, model: type[Term], entries: list[Fields]) -> None:
        """Create rows whose references are known, each with the first line of its history."""
        terms = [self._build(model, entry) for entry in entries]
        bulk_create_with_history(terms, model, default_date=self.at, default_change_reason="Loaded from fixtures")
        self.keys |= {(model, term.slug): term.pk for term in terms}

    def _build(self, model: type[Term], entry: Fields) -> Term:
        references = _references(model, entry)
        plain = {name: value for name, value in entry.items() if name not in references}
        term = model(**plain, **{f"{name}_id": self.keys[key] for name, key in references.items()})
        term.prepare()
        return term


def load_groups(entries: list[Fields]) -> tuple[int, int]:
    """Create the groups that are missing, with their rights; return (created, there already)."""
    existing = set(Group.objects.values_list("name", flat=True))
    missing = [entry for entry in entries if entry["name"] not in existing]
    for entry in missing:
        permissions = [_permission(*key) for key in entry["permissions"]]
        Group.objects.create(name=entry["name"]).permissions.set(permissions)
    return len(missing), len(entries) - len(missing)


def _permission(codename: str, app_label: str, model: str) -> Permission:
    try:
        return Permission.objects.get_by_natural_key(codename, app_label, model)
    except Permission.DoesNotExist as error:
        raise CommandError(f"No permission {app_label}.{codename}: run `manage.py migrate` first.") from error


def _references(model: type[Term], entry: Fields) -> dict[str, tuple[type[Term], str]]:
    """Return the foreign keys of an entry: field -> (model, slug). The files have `["slug"]`."""
    fields = [model._meta.get_field(name) for name, value in entry.items() if isinstance(value, list)]
    return {field.name: (cast(type[Term], field.related_model), entry[field.name][0]) for field in fields}


def _read(path: Path) -> list[Fields]:
    """Return the fields of each object in a fixture file."""
    try:
        return [row["fields"] for row in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError) as error:
        raise CommandError(f"{path.name} cannot be read: {error}") from error


def _slugs(entries: Iterable[Fields]) -> str:
    return ", ".join(sorted(entry["slug"] for entry in entries))
