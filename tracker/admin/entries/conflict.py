"""The page on which the second of two editors meets what the first one saved.

It is the ordinary form as typed, with the three texts of everything that differs above it. It posts the revision that
is current now, so a third editor in between leads to it again; what was picked is put into what was typed, and the
rest is the ordinary way of saving.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.http import HttpRequest, HttpResponse

from tracker import document
from tracker.admin.base import EditorialAdmin
from tracker.admin.entries.drafts import Refusal
from tracker.admin.entries.saving import MeanwhileError, said_meanwhile
from tracker.admin.merging import Said, Shape, choices, placed, resolved, said_by, typed_in
from tracker.admin.widgets import is_key
from tracker.models import PolicyAction, Revision, Source

_KEYS: dict[str, tuple[Sequence[str], bool]] = {
    "status_changes": (("status", "date"), True),
    "citations": (("source",), False),
    "relations": (("kind", "to_action", "to_title", "to_identifier", "to_url"), False),
}
_TOLD = "Nothing was saved yet. Pick theirs or yours below for whatever differs, then save."

Document = Mapping[str, Any]


class EntryConflict(EditorialAdmin):
    """Saving an entry that somebody else saved meanwhile."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Put into the form what was picked, and ask again where that is not clear or the entry moved on."""
        action = self._entry(request, object_id) if request.method == "POST" else None
        if action is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        base, told = self._picked(request, action)
        if not told:
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except MeanwhileError as error:
                action = self.get_queryset(request).get(pk=action.pk)
                base, told = error.opened_with, {"": [f"{said_meanwhile(action)} {_TOLD}"]}
        self._ask(request, action, base=base, told=told)
        response = super().changeform_view(request, object_id, form_url, extra_context)
        response.status_code = 409
        return response

    def _entry(self, request: HttpRequest, object_id: str | None) -> PolicyAction | None:
        key = unquote(object_id or "")
        return self.get_queryset(request).filter(pk=key).first() if is_key(key) else None

    def _picked(self, request: HttpRequest, action: PolicyAction) -> tuple[int, dict[str, list[str]]]:
        """Take over what was picked; return the revision that was first opened and what is not clear yet."""
        if "conflict" not in request.POST:
            return 0, {}
        shape = self._shape(request, action)
        seen = request.POST.get("opened_with", "")
        theirs = self._said(action, _document(action, int(seen) if is_key(seen) else 0), shape)
        outcome = resolved(request.POST, theirs, shape)
        base = request.POST.get("conflict_base", "")
        if not outcome.open:
            request.POST = outcome.post  # type: ignore[assignment]
            return 0, {}
        told = {name if name in shape.names else "": [said] for name, said in outcome.open.items()}
        return int(base) if is_key(base) else 0, {"": ["Nothing was saved yet."]} | told

    def _ask(self, request: HttpRequest, action: PolicyAction, *, base: int, told: dict[str, list[str]]) -> None:
        """Prepare the form for the page: as typed, with the choices that `render_change_form` hands to it."""
        shape = self._shape(request, action)
        opened = self._said(action, _document(action, base), shape)
        theirs = self._said(action, _document(action, action.revision), shape)
        found = choices(opened, theirs, typed_in(request.POST, shape), shape)
        picks = {name: str(value) for name, value in request.POST.items() if name.startswith("pick-")}
        post = placed(request.POST, opened, theirs, shape)
        post["opened_with"] = str(action.revision)
        request.POST = post  # type: ignore[assignment]
        request.refusal = Refusal(told)  # type: ignore[attr-defined]
        request.conflict = {"base": base, "choices": [_as_picked(each, picks) for each in found]}  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["conflict"] = getattr(request, "conflict", None)
        return super().render_change_form(request, context, *args, **kwargs)

    def _shape(self, request: HttpRequest, action: PolicyAction) -> Shape:
        fields = flatten_fieldsets(self.get_fieldsets(request, action))
        form = self.get_form(request, action, change=True, fields=fields)(instance=action)
        editorial = [name for name in flatten_fieldsets(self.fieldsets or ()) if name in form.fields]
        sets = {str(rows.get_default_prefix()): (rows, inline) for rows, inline in self._sets(request, action)}
        return Shape(
            form,
            editorial,
            rows={prefix: rows.form() for prefix, (rows, _) in sets.items()},
            keys={prefix: _KEYS[prefix] for prefix in sets},
            titles={prefix: str(inline.verbose_name).capitalize() for prefix, (_, inline) in sets.items()},
        )

    def _sets(self, request: HttpRequest, action: PolicyAction) -> Iterable[tuple[Any, Any]]:
        return ((rows, inline) for rows, inline in self.get_formsets_with_inlines(request, action))

    @staticmethod
    def _said(action: PolicyAction, content: Document | None, shape: Shape) -> Said:
        """Return what the form would say of a document; nothing at all for one that does not exist."""
        if content is None:
            return Said({}, {prefix: [] for prefix in shape.rows})
        keys = _Keys(content)
        form = type(shape.form)(instance=action, initial=_initial(content["entry"], keys))
        rows = {
            prefix: [said_by(type(row)(initial=each), list(row.fields)) for each in _rows(prefix, content, keys)]
            for prefix, row in shape.rows.items()
        }
        return Said(said_by(form, shape.names), rows)


