"""The door for web servers: `gunicorn tracker.wsgi`."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
# A page may not hold the database for longer; commands such as load_package may (they leave this unset).
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")


class Utf8Request(WSGIRequest):
    """A request that is read as UTF-8, whatever its Content-Type says.

    Django reads even the query string in the charset that a client names: `charset=rot13` on a plain GET failed
    before any view, and `unicode_escape` let lone surrogates in.
    """

    @property
    def encoding(self) -> str | None:
        """None: UTF-8."""
        return None

    @encoding.setter
    def encoding(self, named: str | None) -> None:
        """Leave it as it is."""


class Application(WSGIHandler):
    """Django's handler for UTF-8 requests."""

    request_class = Utf8Request


django.setup(set_prefix=False)
application = Application()
