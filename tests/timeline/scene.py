"""A small published record, as readers meet it: five entries under two editions, and the terms around them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests import factories
from tests.factories import citation, line
from timeline.selection import Selection, Surface
from tracker.models import PolicyAction

TODAY = date(2025, 6, 10)
FIRST, SECOND = datetime(2025, 6, 1, 12, tzinfo=UTC), datetime(2025, 6, 3, 12, tzinfo=UTC)


def select(query: str = "", *, surface: Surface = "page", today: date = TODAY) -> Selection:
    """Parse a query string as of the scene's day."""
    return Selection.parse(query, surface=surface, today=today)


def slugs(query: str = "") -> list[str]:
    """Return the slugs that a query string finds, in order; it must be a sound one."""
    selection = select(query)
    assert selection.errors == {}
    return [row.slug for row in selection.rows()]


@dataclass(frozen=True)
class Scene:
    """The entries: `memo`, `pause`, `cyber`, `talks` of edition 1, `rule` of edition 2."""

    memo: PolicyAction
    pause: PolicyAction
    cyber: PolicyAction
    talks: PolicyAction
    rule: PolicyAction


def publish_scene() -> Scene:
    """Publish the scene: two editions, on 1 and 3 June 2025."""
    justice = factories.AgencyFactory.create(name="Justice Department", abbreviation="DOJ")
    defense = factories.AgencyFactory.create(name="Defense Department")
    terms = {
        "justice": justice,
        "task": factories.AgencyFactory.create(name="Task Force Unit", parent=justice),
        "defense": defense,
        "command": factories.AgencyFactory.create(name="Cyber Command", parent=defense),
        "house": factories.AgencyFactory.create(name="White House"),
    }
    ukraine = factories.PartyFactory.create(name="Ukraine")
    europe = factories.PartyFactory.create(name="Europe", group=True)
    europe.members.add(ukraine)
    aid = factories.CategoryFactory.create(name="Aid paused")
    early = {
        "memo": factories.save(
            slug="memo", title="Task force disbanded", agency=terms["task"], date="2025-02-05", form="agency_memo",
            status_history=[line(date="2025-02-05", by="issuer")], identifiers=["memo:17"],
        ),
        "pause": factories.save(
            slug="pause", title="Military aid 100% paused", agency=terms["house"], date="2025-03-03", category=aid,
            affects=[ukraine],
            status_history=[line(date="2025-03-03"), line("reversed", "2025-03-11", by="issuer")],
        ),
        "cyber": factories.save(
            slug="cyber", title="Cyber operations stopped", agency=terms["command"],
            date="[2025-02-17..2025-02-28]", status_history=[line("reported", "2025-02-28")],
        ),
        "talks": factories.save(
            slug="talks", title="Talks held", agency=terms["house"], affects=[europe], date="2025-02-18?",
            status_history=[line("took_place", "2025-02-18")], category=None, imported=True,
        ),
    }  # fmt: skip
    factories.publish(*early.values(), at=FIRST)
    rule = factories.save(
        slug="rule", title="Rule proposed", agency=justice, date="2025-05", at=SECOND,
        status_history=[line("announced", "2025-05-20", by="issuer"), line("blocked", "2025-05-22", by="court")],
        disputed=True, dispute_note="The agency denies it.",
        citations=[citation(), citation(stance="disputes")],
    )  # fmt: skip
    factories.publish(rule, at=SECOND)
    return Scene(rule=rule, **early)
