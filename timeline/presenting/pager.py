"""Links to the other pages of a list: first, last, and those around this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PageLink:
    """One place in the row of pages; `number` is 0 for a gap."""

    number: int
    href: str
    is_current: bool


@dataclass(frozen=True)
class Pager:
    """`previous` and `next` are "" at the ends; `links` is empty where there is one page only."""

    number: int
    last: int
    previous: str
    next: str
    links: list[PageLink]


def pager(number: int, last: int, href: Callable[[int], str]) -> Pager:
    """Return the pager of page `number` of `last`; `href` gives the address of a page."""
    shown = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    links: list[PageLink] = []
    before = 0
    for page in shown:
        if page - before == 2:
            links.append(PageLink(page - 1, href(page - 1), is_current=False))
        elif page - before > 2:
            links.append(PageLink(0, "", is_current=False))
        links.append(PageLink(page, href(page), is_current=page == number))
        before = page
    return Pager(
        number=number,
        last=last,
        previous=href(number - 1) if number > 1 else "",
        next=href(number + 1) if number < last else "",
        links=links if last > 1 else [],
    )
