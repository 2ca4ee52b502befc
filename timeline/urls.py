"""Public addresses."""

from django.urls import include, path

from timeline.exports.files import FILES
from timeline.presenting.citing import FORMATS
from timeline.preview import preview
from timeline.views import citing, data, data_page, pages

app_name = "timeline"
urlpatterns = [
    path("", pages.timeline, name="timeline"),
    *(path(export.file, data.file_view(export), name=export.file.replace(".", "_")) for export in FILES),
    path("api/", include("timeline.api.urls")),
    path("data/", data_page.data, name="data"),
    path("cite/", citing.cite, name="cite"),
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
    path("method/", pages.method, name="method"),
    path("actions/<slug:slug>/", pages.action, name="action"),
    path("preview/<slug:slug>/", preview, name="preview"),
]
