"""Putting the garbage collector off: only for many, and always back on."""

import gc

import pytest

from tracker.bulk import collecting_later


def test_collector_rests_while_many_are_written_and_comes_back() -> None:
    with collecting_later(10_000):
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collector_comes_back_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), collecting_later(10_000):
        _ = 1 / 0
    assert gc.isenabled()


def test_few_do_not_touch_the_collector() -> None:
    with collecting_later(10):
        assert gc.isenabled()


def test_inner_call_leaves_the_collector_to_the_outer_one() -> None:
    with collecting_later(10_000):
        with collecting_later(10_000):
            pass
        assert not gc.isenabled()
