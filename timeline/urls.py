"""Public addresses."""

from django.urls import path

from timeline.views import data, pages

app_name = "timeline"
urlpatterns = [
    path("", pages.timeline, name="timeline"),
    *(path(export.file, data.file_view(export), name=export.file.replace(".", "_")) for export in data.FILES),
    path("method/", pages.method, name="method"),
    path("actions/<slug:slug>/", pages.action, name="action"),
]
