"""The page of the bookmarklet, and what a browser would keep as the bookmark."""

from urllib.parse import unquote

from django.contrib.auth.models import User
from django.test import Client

from tests.tracker.admin.forms import ADD
from tracker.admin.entries.bookmarklet import bookmarklet

PAGE = "/admin/tracker/policyaction/bookmarklet/"


def test_page_offers_the_bookmark_and_breaks_no_policy(editor_client: Client) -> None:
    response = editor_client.get(PAGE)
    page = response.content.decode()
    assert 'href="javascript:(function' in page
    assert "onclick" not in page
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_bookmark_opens_the_add_form_of_this_site() -> None:
    code = unquote(bookmarklet("https://timeline.example" + ADD))
    assert code.startswith("javascript:(function () {")
    assert f'window.open("https://timeline.example{ADD}?"' in code.replace("\\u002D", "-")


def test_bookmark_is_one_line_of_plain_characters() -> None:
    address = bookmarklet("https://timeline.example/")
    assert address.isascii()
    assert not set(' "<>\n') & set(address)


def test_whoever_may_not_log_is_refused(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("guest", password="guest-guest-guest", is_staff=True))
    assert client.get(PAGE).status_code == 403


def test_reader_is_sent_to_the_login(reader_client: Client) -> None:
    assert reader_client.get(PAGE).headers["Location"].startswith("/admin/login/")
