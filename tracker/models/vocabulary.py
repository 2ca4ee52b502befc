"""The words entries are made of: actors, agencies, parties, topics, categories, publishers.

A spelling or parent that we had wrong is edited in place. A body that *got* another name or parent on a day is a
new record, linked as successor with that day. What has been published keeps its slug and is never deleted.
"""

import json
import unicodedata
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from tracker import codebook
from tracker.dates import EDTFField
from tracker.models.fields import clean_text, lines, one_of, validate_no_list_separator, validate_plain_text
from tracker.models.keyed import Keyed, KeyedQuerySet
from tracker.models.ledger import PublishedTerm


def name_key(name: str) -> str:
    """Return the form under which names are compared: NFKD without marks, casefolded, blanks collapsed.

    Computed here and stored, because SQLite and PostgreSQL fold differently.
    """
    if name.isascii():
        return " ".join(name.casefold().split())
    decomposed = unicodedata.normalize("NFKD", name)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())


class TermQuerySet(KeyedQuerySet):
    """Terms of one kind."""

    def named(self, name: str) -> Self:
        """Terms whose name is `name`, however it is accented, cased or spaced."""
        return self.filter(name_key=name_key(name))


class Term(Keyed):
    """One word of the vocabulary: what every kind has in common."""

    name = models.CharField(max_length=200, validators=[validate_plain_text, validate_no_list_separator])
    name_key = models.CharField(max_length=600, unique=True, editable=False)
    aliases = models.TextField(
        blank=True,
        validators=[validate_plain_text, validate_no_list_separator],
        help_text="Other names, spellings and abbreviations, one per line.",
    )

    objects = models.Manager.from_queryset(TermQuerySet)()

    class Meta:
        abstract = True
        ordering: ClassVar = ["name_key"]
        constraints: ClassVar = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(condition=~models.Q(name=""), name="%(class)s_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the name that readers know, if it changes, stays an alias, so that imports still find the term."""
        if self.pk is not None:
            self._keep_published_name()
        super().save(*args, **kwargs)

    def _keep_published_name(self) -> None:
        standing = PublishedTerm.objects.current().filter(kind=self.ledger_kind, slug=self.slug, redacted_in=None)
        for record in standing.values_list("record", flat=True):
            known: str = json.loads(record)["term"]["name"]
            if known != clean_text(self.name) and known not in self.alias_list:
                self.aliases = "\n".join([*self.alias_list, known])

    def prepare(self) -> None:
        """Fill what is derived from the name."""
        self.name = clean_text(self.name)
        self.aliases = "\n".join(alias for alias in lines(clean_text(self.aliases)) if alias != self.name)
        self.name_key = name_key(self.name)
        super().prepare()

    def clean(self) -> None:
        """Refuse a name that another term of this kind has."""
        super().clean()
        self.name = clean_text(self.name)
        others = type(self).objects.exclude(pk=self.pk)
        if others.named(self.name).exists():
            raise ValidationError({"name": f'"{self.name}" exists already. Add a word in brackets to tell them apart.'})

    @property
    def alias_list(self) -> list[str]:
        """The aliases in the order they were written."""
        return lines(self.aliases)


def refuse_cycle(term: Term, field: str) -> None:
    """Raise ValidationError when following `field` from `term` comes back to it. One query per step."""
    seen = {term.pk}
    current = getattr(term, field)
    while current is not None:
        if current.pk in seen:
            raise ValidationError({field: f'"{current}" leads back to "{term}".'})
        seen.add(current.pk)
        current = getattr(current, field)


class MergeableTerm(Term):
    """A term that may have been merged into another of its kind; its pages then redirect."""

    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
        help_text="The record that replaces this one, when both were the same.",
    )

    class Meta(Term.Meta):
        abstract = True

    def clean(self) -> None:
        """Refuse a merge that leads back to this term."""
        super().clean()
        refuse_cycle(self, "merged_into")


class Actor(MergeableTerm):
    """A person or body that takes decisions. The fixed choice `not-named`: the sources name nobody."""

    ledger_kind = "actor"

    history = HistoricalRecords()


class AffectedParty(MergeableTerm):
    """Who or what is acted upon: a state, an organisation, a group with members, a unit with its agency."""

    ledger_kind = "party"

    kind = models.CharField(max_length=20, choices=codebook.PARTY_KINDS.choices)
    iso_3166_1_alpha_3 = models.CharField("ISO 3166-1 alpha-3", max_length=3, blank=True)
    members = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="groups")
    agency = models.ForeignKey(
        "tracker.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="as_party",
        help_text="For a unit: its record among the agencies, when it has one.",
    )
    history = HistoricalRecords(m2m_fields=[members])

    class Meta(MergeableTerm.Meta):
        verbose_name_plural = "affected parties"
        constraints: ClassVar = [
            *Term.Meta.constraints,
            one_of("kind", codebook.PARTY_KINDS.codes, name="affectedparty_kind"),
        ]


class Agency(MergeableTerm):
    """A public body. The fixed choice `not-known`: no body is known."""

    ledger_kind = "agency"

    abbreviation = models.CharField(max_length=30, blank=True, validators=[validate_plain_text])
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        help_text="The body that this one became, when it got another name or parent, or was merged.",
    )
    successor_date = models.DateField("since", null=True, blank=True, help_text="The day on which it became so.")
    valid_from = EDTFField(null=True, blank=True)
    valid_until = EDTFField(null=True, blank=True)
    country = models.ForeignKey(AffectedParty, null=True, blank=True, on_delete=models.PROTECT, related_name="agencies")
    history = HistoricalRecords()

    class Meta(MergeableTerm.Meta):
        verbose_name_plural = "agencies"

    def clean(self) -> None:
        """Refuse cycles, and a successor without its day."""
        super().clean()
        refuse_cycle(self, "parent")
        refuse_cycle(self, "successor")
        if (self.successor is None) != (self.successor_date is None):
            raise ValidationError({"successor_date": "A successor and its day belong together."})


class Topic(MergeableTerm):
    """A subject."""

    ledger_kind = "topic"

    definition = models.TextField(blank=True, validators=[validate_plain_text])
    history = HistoricalRecords()


class Category(Term):
    """What an action does. Loaded once from the codebook and then edited here."""

    ledger_kind = "category"

    definition = models.TextField(validators=[validate_plain_text])
    example = models.TextField(blank=True, validators=[validate_plain_text])
    position = models.PositiveSmallIntegerField(default=0, help_text="If two fit, the one higher in the list is taken.")
    history = HistoricalRecords()

    class Meta(Term.Meta):
        ordering: ClassVar = ["position", "name_key"]
        verbose_name_plural = "categories"
        constraints: ClassVar = [
            *Term.Meta.constraints,
            models.CheckConstraint(condition=~models.Q(slug=codebook.NOT_CODED), name="category_not_reserved"),
        ]


class Publisher(MergeableTerm):
    """Who reports first-hand: a newspaper, an agency, a public body."""

    ledger_kind = "publisher"

    history = HistoricalRecords()
