"""Two requests at the same moment, on connections of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests.factories import save
from tests.tracker.admin.forms import ADD, change_address, posted, typed
from tracker.models import PolicyAction, Publisher, Source

pytestmark = pytest.mark.django_db(transaction=True)


def _post_at_once(user: User, address: str, *forms: dict[str, object]) -> list[int]:
    """Post each form in a thread of its own, all at once; return the answers' codes."""
    gate = Barrier(len(forms))
    clients = [Client() for _ in forms]
    for client in clients:
        client.force_login(user)

    def post(client: Client, form: dict[str, object]) -> int:
        try:
            gate.wait()
            return client.post(address, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(post, clients, forms))


def test_racing_double_click_makes_one_entry(editor: User) -> None:
    data = typed()
    assert _post_at_once(editor, ADD, data, data) == [302, 302]
    assert PolicyAction.objects.count() == Source.objects.count() == Publisher.objects.count() == 1


def test_of_two_racing_edits_one_is_told(editor: User, editor_client: Client) -> None:
    action = save()
    mine, theirs = (posted(editor_client, action, title=title) for title in ("Mine", "Theirs"))
    assert sorted(_post_at_once(editor, change_address(action), mine, theirs)) == [200, 302]
    action.refresh_from_db()
    assert (action.revision, action.revisions.count()) == (2, 2)
