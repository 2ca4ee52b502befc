"""What every public view does first: refuse all but reading, and read the query string."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]


def today() -> date:
    """Return the UTC day. Only views ask the clock; everything behind them is told."""
    return datetime.now(UTC).date()


def read_only(view: View) -> View:
    """Answer anything but GET and HEAD with 405, before any question of CSRF: there is nothing to forge."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            response: HttpResponse = render(request, "405.html", status=405)
            response["Allow"] = "GET, HEAD"
            return response
        return without_body(request, view(request, *args, **kwargs))

    return csrf_exempt(wrapped)


def without_body(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Answer HEAD with the headers of GET alone; the web server would warn of each body that it drops."""
    if request.method == "HEAD" and isinstance(response, HttpResponse) and response.content:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
    return response
