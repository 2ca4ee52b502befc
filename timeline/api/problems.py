"""Every refusal of the API as application/problem+json (RFC 9457), whatever raised it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework.exceptions import MethodNotAllowed, NotFound, Throttled

from timeline.cors import METHODS
from timeline.problems import ProblemResponse, too_many_names

_RETRY_AFTER = "30"  # seconds
_log = logging.getLogger(__name__)


class ProblemError(Exception):
    """The request ends with this problem."""

    def __init__(self, response: ProblemResponse) -> None:
        super().__init__(response)
        self.response = response


def answer(error: Exception, _context: Mapping[str, Any]) -> HttpResponse | None:
    """Return the problem for an exception of a view; None for what is a fault of ours."""
    if isinstance(error, ProblemError):
        return error.response
    if isinstance(error, (OperationalError, InterfaceError)):
        _log.error("The database failed: %s", error, exc_info=error)
        return _unavailable()
    return _of_request(error)


def _of_request(error: Exception) -> HttpResponse | None:
    match error:
        case TooManyFieldsSent():
            return too_many_names()
        case Http404() | NotFound():
            return not_found()
        case MethodNotAllowed():
            return _method_not_allowed()
        case Throttled():
            return _too_many_requests(int(error.wait or 1))
    return None


def not_found() -> ProblemResponse:
    """Return the 404 of everything that is not there: a draft has the same as a word that nobody ever wrote."""
    return ProblemResponse(
        type_="about:blank",
        title="Not found",
        status=404,
        detail="There is nothing at this address in the edition asked for. /api/v1/ lists the addresses.",
    )


def retracted(record: Mapping[str, Any]) -> ProblemResponse:
    """Return the 410 of an entry that should not have stood, from the public record of its retraction."""
    return ProblemResponse(
        type_="/method/#reason",
        title="This entry was retracted",
        status=410,
        detail=record["change_note"] or "",
        slug=record["slug"],
        reason=record["reason"],
        replaced_by=record["replaced_by"],
        edition=record["edition"],
    )


def withheld(*, edition: int | None) -> ProblemResponse:
    """Return the 451 of what the law does not let us show; `edition` is the one that blanked it."""
    return ProblemResponse(
        type_="/method/#reason-legal",
        title="Withheld for legal reasons",
        status=451,
        detail="A court or the law requires that this is not shown.",
        edition=edition,
    )


def _method_not_allowed() -> ProblemResponse:
    response = ProblemResponse(
        type_="about:blank",
        title="Method not allowed",
        status=405,
        detail="This address can only be read: use GET or HEAD.",
    )
    response.headers["Allow"] = METHODS
    return response


def _too_many_requests(wait: int) -> ProblemResponse:
    response = ProblemResponse(
        type_="/api/#limits",
        title="Too many requests",
        status=429,
        detail=f"Your address has asked too often. Ask again in {wait} seconds. For everything at once take a file.",
    )
    response.headers["Retry-After"] = str(wait)
    return response


def _unavailable() -> ProblemResponse:
    response = ProblemResponse(
        type_="about:blank",
        title="The record cannot be read just now",
        status=503,
        detail=f"The database does not answer. Ask again in {_RETRY_AFTER} seconds.",
    )
    response.headers["Retry-After"] = _RETRY_AFTER
    return response
