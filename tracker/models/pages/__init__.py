"""The site's own texts about itself: what is included, how it is corrected, who edits. For editors and readers.

Public from the moment they are saved: there are no drafts here, nothing of the record and no names, so that the
timeline may read this module as it reads the ledger (docs/adr/0015-policy-pages.md). Each save is a row of its own
and stays readable. What nobody has written yet is said by a text of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.safestring import SafeString

from tracker.models.fields import clean_text, one_of, validate_plain_text
from tracker.models.pages.markup import html
from tracker.models.pages.shipped import ABOUT, SHIPPED, SLUGS, Shipped

__all__ = ["ABOUT", "MOST", "SHIPPED", "SLUGS", "PageText", "Shipped", "Wording", "WrittenOnceError", "html"]

# Characters of one text. Turning the worst of them into a page takes a second or two, once.
MOST = 100_000


class WrittenOnceError(Exception):
    """A wording was asked to change or go."""


@dataclass(frozen=True)
class Wording:
    """A text as readers see it. Number 0 is the one that came with the site and has no day.

    `lang` is the language of title and body: that of the site for what somebody wrote here.
    """

    slug: str
    number: int
    title: str
    body: str
    written_at: datetime | None = None
    note: str = ""
    lang: str = settings.LANGUAGE_CODE

    def html(self, *, level: int = 2) -> SafeString:
        """Return the body as safe HTML whose highest heading is h`level`."""
        return html(self.body, level=level, prefix=self.slug)


class PageTextQuerySet(models.QuerySet["PageText"]):
    """Wordings can be added and read, nothing else."""

    def newest(self) -> PageTextQuerySet:
        """Return the newest wording of each page that somebody has written."""
        later = PageText.objects.filter(slug=models.OuterRef("slug"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(later))

    def wordings(self) -> dict[str, Wording]:
        """Return every page by its slug, in the order of the pages, each as readers see it now. One query."""
        written = {text.slug: text.wording for text in self.newest()}
        return {slug: written.get(slug) or shipped(slug) for slug in SLUGS}

    def current(self, slug: str) -> Wording:
        """Return the page `slug` as readers see it now. Raises KeyError for a page that there is not."""
        row = self.filter(slug=slug).order_by("-number").first()
        return row.wording if row else shipped(slug)

    def wording(self, slug: str, *, number: int) -> Wording | None:
        """Return one wording of the page `slug`; None where there is none of that number."""
        row = self.filter(slug=slug, number=number).first() if number else None
        return row.wording if row else (None if number else shipped(slug))

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise WrittenOnceError("A wording is written once.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise WrittenOnceError("A wording is never deleted.")


class PageText(models.Model):
    """One wording of one page: whoever changes the text adds a row."""

    slug = models.CharField("page", max_length=20)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120, validators=[validate_plain_text])
    body = models.TextField("text", validators=[validate_plain_text, MaxLengthValidator(MOST)])
    note = models.CharField(
        "what changed",
        max_length=300,
        validators=[validate_plain_text],
        help_text="One sentence for readers, shown in the list of earlier wordings.",
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="page_texts")
    written_at = models.DateTimeField()

    objects = PageTextQuerySet.as_manager()

    class Meta:
        verbose_name = "page text"
        ordering: ClassVar = ["slug", "-number"]
        default_permissions = ("add", "view")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "number"], name="pagetext_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="pagetext_from_one"),
            one_of("slug", SLUGS, name="pagetext_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, wording {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new wording. Raises WrittenOnceError for one that is stored already."""
        if not self._state.adding:
            raise WrittenOnceError("A wording is written once.")
        for name in ("title", "body", "note"):
            setattr(self, name, clean_text(getattr(self, name)))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise WrittenOnceError("A wording is never deleted.")

    @property
    def wording(self) -> Wording:
        """This row as readers see it: without who wrote it."""
        return Wording(self.slug, self.number, self.title, self.body, self.written_at, self.note)


def shipped(slug: str) -> Wording:
    """Return the text of ours for a page that nobody has written yet, in the language of the request if we have it."""
    text = SHIPPED[slug]
    return Wording(slug, 0, str(text.title), text.body, lang=text.lang)
