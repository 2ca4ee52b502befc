"""What the answers look like, as JSON Schema: the public columns say what each value of an entry is.

Absent values are null, never left out; the keys of an object may become more, never fewer.
"""

from __future__ import annotations

from timeline.api.shapes import bodies, entries, terms
from timeline.api.shapes.building import Schema, ref

__all__ = ["Schema", "components", "ref"]


def components() -> dict[str, Schema]:
    """Return the schema of everything that an answer holds, by name."""
    return entries.components() | terms.components() | bodies.components()
