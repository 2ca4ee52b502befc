"""For editors: a database that cannot write or is gone is a 503 that keeps the typed text, never a 500.

A full disk, a file that became read-only, a lock that was held too long, a connection that was cut.
"""

import logging
from collections.abc import Callable

from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from tracker.admin.kept import kept_from, kept_page

_RETRY_AFTER = "30"  # seconds
_log = logging.getLogger(__name__)


class OutageMiddleware:
    """Answers 503 when the database failed; a form of admin comes back with a button that sends it again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a failed database; None for every other exception."""
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        _log.error("The database failed at %s: %s", request.path, exception, exc_info=exception)
        _write_nothing(request)
        response = _answer(request)
        response.headers["Retry-After"] = _RETRY_AFTER
        return response


def _answer(request: HttpRequest) -> HttpResponse:
    kept = kept_from(request)
    if kept is None:
        return render(request, "503.html", status=503)
    why = "The database could not save it just now. Nothing of it was saved. Wait a moment, then send it again."
    return kept_page(request, kept, title="This was not saved", why=why, status=503, may_send=True)


def _write_nothing(request: HttpRequest) -> None:
    """Leave session and messages as they are: to write them would fail in the same way."""
    request.session.modified = False
    if hasattr(request, "_messages"):
        del request._messages


class SturdySessionMiddleware(SessionMiddleware):
    """Loses what only a session holds, such as "saved", rather than the page, when it cannot be written."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except DatabaseError as error:
            _log.error("The session could not be saved at %s: %s", request.path, error)
            return response
