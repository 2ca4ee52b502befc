"""The record: policy actions, the lines of their history, the citations behind each fact, their relations.

Only `tracker.record` writes these tables. The current status is derived from the last line that has one and is
stored nowhere.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce, Length, Substr

from tracker import codebook
from tracker.dates import BoundField, EDTFField
from tracker.models.fields import SLUG_PATTERN, lines, one_of, validate_plain_text, validate_slug
from tracker.models.keyed import PublishedDeletionError
from tracker.models.ledger import PublishedAction
from tracker.models.sources import Source
from tracker.models.vocabulary import Actor, AffectedParty, Agency, Category, Topic


class PolicyActionQuerySet(models.QuerySet["PolicyAction"]):
    """Entries as editors see them."""

    def with_status(self) -> Self:
        """Annotate `status`, `status_date` and `status_by`: those of the last line that has a status."""
        last = StatusChange.objects.filter(action=OuterRef("pk")).exclude(status="").order_by("-position")
        return self.annotate(
            status=Subquery(last.values("status")[:1]),
            status_date=Subquery(last.values("date")[:1]),
            status_by=Subquery(last.values("by")[:1]),
        )

    def with_ledger_state(self) -> Self:
        """Annotate `last_public_change`: the change of the newest public row, null when never published."""
        current = PublishedAction.objects.filter(slug=OuterRef("slug"), superseded_in=None)
        return self.annotate(last_public_change=Subquery(current.values("change")[:1]))

    def with_sources(self) -> Self:
        """Annotate `source_count` and `official_count`: how many sources it cites, and how many of those official."""
        cited = Citation.objects.filter(action=OuterRef("pk")).order_by().values("action")
        official = cited.filter(source__kind__in=codebook.OFFICIAL_KINDS)
        return self.annotate(
            source_count=Coalesce(Subquery(cited.annotate(number=Count("pk")).values("number")), 0),
            official_count=Coalesce(Subquery(official.annotate(number=Count("pk")).values("number")), 0),
        )

    def last_saved_first(self) -> Self:
        """Saved entries in the order of their last save, the newest first: a walk down the index on revisions."""
        last = FilteredRelation("revisions", condition=Q(revisions__number=F("revision")))
        return self.alias(last=last).filter(last__isnull=False).order_by("-last__at", "-last__action_id")

    def without(self, name: str) -> Self:
        """Entries whose `name` (summary, where_it_stands) is blank, found by the index on its length."""
        return self.alias(length=Length(name)).filter(length=0)

    def vaguely_dated(self) -> Self:
        """Entries whose date leaves a day open and no note says who says what: `EDTFDate.is_vague` in SQL.

        A day known is ten characters, one that lasted over known days twice ten and a stroke; marks add to that.
        """
        undated = self.filter(date__isnull=False, date_note="").alias(length=Length("date"))
        return undated.exclude(~Q(date__contains="/"), length=10).exclude(date__contains="/", length=21)

    def dates(self, field_name: str, kind: str, order: str = "ASC") -> Any:
        """Return the years, months or days that occur, as Django does, read off the text of the day.

        On SQLite Django asks Python about each row: 0.3 s for 100,000.
        """
        length, rest = {"year": (4, "-01-01"), "month": (7, "-01"), "day": (10, "")}[kind]
        start = Substr(Cast(field_name, models.CharField()), 1, length)
        found = self.filter(**{f"{field_name}__isnull": False}).order_by().annotate(start=start)
        days = found.values_list("start", flat=True).distinct().order_by("start" if order == "ASC" else "-start")
        return [date.fromisoformat(f"{day}{rest}") for day in days]

    def with_unpublished_edits(self) -> Self:
        """Entries that were published and edited since."""
        return self.filter(published_revision__lt=F("revision"))

    def for_documents(self) -> Self:
        """Entries with everything that `tracker.document` reads, in a fixed number of queries."""
        return self.select_related("category", "actor", "agency__parent").prefetch_related(
            "other_actors",
            "other_agencies",
            "affects",
            "topics",
            models.Prefetch("status_changes", StatusChange.objects.select_related("source")),
            models.Prefetch(
                "citations", Citation.objects.select_related("source__publisher", "source__republished_by")
            ),
            models.Prefetch("relations", Relation.objects.select_related("to_action")),
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete entries that were never published; raise PublishedDeletionError when any was."""
        public = PublishedAction.objects.filter(slug__in=self.values("slug"))
        if slugs := sorted(set(public.values_list("slug", flat=True)[:5])):
            raise PublishedDeletionError(f"Already published, cannot be deleted: {', '.join(slugs)}.")
        return super().delete()


