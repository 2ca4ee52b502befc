"""For editors: terms and sources are saved as they were opened, or the two texts meet on the form.

The form carries what it showed when it was opened; saving compares that with what is stored, under a lock. The same
form sent twice makes one record.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.db import connection
from django.forms.models import construct_instance
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tracker.admin.base import EditorialAdmin, editor_of
from tracker.admin.kept import gone_page
from tracker.admin.merging import Choice, Said, Shape, Value, choices, is_same, resolved, said_by, typed_in
from tracker.admin.widgets import is_key

# The same record by the same person within this time was sent twice: a double click, a reload.
SAME_SUBMISSION = timedelta(minutes=10)

_TOLD = "Nothing was saved yet. Pick theirs or yours below for whatever differs, then save."


@dataclass(frozen=True)
class Told:
    """What a form says at its fields."""

    fields: dict[str, list[str]]


class _ChangedMeanwhileError(Exception):
    """What is stored is not what the form was opened with. Nothing was saved."""


class LockedAdmin(EditorialAdmin):
    """Changes of a record that somebody else may be changing."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Hand back what was typed into a deleted record; let two changes of one meet."""
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        stored = self._stored(object_id)
        if stored is None:
            return gone_page(self, request)
        base, told = self._picked(request, stored)
        if not told:
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except _ChangedMeanwhileError:
                stored = self._stored(object_id)
                base, told = _opened(request.POST.get("as_opened", "")), {"": [f"{self._meanwhile(stored)} {_TOLD}"]}
        if stored is None:
            return gone_page(self, request)
        self._ask(request, stored, base=base, told=told)
        response = super().changeform_view(request, object_id, form_url, extra_context)
        response.status_code = 409
        return response

    def _changeform_view(self, request: HttpRequest, object_id: str | None, *args: Any) -> Any:
        """Answer a form that was sent twice with what it made the first time. Inside the transaction, on each try."""
        if request.method != "POST" or object_id is not None:
            return super()._changeform_view(request, object_id, *args)  # type: ignore[misc]
        twin = self._sent_before(request)
        response = None if twin else super()._changeform_view(request, object_id, *args)  # type: ignore[misc]
        if twin is None and "adminform" in (getattr(response, "context_data", None) or {}):
            # Refused: perhaps because the first click was saved while this one was being checked.
            twin = self._sent_before(request)
        if twin is None:
            return response
        self.message_user(request, "You sent this twice; it was saved once.")
        return self.response_add(request, twin)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            self._refuse_if_changed(request, obj, form)
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Put into the form what it was opened with, which a form that is shown again keeps."""
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):
            said = request.POST.get("as_opened") or json.dumps(self._said(request, obj).fields)
            context |= {"as_opened": said, "conflict": getattr(request, "conflict", None)}
        return super().render_change_form(request, context, *args, **kwargs)

    # --- two editors --------------------------------------------------------------------------------------------

    def _stored(self, object_id: str) -> Any:
        key = unquote(object_id)
        return self.model._default_manager.filter(pk=key).first() if is_key(key) else None

    def _refuse_if_changed(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Compare what is stored, under a lock, with what the form was opened with, and with what it would make."""
        rows = self.model._default_manager.filter(pk=obj.pk)
        if connection.features.has_select_for_update:
            rows = rows.select_for_update(of=("self",))
        stored = self._said(request, rows.get()).fields
        opened = _opened(request.POST.get("as_opened", "")).fields
        made = self._said(request, obj, sets=form.cleaned_data).fields
        if _differ(stored, opened) and _differ(stored, made):
            raise _ChangedMeanwhileError

    def _picked(self, request: HttpRequest, stored: Any) -> tuple[Said, dict[str, list[str]]]:
        """Take over what was picked; return what was first opened and what is not clear yet."""
        if "conflict" not in request.POST:
            return Said(), {}
        shape = self._shape(request, stored)
        seen = _opened(request.POST.get("as_opened", ""))
        theirs = Said({name: seen.fields.get(name, {}) for name in shape.names})
        outcome = resolved(request.POST, theirs, shape)
        if not outcome.open:
            request.POST = outcome.post  # type: ignore[assignment]
            return Said(), {}
        told = {name: [said] for name, said in outcome.open.items()}
        return _opened(request.POST.get("conflict_base", "")), {"": ["Nothing was saved yet."]} | told

    def _ask(self, request: HttpRequest, stored: Any, *, base: Said, told: dict[str, list[str]]) -> None:
        shape, theirs = self._shape(request, stored), self._said(request, stored)
        found = choices(base, theirs, typed_in(request.POST, shape), shape)
        post = request.POST.copy()
        post["as_opened"] = json.dumps(theirs.fields)
        request.POST = post  # type: ignore[assignment]
        request.refusal = Told(told)  # type: ignore[attr-defined]
        request.conflict = {  # type: ignore[attr-defined]
            "base": json.dumps(base.fields),
            "choices": [_as_picked(choice, post.get(f"pick-{choice.key}")) for choice in found],
        }

    def _meanwhile(self, stored: Any) -> str:
        """Say who changed the record last, and when."""
        last = stored.history.select_related("history_user").first() if stored else None
        who = last.history_user.get_username() if last and last.history_user else "somebody else"
        when = f" on {timezone.localtime(last.history_date):%d %b %Y, %H:%M} UTC" if last else ""
        return f"Changed meanwhile by {who}{when}."

    def _form(self, request: HttpRequest, obj: Any) -> Any:
        """Return the class of the form for `obj` (None: a new one)."""
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        return self.get_form(request, obj, change=obj is not None, fields=fields)

    def _shape(self, request: HttpRequest, obj: Any) -> Shape:
        form = self._form(request, obj)(instance=obj)
        return Shape(form, list(form.fields))

    def _said(self, request: HttpRequest, obj: Any, *, sets: Any = None) -> Said:
        """Return what the form of `obj` says; `sets` are checked values, of which those for sets of terms count."""
        form = self._form(request, obj)
        named = [each.name for each in self.opts.many_to_many]
        initial = {name: sets[name] for name in named if sets and name in sets}
        unbound = form(instance=obj, initial=initial)
        return Said(said_by(unbound, list(unbound.fields)))

    # --- sent twice ---------------------------------------------------------------------------------------------

    def _sent_before(self, request: HttpRequest) -> Any:
        """Return the record that the same person made of the same form a moment ago, if any."""
        since = timezone.now() - SAME_SUBMISSION
        made = self.model.history.filter(history_type="+", history_user=editor_of(request), history_date__gt=since)
        keys = list(made.values_list("id", flat=True)[:50])
        if not keys or not self.has_add_permission(request):
            return None
        form = self._form(request, None)(request.POST)
        described = _described(form)
        if described is None:
            return None
        typed = self._as_made(form, described, sets=form.cleaned_data)
        recent = self.model._default_manager.filter(pk__in=keys)
        return next((each for each in recent if self._as_made(form, each) == typed), None)

    def _as_made(self, form: Any, obj: Any, *, sets: Any = None) -> list[Value]:
        """Return what the add form would say of `obj`; its key only where one was typed."""
        named = {each.name: sets[each.name] for each in self.opts.many_to_many if sets and each.name in sets}
        unbound = type(form)(instance=obj, initial=named)
        names = [name for name in unbound.fields if name != "slug" or form.cleaned_data.get("slug")]
        return list(said_by(unbound, names).values())


