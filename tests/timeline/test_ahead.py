"""Reading ahead: the same parts in the same order, one of them waiting, and what goes wrong is told in its place."""

import threading
from collections.abc import Generator

import pytest

from timeline.exports.ahead import ahead

pytestmark = pytest.mark.django_db(transaction=True)


class Source:
    """Gives numbers; remembers how many it gave, in which thread, and whether it was closed."""

    def __init__(self, count: int, *, fails_at: int = -1) -> None:
        self.count, self.fails_at = count, fails_at
        self.given = 0
        self.threads: set[int] = set()
        self.is_closed = False
        self.gave = threading.Event()

    def parts(self) -> Generator[int, None, None]:
        try:
            for number in range(self.count):
                if number == self.fails_at:
                    raise OSError("the database is gone")
                self.threads.add(threading.get_ident())
                self.given += 1
                if self.given == 2:
                    self.gave.set()
                yield number
        finally:
            self.is_closed = True


def test_parts_come_in_their_order() -> None:
    assert list(ahead(Source(50).parts())) == list(range(50))


def test_next_part_is_read_while_the_caller_works() -> None:
    source = Source(50)
    parts = iter(ahead(source.parts()))
    assert next(parts) == 0
    assert source.gave.wait(timeout=5)
    assert source.given == 2, "one part waits, not more"
    assert threading.get_ident() not in source.threads


def test_fault_is_raised_in_its_place() -> None:
    parts = iter(ahead(Source(50, fails_at=2).parts()))
    assert [next(parts), next(parts)] == [0, 1]
    with pytest.raises(OSError, match="the database is gone"):
        next(parts)


def test_source_is_closed_when_the_caller_stops() -> None:
    source = Source(50)
    parts = ahead(source.parts())
    next(iter(parts))
    parts.close()  # type: ignore[attr-defined]
    assert source.is_closed


@pytest.mark.django_db(transaction=False)
def test_inside_a_transaction_nothing_is_read_ahead(db: None) -> None:
    source = Source(3)
    parts = iter(ahead(source.parts()))
    next(parts)
    assert source.given == 1
    assert source.threads == {threading.get_ident()}
