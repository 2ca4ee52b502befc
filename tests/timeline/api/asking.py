"""Asking the API, for tests."""

from typing import Any

from django.test import Client

ROOT = "/api/v1/"


def ask(client: Client, path: str, *, status: int = 200, **headers: str) -> Any:
    """Return the body of the answer at `path` under /api/v1/ as Python values, after checking its status."""
    response = client.get(f"{ROOT}{path}", headers=headers or None)
    assert response.status_code == status, response.content
    return response.json()


def every_item(client: Client, path: str) -> list[Any]:
    """Return the items of all pages of a list, each page fetched by the address that the one before gave."""
    body = ask(client, path)
    found = body["items"]
    while body["next"]:
        response = client.get(body["next"].removeprefix("https://timeline.example"))
        assert response.status_code == 200, response.content
        body = response.json()
        found += body["items"]
    return found


def keys(items: list[Any]) -> list[str]:
    """Return the keys of items."""
    return [item["slug"] for item in items]