def _differ(one: dict[str, Value], other: dict[str, Value]) -> bool:
    return any(not is_same(value, other.get(name)) for name, value in one.items())


def _described(form: Any) -> Any:
    """Return the record that a form describes, checked field by field and not among others; None for no such thing."""
    form._errors, form.cleaned_data = ErrorDict(), {}
    form._clean_fields()
    if form._errors:
        return None
    record: Any = construct_instance(form, form._meta.model(), form._meta.fields, form._meta.exclude)
    record.slug = record.slug or "not-made-yet"
    try:
        record.clean_fields(exclude={"name_key", "url_key"})
        record.prepare()
    except (ValidationError, ValueError):
        return None
    return record


def _opened(text: str) -> Said:
    """Return what a form says that it was opened with; nothing for what cannot be read."""
    try:
        found = json.loads(text)
        return Said({str(name): _value(value) for name, value in found.items()})
    except (ValueError, AttributeError, RecursionError):
        return Said()


def _value(value: Any) -> Value:
    return {str(suffix): [str(item) for item in _items(items)] for suffix, items in value.items()}


def _items(items: Any) -> Sequence[Any]:
    return items if isinstance(items, list) else ()


def _as_picked(choice: Choice, pick: str | None) -> dict[str, Any]:
    return {"what": choice, "pick": pick or choice.pick}
