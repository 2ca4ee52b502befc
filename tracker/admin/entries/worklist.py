"""What wants attention: each rule is said once. The first page counts by it, the list of entries filters by it.

A rule narrows a queryset of entries, on a day and for whoever asks. Retracted entries want nothing but review.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value

from tracker import codebook, dates, duplicates
from tracker.admin.entries import offers
from tracker.models import Citation, PolicyAction, PublishedAction, Revision, StatusChange

# Nothing became of it for so long.
QUIET = timedelta(days=60)
UNVERIFIED = timedelta(days=180)
# What is expected to give way to another status.
UNSETTLED = ("reported", "on_hold", "blocked")
# Counting stops here: "more than 1,000" says enough.
MOST = 1_000
MOST_PAIRS = 100
# Of more entries than this, what is slow to count is only linked.
MANY = 10_000

# A queryset of PolicyAction, with its own methods.
Entries = Any


@dataclass(frozen=True)
class Asked:
    """Who asks, and on which day."""

    user: User
    today: date


Rule = Callable[[Entries, Asked], Entries]


@dataclass(frozen=True)
class Need:
    """One question of the worklist: its code in addresses, its words, its rule.

    `is_slow`: comparing takes most of a second at 100,000 entries, so that of many entries it is not counted.
    """

    code: str
    label: str
    rule: Rule
    hint: str = ""
    is_slow: bool = False


def standing(entries: Entries) -> Entries:
    """Entries that are not retracted."""
    gone = PublishedAction.objects.current().filter(change="retracted")
    return entries.exclude(slug__in=gone.values("slug"))


def _where(*conditions: Q, **values: Any) -> Rule:
    """Return the rule that an entry stands and is such."""
    return lambda entries, _: standing(entries.filter(*conditions, **values))


def _without(name: str) -> Rule:
    """Return the rule that this text is blank."""
    return lambda entries, _: standing(entries.without(name))


# --- review ----------------------------------------------------------------------------------------------------


def _in_review(entries: Entries, _: Asked) -> Entries:
    return entries.filter(workflow="in_review")


def _returned_to_me(entries: Entries, asked: Asked) -> Entries:
    """Returned, and mine as it was when it was sent: a reviewer's return is a revision too."""
    sent = Revision.objects.filter(action=OuterRef("pk")).exclude(workflow="returned").order_by("-number")
    returned = entries.filter(workflow="returned")
    return returned.alias(sent_by=Subquery(sent.values("by")[:1])).filter(sent_by=asked.user.pk)


# --- what became of it -----------------------------------------------------------------------------------------


def _quiet(entries: Entries, asked: Asked) -> Entries:
    """Unsettled, with no line in 60 days. Whoever looked and found nothing new says so: last verified."""
    since = asked.today - QUIET
    unsettled = StatusChange.objects.current().filter(status__in=UNSETTLED, date_latest__lt=since)
    news = StatusChange.objects.filter(action=OuterRef("pk"), date_latest__gte=since)
    unseen = Q(last_verified=None) | Q(last_verified__lt=since)
    return standing(entries.filter(unseen, pk__in=unsettled.values("action")).exclude(Exists(news)))


def _due(entries: Entries, asked: Asked) -> Entries:
    """The whole of the announced day is here or over. One query more: only Python reads a vague day."""
    announced = PolicyAction.objects.filter(due_date__isnull=False).order_by()
    days = announced.values_list("due_date", flat=True).distinct()
    return standing(entries.filter(due_date__in=[day for day in days if dates.parse(day).latest <= asked.today]))


def _disagreeing(entries: Entries, _: Asked) -> Entries:
    return standing(offers.disagreeing(entries))


def _alike(entries: Entries, _: Asked) -> Entries:
    """In one of the likely pairs that nobody judged; compared in Python."""
    pairs = duplicates.open_pairs(limit=MOST_PAIRS)
    return entries.filter(pk__in={action.pk for pair in pairs for action in (pair.first, pair.second)})


