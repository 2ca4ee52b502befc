"""For feed readers: the newest document of each feed, and the archive documents before it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from timeline.feeds import Feed
from timeline.views.data import file_view


def archive_view(feed: Feed) -> Callable[..., HttpResponseBase]:
    """Return the view of the archive documents of a feed, by their number: 404 where there is none."""

    def view(request: HttpRequest, number: int) -> HttpResponseBase:
        return file_view(feed.archived(number))(request)

    # Its own wrappers ask no token; this one only hands on.
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view
