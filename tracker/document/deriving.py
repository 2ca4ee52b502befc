"""What follows from an entry: bounds, current status, evidence, the lead source."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker import codebook, dates

_ON_RECORD = frozenset(code for code, item in codebook.ATTRIBUTIONS.items() if item.on_record)


def derive(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the derived values of an entry: dates' bounds, current status, evidence, lead source."""
    when = dates.parse(entry["date"]) if entry["date"] else None
    bounds = {
        "date_earliest": when and when.earliest.isoformat(),
        "date_latest": when and when.latest.isoformat(),
    }
    return bounds | _derive_status(entry["status_history"]) | _derive_evidence(entry["citations"])


def _derive_status(history: list[dict[str, Any]]) -> dict[str, Any]:
    lines = [line for line in history if line["status"]]
    last = lines[-1] if lines else None
    first_day, last_day = _in_force_days(lines)
    return {
        "status": last and last["status"],
        "status_date": last and last["date"],
        "status_by": last and last["by"],
        "in_force": last and codebook.STATUSES[last["status"]].in_force,
        "in_force_from": first_day,
        "in_force_until": last_day,
    }


def _in_force_days(lines: list[dict[str, Any]]) -> tuple[str | None, str | None]:
    """Return the first day in force, and the first day no longer in force unless it is in force now."""
    started = ended = None
    holding = False
    for line in lines:
        holds = codebook.STATUSES[line["status"]].in_force in codebook.IN_FORCE_VALUES_HOLDING
        if holds and started is None:
            started = line["date"]
        if holding and not holds:
            ended = line["date"]
        holding = holds
    return started, None if holding else ended


def _derive_evidence(citations: list[dict[str, Any]]) -> dict[str, Any]:
    supporting = [citation for citation in citations if citation["stance"] == "supports"]
    ranked = sorted(supporting, key=_lead_first)
    lead = ranked[0] if ranked else None
    source = lead and lead["source"]
    publishers = {item["source"]["publisher"]["slug"]: item["source"]["publisher"]["name"] for item in citations}
    first_hand = {item["source"]["publisher"]["slug"] for item in supporting if item["attribution"] != "reporting"}
    return {
        "evidence": _evidence(supporting),
        "attribution": lead and lead["attribution"],
        "corroborated": len(first_hand) > 1,
        "source_count": len(citations),
        "official_source_count": sum(_is_official(citation) for citation in citations),
        "publishers": [publishers[slug] for slug in sorted(publishers)],
        "source_title": source and source["title"],
        "source_publisher": source and source["publisher"]["name"],
        "source_url": source and source["url"],
        "source_archive_url": source and source["archive_url"],
        "source_published": source and source["published"],
        "source_urls": _addresses(lead, citations),
    }


def _is_official(citation: Mapping[str, Any]) -> bool:
    return codebook.SOURCE_KINDS[citation["source"]["kind"]].official


def _lead_first(citation: Mapping[str, Any]) -> tuple[int, bool, date, int]:
    published = citation["source"]["published"]
    day = dates.parse(published).earliest if published else date.max
    rank = codebook.ATTRIBUTIONS.codes.index(citation["attribution"])
    return rank, not _is_official(citation), day, citation["position"]


def _evidence(supporting: list[dict[str, Any]]) -> str | None:
    if not supporting:
        return None
    if any(_is_official(item) and (item["source"]["url"] or item["source"]["archive_url"]) for item in supporting):
        return "official"
    return "on_record" if any(item["attribution"] in _ON_RECORD for item in supporting) else "press_only"


def _addresses(lead: Mapping[str, Any] | None, citations: list[dict[str, Any]]) -> list[str]:
    ordered = ([lead] if lead else []) + citations
    return list(dict.fromkeys(item["source"]["url"] for item in ordered if item["source"]["url"]))
