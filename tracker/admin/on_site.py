"""The door from admin to the site by content type and key: closed to whoever may not see the object in admin.

Django's own answers any member of staff with the address of any object, which tells the key of an unpublished entry.
"""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from tracker.admin.widgets import is_key


def view_on_site(request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
    """Redirect to the public page of an object, as its admin names it. Raises PermissionDenied and Http404."""
    model_admin = _admin_of(content_type_id)
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    found = model_admin.get_object(request, object_id) if is_key(object_id) else None
    if found is None or not model_admin.has_view_or_change_permission(request, found):
        raise Http404
    address = model_admin.view_on_site(found) if callable(model_admin.view_on_site) else None
    if address is None:
        raise Http404
    return redirect(address)


def _admin_of(content_type_id: str) -> Any:
    """Return the admin of the model. Raises Http404 for what is no model, or has none."""
    if not is_key(content_type_id):
        raise Http404
    kind = get_object_or_404(ContentType, pk=content_type_id)
    model = apps.all_models.get(kind.app_label, {}).get(kind.model)
    if model is None or not admin.site.is_registered(model):
        raise Http404
    return admin.site.get_model_admin(model)


def urls() -> list[URLPattern]:
    """Return what stands before the addresses of admin, in place of Django's shortcut."""
    view = admin.site.admin_view(view_on_site)
    return [path("r/<path:content_type_id>/<path:object_id>/", view, name="view_on_site")]
