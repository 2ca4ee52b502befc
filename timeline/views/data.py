"""For analysts: the selection as data. Bad addresses answer problem+json."""

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from timeline.exports import csv_file
from timeline.problems import bad_selection, too_many_names
from timeline.selection import Selection
from timeline.views.reading import read_only, today


@read_only
def actions_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the rows of the selection as CSV; HEAD tells its size without running it."""
    try:
        typed = request.GET
    except TooManyFieldsSent:
        return too_many_names()
    selection = Selection.parse(typed, surface="csv", today=today())
    if selection.errors:
        return bad_selection(selection, path=request.path)
    fresh = HttpResponse(headers=csv_file.validators(selection))
    answer = get_conditional_response(request, etag=csv_file.etag(selection), response=fresh)
    if answer is not fresh:
        return answer or fresh
    size = csv_file.measure(selection)
    headers = csv_file.headers(selection, size)
    if request.method == "HEAD":
        # Streaming: Django tells the length of any other answer, and 0 is not the length of the file.
        return StreamingHttpResponse((), headers=headers)
    return StreamingHttpResponse(csv_file.content(selection, size), headers=headers)