class PolicyAction(models.Model):
    """One decision, or one formal act, by a government body or official: the working copy of an entry.

    Whether and as what it is public is read from the ledger. `revision` is the optimistic lock.
    """

    slug = models.CharField(max_length=100, unique=True, validators=[validate_slug])
    title = models.CharField(
        max_length=200,
        validators=[validate_plain_text],
        help_text="What was decided, in the past tense, neutral, without the status and without a verdict.",
    )
    summary = models.TextField(
        blank=True,
        validators=[validate_plain_text],
        help_text="What was decided, by whom, on whose word we have it; 1 to 4 sentences in our own words.",
    )
    where_it_stands = models.CharField(
        max_length=120,
        blank=True,
        validators=[validate_plain_text],
        help_text="One sentence that a stranger can repeat without error: what stopped or goes on, and the day.",
    )
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    form = models.CharField(max_length=30, blank=True, choices=codebook.FORMS.choices)
    identifiers = models.TextField(
        blank=True,
        validators=[validate_plain_text],
        help_text="Official numbers, one per line, such as eo:13716.",
    )
    actor = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    actor_office = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_plain_text],
        help_text="The office as held on that day.",
    )
    other_actors = models.ManyToManyField(Actor, blank=True, related_name="other_actions")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    other_agencies = models.ManyToManyField(Agency, blank=True, related_name="other_actions")
    affects = models.ManyToManyField(AffectedParty, blank=True, related_name="actions")
    topics = models.ManyToManyField(Topic, blank=True, related_name="actions")
    date = EDTFField(null=True, blank=True, help_text='The day of the decision, in words if vague: "late Feb 2025".')
    date_earliest = BoundField("date", "earliest")
    date_latest = BoundField("date", "latest")
    date_note = models.CharField(
        max_length=200,
        blank=True,
        validators=[validate_plain_text],
        help_text="For a vague date: who says what.",
    )
    due_date = EDTFField(null=True, blank=True, help_text="A day still to come, as announced; a plan, not a status.")
    disputed = models.BooleanField(default=False)
    dispute_note = models.CharField(
        max_length=200, blank=True, validators=[validate_plain_text], help_text="Who denies what, and when."
    )
    last_verified = models.DateField(null=True, blank=True)
    imported = models.BooleanField(default=False, editable=False)
    workflow = models.CharField(max_length=10, choices=codebook.WORKFLOW.choices, default="draft", editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    published_revision = models.PositiveIntegerField(null=True, editable=False)

    objects = PolicyActionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-date_earliest", "slug"]
        permissions: ClassVar = [("publish_policyaction", "Can publish and retract policy actions")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(slug__regex=SLUG_PATTERN), name="policyaction_slug"),
            models.CheckConstraint(condition=~Q(title=""), name="policyaction_title"),
            models.CheckConstraint(condition=Q(disputed=False) | ~Q(dispute_note=""), name="policyaction_dispute_note"),
            models.CheckConstraint(
                condition=Q(date=None, date_earliest=None, date_latest=None)
                | Q(date__isnull=False, date_earliest__lte=F("date_latest")),
                name="policyaction_date_bounds",
            ),
            one_of("form", codebook.FORMS.codes, name="policyaction_form", blank=True),
            one_of("workflow", codebook.WORKFLOW.codes, name="policyaction_workflow"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-date_earliest", "slug"], name="policyaction_newest"),
            # What the worklist counts, so that it finds the few among the many.
            models.Index(fields=["workflow"], name="policyaction_workflow"),
            models.Index(fields=["last_verified"], name="policyaction_verified"),
            models.Index(fields=["due_date"], condition=Q(due_date__isnull=False), name="policyaction_due"),
            models.Index(
                fields=["slug"], condition=Q(published_revision__lt=F("revision")), name="policyaction_edited"
            ),
            models.Index(fields=["date_note", "date"], name="policyaction_date_note"),
            models.Index(Length("summary"), name="policyaction_summary"),
            models.Index(Length("where_it_stands"), name="policyaction_stands"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the public page, whether or not it is public yet."""
        return f"/actions/{self.slug}/"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete an entry that was never published; raise PublishedDeletionError otherwise."""
        if PublishedAction.objects.filter(slug=self.slug).exists():
            raise PublishedDeletionError(f"Already published, cannot be deleted: {self.slug}. Retract it instead.")
        return super().delete(*args, **kwargs)

    @property
    def identifier_list(self) -> list[str]:
        """The official numbers in the order they were written."""
        return lines(self.identifiers)

    @property
    def has_unpublished_edits(self) -> bool:
        """Whether the record moved since it was published."""
        return self.published_revision is not None and self.revision > self.published_revision


class StatusChangeQuerySet(models.QuerySet["StatusChange"]):
    """Lines of status histories."""

    def current(self) -> Self:
        """The lines that say the present status of their entry, one each: `with_status` from the other side."""
        later = StatusChange.objects.filter(action=OuterRef("action"), position__gt=OuterRef("position"))
        return self.exclude(status="").exclude(Exists(later.exclude(status="")))


class StatusChange(models.Model):
    """One line of a status history. The order is `position`, never the date."""

    action = models.ForeignKey(PolicyAction, on_delete=models.CASCADE, related_name="status_changes")
    position = models.PositiveIntegerField()
    status = models.CharField(max_length=20, blank=True, choices=codebook.STATUSES.choices)
    date = EDTFField(lasting=False)
    date_earliest = BoundField("date", "earliest")
    date_latest = BoundField("date", "latest")
    by = models.CharField(max_length=15, blank=True, choices=codebook.STATUS_BY.choices)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="status_changes")
    note = models.TextField(blank=True, validators=[validate_plain_text])

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["action", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "position"], name="statuschange_position"),
            models.CheckConstraint(condition=Q(position__gte=1), name="statuschange_from_one"),
            models.CheckConstraint(
                condition=~Q(status="") | (~Q(note="") & Q(source__isnull=False)),
                name="statuschange_development",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["reported", "took_place"]) | Q(by=""), name="statuschange_by_blank"
            ),
            one_of("status", codebook.STATUSES.codes, name="statuschange_status", blank=True),
            one_of("by", codebook.STATUS_BY.codes, name="statuschange_by", blank=True),
        ]
        indexes: ClassVar = [
            models.Index(fields=["action", "position", "status"], name="statuschange_later"),
            models.Index(fields=["status", "action", "position"], name="statuschange_current"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display() or 'Development'}, {self.date}"


class Citation(models.Model):
    """This source, for this entry: what it bears on, on whose word, and whether it supports or disputes."""

    action = models.ForeignKey(PolicyAction, on_delete=models.CASCADE, related_name="citations")
    position = models.PositiveIntegerField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    stance = models.CharField(max_length=10, choices=codebook.STANCES.choices, default="supports")
    bears_on = models.CharField(max_length=40, default="action", help_text="Codes separated by blanks.")
    attribution = models.CharField(max_length=20, choices=codebook.ATTRIBUTIONS.choices)

    class Meta:
        ordering: ClassVar = ["action", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "position"], name="citation_position"),
            models.UniqueConstraint(fields=["action", "source"], name="citation_source_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="citation_from_one"),
            models.CheckConstraint(condition=~Q(bears_on=""), name="citation_bears_on"),
            one_of("stance", codebook.STANCES.codes, name="citation_stance"),
            one_of("attribution", codebook.ATTRIBUTIONS.codes, name="citation_attribution"),
        ]

    def __str__(self) -> str:
        return str(self.source)


