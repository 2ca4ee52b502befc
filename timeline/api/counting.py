"""What the timeline counts beside the list: the values of each facet, and entries over time."""

from __future__ import annotations

from typing import Any

from timeline import facets
from timeline.api.base import FILTERS, Body, Endpoint
from timeline.chart import Bucket, chart
from timeline.selection import Selection

_COUNTED = FILTERS - {"sort"}


class Facets(Endpoint):
    """The counts beside the filters."""

    name = "facets"
    summary = "How many entries each value of each filter gives"
    about = (
        "A facet ignores its own selection: the count of a value is the number of entries that ticking it alone gives. "
        "count is the number of entries of the selection itself."
    )
    takes = _COUNTED
    result = "Facets"

    def body(self, selection: Selection, **where: Any) -> Body:
        return {
            "edition": selection.number,
            "count": selection.narrowed().count(),
            "facets": {name: [_option(each) for each in found] for name, found in facets.counts(selection).items()},
        }


def _option(option: facets.Option) -> Body:
    return {"value": option.value, "label": option.label, "count": option.count, "is_on": option.is_on}


class Histogram(Endpoint):
    """The chart above the list."""

    name = "histogram"
    summary = "Entries over time"
    about = (
        "An entry stands at the first day that its date allows. matches leaves out from and to, so that what "
        "lies outside the range can be drawn too; vague are those of them whose day is not known."
    )
    takes = _COUNTED
    result = "Histogram"

    def body(self, selection: Selection, **where: Any) -> Body:
        drawn = chart(selection)
        return {
            "edition": selection.number,
            "count": drawn.count,
            "total": drawn.total,
            "unit": drawn.unit,
            "buckets": [_bucket(bucket) for bucket in drawn.buckets],
        }


def _bucket(bucket: Bucket) -> Body:
    return {
        "first": bucket.first.isoformat(),
        "last": bucket.last.isoformat(),
        "all": bucket.all,
        "matches": bucket.matches,
        "vague": bucket.vague,
        "is_inside": bucket.is_inside,
    }
