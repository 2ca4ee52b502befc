"""What part of a document says, however its terms are printed."""

from collections.abc import Mapping
from typing import Any


def meaning(value: Any) -> Any:
    """Return part of a document with terms and sources as slugs alone, without positions and derived values.

    Two texts with the same meaning differ at most in the printed form of what they name.
    """
    if isinstance(value, Mapping):
        if "slug" in value:
            return value["slug"]
        return {key: meaning(item) for key, item in value.items() if key not in ("position", "derived")}
    return [meaning(item) for item in value] if isinstance(value, list) else value
