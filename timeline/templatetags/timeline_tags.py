"""Tags of the public templates: symbols from the sprite, and the name of the site."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from timeline.presenting.words import counted

register = template.Library()


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


@register.filter
def actions(number: int) -> str:
    """Return "1 action" or "27 actions"."""
    return counted(number, "action")
