"""What forms ask while somebody types: how a date is understood, what the record knows about an address.

Each answer is JSON to a GET and changes nothing; without scripts nobody asks, and saving says the same.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import path

from tracker import dates
from tracker.admin.base import EditorialAdmin
from tracker.admin.sources import find_source, proposed_publisher, proposed_title
from tracker.models.addresses import address_key
from tracker.models.fields import validate_public_address


class EntryAnswers(EditorialAdmin):
    """Answers for whoever may see entries."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("understood/", view(self.understood_view), name="tracker_policyaction_understood"),
            path("source-at/", view(self.source_at_view), name="tracker_policyaction_source_at"),
            *super().get_urls(),
        ]

    def understood_view(self, request: HttpRequest) -> JsonResponse:
        """Say how `text` is read as a date, `lasting=no` for one day; or why it is refused."""
        self._check_may_look(request)
        lasting = request.GET.get("lasting") != "no"
        try:
            found = dates.parse_words(request.GET.get("text", "").strip(), lasting=lasting)
        except dates.DateError as error:
            return JsonResponse({"refused": str(error)})
        return JsonResponse({"understood": dates.understood_as(found), "vague": found.is_vague})

    def source_at_view(self, request: HttpRequest) -> JsonResponse:
        """Say whether the record has the source at `url`; if not, who publishes there and what its title may be."""
        self._check_may_look(request)
        url = request.GET.get("url", "").strip()
        try:
            validate_public_address(url)
            address_key(url)
        except (ValidationError, ValueError):
            return JsonResponse({"known": "", "publisher": "", "title": ""})
        if source := find_source({"source_url": url}):
            return JsonResponse({"known": str(source), "publisher": "", "title": ""})
        publisher = proposed_publisher(url)
        return JsonResponse(
            {"known": "", "publisher": publisher.name if publisher else "", "title": proposed_title(url)}
        )

    def _check_may_look(self, request: HttpRequest) -> None:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
