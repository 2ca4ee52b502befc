"""What a code is, and an ordered collection of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Coded(Protocol):
    """Anything that has a code and a label, and so can be a member of `Codes`."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...


@dataclass(frozen=True)
class Code:
    """One permitted value: what is stored, what is shown, and what it means.

    `illustrative` marks an example that is not an entry of the seeds: its facts were checked, but they
    carry no source here and may not be loaded as data.
    """

    code: str
    label: str
    definition: str
    example: str = ""
    illustrative: bool = False


CodedT_co = TypeVar("CodedT_co", bound=Coded, covariant=True)


class Codes(Mapping[str, CodedT_co]):
    """Codes in the order of the codebook, looked up by code: `STATUSES["reported"].label`.

    Iteration gives the codes, as with any mapping; `.values()` gives the definitions. Raises ValueError
    if a code is given twice.
    """

    def __init__(self, *members: CodedT_co) -> None:
        self._members = {member.code: member for member in members}
        if len(self._members) != len(members):
            raise ValueError("A code was given twice.")

    def __getitem__(self, code: str) -> CodedT_co:
        return self._members[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        return f"Codes({', '.join(self._members)})"

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes alone, in order."""
        return tuple(self._members)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(code, label) pairs for a Django field."""
        return [(member.code, member.label) for member in self._members.values()]
