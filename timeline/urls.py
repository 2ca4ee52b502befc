"""Public addresses."""

from typing import Any

from django.urls import include, path

from timeline.exports.files import FILES
from timeline.feeds import FEEDS
from timeline.languages import in_languages
from timeline.presenting.citing import FORMATS
from timeline.preview import preview
from timeline.sitemap import INDEX, PARTS
from timeline.terms import PARAMETERS
from timeline.views import (
    cards,
    citing,
    corrections,
    data,
    data_page,
    editions,
    embed,
    feeds,
    pages,
    policy,
    robots,
    sources,
    term_indexes,
    terms,
    versions,
)
from tracker.codebook import TERM_KINDS

app_name = "timeline"
urlpatterns: list[Any] = [
    path("", pages.timeline, name="timeline"),
    *(path(export.file, data.file_view(export), name=export.file.replace(".", "_")) for export in FILES),
    *(path(feed.file, data.file_view(feed), name=feed.route) for feed in FEEDS),
    *(
        path(f"{feed.stem}/archive/<int:number>.atom", feeds.archive_view(feed), name=f"{feed.route}_archive")
        for feed in FEEDS
    ),
    path("robots.txt", robots.robots, name="robots"),
    path(INDEX.file, data.file_view(INDEX), name="sitemap"),
    *(path(f"{part.stem}-<int:number>.xml", robots.part_view(part), name=part.stem) for part in PARTS),
    path("api/", include("timeline.api.urls")),
    path("data/", data_page.data, name="data"),
    path("cite/", citing.cite, name="cite"),
    path("embed/", embed.embed, name="embed"),
    path("embed/code/", embed.code, name="embed_code"),
    path("card.png", cards.card, name="card"),
    path("actions/<slug:slug>/card.png", cards.action_card, name="action_card"),
    path("actions/<slug:slug>/cite/", citing.cite_action, name="cite_action"),
    *(path(f"cite.{each.suffix}", citing.cite_file(each), name=f"cite_{each.suffix}") for each in FORMATS),
    *(
        path(
            f"actions/<slug:slug>/cite.{each.suffix}",
            citing.cite_action_file(each),
            name=f"cite_action_{each.suffix}",
        )
        for each in FORMATS
    ),
    *(
        path(f"{kind.plural}/", term_indexes.terms, {"kind": kind.code}, name=kind.plural)
        for kind in TERM_KINDS.values()
        if kind.code in PARAMETERS
    ),
    *(
        path(f"{kind.plural}/<slug:slug>/", terms.term, {"kind": kind.code}, name=kind.code)
        for kind in TERM_KINDS.values()
        if kind.code in PARAMETERS
    ),
    path("sources/", term_indexes.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("method/", pages.method, name="method"),
    path("method/<slug:slug>/", policy.page, name="policy"),
    path("about/", policy.about, name="about"),
    path("changes/", editions.changes, name="changes"),
    path("changes/<int:number>/", editions.edition, name="edition"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("actions/<slug:slug>/versions/<int:number>/", versions.version, name="version"),
    path("actions/<slug:slug>/compare/", versions.compare, name="compare"),
    path("actions/<slug:slug>/", pages.action, name="action"),
    path("preview/<slug:slug>/", preview, name="preview"),
]
# Pages in every language, files and feeds at one address.
urlpatterns = in_languages(urlpatterns)
