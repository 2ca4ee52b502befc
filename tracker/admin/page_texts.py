"""For reviewers: the site's texts about itself. Each save is public at once and a wording of its own.

The form carries the number of the wording that it was opened with; when somebody else saved meanwhile, the two texts
meet on the form, as they do for terms and sources.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from tracker.admin.base import HouseLists, editor_of
from tracker.admin.locking import Told
from tracker.admin.merging import Said, Shape, choices, resolved, said_by, typed_in
from tracker.admin.refusing import RefusedFields
from tracker.admin.widgets import is_key
from tracker.models import PageText
from tracker.models.fields import clean_text
from tracker.models.pages import MOST, SLUGS, Wording

_COMPARED = ("title", "body")
_TITLE = "What the site says about itself"
_TOLD = "Somebody saved this page meanwhile. Nothing of yours was saved yet: pick theirs or yours below, then save."
_MARKDOWN = (
    "Markdown: a blank line starts a paragraph, ## starts a heading, - starts a line of a list, *slanted*, **strong**, "
    "[words](https://address), and tables with | between the cells. HTML is shown as it is typed, and pictures become "
    f"their description. At most {MOST:,} characters."
)


class PageTextForm(RefusedFields, forms.ModelForm):
    """A new wording of one page."""

    class Meta:
        model = PageText
        fields = ("title", "body", "note")
        widgets: ClassVar = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "body": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"}),
            "note": forms.TextInput(attrs={"class": "vTextField"}),
        }
        help_texts: ClassVar = {"body": _MARKDOWN}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return cleaned | {name: clean_text(value) for name, value in cleaned.items()}


@dataclass
class Sent:
    """What was posted, with theirs where theirs was picked; what the form was opened with; what is open still."""

    post: QueryDict
    opened: int
    base: int
    told: dict[str, list[str]] = field(default_factory=dict)


@admin.register(PageText)
class PageTextAdmin(HouseLists):
    """The pages by name: their list, and one form for each."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("", site.admin_view(self.list_view), name="tracker_pagetext_changelist"),
            path("<slug:slug>/", site.admin_view(self.write_view), name="tracker_pagetext_write"),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """List the pages with what readers see on each."""
        self._refuse_unless(self.has_view_or_change_permission(request))
        writers = {text.slug: text.written_by for text in PageText.objects.newest().select_related("written_by")}
        pages = [(wording, writers.get(slug)) for slug, wording in PageText.objects.wordings().items()]
        context = {"pages": pages, "may_write": self.has_add_permission(request), "title": _TITLE}
        return TemplateResponse(request, "admin/tracker/pagetext/list.html", self._frame(request) | context)

    def write_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the form of a page, how it would look, or save what was typed as its next wording."""
        self._refuse_unless(self.has_add_permission(request))
        if slug not in SLUGS:
            raise Http404("There is no such page.")
        newest = PageText.objects.current(slug)
        if request.method != "POST":
            form = PageTextForm(initial={"title": newest.title, "body": newest.body})
            return self._form_page(request, newest, form, opened=newest.number)
        return self._posted(request, newest)

    def _posted(self, request: HttpRequest, newest: Wording) -> HttpResponse:
        sent = _sent(request.POST, newest.slug)
        form = PageTextForm(sent.post)
        # A look at the text needs no reason yet.
        form.fields["note"].required = "_preview" not in sent.post
        if sent.told:
            return self._ask(request, newest, sent)
        if "_preview" in sent.post or not form.is_valid():
            return self._form_page(request, newest, form, opened=sent.opened)
        if _is_said(newest, form):
            self.message_user(request, "Readers see this text already.")
        elif sent.opened != newest.number or not _is_saved(form, newest, by=editor_of(request)):
            sent.told = {"": [_TOLD]}
            return self._ask(request, PageText.objects.current(newest.slug), sent)
        else:
            self.message_user(request, "Saved. Readers see it now.", messages.SUCCESS)
        return redirect("admin:tracker_pagetext_changelist")

    def _ask(self, request: HttpRequest, newest: Wording, sent: Sent) -> HttpResponse:
        """Show the form with what was typed, and above it everything that differs from what is saved."""
        form: Any = PageTextForm(sent.post)
        form.refusal = Told(sent.told)
        sides = _said(_of(newest.slug, sent.base)), _said(newest), typed_in(sent.post, _shape())
        found = [
            {"what": each, "pick": request.POST.get(f"pick-{each.key}", each.pick)}
            for each in choices(*sides, shape=_shape())
        ]
        conflict = {"base": sent.base, "choices": found}
        return self._form_page(request, newest, form, opened=newest.number, conflict=conflict, status=409)

    def _form_page(
        self, request: HttpRequest, newest: Wording, form: Any, *, opened: int, conflict: Any = None, status: int = 200
    ) -> HttpResponse:
        typed = form.data.get("body", "") if form.is_bound else ""
        context = {
            "title": f"Edit “{newest.title}”", "newest": newest, "form": form, "opened": opened, "conflict": conflict,
            "media": self.media + form.media,
            "preview": Wording(newest.slug, 0, form.data.get("title", ""), typed[:MOST]).html(level=3) if typed else "",
        }  # fmt: skip
        template = "admin/tracker/pagetext/write.html"
        return TemplateResponse(request, template, self._frame(request) | context, status=status)

    def _frame(self, request: HttpRequest) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"opts": self.opts}

    def _refuse_unless(self, may: bool) -> None:
        if not may:
            raise PermissionDenied


def _of(slug: str, number: int) -> Wording | None:
    return PageText.objects.wording(slug, number=number)


def _shape() -> Shape:
    return Shape(PageTextForm(), _COMPARED)


def _said(wording: Wording | None) -> Said:
    """Return a wording as the form would say it; nothing for one that is not there."""
    initial = {name: getattr(wording, name, "") for name in _COMPARED}
    return Said(said_by(PageTextForm(initial=initial), _COMPARED))


def _number(text: str) -> int:
    return int(text) if is_key(text) else 0


def _sent(post: QueryDict, slug: str) -> Sent:
    """Read a posted form, and the picks of one that had asked."""
    opened = _number(post.get("opened_with", ""))
    if "conflict" not in post:
        return Sent(post, opened, opened)
    outcome = resolved(post, _said(_of(slug, opened)), _shape())
    told = {name: [said] for name, said in outcome.open.items()}
    base = _number(post.get("conflict_base", ""))
    return Sent(post if told else outcome.post, opened, base, {"": ["Nothing was saved yet."]} | told if told else {})


def _is_said(newest: Wording, form: PageTextForm) -> bool:
    """Return whether readers see what was typed already: it was sent twice, or nothing was changed."""
    return all(clean_text(getattr(newest, name)) == form.cleaned_data[name] for name in _COMPARED)


def _is_saved(form: PageTextForm, newest: Wording, *, by: Any) -> bool:
    """Store the next wording; return False where somebody else did so in the same moment."""
    try:
        with transaction.atomic():
            PageText.objects.create(
                slug=newest.slug,
                number=newest.number + 1,
                written_by=by,
                written_at=timezone.now().replace(microsecond=0),
                **{name: form.cleaned_data[name] for name in ("title", "body", "note")},
            )
    except IntegrityError:
        return False
    return True
