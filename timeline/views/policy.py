"""The site's texts about itself: /about/ and /method/<page>/, the wording of today or an earlier one.

They stand outside the editions: a text is public from the moment it is saved, and each wording has its own address.
"""

from __future__ import annotations

from html import unescape
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.html import strip_tags

from timeline.presenting import links
from timeline.views import sharing
from timeline.views.reading import read_only
from tracker.models.ledger import Edition
from tracker.models.pages import ABOUT, SLUGS, PageText, Wording

# Characters of a text that /method/ shows in full; of a longer one it shows the beginning and leads on.
_SHORT = 2_500


@read_only
def about(request: HttpRequest) -> HttpResponse:
    """Show what this site is."""
    return _shown(request, ABOUT)


@read_only
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one of the texts. Raises Http404 for a page that there is not."""
    if slug not in SLUGS:
        raise Http404("There is no such page.")
    if slug == ABOUT:
        return HttpResponsePermanentRedirect(links.policy(ABOUT, request.GET.get("wording", "")))
    return _shown(request, slug)


def sections() -> list[dict[str, Any]]:
    """Return the texts that /method/ shows above the codebook, long ones cut after a paragraph. One query."""
    wordings = PageText.objects.wordings()
    return [_section(wording) for slug, wording in wordings.items() if slug != ABOUT]


def _section(wording: Wording) -> dict[str, Any]:
    is_cut = len(wording.body) > _SHORT
    body = wording.body[:_SHORT].rpartition("\n\n")[0] if is_cut else wording.body
    return {
        "slug": wording.slug,
        "title": wording.title,
        "html": Wording(wording.slug, wording.number, wording.title, body).html(level=3),
        "lang": wording.lang,
        "href": links.policy(wording.slug),
        "is_cut": is_cut,
    }


def _shown(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page. Three queries: the wording asked for, the list of all of them, the edition of the footer."""
    asked = request.GET.get("wording", "")
    wording = _asked(slug, asked) if asked else PageText.objects.current(slug)
    if wording is None:
        raise Http404("There is no such wording.")
    written = [text.wording for text in PageText.objects.filter(slug=slug)]
    newest = written[0].number if written else 0
    text = wording.html()
    canonical = settings.PUBLIC_URL + links.policy(slug, asked and str(wording.number))
    context = {
        "page": wording,
        "text": text,
        "social": sharing.of_page(title=wording.title, description=unescape(strip_tags(text)), url=canonical),
        "wordings": [(each, links.policy(slug, str(each.number))) for each in [*written, *_first(slug, written)]],
        "is_old": wording.number != newest,
        "newest_href": links.policy(slug),
        "is_about": slug == ABOUT,
        "canonical": canonical,
        "edition": Edition.objects.newest(),
    }
    return render(request, "timeline/policy.html", context)


def _asked(slug: str, number: str) -> Wording | None:
    is_number = number.isascii() and number.isdecimal() and len(number) < 7
    return PageText.objects.wording(slug, number=int(number)) if is_number else None


def _first(slug: str, written: list[Wording]) -> list[Wording]:
    """Return the text that came with the site, which readers saw before the first wording of somebody."""
    came = PageText.objects.wording(slug, number=0) if written else None
    return [came] if came else []
