"""For editors: actors, agencies, parties, topics, categories, publishers.

A change here is public only when a reviewer publishes it; what has been published keeps its key and stays.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.forms.models import construct_instance
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tracker import publishing
from tracker.admin.base import editor_of, may_publish
from tracker.admin.filters import UsedTerms
from tracker.admin.history import ReadOnlyHistory
from tracker.admin.locking import LockedAdmin
from tracker.admin.refusing import RefusedFields
from tracker.admin.terms import FoundByAnyName
from tracker.models import Actor, AffectedParty, Agency, Category, PublishedTerm, Publisher, Topic
from tracker.models.fields import clean_text
from tracker.models.keyed import Keyed

Columns = tuple[str, ...]


class KeyedForm(RefusedFields, forms.ModelForm):
    """Makes the key where none was typed, before the record is checked: a blank one would break a constraint."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned |= {name: clean_text(value) for name, value in cleaned.items() if isinstance(value, str)}
        if "slug" in self.fields and not cleaned.get("slug"):
            described: Any = construct_instance(self, self._meta.model())
            cleaned["slug"] = described.ledger_kind if self.errors else described.free_slug()
        return cleaned


class KeyedAdmin(ReadOnlyHistory, LockedAdmin):
    """What terms and sources share: a frozen key, a history, publication of a change."""

    form = KeyedForm
    actions = ("publish_changes",)
    # By which relations entries (of publishers: sources) have it; together they are its uses.
    used_by: ClassVar[Columns] = ("actions",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        public = PublishedTerm.objects.filter(kind=self.model.ledger_kind, slug=OuterRef("slug"))
        uses = sum((_rows_of(self.model, name) for name in self.used_by), start=Value(0))
        return super().get_queryset(request).annotate(public=Exists(public), uses=uses)

    @admin.display(description="entries")
    def entries(self, term: Any) -> int:
        """How many entries of the record have it."""
        return term.uses

    @admin.display(boolean=True, description="public", ordering="public")
    def is_public(self, term: Any) -> bool:
        """Whether readers have ever seen it."""
        return term.public

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj is not None and obj.is_published else ()

    def is_undeletable(self, obj: Any) -> bool:
        return obj.is_published

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["show_publish_change"] = may_publish(request.user) and obj is not None and obj.is_published
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "_publish" in request.POST:
            self._publish(request, [form.instance])
        elif publishing.terms_with_unpublished_changes([(form.instance.ledger_kind, form.instance.slug)]):
            self.message_user(
                request,
                "Readers still see the form published before, until this change is published.",
                messages.WARNING,
            )

    @admin.action(description="Publish the changes to the selected ones", permissions=["publish"])
    def publish_changes(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Publish the present form of each as one edition; entries that show it get a minor version."""
        self._publish(request, list(queryset))

    def _publish(self, request: HttpRequest, terms: list[Keyed]) -> None:
        named = ", ".join(str(term) for term in terms[:5]) + (" and others" if len(terms) > 5 else "")
        note = f"{str(self.opts.verbose_name_plural).capitalize()} as they are called now: {named}."
        try:
            edition = publishing.publish_terms(
                [(term.ledger_kind, term.slug) for term in terms], by=editor_of(request), at=timezone.now(), note=note
            )
        except publishing.PublishingError as error:
            reasons = "; ".join(f"{slug}: {' '.join(found)}" for slug, found in error.problems.items())
            self.message_user(request, f"Not published. {reasons}", messages.ERROR)
            return
        said = f"Published in edition {edition.number}." if edition else "Readers see this form already."
        self.message_user(request, said, messages.SUCCESS if edition else messages.INFO)


def _rows_of(model: Any, name: str) -> Any:
    """Return how many rows the relation `name` leads to from each record, counted where a page shows it."""
    relation = model._meta.get_field(name)
    holder = relation.through if relation.many_to_many else relation.related_model
    key = relation.field.m2m_reverse_field_name() if relation.many_to_many else relation.field.name
    rows = holder._default_manager.filter(**{key: OuterRef("pk")}).order_by().values(key)
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


class TermAdmin(FoundByAnyName, KeyedAdmin):
    """One kind of term."""

    list_display: Columns = ("name", "short_aliases", "entries", "is_public")
    search_fields: ClassVar[Columns] = ("name", "aliases", "slug")
    search_help_text = "Name, alias or key"
    autocomplete_fields: ClassVar[Columns] = ("merged_into",)
    list_per_page = 100

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what is typed each time; fold the key and the merging away."""
        names = [name for name in self.get_fields(request, obj) if name not in ("slug", "merged_into")]
        folded = [name for name in ("merged_into", "slug") if name in self.get_fields(request, obj)]
        return [(None, {"fields": names}), ("Key and merging", {"fields": folded, "classes": ("collapse",)})]

    @admin.display(description="also called")
    def short_aliases(self, term: Any) -> str:
        """The first aliases."""
        names = term.alias_list
        return "; ".join(names[:3]) + ("; …" if len(names) > 3 else "")


@admin.register(Actor)
class ActorAdmin(TermAdmin):
    """People and bodies that take decisions."""

    used_by = ("actions", "other_actions")


@admin.register(Topic)
class TopicAdmin(TermAdmin):
    """Subjects."""


@admin.register(Publisher)
class PublisherAdmin(TermAdmin):
    """Who reports first-hand."""

    used_by = ("sources",)
    list_display = ("name", "short_aliases", "sources", "is_public")

    @admin.display(description="sources")
    def sources(self, publisher: Any) -> int:
        """How many sources it published first-hand."""
        return publisher.uses


@admin.register(Agency)
class AgencyAdmin(TermAdmin):
    """Public bodies."""

    used_by = ("actions", "other_actions")

    list_display = ("name", "abbreviation", "parent", "successor", "entries", "is_public")
    list_select_related = ("parent", "successor")
    search_fields = ("name", "abbreviation", "aliases", "slug")
    search_help_text = "Name, abbreviation, alias or key"
    autocomplete_fields = ("parent", "successor", "country", "merged_into")
    list_filter = (("country", UsedTerms),)


@admin.register(AffectedParty)
class AffectedPartyAdmin(TermAdmin):
    """Who or what is acted upon."""

    list_display = ("name", "kind", "short_aliases", "entries", "is_public")
    list_filter = ("kind",)
    search_fields = ("name", "aliases", "iso_3166_1_alpha_3", "slug")
    search_help_text = "Name, alias, ISO code or key"
    autocomplete_fields = ("members", "agency", "merged_into")


@admin.register(Category)
class CategoryAdmin(TermAdmin):
    """What actions do."""

    list_display = ("name", "definition", "position", "entries", "is_public")
    ordering = ("position", "name_key")
    autocomplete_fields = ()
