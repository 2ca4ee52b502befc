"""For analysts: the selection as files. Bad addresses answer problem+json."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from timeline.cors import shared
from timeline.exports.base import BuiltExport, Export, Size, blocks, is_pinned
from timeline.problems import bad_selection, not_offered, too_many_names
from timeline.selection import Selection
from timeline.views.ranges import UnsatisfiableError, limited, part_of
from timeline.views.reading import read_only, today


def file_view(export: Export) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the view that sends the selection as this file; HEAD tells its size without making it."""

    @shared
    @read_only
    def view(request: HttpRequest) -> HttpResponseBase:
        try:
            typed = request.GET
        except TooManyFieldsSent:
            return too_many_names()
        selection = Selection.parse(typed, surface=export.surface, today=today())
        if not export.is_offered:
            return not_offered(export.file)
        if errors := selection.errors or export.problems(selection):
            return bad_selection(selection, errors, path=request.path)
        return _conditional(request, export, selection)

    return view


Content = Callable[..., Iterator[bytes]]
"""Gives the bytes of a file, from byte `first` on."""


def _conditional(request: HttpRequest, export: Export, selection: Selection) -> HttpResponseBase:
    """Answer 304 where the reader has the file already."""
    fresh = HttpResponse(headers=export.validators(selection))
    answer = get_conditional_response(request, etag=export.etag(selection), response=fresh)
    if answer is not fresh:
        return answer or fresh
    return _sent(request, export, selection)


def _sent(request: HttpRequest, export: Export, selection: Selection) -> HttpResponseBase:
    size = export.measure(selection)
    if request.method == "HEAD":
        # Streaming: Django tells the length of any other answer, and 0 is not the length of the file.
        return StreamingHttpResponse((), headers=_headers(export, selection, size))
    content: Content = partial(export.content, selection, size)
    if isinstance(export, BuiltExport):
        file, length = export.built(selection)
        size, content = replace(size, length=length), partial(blocks, file)
    headers = _headers(export, selection, size)
    if size.length is None:
        return StreamingHttpResponse(content(), headers=headers)
    return _whole_or_part(request, content, headers, length=size.length, is_pinned=is_pinned(selection))


def _headers(export: Export, selection: Selection, size: Size) -> dict[str, str]:
    parts = {} if size.length is None else {"Accept-Ranges": "bytes"}
    return export.headers(selection, size) | parts


def _whole_or_part(
    request: HttpRequest, content: Content, headers: dict[str, str], *, length: int, is_pinned: bool
) -> HttpResponseBase:
    try:
        part = part_of(request, length=length, etag=headers["ETag"], is_pinned=is_pinned)
    except UnsatisfiableError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{length}", "Accept-Ranges": "bytes"})
    if part is None:
        return StreamingHttpResponse(content(), headers=headers)
    headers |= {
        "Content-Range": f"bytes {part.first}-{part.last}/{length}",
        "Content-Length": str(part.length),
    }
    return StreamingHttpResponse(limited(content(first=part.first), part.length), status=206, headers=headers)
