"""Names for feeds and calendars that never change, so that no reader is told the same thing twice.

A name hangs on the digest of edition 1, which no other record has, and neither on the address of the site nor on
the version of an entry: it stays when the site moves, and after any number of editions.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import NAMESPACE_OID, UUID, uuid5

from tracker.models.ledger import Edition


class Names:
    """The names that one record gives; `root` is that of the record itself."""

    def __init__(self, root: UUID) -> None:
        self.root = root

    def uuid(self, *parts: str | int) -> UUID:
        """Return the name of the thing that `parts` say, such as ("actions", "memo", 3)."""
        return uuid5(self.root, "/".join(map(str, parts)))

    def urn(self, *parts: str | int) -> str:
        """Return the same as an address that leads nowhere: urn:uuid:…"""
        return self.uuid(*parts).urn


def names(newest: Edition | None) -> Names:
    """Return the names that the record gives whose newest edition is `newest`. One query, then kept."""
    return _names(newest.digest) if newest else Names(NAMESPACE_OID)


@lru_cache(maxsize=4)
def _names(_newest: str) -> Names:
    """Return the names of a record; the digest of any of its editions covers all before it."""
    first = Edition.objects.filter(number=1).values_list("digest", flat=True).get()
    return Names(uuid5(NAMESPACE_OID, first))
