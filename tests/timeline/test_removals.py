"""What the empty state offers: for random filters that find nothing, each removal that helps, with the right count."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from tests.test_same_rows import EXAMPLES, SELECTIONS, Ledger
from timeline.removals import MOST, removals
from timeline.selection import Selection

_TODAY = date(2030, 1, 1)


def _selection(query: str) -> Selection:
    return Selection.parse(query, surface="page", today=_TODAY)


@pytest.mark.timeout(400)
@pytest.mark.django_db
def test_what_is_offered_is_what_helps() -> None:
    Ledger().fill()
    offered: list[int] = []

    @settings(
        max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
        phases=[Phase.generate],
    )  # fmt: skip
    @given(SELECTIONS)
    def check(values: dict[str, list[str]]) -> None:
        selection = _selection(urlencode(values, doseq=True))
        assume(not selection.errors and not selection.narrowed().exists())
        told = {each.chip.query: each.count for each in removals(selection)}
        chips = [chip for chip in selection.chips() if chip.name != "as_of"][:MOST]
        counted = {chip.query: _selection(chip.query).narrowed().count() for chip in chips}
        assert told == {query: count for query, count in counted.items() if count}, selection.query()
        offered.extend(told.values())

    check()
    assert len(offered) > EXAMPLES // 8, "what finds nothing must often have one filter to blame"
