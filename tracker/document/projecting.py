"""What serves WHERE and ORDER BY: facets, sort keys, and the days on which a status is possible."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from tracker import codebook, dates


class Span(NamedTuple):
    """The days [from_day, before_day) on which `in_force` is possible; None is open."""

    in_force: str
    from_day: date | None
    before_day: date | None


def spans(entry: Mapping[str, Any]) -> list[Span]:
    """Return on which days each value of in_force is possible, exactly, from the lines with a status.

    Each line holds from the whole of its day until the day of the next. Every way of choosing a day for each line
    that keeps their order is a possible world; the earliest days run forward, the latest ones backward.
    """
    lines = [line for line in entry["status_history"] if line["status"]]
    if not lines:
        return []
    earliest, latest = possible_days([line["date"] for line in lines])
    values = [codebook.STATUSES[line["status"]].in_force for line in lines]
    before = Span("unknown" if lines[0]["status"] == "reported" else "no", None, latest[0])
    ends: list[date | None] = [*latest[1:], None]
    days = zip(values, earliest, ends, strict=True)
    return [before, *(Span(value, first, end) for value, first, end in days if end is None or first < end)]


def possible_days(texts: list[str]) -> tuple[list[date], list[date]]:
    """Return the first and last possible day of each line, given that the lines are in order.

    A date with a qualifier may be a day later than it says. Lines that no dates could satisfy come back with a
    first day after their last one.
    """
    parsed = [dates.parse(text) for text in texts]
    earliest = [item.earliest for item in parsed]
    latest = [item.latest + timedelta(days=1) if item.is_qualified else item.latest for item in parsed]
    for index in range(1, len(texts)):
        earliest[index] = max(earliest[index], earliest[index - 1])
    for index in range(len(texts) - 2, -1, -1):
        latest[index] = min(latest[index], latest[index + 1])
    return earliest, latest


def facets(record: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return the (dimension, key) pairs of a public record, direct values only."""
    entry, derived = record["entry"], record["entry"]["derived"]
    pairs = {
        ("status", derived["status"]),
        ("status_by", derived["status_by"]),
        ("in_force", derived["in_force"]),
        ("category", entry["category"]["slug"] if entry["category"] else codebook.NOT_CODED),
        ("form", entry["form"]),
        ("evidence", derived["evidence"]),
        ("corroborated", "yes" if derived["corroborated"] else "no"),
        ("disputed", "yes" if entry["disputed"] else "no"),
    }
    pairs |= {("had_status", line["status"]) for line in entry["status_history"]}
    for dimension, named in (("actor", "other_actors"), ("agency", "other_agencies")):
        pairs |= {(dimension, item["slug"]) for item in [entry[dimension], *entry[named]] if item}
    pairs |= {("topic", item["slug"]) for item in entry["topics"]}
    pairs |= {("affects", item["slug"]) for item in entry["affects"]}
    for citation in entry["citations"]:
        pairs |= {
            ("source", citation["source"]["slug"]),
            ("publisher", citation["source"]["publisher"]["slug"]),
        }
    return {(dimension, key) for dimension, key in pairs if key}


def projection(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return date bounds and sort keys of a public record, by field name of `Projection`."""
    when = dates.parse(record["entry"]["date"])
    return {
        "slug": record["slug"],
        "edition": record["edition"],
        "earliest": when.earliest,
        "latest": when.latest,
        "qualified": when.is_qualified,
        "newest": dates.sort_newest(when),
        "oldest": dates.sort_oldest(when),
        "changed": dates.sort_latest(datetime.fromisoformat(record["last_changed"])),
        "added": dates.sort_latest(datetime.fromisoformat(record["first_published"])),
    }
