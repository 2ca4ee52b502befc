"""What is written about requests, exports and publications: enough to trace a fault, nobody by name or address.

No log line holds an IP address or a query string: what somebody searches for is theirs, and may be a name. A
publication names the account that made it by its number, since somebody must answer for it; a request and an export
name nobody. Tracebacks lose what PostgreSQL adds about the values of a row.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

_HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LONGEST = 200  # characters of a path
# Both kinds of addresses, but this machine's own: four numbers, or hexadecimal groups with at least three colons.
_ADDRESS = re.compile(
    r"\b(?!127\.)\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,}[0-9A-Fa-f]{0,4}(?![\w:])"
)
_VALUES = re.compile(r"^\s*(?:DETAIL|CONTEXT): .*\n?", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_QUIET = {"/healthz", "/readyz"}

_requests = logging.getLogger("tracker.requests")
_events = logging.getLogger("tracker.events")

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The number of the request that this thread answers, or answered last: a file is still sent after its view ended."""


class RequestMiddleware:
    """Numbers each request, as the proxy in front did if it did, and writes one line about each answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = request.headers.get(_HEADER, "")
        request_id.set(told if _SANE.fullmatch(told) else uuid.uuid4().hex)
        started = time.perf_counter()
        response = self.get_response(request)
        response.headers[_HEADER] = request_id.get()
        _note(request, response, milliseconds=round(1000 * (time.perf_counter() - started)))
        return response


def _note(request: HttpRequest, response: HttpResponseBase, *, milliseconds: int) -> None:
    path, status = request.path[:_LONGEST], response.status_code
    fields = {"method": request.method, "path": path, "status": status, "ms": milliseconds}
    level = logging.DEBUG if path in _QUIET and status < 400 else logging.INFO
    _requests.log(level, "%s %s %s, %s ms", *fields.values(), extra={"fields": fields})
    if request.method == "GET" and status in {200, 206} and _is_export(response):
        edition, rows = response.headers["X-Edition"], response.headers.get("X-Row-Count")
        told = {"event": "export", "path": path, "edition": edition, "rows": rows, "part": status == 206}
        _events.info("Export of %s, edition %s", path, edition, extra={"fields": told})


def _is_export(response: HttpResponseBase) -> bool:
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    return is_file and "X-Edition" in response.headers


def on_published(*, edition: Any, **_: Any) -> None:
    """Note a publication once it is certain: a listener of `edition_published`."""
    told = {"event": "publication", "edition": edition.number, "user": edition.published_by_id}

    def note() -> None:
        _events.info("Edition %s, published by account %s", told["edition"], told["user"], extra={"fields": told})

    transaction.on_commit(note)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, request, message, what the call adds, exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of what libraries attach to a record nothing is taken, such as the request itself."""
        at = datetime.fromtimestamp(record.created, UTC)
        told = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
            "message": without_persons(record.getMessage()),
        }
        told |= getattr(record, "fields", {})
        if record.exc_info:
            told["exception"] = without_persons(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False, default=str)


class LineFormatter(logging.Formatter):
    """The same for people; a message stays one line, whatever was typed into it."""

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        """Return UTC."""
        return time.gmtime(seconds)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        """Return the line without the exception."""
        record.message = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", without_persons(record.message))
        record.request_id = request_id.get()
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the standard library's name
        """Return the traceback."""
        return without_persons(super().formatException(ei))


def without_persons(text: str) -> str:
    """Return a text for the log without addresses of machines and without the values of a refused row."""
    return _ADDRESS.sub("(address)", _VALUES.sub("", text))
