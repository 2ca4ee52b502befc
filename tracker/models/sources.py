"""Sources: things that can be opened and read."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from tracker import codebook
from tracker.dates import EDTFField
from tracker.models.addresses import address_key, address_to_open
from tracker.models.fields import (
    clean_text,
    lines,
    one_of,
    validate_no_list_separator,
    validate_plain_text,
    validate_public_address,
)
from tracker.models.keyed import Keyed, KeyedQuerySet
from tracker.models.vocabulary import Publisher


class Source(Keyed):
    """One thing that can be opened and read: an article, a memo, a ruling.

    `publisher` reported it first-hand; `republished_by` is where it was read. `url_key` only compares.
    """

    ledger_kind = "source"

    publisher = models.ForeignKey(
        Publisher,
        on_delete=models.PROTECT,
        related_name="sources",
        help_text="Who reported it first-hand, even when it was read elsewhere.",
    )
    republished_by = models.ForeignKey(
        Publisher, null=True, blank=True, on_delete=models.PROTECT, related_name="republished"
    )
    title = models.CharField(max_length=500, validators=[validate_plain_text])
    url = models.CharField(
        "address",
        max_length=2000,
        blank=True,
        validators=[validate_public_address],
    )
    url_key = models.CharField(max_length=2000, null=True, unique=True, editable=False)
    kind = models.CharField(max_length=30, choices=codebook.SOURCE_KINDS.choices, default="news_report")
    authors = models.TextField(
        blank=True,
        validators=[validate_plain_text, validate_no_list_separator],
        help_text="One per line.",
    )
    language = models.CharField(max_length=35, blank=True, default="en", help_text="BCP 47, such as en or pt-BR.")
    published = EDTFField(null=True, blank=True)
    accessed_on = models.DateField(null=True, blank=True)
    archive_url = models.CharField(
        "archived copy",
        max_length=2000,
        blank=True,
        validators=[validate_public_address],
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = models.Manager.from_queryset(KeyedQuerySet)()

    class Meta:
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            *Keyed.Meta.constraints,
            models.CheckConstraint(condition=~Q(title=""), name="source_title"),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="source_url_scheme",
            ),
            models.CheckConstraint(
                condition=Q(archive_url="")
                | Q(archive_url__startswith="http://")
                | Q(archive_url__startswith="https://"),
                name="source_archive_url_scheme",
            ),
            one_of("kind", codebook.SOURCE_KINDS.codes, name="source_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})"

    def prepare(self) -> None:
        """Fill what is derived from title and address."""
        self.title = clean_text(self.title)
        self.authors = "\n".join(lines(clean_text(self.authors)))
        self.url = address_to_open(self.url) if self.url else ""
        self.archive_url = self.archive_url or ""
        self.url_key = address_key(self.url) if self.url else None
        super().prepare()

    def clean(self) -> None:
        """Refuse an address that another source has."""
        super().clean()
        try:
            key = address_key(self.url) if self.url else None
        except ValueError as error:
            raise ValidationError({"url": "This is not an address that can be opened."}) from error
        if key and Source.objects.exclude(pk=self.pk).filter(url_key=key).exists():
            raise ValidationError({"url": "Another source has this address already."})

    @property
    def slug_source(self) -> str:
        """Publisher and the start of the title."""
        return f"{self.publisher.name} {self.title}"[:60]

    @property
    def is_official(self) -> bool:
        """Whether a public body issued it."""
        return codebook.SOURCE_KINDS[self.kind].official

    @property
    def author_list(self) -> list[str]:
        """The authors in the order they were written."""
        return lines(self.authors)
