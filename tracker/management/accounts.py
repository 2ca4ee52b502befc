"""Under whose name a command saves and publishes."""

from django.contrib.auth.models import User
from django.core.management.base import CommandError


def active_user(name: str | None) -> User | None:
    """Return the active user with this name, None for no name. Raises CommandError."""
    if name is None:
        return None
    try:
        return User.objects.get(username=name, is_active=True)
    except User.DoesNotExist as error:
        raise CommandError(f"There is no active user {name!r}.") from error
