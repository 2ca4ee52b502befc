"""What the add form shows before anything is typed: from the address it was opened by, and from another entry.

Reading only: opening a form creates nothing.
"""

from collections.abc import Mapping
from typing import Any

from tracker.admin.sources import find_publisher, proposed_publisher
from tracker.admin.widgets import is_key
from tracker.models import Citation, PolicyAction
from tracker.models.addresses import address_key

Initial = dict[str, Any]


def completed(initial: Mapping[str, Any]) -> Initial:
    """Return the values of a query string with what follows from them.

    `from` is the key of an entry whose source, attribution, agency, parties and topics are kept. The title of an
    article is the first proposal for the title of the entry as well. At most seven queries.
    """
    values = {name: value for name, value in initial.items() if "\x00" not in str(value)}
    values = _kept(str(values.pop("from", "")), url=values.get("source_url", "")) | values
    if values.get("source_url") and values.get("title"):
        values.setdefault("source_title", values["title"])
    if values.get("publisher"):
        values["publisher"] = _publisher(values["publisher"], url=values.get("source_url", ""))
    return values


def _kept(key: str, *, url: str) -> Initial:
    """Return what another action from the same article has in common with entry `key`."""
    action = PolicyAction.objects.filter(pk=key).first() if is_key(key) else None
    if action is None:
        return {}
    kept: Initial = {
        "agency": action.agency_id,
        "affects": [party.pk for party in action.affects.all()],
        "topics": [topic.pk for topic in action.topics.all()],
    }
    if citation := _citation(action, url):
        kept["attribution"] = citation.attribution
        kept |= {"source_url": citation.source.url} if citation.source.url else {"source": citation.source_id}
    return kept


def _citation(action: PolicyAction, url: str) -> Citation | None:
    """Return how the entry cites the source at `url`; its first citation where it does not."""
    cited = list(action.citations.select_related("source").order_by("position"))
    key = _key(url)
    return next((each for each in cited if key and each.source.url_key == key), cited[0] if cited else None)


def _publisher(name: str, *, url: str) -> str:
    """Return the publisher that a site calls itself: by the record's name where it knows the name or the site."""
    known = find_publisher(name) or (proposed_publisher(url) if _key(url) else None)
    return known.name if known else name


def _key(url: str) -> str:
    try:
        return address_key(url)
    except ValueError:
        return ""