def _document(action: PolicyAction, number: int) -> Document | None:
    """Return what the entry said as revision `number`."""
    return Revision.objects.filter(action=action, number=number).values_list("document", flat=True).first()


def _as_picked(choice: Any, picks: Mapping[str, str]) -> dict[str, Any]:
    return {"what": choice, "pick": picks.get(f"pick-{choice.key}", choice.pick)}


# --- from a document to a form ---------------------------------------------------------------------------------


class _Keys:
    """Primary keys of what a document names by slug; None for what is gone. One query for each model."""

    def __init__(self, content: Document) -> None:
        entry = content["entry"]
        named: dict[Any, set[str]] = {model: set() for model in (*document.TERM_SETS.values(), PolicyAction, Source)}
        for name, model in document.TERMS.items():
            named.setdefault(model, set()).update(document.slug_of(term) for term in [entry.get(name)] if term)
        for name, model in document.TERM_SETS.items():
            named[model].update(document.slug_of(term) for term in entry.get(name) or ())
        named[Source] |= {document.slug_of(row["source"]) for row in _sourced(entry)}
        named[PolicyAction] |= {row["to"] for row in content["relations"] if row.get("to")}
        self._found = {
            (model, slug): key
            for model, slugs in named.items()
            for slug, key in (model._default_manager.filter(slug__in=slugs).values_list("slug", "pk") if slugs else ())
        }

    def of(self, model: Any, named: Any) -> int | None:
        """Return the key of the record of `model` that `named` names."""
        return self._found.get((model, document.slug_of(named))) if named else None


def _sourced(entry: Document) -> list[Document]:
    rows = [*(entry.get("citations") or ()), *(entry.get("status_history") or ())]
    return [row for row in rows if row.get("source")]


def _initial(entry: Document, keys: _Keys) -> dict[str, Any]:
    """Return what the change form shows of a document's "entry"."""
    verified = entry.get("last_verified")
    return {
        **entry,
        "identifiers": "\n".join(entry.get("identifiers") or ()),
        "last_verified": date.fromisoformat(verified) if verified else None,
        **{name: keys.of(model, entry.get(name)) for name, model in document.TERMS.items()},
        **{
            name: [key for term in entry.get(name) or () if (key := keys.of(model, term))]
            for name, model in document.TERM_SETS.items()
        },
    }


def _rows(prefix: str, content: Document, keys: _Keys) -> list[dict[str, Any]]:
    """Return what the change form shows of one set of rows."""
    if prefix == "relations":
        return [
            {"to_title": row["title"], "to_identifier": row["identifier"], "to_url": row["url"]}
            | {name: row[name] for name in ("kind", "in_part", "note")}
            | {"to_action": keys.of(PolicyAction, row["to"])}
            for row in content["relations"]
        ]
    rows = content["entry"].get("status_history" if prefix == "status_changes" else "citations") or ()
    return [
        {**row, "position": place, "source": keys.of(Source, row.get("source"))} for place, row in enumerate(rows, 1)
    ]
