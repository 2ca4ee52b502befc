"""For editors: sources, and how the add form finds or makes the one an entry is logged from."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from tracker import codebook
from tracker.admin.filters import CountedChoice, CountedCodes, UsedTerms
from tracker.admin.terms import find_term
from tracker.admin.vocabulary import KeyedAdmin
from tracker.models import Publisher, Source
from tracker.models.addresses import address_key

_ENDING = re.compile(r"\.[a-z]{3,5}\Z")
# Field of Source -> field of the add form.
_TYPED_AS = {"title": "source_title", "url": "source_url", "published": "source_published", "kind": "source_kind"}


class OfficialFilter(CountedChoice):
    """Whether a public body or a court issued it."""

    title = "official"
    parameter_name = "official"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Official"), ("no", "Not official")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        official = Q(kind__in=codebook.OFFICIAL_KINDS)
        wanted = {"yes": official, "no": ~official}.get(self.value() or "")
        return queryset.filter(wanted) if wanted is not None else None

    def counted(self, entries: QuerySet[Any]) -> Mapping[str, int]:
        official = entries.filter(kind__in=codebook.OFFICIAL_KINDS).count()
        return {"yes": official, "no": entries.count() - official}


class ArchiveFilter(CountedChoice):
    """Whether a copy is kept of what can be opened."""

    title = "archived copy"
    parameter_name = "archive"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Kept"), ("no", "None yet"), ("print", "No address")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        match self.value():
            case "yes":
                return queryset.exclude(archive_url="")
            case "no":
                return queryset.filter(archive_url="").exclude(url="")
            case "print":
                return queryset.filter(archive_url="", url="")
        return None

    def counted(self, entries: QuerySet[Any]) -> Mapping[str, int]:
        bare = entries.filter(archive_url="").count()
        printed = entries.filter(archive_url="", url="").count()
        return {"yes": entries.count() - bare, "no": bare - printed, "print": printed}


@admin.register(Source)
class SourceAdmin(KeyedAdmin):
    """One thing that can be opened and read."""

    list_display = ("title", "publisher", "kind", "published", "has_address", "is_archived", "entries", "is_public")
    list_filter: ClassVar[Any] = (
        OfficialFilter,
        ArchiveFilter,
        ("kind", CountedCodes),
        ("publisher", UsedTerms),
    )
    used_by = ("citations",)
    list_select_related = ("publisher",)
    search_fields = ("title", "url", "publisher__name", "publisher__aliases", "slug")
    search_help_text = "Title, address as you have it, or publisher"
    autocomplete_fields = ("publisher", "republished_by")
    fieldsets = (
        (None, {"fields": ("title", "publisher", "url", "kind", "published")}),
        ("Copy", {"fields": ("archive_url", "archived_at", "accessed_on")}),
        ("More", {"fields": ("republished_by", "authors", "language", "slug"), "classes": ("collapse",)}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find what was pasted also under the form in which addresses are compared."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if key := key_of_typed(search_term):
            found |= queryset.filter(url_key__contains=key)
        return found, may_repeat

    @admin.display(boolean=True, description="address")
    def has_address(self, source: Source) -> bool:
        """Whether it can be opened."""
        return bool(source.url)

    @admin.display(boolean=True, description="archived")
    def is_archived(self, source: Source) -> bool:
        """Whether a copy is kept elsewhere."""
        return bool(source.archive_url)


def key_of_typed(text: str) -> str:
    """Return what was typed, with or without a scheme, in the form in which addresses are compared; "" if it is none.

    A word alone is none, nor is what has blanks.
    """
    typed = text.strip()
    if not set("./") & set(typed) or " " in typed or "\x00" in typed:
        return ""
    try:
        return address_key(typed if "://" in typed else f"https://{typed}")
    except ValueError:
        return ""


def find_source(cleaned: Mapping[str, Any]) -> Source | None:
    """Return the source that the add form means: the one picked, or the one with this address.

    Without an address it is the one with the same publisher, title and day. None: it has to be made.
    """
    if cleaned.get("source"):
        return cleaned["source"]
    if cleaned.get("source_url"):
        return Source.objects.filter(url_key=address_key(cleaned["source_url"])).first()
    publisher = find_publisher(cleaned.get("publisher") or "")
    if publisher is None:
        return None
    printed = Source.objects.filter(publisher=publisher, title=cleaned["source_title"], url_key=None)
    return printed.filter(published=cleaned.get("source_published") or None).first()


def find_publisher(name: str) -> Publisher | None:
    """Return the publisher of this name or alias, or the one it was merged into. Two queries."""
    return find_term(Publisher, name)


def proposed_publisher(url: str) -> Publisher | None:
    """Return who published every source that the record has from the site of `url` first-hand, if that is one. A query.

    Raises ValueError for what is no address.
    """
    site = address_key(url).partition("/")[0].partition("?")[0]
    same_site = Q(sources__url_key__startswith=f"{site}/", sources__republished_by=None)
    found = list(Publisher.objects.filter(same_site).select_related("merged_into").distinct()[:2])
    return (found[0].merged_into or found[0]) if len(found) == 1 else None


def proposed_title(url: str) -> str:
    """Return the headline that the last part of an address spells, or "" where it has less than three words.

    "https://news.example/2025/03/aid-to-ukraine-paused-8812.html" gives "Aid to ukraine paused".
    """
    part = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    words = [word for word in re.split(r"[-_]+", _ENDING.sub("", part)) if word.isalpha()]
    return " ".join(words).capitalize()[:200] if len(words) >= 3 else ""


def new_source(cleaned: Mapping[str, Any]) -> Source:
    """Build the source that the add form describes, not yet saved; nor is its publisher, where that is new."""
    publisher = find_publisher(cleaned["publisher"]) or Publisher(name=cleaned["publisher"])
    typed = {name: cleaned.get(field) for name, field in _TYPED_AS.items()}
    return Source(publisher=publisher, **{name: value for name, value in typed.items() if value})


def check_new_source(source: Source) -> dict[str, list[str]]:
    """Return what is wrong with a source that is not yet saved: field of the add form -> sentences."""
    problems: dict[str, list[str]] = {}
    for record, left_out in ((source.publisher, {"slug"}), (source, {"slug", "publisher"})):
        if not record._state.adding:
            continue
        try:
            record.full_clean(exclude={*left_out, "name_key", "url_key"}, validate_constraints=False)
        except ValidationError as error:
            names = _TYPED_AS if record is source else {"name": "publisher"}
            for name, messages in error.message_dict.items():
                problems.setdefault(names.get(name, ""), []).extend(messages)
    return problems


def save_source(source: Source) -> Source:
    """Save a new source, and its publisher first where that is new too."""
    if source.publisher._state.adding:
        source.publisher.save()
    source.publisher = source.publisher  # takes over the key that it has now
    source.save()
    return source
