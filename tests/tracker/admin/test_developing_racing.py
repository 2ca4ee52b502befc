"""Two developments of one entry at the same moment, on connections of their own."""

import pytest
from django.contrib.auth.models import User

from tests.factories import save
from tests.tracker.admin.test_developing import address, filled
from tests.tracker.admin.test_racing import SAVED, TOLD, _at_once, _client, _posting
from tracker.models import Source

pytestmark = pytest.mark.django_db(transaction=True)


def test_racing_double_click_logs_one_development(editor: User) -> None:
    action = save()
    clicks = [_posting(_client(editor), address(action), filled(action)) for _ in range(2)]
    assert _at_once(*clicks) == [SAVED, SAVED]
    action.refresh_from_db()
    assert (action.revision, action.status_changes.count(), Source.objects.count()) == (2, 2, 2)


def test_of_two_racing_developments_one_is_told(editor: User) -> None:
    action = save()
    notes = ("Mine.", "Theirs.")
    posts = [_posting(_client(editor), address(action), filled(action, status_note=note)) for note in notes]
    assert sorted(_at_once(*posts)) == [SAVED, TOLD]
    action.refresh_from_db()
    assert action.status_changes.count() == 2