class Relation(models.Model):
    """`from_action` *kind* B: B is an entry, or something outside, by title with an identifier or an address."""

    from_action = models.ForeignKey(PolicyAction, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=15, choices=codebook.RELATION_KINDS.choices)
    in_part = models.BooleanField(default=False)
    to_action = models.ForeignKey(
        PolicyAction, null=True, blank=True, on_delete=models.PROTECT, related_name="relations_here"
    )
    to_title = models.CharField(max_length=1000, blank=True, validators=[validate_plain_text])
    to_identifier = models.CharField(max_length=100, blank=True, validators=[validate_plain_text])
    to_url = models.CharField(max_length=2000, blank=True)
    note = models.TextField(blank=True, validators=[validate_plain_text])

    class Meta:
        ordering: ClassVar = ["from_action", "kind", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["from_action", "kind", "to_action"],
                condition=Q(to_action__isnull=False),
                name="relation_once",
            ),
            models.CheckConstraint(
                condition=Q(to_action__isnull=False, to_title="", to_identifier="", to_url="")
                | (Q(to_action=None) & ~Q(to_title="") & (~Q(to_identifier="") | ~Q(to_url=""))),
                name="relation_target",
            ),
            models.CheckConstraint(
                condition=Q(to_action=None) | ~Q(to_action=F("from_action")), name="relation_not_self"
            ),
            models.CheckConstraint(
                condition=Q(to_url="") | Q(to_url__startswith="http://") | Q(to_url__startswith="https://"),
                name="relation_url_scheme",
            ),
            one_of("kind", codebook.RELATION_KINDS.codes, name="relation_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.to_action or self.to_title}"
