"""What a test reads from a public page."""

import re
from html import unescape
from typing import Any

from django.test import Client


def get(client: Client, path: str, *, status: int = 200) -> str:
    """Fetch a page, check its HTTP status and return its HTML."""
    response: Any = client.get(path)
    assert response.status_code == status
    return str(response.content.decode())


def slugs(html: str) -> list[str]:
    """Return the slugs of the entries of a list, in order."""
    return re.findall(r'<li class="act" id="([^"]+)"', html)


def headings(html: str) -> list[str]:
    """Return the headings of the months with their counts."""
    return [words(heading) for heading in re.findall(r'<h3 class="mh".*?</h3>', html, re.DOTALL)]


def part(html: str, opening: str, closing: str) -> str:
    """Return the HTML from the first `opening` to the next `closing`."""
    start = html.index(opening)
    return html[start : html.index(closing, start)]


def words(html: str) -> str:
    """Return the text of HTML, tags left out and blanks collapsed."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def facet(html: str, name: str) -> dict[str, int]:
    """Return the counts of a facet by value."""
    found = re.findall(
        rf'name="{name}" value="([^"]+)".*?<span class="opt-n">(\d+)<', html.replace("\n", ""), re.DOTALL
    )
    return {value: int(count) for value, count in found}


def chips(html: str) -> list[tuple[str, str]]:
    """Return (text, address) of each chip."""
    found = re.findall(r'<a href="([^"]+)" class="chip"><span class="vh">Remove filter: </span>(.*?)<svg', html)
    return [(words(text), unescape(href)) for href, text in found]
