"""Reading ahead: the database finds the next rows while the last ones are being sent."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def ahead(parts: Generator[T, None, None]) -> Iterator[T]:
    """Yield what `parts` yields, always one part ahead of the caller, in a thread of its own.

    At most one part waits, however slow the caller is. What `parts` raises is raised here, in its place; a caller who
    stops closes `parts`. Inside a transaction nothing is read ahead: another thread would not see its rows.
    """
    if connection.in_atomic_block:
        yield from parts
        return
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as reader:
        waiting = reader.submit(next, parts, None)
        try:
            while (part := waiting.result()) is not None:
                waiting = reader.submit(next, parts, None)
                yield part
        finally:
            reader.submit(parts.close)  # in its own thread, behind what it is doing
