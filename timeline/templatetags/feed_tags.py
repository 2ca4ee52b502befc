"""The feeds that a page announces, so that programs find them from its address."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.translation import gettext as _

from timeline.presenting import links

register = template.Library()


@register.inclusion_tag("timeline/_partials/autodiscovery.html", takes_context=True)
def feed_links(context: Context) -> dict[str, Any]:
    """Announce the feeds and the calendar of what the page lists, where it says so (`feed_query`), and the site's.

    No query, and nothing that an error page lacks.
    """
    query = context.get("feed_query") or ""
    atom, calendar = "application/atom+xml", "text/calendar"
    listed = [
        (atom, _("New entries in this selection"), links.feed(query)),
        (atom, _("Changes in this selection"), links.changes_feed(query)),
        (atom, _("Corrections in this selection"), links.corrections_feed(query)),
        (calendar, _("This selection as a calendar"), links.calendar(query)),
    ]
    everything = [
        (atom, _("New entries"), links.feed()),
        (atom, _("Changes"), links.changes_feed()),
        (atom, _("Corrections"), links.corrections_feed()),
        (calendar, _("Calendar"), links.calendar()),
    ]
    return {"site": settings.SITE_NAME, "announced": [*(listed if query else []), *everything]}
