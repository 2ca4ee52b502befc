"""The root: admin for editors, everything else for readers."""

from django.contrib import admin
from django.urls import include, path

from tracker import health
from tracker.admin import first_page, on_site

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", include(first_page.urls())),
    path("admin/", include(on_site.urls())),
    path("admin/", admin.site.urls),
    path("", include("timeline.urls")),
]
