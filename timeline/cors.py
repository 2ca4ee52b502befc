"""Scripts of other sites may read what is public data, and nothing else: no cookies, no changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]

METHODS = "GET, HEAD, OPTIONS"
_ANYONE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link, Retry-After, X-Edition, X-Row-Count",
}
_PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, If-Range, Range",
    "Access-Control-Max-Age": "86400",
}


def shared(view: View) -> View:
    """Let scripts of every site read the answers of `view`, and answer their preflight (OPTIONS) with 204."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=_ANYONE | _PREFLIGHT)
        response = view(request, *args, **kwargs)
        for name, value in _ANYONE.items():
            response.headers[name] = value
        return response

    return csrf_exempt(wrapped)