# --- evidence --------------------------------------------------------------------------------------------------


def _no_official_source(entries: Entries, _: Asked) -> Entries:
    """As `evidence` in documents: an official kind that supports and can be opened."""
    opened = ~Q(source__url="") | ~Q(source__archive_url="")
    official = Citation.objects.filter(opened, stance="supports", source__kind__in=codebook.OFFICIAL_KINDS)
    return standing(entries.exclude(Exists(official.filter(action=OuterRef("pk")))))


def _not_archived(entries: Entries, _: Asked) -> Entries:
    """Cites a page of which no copy is kept."""
    bare = Citation.objects.filter(source__archive_url="").exclude(source__url="")
    return standing(entries.filter(pk__in=bare.values("action")))


def _unverified(entries: Entries, asked: Asked) -> Entries:
    """Public, and nobody looked again in 180 days; until somebody does, counted from the day it was logged."""
    since = asked.today - UNVERIFIED
    logged = Revision.objects.filter(action=OuterRef("pk"), number=1, at__lt=datetime.combine(since, time.min, UTC))
    old = Q(last_verified__lt=since) | (Q(last_verified=None) & Exists(logged))
    return standing(entries.filter(old, published_revision__isnull=False))


NEEDS: Mapping[str, tuple[Need, ...]] = {
    "Review": (
        Need("in_review", "Waiting for review", _in_review),
        Need("returned", "Returned to me", _returned_to_me),
        Need("edited", "Unpublished edits", _where(published_revision__lt=F("revision"))),
    ),
    "What became of it?": (
        Need("quiet", "On hold, blocked or reported", _quiet, "no change for 60 days"),
        Need("due", "Due date reached", _due, "did it happen?"),
        Need("disagreeing", "Relation and status disagree", _disagreeing),
        Need("unverified", "Not verified for 180 days", _unverified),
    ),
    "Evidence": (
        Need("official", "No official source", _no_official_source),
        Need("archive", "Source without an archived copy", _not_archived),
        Need("alike", "Likely duplicates", _alike, is_slow=True),
    ),
    "Still to fill in": (
        Need("actor", "Actor left blank", _where(actor=None)),
        Need("not_named", "Actor not named", _where(actor__slug=codebook.NOT_NAMED), "does a source name one by now?"),
        Need("agency", "Agency left blank", _where(agency=None)),
        Need("not_known", "Agency not known", _where(agency__slug=codebook.NOT_KNOWN), "is one known by now?"),
        Need("category", "Category not yet coded", _where(category=None)),
        Need("date_note", "Vague date without a note", lambda entries, _: standing(entries.vaguely_dated())),
        Need("stands", "Where it stands left blank", _without("where_it_stands")),
        Need("summary", "No summary", _without("summary")),
    ),
}  # fmt: skip

BY_CODE = {need.code: need for needs in NEEDS.values() for need in needs}


def counts(entries: Entries, asked: Asked, *, most: int = MOST) -> dict[str, int]:
    """Return code -> how many of `entries`, at most `most` + 1 each; what is slow is left out where they are MANY.

    Two queries, and those that `due` and `alike` need to know what they look for.
    """
    are_many = entries.order_by().values("pk")[: MANY + 1].count() > MANY
    needs = [need for need in BY_CODE.values() if not (need.is_slow and are_many)]
    branches = [_count(need.code, need.rule(entries.order_by(), asked), most) for need in needs]
    # A rule that looks for nothing drops out of the union.
    return {need.code: 0 for need in needs} | dict(branches[0].union(*branches[1:], all=True))


def _count(code: str, found: Entries, most: int) -> Entries:
    few = PolicyAction.objects.order_by().filter(pk__in=found.values("pk")[: most + 1])
    return few.annotate(code=Value(code)).values_list("code").annotate(number=Count("pk"))
