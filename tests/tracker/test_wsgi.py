"""The WSGI door: nothing that a client says about its charset changes how an address or a form is read."""

import pytest
from django.test import RequestFactory

from tracker.wsgi import application

CHARSETS = ["utf-8", "latin-1", "utf-16", "rot13", "undefined", "idna", "punycode", "unicode_escape", "no-such"]


def _environ(charset: str, *, query: str = "", body: bytes = b"") -> dict[str, object]:
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    environ: dict[str, object] = RequestFactory().generic("POST", "/", body, content_type, QUERY_STRING=query).environ
    return environ


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(
    ("typed", "read"), [("%C3%A9", "é"), ("a%80b", "a\ufffdb"), ("%5Cud800", "\\ud800"), ("%ED%A0%80", "\ufffd" * 3)]
)
def test_address_is_utf_8_in_every_charset(charset: str, typed: str, read: str) -> None:
    request = application.request_class(_environ(charset, query=f"q={typed}"))
    assert request.GET["q"] == read


@pytest.mark.parametrize("charset", CHARSETS)
def test_form_is_utf_8_in_every_charset(charset: str) -> None:
    assert application.request_class(_environ(charset, body=b"title=%C3%A9")).POST["title"] == "é"
