"""Writing many rows at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Below this the collector costs nothing that anybody would notice.
_MANY = 1_000


@contextmanager
def collecting_later(count: int) -> Iterator[None]:
    """Put the cyclic garbage collector off while documents of `count` entries are built.

    They are trees, so there is nothing for it to find, and it would walk through all of them again and again:
    publishing 10,000 entries takes a third less time without. The collector belongs to the whole process; whoever
    found it running starts it again.
    """
    if count < _MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
