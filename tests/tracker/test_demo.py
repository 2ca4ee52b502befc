"""`manage.py demo` makes two accounts, shows their passwords once and never touches them again."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tracker.management.commands.demo import random_password


def _demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(("username", "group"), [("editor", "Editors"), ("reviewer", "Reviewers")])
def test_printed_password_opens_the_account(staff_groups: None, username: str, group: str) -> None:
    found = re.search(rf"^  {username} +(\S+)", _demo(), re.MULTILINE)
    assert found
    user = authenticate(username=username, password=found[1])
    assert isinstance(user, User)
    assert user.is_staff
    assert not user.is_superuser
    assert [each.name for each in user.groups.all()] == [group]


def test_second_run_changes_no_password(staff_groups: None) -> None:
    _demo()
    before = dict(User.objects.values_list("username", "password"))
    assert "changepassword" in _demo()
    assert dict(User.objects.values_list("username", "password")) == before


def test_address_is_printed(staff_groups: None) -> None:
    assert "https://timeline.example/admin/" in _demo()


def test_demo_is_refused_outside_the_demo(db: None, settings: Settings) -> None:
    settings.INSECURE_LOCAL = False
    with pytest.raises(CommandError, match="INSECURE_LOCAL"):
        _demo()


def test_demo_asks_for_the_groups(db: None) -> None:
    with pytest.raises(CommandError, match="load_vocabulary"):
        _demo()
    assert not User.objects.exists()


def test_random_password_is_accepted_and_never_the_same() -> None:
    passwords = {random_password() for _ in range(100)}
    assert len(passwords) == 100
    for password in passwords:
        validate_password(password, User(username="editor"))
