"""What every admin of the record shares: who may publish, what cannot be deleted, forms that never break."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import ForeignKey, ManyToManyField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from tracker.admin.widgets import TermSelect, TermSelectMultiple, WordedDateField, is_key
from tracker.dates import EDTFField
from tracker.models import PublishedDeletionError

PUBLISH = "tracker.publish_policyaction"


def may_publish(user: Any) -> bool:
    """Return whether `user` is a reviewer."""
    return bool(user.has_perm(PUBLISH))


def editor_of(request: HttpRequest) -> User:
    """Return who is signed in; every page of admin sees to it that somebody is."""
    return cast(User, request.user)


class HouseFields(BaseModelAdmin):
    """Form fields as the house has them, on pages and in rows: dates in words, pickers that never break."""

    formfield_overrides = {EDTFField: {"form_class": WordedDateField}}

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        return _sturdy(super().formfield_for_foreignkey(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        return _sturdy(super().formfield_for_manytomany(db_field, request, **kwargs))


class EditorialAdmin(HouseFields, admin.ModelAdmin):
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

        The second try finds what the other one saved, and either uses it or says so at the field.
        """
        if "_publish" in request.POST and not may_publish(request.user):
            raise PermissionDenied
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            return super().changeform_view(request, object_id, form_url, extra_context)

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
                found = _keys_of(field.related_model, str(value).split(","))
                initial[name] = found if field.many_to_many else (found[0] if found else None)
        return initial


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


def _keys_of(model: Any, named: Iterable[str]) -> list[int]:
    """Return the keys of those records that exist, each named by key or by slug. One query for slugs."""
    names = [name.strip() for name in named if "\x00" not in name][:100]
    slugs = [name for name in names if not is_key(name)]
    by_slug = dict(model._default_manager.filter(slug__in=slugs).values_list("slug", "pk")) if slugs else {}
    return [key for key in (int(name) if is_key(name) else by_slug.get(name) for name in names) if key]
