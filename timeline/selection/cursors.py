"""Where a page of the API begins: a sort key and what it belongs to, signed, so that nobody composes one.

A cursor holds no time: the same page has the same cursor, and so the same ETag.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer

_SALT = "timeline.cursor"


class CursorError(ValueError):
    """What was given as a cursor is none of ours."""


@dataclass(frozen=True)
class Cursor:
    """The item behind which a page begins.

    `edition` is that of the first page, `list_` a digest of the list that it pages through, `place` the sort values
    of the last item given, `count` the number of items of the whole list.
    """

    edition: int
    list_: str
    place: tuple[int | str | None, ...]
    count: int

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return the cursor of a signed text. Raises CursorError."""
        try:
            edition, list_, place, count = Signer(salt=_SALT).unsign_object(text)
        except BadSignature as error:
            raise CursorError("This is no cursor that we gave. Start at the first page, without one.") from error
        return cls(edition=edition, list_=list_, place=tuple(place), count=count)

    def __str__(self) -> str:
        """Return the signed text."""
        return Signer(salt=_SALT).sign_object([self.edition, self.list_, list(self.place), self.count])


def list_digest(name: str, query: str) -> str:
    """Return what tells one list from another: its address and its canonical query, edition and page apart."""
    return hashlib.sha256(f"{name}?{query}".encode()).hexdigest()[:16]
