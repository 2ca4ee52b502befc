"""For editors: typed text outlives what stopped it - a session that ended, a refused token, a database that failed.

Whatever a form of admin held comes back as a page that shows it. One button sends it again to the same address, with
a fresh token, never by itself; rights are checked then as always. The button is left out when the form cannot be
shown to have come from a page of ours, so that nobody else's form becomes one that needs just a click.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.defaults import permission_denied

Pairs = list[tuple[str, str]]

_SALT = "tracker.admin.kept"
# Characters of text; signed, it must fit into a form of its own beside name and password.
_MOST = 1_000_000
_NOT_KEPT = ("csrfmiddlewaretoken", "kept", "password")
_NOT_SHOWN = ("_FORMS", "__prefix__", "-action", "opened_with", "as_opened", "conflict")


@dataclass(frozen=True)
class Kept:
    """What was typed: the address that it was sent to, and name and value of each field, in order."""

    path: str
    typed: Pairs

    @property
    def shown(self) -> Pairs:
        """The pairs that mean something to whoever typed them."""
        return shown(self.typed)


def shown(typed: Pairs) -> Pairs:
    """Return those of `typed` that mean something to whoever typed them."""
    hidden = (*_NOT_KEPT, *_NOT_SHOWN)
    told = (pair for pair in typed if pair[1] and pair[0][0] != "_" and not any(part in pair[0] for part in hidden))
    return [(name.replace("-", " ").replace("_", " ").capitalize(), value) for name, value in told]


def typed_in(request: HttpRequest) -> Pairs:
    """Return the fields of a posted form, without tokens and passwords. Files are not kept."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name and not any(part in name for part in _NOT_KEPT)
        for value in map(str, values)
    ]


def kept_from(request: HttpRequest) -> Kept | None:
    """Return what was typed into a form of admin; None for anything else and for what is too long to keep."""
    doors = (reverse("admin:login"), reverse("admin:logout"))
    if request.method != "POST" or not is_admin(request) or request.path in doors:
        return None
    typed = typed_in(request)
    if not typed or sum(len(name) + len(value) for name, value in typed) > _MOST:
        return None
    return Kept(request.get_full_path(), typed)


def is_admin(request: HttpRequest) -> bool:
    """Return whether the address is one of admin's."""
    return request.path.startswith(reverse("admin:index"))


def is_ours(request: HttpRequest) -> bool:
    """Return whether the browser says that the form stood on a page of this very host."""
    told = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        parts = urlsplit(told)
    except ValueError:
        return False
    return bool(parts.netloc) and (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def kept_page(request: HttpRequest, kept: Kept, *, title: str, why: str, status: int, may_send: bool) -> HttpResponse:
    """Return the page that gives typed text back. It asks the database nothing, which may be what failed."""
    context = {
        "title": title, "why": why, "kept": kept, "may_send": may_send, "messages": [],
        "site_header": admin.site.site_header, "site_title": admin.site.site_title,
    }  # fmt: skip
    response = render(request, "admin/tracker/kept.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def gone_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Return what was typed into a record that somebody deleted meanwhile, to whoever may change such records."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    context = model_admin.admin_site.each_context(request) | {
        "title": f"This {model_admin.opts.verbose_name} was deleted meanwhile",
        "typed": shown(typed_in(request)),
        "opts": model_admin.opts,
    }
    return render(request, "admin/tracker/gone.html", context, status=409)


# --- a session that ended --------------------------------------------------------------------------------------


class KeptTextMiddleware:
    """Shows the login page with the typed text in it where admin would send an editor away; hands it out after."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 302 or not is_admin(request):
            return response
        signed_in = request.user.is_authenticated
        if request.path == reverse("admin:login"):
            kept = _opened(request.POST.get("kept", "")) if signed_in else None
            return _welcome_back(request, kept) if kept else response
        if admin.site.has_permission(request) or request.path == reverse("admin:logout"):
            return response
        kept = kept_from(request)
        if signed_in:
            return _not_for_them(request, kept)
        return _login_page(request, _sealed(kept), next_page=kept.path) if kept else response


def _not_for_them(request: HttpRequest, kept: Kept | None) -> HttpResponse:
    """Refuse somebody who is signed in and has no place in admin, or lost it while typing."""
    if kept is None:
        return permission_denied(request, PermissionDenied())
    why = "Your account may not do this. If it could a moment ago, copy your text from here and ask for your rights."
    return kept_page(request, kept, title="This was not saved", why=why, status=403, may_send=False)


def _sealed(kept: Kept) -> str:
    """Return `kept` signed: nobody but this site can put text into a login form."""
    return signing.dumps([kept.path, kept.typed], salt=_SALT, compress=True)


def _opened(sealed: str) -> Kept | None:
    try:
        path, typed = signing.loads(sealed, salt=_SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return Kept(path, [(name, value) for name, value in typed])


def _login_page(request: HttpRequest, sealed: str, *, next_page: str) -> HttpResponse:
    """Return the login page with the sealed text in its form, to whoever posted something else."""
    asking: Any = copy(request)
    asking.method = "GET"
    context = {"kept": sealed, "app_path": reverse("admin:login"), "next": next_page}
    response: Any = admin.site.login(asking, context)
    response.status_code = 403
    return response.render() if hasattr(response, "render") else response


def _welcome_back(request: HttpRequest, kept: Kept) -> HttpResponse:
    why = "You are signed in again. Nothing of this was saved yet."
    return kept_page(request, kept, title="This is what you typed", why=why, status=200, may_send=True)


# --- a token that was refused ----------------------------------------------------------------------------------


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without a valid token; one of admin's gives back what was typed into it."""
    if request.path == reverse("admin:login") and is_ours(request):
        return _login_page(request, request.POST.get("kept", ""), next_page=request.POST.get("next", ""))
    kept = kept_from(request)
    if kept is None:
        return permission_denied(request, PermissionDenied(reason))
    why = "Your browser sent no valid key with this form: you signed in again meanwhile, or cookies were removed."
    if not (may_send := is_ours(request)):
        why = "This form did not come from a page of this site and was not taken. If you typed it, copy it from here."
    return kept_page(request, kept, title="This was not saved", why=why, status=403, may_send=may_send)
