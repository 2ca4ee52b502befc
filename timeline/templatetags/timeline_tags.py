"""Tags of the public templates: symbols from the sprite, and the name of the site."""

from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from timeline import languages
from timeline.languages import LanguageLink
from timeline.presenting import linked
from timeline.presenting.marking import pieces
from timeline.presenting.words import counted, grouped, said
from timeline.search.query import Query

register = template.Library()

_MARK = (mark_safe("<mark>"), mark_safe("</mark>"))
register.filter("said", said)
register.filter("grouped", grouped)
register.filter("linked_data", linked.script)


@register.simple_tag
def icon(name: str, css: str = "ic") -> SafeString:
    """Draw the symbol `name` of the sprite; a word beside it always says the same."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', css, static("timeline/sprite.svg"), name
    )


@register.simple_tag
def site_name() -> str:
    """Return the name of this site; error pages have no context to take it from."""
    return str(settings.SITE_NAME)


@register.simple_tag
def contact_url() -> str:
    """Return where readers report an error or send a source, or ""."""
    return str(settings.CONTACT_URL)


@register.simple_tag
def other_language(language: str = "") -> SafeString | str:
    """Return ` lang="en"` for an element in another language than the page's; by default in that of the record."""
    own = language or settings.RECORD_LANGUAGE
    return "" if own == get_language() else format_html(' lang="{}"', own)


@register.simple_tag
def record_text(text: str, is_said: bool = False) -> SafeString:
    """Show a name or definition of the record, marked with its language; what the codebook says is translated.

    `is_said` tells that the text is in the language of the page already, as days and labels are.
    """
    words = said(text)
    language = "" if is_said or words != text else other_language()
    return format_html("<bdi{}>{}</bdi>", language, words)


@register.simple_tag(takes_context=True)
def translations(context: Context) -> list[LanguageLink]:
    """Return this page in each language, under the query that it says it is of; nothing for a page that says none."""
    request, canonical = context.get("request"), context.get("canonical")
    if request is None or not canonical:
        return []
    query = urlsplit(canonical).query
    return list(languages.same_page(request.path + (f"?{query}" if query else "")))


@register.simple_tag(takes_context=True)
def alternates(context: Context) -> list[LanguageLink]:
    """Return the same for search engines: nothing for a page that names another one as the one to be found."""
    request, canonical = context.get("request"), context.get("canonical")
    if request is None or not canonical or urlsplit(canonical).path != request.path:
        return []
    return list(languages.same_page(canonical))


@register.filter
def actions(number: int) -> str:
    """Return "1 action" or "27 actions"."""
    return counted(number, "action")


@register.filter
def marked(text: str, sought: Query | None) -> SafeString:
    """Return `text` with the words looked for in <mark>; everything in it is escaped."""
    if not sought:
        return conditional_escape(text)
    return format_html_join(
        "",
        "{}{}{}",
        (
            (_MARK[0], piece.text, _MARK[1]) if piece.is_found else ("", piece.text, "")
            for piece in pieces(text, sought)
        ),
    )
