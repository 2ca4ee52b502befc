"""Likely duplicates: entries that an editor should look at before logging the same action once more.

Two entries are likely one when they share an agency or an actor, lie near each other in time and have similar
titles. That is a question, never a verdict: siblings by one office in one week look just as alike.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from rapidfuzz import fuzz, process

from tracker import codebook, dates, document
from tracker.models import Actor, Agency, NotDuplicate, PolicyAction, PublishedAction, Relation
from tracker.models.vocabulary import name_key

# Days that may lie between two dates for one action: a report comes a few days after the order that it reports.
NEAR = 7
# How alike two titles must be, 0 to 100. Measured on the Trump Action Tracker of 1 March 2026 (2,642 rows, 147,041
# pairs within NEAR, agencies unknown): 30 pairs reach 75, of which by reading 8 tell one action twice, 9 a later
# development of it and 13 a sibling; 28 rows in 2,642 would have asked. At 70 it is 62 pairs, at 65 138, and hardly
# more of them are one action. Of 15 titles that we reworded ourselves 9 reach 75, and none of the pairs in seeds/.
ALIKE = 75
# A date vaguer than this ("the 1990s") is near everything, and so says nothing.
_LONGEST = 366
# The worklist looks at so many of the entries logged last; whoever logs is asked at once.
NEWEST = 500

_UNKNOWN = {codebook.NOT_KNOWN, codebook.NOT_NAMED}
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Likeness:
    """An entry that another one may repeat: how alike the titles are (0 to 100), and in words what else is.

    `action` is one of `with_status().with_ledger_state()`.
    """

    action: Any
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two saved entries that look alike; `first` was logged before `second`; annotated like those of Likeness."""

    first: Any
    second: Any
    score: int


def likely_duplicates(entry: Mapping[str, Any], *, exclude: PolicyAction | None = None) -> list[Likeness]:
    """Return the entries that `entry` (a document's "entry") may repeat and nobody judged yet, the likest first.

    `exclude` is the saved entry that it is an edit of. Two queries; none without a date or without an agency or
    actor that is known. At 100,000 entries 25 ms, for a date that is a whole year 80 ms.
    """
    title, when, agencies, actors = compared(entry)
    if not (agencies or actors) or not when or not title:
        return []
    near = _near(when).annotate(
        same_agency=_shares("agency", agencies), same_actor=_shares("actor", actors)
    ).filter(Q(same_agency=True) | Q(same_actor=True))  # fmt: skip
    if exclude is not None and exclude.pk:
        near = near.exclude(pk=exclude.pk).exclude(_judged(exclude))
    found = {row[0]: row for row in near.order_by().values_list("pk", "title", "same_agency", "same_actor")}
    scores = _alike(title, {key: row[1] for key, row in found.items()})
    likely = PolicyAction.objects.filter(pk__in=scores).with_status().with_ledger_state()
    return sorted(
        (Likeness(each, scores[each.pk], _reasons(entry, each, *found[each.pk][2:])) for each in likely),
        key=lambda likeness: (-likeness.score, likeness.action.pk),
    )


def compared(entry: Mapping[str, Any]) -> tuple[str, str, set[str], set[str]]:
    """Return what of `entry` is compared: title, date, slugs of agencies, slugs of actors; "" where one is missing."""
    agencies, actors = _slugs(entry, "agency", "other_agencies"), _slugs(entry, "actor", "other_actors")
    return entry.get("title") or "", entry.get("date") or "", agencies, actors


def _slugs(entry: Mapping[str, Any], lead: str, others: str) -> set[str]:
    named = [entry.get(lead), *(entry.get(others) or ())]
    return {document.slug_of(term) for term in named if term} - _UNKNOWN


