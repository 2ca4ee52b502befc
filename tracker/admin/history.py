"""The history of terms and sources: to be read, never to be edited, deleted or restored from here."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from tracker import dates
from tracker.admin.widgets import is_key
from tracker.dates import EDTFField


class InWords(HistoricalRecordContextHelper):
    """Tells changes as the forms do: codes by their words, dates as they are shown."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        field = self.model._meta.get_field(change.field)
        if isinstance(field, EDTFField) and value:
            return dates.display(value)
        if getattr(field, "choices", None):
            return dict(field.flatchoices).get(value, value)
        return super().prepare_delta_change_value(change, value)


class ReadOnlyHistory(SimpleHistoryAdmin):
    """Shows who changed what and when.

    The library's page for one version could be posted to restore it, past every check of ours, and its list has an
    inline style that our Content-Security-Policy refuses: the page is left out, the list is our own.
    """

    object_history_list_template = "admin/tracker/history_list.html"

    def get_urls(self) -> list[Any]:
        return super(SimpleHistoryAdmin, self).get_urls()

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> InWords:
        return InWords(self.model, historical_record)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not is_key(unquote(object_id)):
            raise Http404
        return super().history_view(request, object_id, extra_context)
