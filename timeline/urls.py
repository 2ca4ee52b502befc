"""Public addresses."""

from django.urls import path

from timeline.views import data, pages

app_name = "timeline"
urlpatterns = [
    path("", pages.timeline, name="timeline"),
    path("actions.csv", data.actions_csv, name="actions_csv"),
    path("actions.jsonl", data.actions_jsonl, name="actions_jsonl"),
    path("method/", pages.method, name="method"),
    path("actions/<slug:slug>/", pages.action, name="action"),
]