def _near(text: str) -> QuerySet[PolicyAction]:
    """Return the entries whose date may be within NEAR days of this one; the index on the first day bounds them."""
    when, days = dates.parse(text), timedelta(days=NEAR)
    first, last = when.earliest - days, when.latest + days
    started = (first - timedelta(days=_LONGEST), last)
    return PolicyAction.objects.filter(date_earliest__range=started, date_latest__gte=first)


def _shares(lead: str, slugs: set[str]) -> ExpressionWrapper:
    """Return whether an entry has one of these terms, as its first one or among the others."""
    others = f"other_{'agencies' if lead == 'agency' else 'actors'}"
    through = getattr(PolicyAction, others).through
    named = through.objects.filter(**{"policyaction": OuterRef("pk"), f"{lead}__slug__in": slugs})
    return ExpressionWrapper(Q(**{f"{lead}__slug__in": slugs}) | Exists(named), output_field=BooleanField())


def _judged(action: PolicyAction) -> Q:
    """Return the entries that somebody told from `action`, or related to it: those are two by what was entered."""
    pairs = Q(first=action, second=OuterRef("pk")) | Q(second=action, first=OuterRef("pk"))
    related = Q(from_action=action, to_action=OuterRef("pk")) | Q(to_action=action, from_action=OuterRef("pk"))
    return Q(Exists(NotDuplicate.objects.filter(pairs))) | Q(Exists(Relation.objects.filter(related)))


def _alike(title: str, others: Mapping[int, str]) -> dict[int, int]:
    """Return key -> score of those of the titles in `others` that are like `title`."""
    bare = {key: _bare(other) for key, other in others.items()}
    found = process.extract(_bare(title), bare, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=None)
    return {key: round(score) for _, score, key in found}


def _bare(title: str) -> str:
    """Return the words of a title without case, marks and punctuation."""
    return " ".join(_WORDS.findall(name_key(title)))


def _reasons(entry: Mapping[str, Any], other: PolicyAction, same_agency: bool, same_actor: bool) -> tuple[str, ...]:
    shared = [word for word, same in (("agency", same_agency), ("actor", same_actor)) if same]
    days = _apart(dates.parse(entry["date"]), dates.parse(str(other.date)))
    when = "the same time" if days == 0 else f"{days} day{'' if days == 1 else 's'} apart"
    return (f"same {' and '.join(shared)}", when, "similar title")


def _apart(one: dates.EDTFDate, other: dates.EDTFDate) -> int:
    """Return how many days surely lie between two dates, 0 when they may overlap."""
    return max((one.earliest - other.latest).days, (other.earliest - one.latest).days, 0)


# --- what somebody found ---------------------------------------------------------------------------------------


def tell_apart(action: PolicyAction, others: Iterable[PolicyAction], *, by: User, at: datetime) -> None:
    """Remember that `action` is none of `others`. A pair that was judged before stays as it was judged."""
    pairs = [sorted((action.pk, other.pk)) for other in others if other.pk != action.pk]
    NotDuplicate.objects.bulk_create(
        [NotDuplicate(first_id=first, second_id=second, by=by, at=at) for first, second in pairs],
        ignore_conflicts=True,
    )


def told_apart(action: PolicyAction) -> list[tuple[PolicyAction, NotDuplicate]]:
    """Return what somebody told `action` from, with who and when, the newest first. One query."""
    pairs = NotDuplicate.objects.filter(Q(first=action) | Q(second=action)).select_related("first", "second", "by")
    return [(pair.second if pair.first_id == action.pk else pair.first, pair) for pair in pairs.order_by("-at", "-pk")]


# --- the worklist ----------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """What the comparison of many entries reads of each."""

    pk: int
    title: str
    day: date
    agency: int | None
    actor: int | None


