"""`manage.py demo`: the two accounts of the demo on this machine, made once by `make run`."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

# user name -> group; the groups and their rights come with `load_vocabulary`.
ACCOUNTS = {"editor": "Editors", "reviewer": "Reviewers"}

# No letter that is easily read as another: passwords are copied from a terminal by eye.
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def random_password() -> str:
    """Return five groups of four characters: 100 bits, and long enough for the validators."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(5))


class Command(BaseCommand):
    help = "Create an editor and a reviewer for the demo and print their passwords, once."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.INSECURE_LOCAL:
            raise CommandError("The demo's accounts are for INSECURE_LOCAL=1 only; use createsuperuser.")
        lines = self._create_accounts()
        self.stdout.write(f"\n  Timeline  {settings.PUBLIC_URL}/\n  Admin     {settings.PUBLIC_URL}/admin/\n")
        self.stdout.write("\n".join(lines) + "\n")

    @transaction.atomic
    def _create_accounts(self) -> list[str]:
        """Create the accounts that do not exist yet; return what to print about each."""
        groups = Group.objects.in_bulk(list(ACCOUNTS.values()), field_name="name")
        missing = sorted(set(ACCOUNTS.values()) - groups.keys())
        if missing:
            raise CommandError(f"No group {', '.join(missing)}: run `manage.py load_vocabulary` first.")
        lines = [_account(username, group=groups[name]) for username, name in ACCOUNTS.items()]
        return [line for line in lines if line] or [
            "  The accounts editor and reviewer exist; for a new password:",
            "  INSECURE_LOCAL=1 .venv/bin/python manage.py changepassword editor",
        ]


def _account(username: str, *, group: Group) -> str:
    """Create a member of the staff; return the line with the password, or nothing if the name is taken."""
    if User.objects.filter(username=username).exists():
        return ""
    password = random_password()
    user = User.objects.create_user(username=username, password=password, is_staff=True)
    user.groups.add(group)
    return f"  {username:<9} {password}   (shown this once)"
