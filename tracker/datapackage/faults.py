"""What is wrong with a package, by file, row and column: collected, never raised one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_FAULTS = 200
"""How many faults are kept; the others are counted. A file with more is wrong in kind, not in places."""


@dataclass(frozen=True)
class Fault:
    """One fault. `row` counts as a spreadsheet does: the header is row 1. None: the whole file, the whole row."""

    file: str
    message: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = [self.file, *(str(part) for part in (self.row, self.column) if part is not None)]
        return f"{':'.join(place)}: {self.message}"


class Faults:
    """The faults of one package, in the order in which they were found.

    One place is named once: what follows from an unreadable row or cell would only hide the cause.
    """

    def __init__(self, *, most: int = MAX_FAULTS) -> None:
        self.dropped = 0
        self._most = most
        self._kept: list[Fault] = []
        self._places: set[tuple[str, int | None, str | None]] = set()
        self._rows: set[tuple[str, int | None]] = set()

    def add(self, file: str, message: str, *, row: int | None = None, column: str | None = None) -> None:
        """Note a fault, unless its row or cell has one already."""
        if row is not None and self.knows(file, row, column):
            return
        self._places.add((file, row, column))
        self._rows.add((file, row))
        if len(self._kept) < self._most:
            self._kept.append(Fault(file, message, row, column))
        else:
            self.dropped += 1

    def knows(self, file: str, row: int, column: str | None = None) -> bool:
        """Return whether this row as a whole, or this cell of it, is already at fault."""
        return (file, row, None) in self._places or (file, row, column) in self._places

    def touch(self, file: str, row: int) -> bool:
        """Return whether anything in this row is at fault."""
        return (file, row) in self._rows

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._kept)

    def __len__(self) -> int:
        """Return how many faults were found, those no longer kept included."""
        return len(self._kept) + self.dropped
