"""What is wrong with a request for data, for programs: application/problem+json (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from timeline.selection import Selection

BAD_SELECTION = "/method/#parameters"


class ProblemResponse(HttpResponse):
    """A problem document. `more` are members beside type, title, status and detail."""

    def __init__(self, *, type_: str, title: str, status: int, detail: str, **more: Any) -> None:
        body = {"type": type_, "title": title, "status": status, "detail": detail, **more}
        super().__init__(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


def bad_selection(selection: Selection, errors: Mapping[str, Sequence[str]], *, path: str) -> ProblemResponse:
    """Return the 400 of a selection with `errors` by parameter name; `path` is the address without its query."""
    return ProblemResponse(
        type_=BAD_SELECTION,
        title="The address asks for something that cannot be answered",
        status=400,
        detail=_detail(errors, corrected=_corrected(selection, path)),
        errors=[{"name": name, "detail": sentence} for name, sentences in errors.items() for sentence in sentences],
    )


def too_many_names() -> ProblemResponse:
    """Return the 400 of an address with more names than are read at all (DATA_UPLOAD_MAX_NUMBER_FIELDS)."""
    return ProblemResponse(
        type_=BAD_SELECTION,
        title="The address asks for something that cannot be answered",
        status=400,
        detail="The address holds more names than can be read.",
    )


def not_offered(file: str) -> ProblemResponse:
    """Return the 501 of a format whose library this site has not installed."""
    return ProblemResponse(
        type_="about:blank",
        title="This site does not offer this format",
        status=501,
        detail=f"{file} needs an optional part that is not installed here. The other formats hold the same rows.",
    )


def _corrected(selection: Selection, path: str) -> str:
    """Return the address with its names set right; "" when no name was unknown."""
    if not selection.unknown:
        return ""
    return f"{path}?{selection.corrected}" if selection.corrected else path


def _detail(errors: Mapping[str, Sequence[str]], *, corrected: str) -> str:
    told = " ".join(f"{name}: {sentence}" for name, sentences in errors.items() for sentence in sentences)
    return f"{told} Corrected address: {corrected}" if corrected else told
