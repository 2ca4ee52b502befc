"""For sites that show a link to us: the picture beside it, of the record, of a selection or of one entry."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from timeline.exports.base import is_pinned
from timeline.presenting import social
from timeline.presenting.picture import FORMAT, Words, picture
from timeline.problems import bad_selection
from timeline.selection import Selection
from timeline.views import entry, works
from timeline.views.reading import read_only, today
from tracker import codebook
from tracker.models.ledger import PublishedAction


@read_only
def card(request: HttpRequest) -> HttpResponse:
    """Send the picture of a selection, or of the whole record."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    if selection.errors:
        return bad_selection(selection, selection.errors, path=request.path)
    return _sent(request, _of_selection(selection), selection)


@read_only
def action_card(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the picture of an entry; what does not stand is told as on the page of the entry."""
    selection = Selection.parse(request.GET, surface="page", today=today())
    row = entry.standing(request, slug, selection)
    if isinstance(row, HttpResponse):
        return row
    return _sent(request, _of_entry(row), selection)


def _of_selection(selection: Selection) -> Words:
    told = works.of_selection(selection, selection.edition).title if selection.edition else _("No actions")
    title, line = (told, settings.SITE_NAME) if selection.is_filtered else (settings.SITE_NAME, told)
    host = urlsplit(settings.PUBLIC_URL).netloc
    return Words(title=title, line=line, foot=host, corner=_edition(selection.number))


def _of_entry(row: PublishedAction) -> Words:
    found = json.loads(row.record)["entry"]
    status = codebook.STATUSES[found["derived"]["status"]]
    return Words(
        title=found["title"],
        line=" · ".join(social.entry_facts(found)),
        foot=settings.SITE_NAME,
        corner=_edition(row.edition_id),
        glyph=status.glyph,
        status=status.label,
    )


def _edition(number: int) -> str:
    return _("Edition %(number)s") % {"number": number}


def _sent(request: HttpRequest, words: Words, selection: Selection) -> HttpResponse:
    """Send the picture, or 304 where it is there already: what it says is all that it depends on."""
    seal = hashlib.sha256(repr((FORMAT, words, settings.CARD_FONT)).encode()).hexdigest()[:32]
    headers = {
        "ETag": f'"{seal}"',
        # As for files: a pinned one is kept for a day only, since the law may require a redaction.
        "Cache-Control": "public, max-age=86400" if is_pinned(selection) else "no-cache",
    }
    fresh = HttpResponse(headers=headers)
    answer = get_conditional_response(request, etag=headers["ETag"], response=fresh)
    if answer is not fresh:
        return answer or fresh
    return HttpResponse(picture(words, font=settings.CARD_FONT), headers=headers | {"Content-Type": "image/png"})
