"""What the page of definitions shows: the codebook and the columns, said once in tracker and repeated nowhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from timeline.terms import vocabulary
from timeline.views import policy
from tracker import codebook, columns
from tracker.models.ledger import Edition

_TABLES = (
    ("by", _("Who brought a status about"), codebook.STATUS_BY),
    ("in-force", _("In force"), codebook.IN_FORCE),
    ("form", _("Form: on what paper, or how"), codebook.FORMS),
    ("source-kind", _("Kinds of source"), codebook.SOURCE_KINDS),
    ("attribution", _("Attribution: on whose word, strongest first"), codebook.ATTRIBUTIONS),
    ("evidence", _("Evidence, computed and never typed"), codebook.EVIDENCE),
    ("relation", _("Relations between entries"), codebook.RELATION_KINDS),
    ("change", _("Changes to a published entry"), codebook.CHANGES),
    ("reason", _("Reasons for a retraction"), codebook.RETRACTION_REASONS),
)

# The renderings that exist; the other parameters are reserved.
_RENDERED = ("", "pages", "csv", "api", "embed")


def context() -> dict[str, Any]:
    """Return the tables. One query for the edition, one for its terms unless cached."""
    newest = Edition.objects.newest()
    return {
        "edition": newest,
        "version": codebook.VERSION,
        "canonical": settings.PUBLIC_URL + reverse("timeline:method"),
        "statuses": codebook.STATUSES.values(),
        "categories": _categories(newest),
        "tables": [{"key": key, "heading": heading, "codes": codes.values()} for key, heading, codes in _TABLES],
        "policies": policy.sections(),
        "columns": columns.COLUMNS,
        "files": [file for file in (*columns.FILES, columns.CHANGES) if file.name != "actions.csv"],
        "parameters": codebook.PARAMETERS.values(),
    }


def _categories(newest: Edition | None) -> list[dict[str, Any]]:
    """Return the categories as published, which an editor may have reworded; before that, the codebook's."""
    published = vocabulary(newest, number=newest.number if newest else 0).standing.get("category", {})
    return [
        published.get(
            item.code,
            {"slug": item.code, "name": item.label, "definition": item.definition, "example": item.example},
        )
        for item in codebook.CATEGORIES.values()
    ] + [term for slug, term in sorted(published.items()) if slug not in codebook.CATEGORIES]
