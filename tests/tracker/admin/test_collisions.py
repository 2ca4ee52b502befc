"""Others took the name or address at the same moment, once or again and again: never a 500, never lost text."""

import pytest
from django.db import IntegrityError
from django.test import Client

from tests.tracker.admin.forms import ADD, typed
from tracker import record
from tracker.models import PolicyAction


def _collide(monkeypatch: pytest.MonkeyPatch, *, times: int) -> None:
    """Let the database refuse the first saves, as it does when somebody else was quicker."""
    save, left = record.save_entry, iter(range(times))

    def losing(*args: object, **kwargs: object) -> PolicyAction:
        if next(left, None) is not None:
            raise IntegrityError("UNIQUE constraint failed")
        return save(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(record, "save_entry", losing)


@pytest.mark.parametrize("times", [1, 4])
def test_lost_race_is_run_again(editor_client: Client, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    _collide(monkeypatch, times=times)
    assert editor_client.post(ADD, typed()).status_code == 302
    assert PolicyAction.objects.count() == 1


def test_race_lost_for_good_gives_the_text_back(editor_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _collide(monkeypatch, times=99)
    response = editor_client.post(ADD, typed(title="Aid <stopped>"))
    assert response.status_code == 409
    assert "Aid &lt;stopped&gt;" in response.content.decode()
    assert not PolicyAction.objects.exists()
