"""What may not happen to a description within one version: something that was there is gone or means something else."""

from collections.abc import Iterator
from typing import Any

# Words for people, and the address of one site.
_FREE = {"description", "summary", "examples", "info", "servers"}


def broken(old: Any, new: Any, *, at: str = "") -> Iterator[str]:
    """Yield a line for each thing of `old` that `new` does not have, or has otherwise. Additions are fine."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() - _FREE:
            if key not in new:
                yield f"{at}/{key} was removed"
            else:
                yield from broken(old[key], new[key], at=f"{at}/{key}")
    elif isinstance(old, list) and isinstance(new, list) and not at.endswith("/type"):
        yield from (f"{at} lost {_named(item)}" for item in old if item not in new and not _renewed(item, new))
    elif old != new:
        yield f"{at} was {old!r} and is {new!r}"


def _named(item: Any) -> str:
    return str(item.get("name", item)) if isinstance(item, dict) else repr(item)


def _renewed(item: Any, new: list[Any]) -> bool:
    """Return whether an object of a list stands in the new one with more to it."""
    return isinstance(item, dict) and any(isinstance(other, dict) and not list(broken(item, other)) for other in new)