class _Blocks:
    """Entries by agency and by actor, each block by first day. `unknown` are the keys that stand for nobody."""

    def __init__(self, rows: Iterable[_Row], *, agencies: set[int], actors: set[int]) -> None:
        self._unknown = (agencies | {None}, actors | {None})
        self._rows: dict[tuple[int, int | None], list[_Row]] = defaultdict(list)
        for row in sorted(rows, key=_day):
            for block in self._of(row):
                self._rows[block].append(row)

    def _of(self, row: _Row) -> Iterator[tuple[int, int | None]]:
        for place, key in enumerate((row.agency, row.actor)):
            if key not in self._unknown[place]:
                yield place, key

    def likely(self, row: _Row) -> dict[int, int]:
        """Return key -> score of the entries logged before `row` that it is like."""
        days = timedelta(days=NEAR)
        near: dict[int, str] = {}
        for block in map(self._rows.__getitem__, self._of(row)):
            start, end = bisect_left(block, row.day - days, key=_day), bisect_right(block, row.day + days, key=_day)
            near |= {other.pk: other.title for other in block[start:end] if other.pk < row.pk}
        return _alike(row.title, near)


def _day(row: _Row) -> date:
    return row.day


def open_pairs(*, limit: int) -> list[Pair]:
    """Return at most `limit` pairs that look alike and nobody judged, those logged last first.

    Compares the NEWEST entries logged with all, by first day, agency and actor alone; retracted ones and those with
    a relation between them are no question. Nine queries. At 100,000 entries less than a second, even where the
    newest are scattered over ten years.
    """
    dated = PolicyAction.objects.filter(date__isnull=False)
    newest = _read(dated.order_by("-pk")[:NEWEST])
    if not newest:
        return []
    settled, retracted = _settled(newest[-1].pk), _retracted()
    blocks = _Blocks(_read(_neighbourhood(dated, newest)), agencies=_nobody(Agency), actors=_nobody(Actor))
    found: list[tuple[int, int, int]] = []
    for row in newest:
        likely = blocks.likely(row) if row.pk not in retracted else {}
        open_ones = (key for key in sorted(likely, reverse=True) if (key, row.pk) not in settled)
        found += [(key, row.pk, likely[key]) for key in open_ones if key not in retracted]
        if len(found) >= limit:
            break
    return _pairs(found[:limit])


def _read(actions: QuerySet[PolicyAction]) -> list[_Row]:
    return list(map(_Row._make, actions.values_list("pk", "title", "date_earliest", "agency_id", "actor_id")))


def _neighbourhood(dated: QuerySet[PolicyAction], newest: Sequence[_Row]) -> QuerySet[PolicyAction]:
    """Return the entries that lie between the first and the last day which any of `newest` could be near."""
    days = timedelta(days=NEAR)
    first, last = min(map(_day, newest)) - days, max(map(_day, newest)) + days
    return dated.filter(date_earliest__range=(first, last)).order_by()


def _nobody(model: type[Agency] | type[Actor]) -> set[int]:
    return set(model._default_manager.filter(slug__in=_UNKNOWN).values_list("pk", flat=True))


def _settled(since: int) -> set[tuple[int, int]]:
    """Return the pairs, by key and in order, that somebody told apart or related, with those logged from `since` on."""
    judged = NotDuplicate.objects.filter(second__gte=since).values_list("first_id", "second_id")
    either = Q(from_action__gte=since) | Q(to_action__gte=since)
    related = Relation.objects.filter(either, to_action__isnull=False).values_list("from_action_id", "to_action_id")
    return {*judged} | {(min(pair), max(pair)) for pair in related}


def _retracted() -> set[int]:
    slugs = PublishedAction.objects.current().filter(change="retracted").values("slug")
    return set(PolicyAction.objects.filter(slug__in=slugs).values_list("pk", flat=True))


def _pairs(found: Sequence[tuple[int, int, int]]) -> list[Pair]:
    keys = {key for first, second, _ in found for key in (first, second)}
    actions = PolicyAction.objects.with_status().with_ledger_state().select_related("agency").in_bulk(keys)
    return [Pair(actions[first], actions[second], score) for first, second, score in found]
