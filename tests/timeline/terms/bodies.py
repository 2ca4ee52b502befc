"""Agencies as a country has them: a parent, parts, a predecessor, one merged, and the actions that carry them."""

from dataclasses import dataclass

from tests import factories
from tests.timeline.scene import FIRST, SECOND
from tracker import publishing
from tracker.models import Agency


@dataclass(frozen=True)
class Bodies:
    """`ministry` has the parts `office` and `unit` (below `office`), and took over from `board` on 1 March 2025."""

    ministry: Agency
    office: Agency
    unit: Agency
    board: Agency


def publish_bodies() -> Bodies:
    """Publish one action of each body, as edition 1."""
    country = factories.PartyFactory.create(name="Ruritania")
    ministry = factories.AgencyFactory.create(name="Ministry", abbreviation="MIN", country=country)
    office = factories.AgencyFactory.create(name="Office", parent=ministry, country=country)
    unit = factories.AgencyFactory.create(name="Unit", parent=office)
    board = factories.AgencyFactory.create(name="Board", successor=ministry, successor_date="2025-03-01")
    bodies = Bodies(ministry, office, unit, board)
    factories.publish(
        *(factories.save(slug=f"of-{body.slug}", agency=body) for body in (ministry, office, unit, board)), at=FIRST
    )
    return bodies


def merge(merged: Agency, survivor: Agency) -> None:
    """Merge one body into another, as edition 2."""
    merged.merged_into = survivor
    merged.save()
    publishing.publish_terms([("agency", merged.slug)], by=None, at=SECOND, note="Merged.", renew=False)
