"""What every admin of the record shares: who may publish, what cannot be deleted, forms that never break."""

import logging
from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DataError, IntegrityError
from django.db.models import DateTimeField, Field, ForeignKey, ManyToManyField, QuerySet
from django.forms import SplitDateTimeField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from tracker.admin.kept import kept_from, kept_page
from tracker.admin.widgets import (
    ExplainedSelect,
    NamedSplitDateTime,
    TermSelect,
    TermSelectMultiple,
    TermsField,
    WordedDateField,
    explaining,
    is_key,
)
from tracker.dates import EDTFField
from tracker.models import Category, PublishedDeletionError

PUBLISH = "tracker.publish_policyaction"
_TRIES = 5
_log = logging.getLogger(__name__)


def may_publish(user: Any) -> bool:
    """Return whether `user` is a reviewer."""
    return bool(user.has_perm(PUBLISH))


def editor_of(request: HttpRequest) -> User:
    """Return who is signed in; every page of admin sees to it that somebody is."""
    return cast(User, request.user)


class HouseFields(BaseModelAdmin):
    """Form fields as the house has them, on pages and in rows: dates in words, pickers that never break."""

    formfield_overrides = {
        EDTFField: {"form_class": WordedDateField},
        DateTimeField: {"form_class": SplitDateTimeField, "widget": NamedSplitDateTime},
    }

    class Media:
        js = ("tracker/dates.js", "tracker/explained.js")

    def formfield_for_choice_field(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Explain each code as it is chosen."""
        widget = explaining(db_field.choices or ())
        return super().formfield_for_choice_field(db_field, request, **({"widget": widget} if widget else {}) | kwargs)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Category:
            kwargs.setdefault("widget", ExplainedSelect(anchor="category"))
        return _sturdy(super().formfield_for_foreignkey(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        return _sturdy(super().formfield_for_manytomany(db_field, request, **{"form_class": TermsField} | kwargs))


class SturdyList(ChangeList):
    """A list that takes a value no database can compare with for one that finds nothing it knows."""

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (DataError, OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error


class HouseLists(admin.ModelAdmin):
    """Lists, searches and bulk actions that a forged address or key does not break."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SturdyList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Take a blank name of a field for none: Django looks for a field that is called ""."""
        return super().get_object(request, object_id, from_field or None)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find nothing for a word with NUL, which PostgreSQL refuses (pickers hand it on unchecked)."""
        if "\x00" in search_term:
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> Any:
        """Refuse an action on what cannot be a key."""
        if not all(map(is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest("A selected row has no key.")
        return super().response_action(request, queryset, *args)


class EditorialAdmin(HouseFields, HouseLists):
    """Plain Django admin with the house's rules."""

    empty_value_display = "not recorded"
    list_per_page = 50
    show_full_result_count = False
    save_as = False

    # --- who may ------------------------------------------------------------------------------------------------

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Return whether bulk actions that publish are offered."""
        return may_publish(request.user)

    def is_undeletable(self, obj: Any) -> bool:
        """Return whether readers have seen `obj`."""
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow deleting what was never published, to those who may delete at all."""
        return super().has_delete_permission(request, obj) and (obj is None or not self.is_undeletable(obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """List published ones as protected: the confirmation then refuses and names them."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        public = [f"{obj} (published: it can be retracted, not deleted)" for obj in objs if self.is_undeletable(obj)]
        if public and super().has_delete_permission(request):
            perms_needed.discard(self.opts.verbose_name)  # no right is missing: nobody has this one
        return to_delete, counts, perms_needed, [*protected, *public]

    # --- pages --------------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Refuse a forged publication; try again when somebody saved the same name or address meanwhile.

        The second try finds what the other one saved, and either uses it or says so at the field. When that fails
        as well, what was typed is given back. Where many save
        at once it may lose again, to yet another one; in the end the typed text comes back.
        """
        if "_publish" in request.POST and not may_publish(request.user):
            raise PermissionDenied
        for _ in range(_TRIES):
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except IntegrityError as error:
                collision = error
        return _collided(request, collision)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except PublishedDeletionError as error:
            return self._refused_deletion(request, error)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except PublishedDeletionError as error:
            return self._refused_deletion(request, error)

    def _refused_deletion(self, request: HttpRequest, error: PublishedDeletionError) -> HttpResponseRedirect:
        self.message_user(request, str(error), messages.ERROR)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Read a prefilled form from the query string; terms may be named by slug as well as by key."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        for name, value in request.GET.items():
            field = next((each for each in self.opts.get_fields() if each.name == name), None)
            if field is not None and field.is_relation and field.related_model is not None:
                found = keys_of(field.related_model, str(value).split(","))
                initial[name] = found if field.many_to_many else (found[0] if found else None)
        return initial


def _collided(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """Give back what was typed by somebody whom others were ahead of each time. Raises `error` if it was nothing."""
    kept = kept_from(request)
    if kept is None:
        raise error
    _log.error("Saving collided %s times at %s: %s", _TRIES, request.path, error, exc_info=error)
    why = "Others were saving the same name or address at the same moment. Nothing of yours was saved: send it again."
    return kept_page(request, kept, title="This was not saved", why=why, status=409, may_send=True)


def _sturdy(field: Any) -> Any:
    """Give a picker the widget that a forged value cannot break."""
    sturdier: Any = {AutocompleteSelect: TermSelect, AutocompleteSelectMultiple: TermSelectMultiple}
    widget: Any = getattr(field, "widget", None)
    if type(widget) in sturdier:
        choices = widget.choices
        field.widget = sturdier[type(widget)](widget.field, widget.admin_site, attrs=widget.attrs, using=widget.db)
        field.widget.choices = choices
        field.widget.is_required = field.required
    return field


def keys_of(model: Any, named: Iterable[str]) -> list[int]:
    """Return the keys of those records that exist, each named by key or by slug. One query for slugs."""
    names = [name.strip() for name in named if "\x00" not in name][:100]
    slugs = [name for name in names if not is_key(name)]
    by_slug = dict(model._default_manager.filter(slug__in=slugs).values_list("slug", "pk")) if slugs else {}
    return [key for key in (int(name) if is_key(name) else by_slug.get(name) for name in names) if key]
