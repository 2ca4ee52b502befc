"""What terms and sources share: a slug that is frozen at first publication and never used again."""

from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from tracker.models.fields import SLUG_PATTERN, validate_day, validate_plain_text, validate_slug
from tracker.models.ledger import PublishedTerm


class PublishedDeletionError(Exception):
    """Something that readers have seen was asked to disappear."""


class KeyedQuerySet(models.QuerySet[Any]):
    """Records of one kind that the ledger knows by slug."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete what was never published; raise PublishedDeletionError when any of it was."""
        public = PublishedTerm.objects.filter(kind=self.model.ledger_kind, slug__in=self.values("slug"))
        if slugs := sorted(set(public.values_list("slug", flat=True)[:5])):
            raise PublishedDeletionError(f"Already published, cannot be deleted: {', '.join(slugs)}.")
        return super().delete()

    def get_by_natural_key(self, slug: str) -> Any:
        """Return the record with this slug."""
        return self.get(slug=slug)


class Keyed(models.Model):
    """A record with a slug, known to the ledger as (`ledger_kind`, slug)."""

    ledger_kind: ClassVar[str]

    slug = models.CharField(
        max_length=100,
        unique=True,
        blank=True,
        validators=[validate_slug],
        help_text="Key in page addresses. Left blank, it is made from the name. Fixed once published.",
    )

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(slug__regex=SLUG_PATTERN), name="%(class)s_slug"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with what is derived."""
        self.prepare()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete a record that was never published; raise PublishedDeletionError otherwise."""
        if self.is_published:
            raise PublishedDeletionError(f"Already published, cannot be deleted: {self.slug}.")
        return super().delete(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Refuse, in every field, also what no reader can see and days outside the years that dates may have."""
        problems: dict[str, list[Any]] = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            error.update_error_dict(problems)
        for field in self._meta.concrete_fields:
            if field.name in problems or field.name in (exclude or ()):
                continue
            try:
                _check_value(field, getattr(self, field.attname))
            except ValidationError as error:
                problems[field.name] = error.error_list
        if problems:
            raise ValidationError(problems)

    def clean(self) -> None:
        """Refuse a changed slug once it is public."""
        if self.pk is None:
            return
        saved = type(self)._default_manager.only("slug").get(pk=self.pk)
        if saved.slug != self.slug and saved.is_published:
            raise ValidationError({"slug": f'Published as "{saved.slug}": the key can no longer change.'})

    def natural_key(self) -> tuple[str]:
        """Return the slug, as fixtures name it."""
        return (self.slug,)

    def prepare(self) -> None:
        """Fill what is derived. `save` calls it; bulk writers call it themselves."""
        self.slug = self.slug or self.free_slug()

    def free_slug(self) -> str:
        """Return a slug that no other record of this kind has or had. Two queries a try."""
        stem = slugify(self.slug_source).replace("_", "-")[:80].strip("-") or self.ledger_kind
        return next(candidate for candidate in numbered(stem) if self._is_free(candidate))

    @property
    def slug_source(self) -> str:
        """The words from which a missing slug is made."""
        return str(self)

    @property
    def is_published(self) -> bool:
        """Whether readers have ever seen this record. One query."""
        return PublishedTerm.objects.filter(kind=self.ledger_kind, slug=self.slug).exists()

    def _is_free(self, slug: str) -> bool:
        published = PublishedTerm.objects.filter(kind=self.ledger_kind, slug=slug)
        return not (type(self)._default_manager.filter(slug=slug).exists() or published.exists())


def numbered(stem: str) -> Iterator[str]:
    """Yield stem, stem-2, stem-3 and so on without end."""
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _check_value(field: models.Field, value: Any) -> None:
    if value and isinstance(field, (models.CharField, models.TextField)):
        validate_plain_text(value)
    if value and type(field) is models.DateField:
        validate_day(value)
