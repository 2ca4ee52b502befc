"""For editors: sources, and how the add form finds or makes the one an entry is logged from."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError

from tracker.admin.vocabulary import KeyedAdmin
from tracker.models import Publisher, Source
from tracker.models.addresses import address_key
from tracker.models.vocabulary import name_key

# Field of Source -> field of the add form.
_TYPED_AS = {"title": "source_title", "url": "source_url", "published": "source_published", "kind": "source_kind"}


@admin.register(Source)
class SourceAdmin(KeyedAdmin):
    """One thing that can be opened and read."""

    list_display = ("title", "publisher", "kind", "published", "has_address", "is_archived", "is_public")
    list_filter = ("kind", ("publisher", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("publisher",)
    search_fields = ("title", "url", "publisher__name", "publisher__aliases", "slug")
    search_help_text = "Title, address or publisher"
    autocomplete_fields = ("publisher", "republished_by")
    fieldsets = (
        (None, {"fields": ("title", "publisher", "url", "kind", "published")}),
        ("Copy", {"fields": ("archive_url", "archived_at", "accessed_on")}),
        ("More", {"fields": ("republished_by", "authors", "language", "slug"), "classes": ("collapse",)}),
    )

    @admin.display(boolean=True, description="address")
    def has_address(self, source: Source) -> bool:
        """Whether it can be opened."""
        return bool(source.url)

    @admin.display(boolean=True, description="archived")
    def is_archived(self, source: Source) -> bool:
        """Whether a copy is kept elsewhere."""
        return bool(source.archive_url)


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
    key = name_key(name)
    found = Publisher.objects.filter(name_key=key).select_related("merged_into").first()
    if found is None and key:
        known = Publisher.objects.exclude(aliases="").select_related("merged_into")
        found = next((each for each in known if key in map(name_key, each.alias_list)), None)
    return found and (found.merged_into or found)


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
