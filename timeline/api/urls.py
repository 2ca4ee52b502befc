"""Addresses of the API."""

from django.urls import path

from timeline.api import actions, documentation, editions, front, lists

urlpatterns = [
    path("", documentation.page, name="api_documentation"),
    path("v1/", front.Index.as_view(), name="api_index"),
    path("v1/openapi.json", front.OpenAPI.as_view(), name="api_openapi"),
    *(path(f"v1/{view.name.replace('_', '-')}", view.as_view(), name=f"api_{view.name}") for view in front.LISTS),
    path("v1/actions/<slug:slug>", actions.Action.as_view(), name="api_action"),
    path("v1/actions/<slug:slug>/versions", actions.Versions.as_view(), name="api_action_versions"),
    path("v1/sources/<slug:slug>", lists.Source.as_view(), name="api_source"),
    path("v1/editions/<int:number>", editions.Edition.as_view(), name="api_edition"),
    path("v1/<path:rest>", front.Nothing.as_view(), name="api_nothing"),
]
