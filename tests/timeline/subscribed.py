"""What a feed reader makes of a feed: its documents, followed from the newest to the oldest, and their items."""

from typing import Any
from urllib.parse import urlsplit

import feedparser
from django.test import RequestFactory
from django.urls import resolve

FEEDS = ("feed", "changes", "corrections")


def answer(address: str, *, method: str = "GET", **headers: str) -> Any:
    """Return the response of the view behind an address, with or without its host."""
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    request = RequestFactory().generic(method, path, headers=headers)
    found = resolve(request.path_info)
    return found.func(request, *found.args, **found.kwargs)


def body(address: str) -> bytes:
    """Return what an address gives; it must be there."""
    response = answer(address)
    assert response.status_code == 200, (address, getattr(response, "content", b""))
    return b"".join(response.streaming_content)


def read(document: bytes) -> Any:
    """Read an Atom document; it must be a sound one."""
    parsed = feedparser.parse(document)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def link(parsed: Any, relation: str) -> str:
    """Return the address under a relation of the feed; "" where it has none."""
    return next((each.href for each in parsed.feed.links if each.rel == relation), "")


def documents(address: str) -> dict[str, bytes]:
    """Return all documents of a feed by address, from the newest to the oldest."""
    found: dict[str, bytes] = {}
    while address:
        found[address] = body(address)
        address = link(read(found[address]), "prev-archive")
    return found


def items(address: str) -> list[Any]:
    """Return the items of all documents of a feed, from the newest to the oldest."""
    return [item for document in documents(address).values() for item in read(document).entries]


def slugs(address: str) -> list[str]:
    """Return the slugs of the entries that the items are about, in order."""
    return [urlsplit(item.link).path.split("/")[2] for item in items(address)]
