"""The list of entries: columns, filters, search, and how it stays quick among 100,000."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html

from tracker import codebook, dates
from tracker.admin.base import EditorialAdmin, SturdyList
from tracker.admin.entries.filters import LedgerFilter, NeedsFilter, StatusFilter
from tracker.admin.filters import CountedCodes, CountedFlag, UsedTerms
from tracker.admin.sources import key_of_typed
from tracker.models import Citation, PolicyAction, Revision, Source

# Further than this nobody turns pages, and nothing is counted.
FARTHEST = 10_000
# Up to so many entries the filters say by themselves how many each would find; among more, when asked.
COUNTED_UNASKED = 2_000


class CappedPaginator(Paginator):
    """Pages of the first 10,000. What there is is not counted beyond that."""

    @cached_property
    def found(self) -> int:
        """How many there are, at most one more than can be reached."""
        return _count_up_to(FARTHEST + 1, self.object_list)

    @cached_property
    def count(self) -> int:
        """How many can be reached."""
        return min(self.found, FARTHEST)


class EntryChangeList(SturdyList):
    """Finds the keys of a page first and reads only those entries: what is derived is derived 50 times."""

    model_admin: Any

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.is_capped = self.paginator.found > FARTHEST
        if self.is_facets_optional and _count_up_to(COUNTED_UNASKED + 1, self.root_queryset) <= COUNTED_UNASKED:
            self.add_facets, self.is_facets_optional = True, False
        page = self.result_list if self.params.get(ORDER_VAR) else self._last_saved(self.result_list)
        keys = list(page.values_list("pk", flat=True))
        entries = self.model_admin.shown(request).in_bulk(keys)
        self.result_list = [entries[key] for key in keys if key in entries]
        self.queryset = self._days()

    def get_ordering_field_columns(self) -> Any:
        """Mark no column as sorted by unless one was chosen: the order of saving is none of theirs."""
        return super().get_ordering_field_columns() if self.params.get(ORDER_VAR) else {}

    def _days(self) -> Any:
        """Return what the date hierarchy reads: the days of the record, whatever else the list is narrowed by.

        Otherwise each filter would be evaluated twice more, over all entries.
        """
        parts = [f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")]
        chosen = {name: self.params[name] for name in parts if name in self.params}
        return self.model._default_manager.filter(**chosen)

    def _last_saved(self, page: Any) -> Any:
        """Return the same page in the order of the last save, which is none that Django could be told."""
        start, stop = page.query.low_mark, page.query.high_mark
        page = page._chain()
        page.query.clear_limits()
        return page.order_by().last_saved_first()[start:stop]


class EntryList(EditorialAdmin):
    """Entries as a list."""

    list_display = (
        "title", "date_words", "status_tag", "agencies", "sources", "workflow", "ledger_state", "updated",
    )  # fmt: skip
    sortable_by = ("title", "date_words", "workflow")
    list_filter: ClassVar[Any] = (
        NeedsFilter,
        ("workflow", CountedCodes),
        LedgerFilter,
        StatusFilter,
        ("category", UsedTerms),
        ("agency", UsedTerms),
        ("disputed", CountedFlag),
    )
    search_fields = ("title", "summary", "slug", "identifiers")
    search_help_text = "Title, summary, official number, key, or the address of a source as you have it"
    date_hierarchy = "date_earliest"
    paginator = CappedPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        saved = Revision.objects.filter(action=OuterRef("pk"), number=OuterRef("revision"))
        queryset = PolicyAction.objects.with_status().with_ledger_state()
        return queryset.annotate(updated=Subquery(saved.values("at")[:1]))

    def shown(self, request: HttpRequest) -> QuerySet[Any]:
        """Return entries with all that the columns show. Two queries."""
        queryset: Any = self.get_queryset(request)
        return queryset.with_sources().select_related("agency").prefetch_related("other_agencies")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EntryChangeList]:
        return EntryChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find each word in one of the texts, or the whole in an address that is cited.

        What was pasted loses its tracking names first. Where a source has that very address, nothing else is meant:
        no text is read.
        """
        key = key_of_typed(search_term)
        if key and Source.objects.filter(url_key=key).exists():
            return queryset.filter(pk__in=Citation.objects.filter(source__url_key=key).values("action")), False
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if key:
            cited = Citation.objects.filter(source__url_key__contains=key)
            found |= queryset.filter(pk__in=cited.values("action"))
        return found, may_repeat

    # --- columns ------------------------------------------------------------------------------------------------

    @admin.display(description="date", ordering="date_earliest")
    def date_words(self, action: PolicyAction) -> str | None:
        """The date as readers see it."""
        return dates.display(action.date) if action.date else None

    @admin.display(description="status")
    def status_tag(self, action: Any) -> str | None:
        """The current status."""
        if not action.status:
            return None
        status = codebook.STATUSES[action.status]
        return format_html('<span class="status-tag {}">{}</span>', status.glyph, status.label)

    @admin.display(description="agencies")
    def agencies(self, action: PolicyAction) -> str | None:
        """The agencies, the leading one first, abbreviated where they can be."""
        named = [action.agency] if action.agency else []
        return "; ".join(_short(agency) for agency in [*named, *action.other_agencies.all()]) or None

    @admin.display(description="sources")
    def sources(self, action: Any) -> str:
        """How many sources, and how many of them official."""
        if not action.official_count:
            return str(action.source_count)
        return f"{action.source_count} ({action.official_count} official)"

    @admin.display(description="readers see")
    def ledger_state(self, action: Any) -> str:
        """What the ledger says, and whether the record moved since."""
        code = ledger_code(action)
        label = codebook.LEDGER_STATES[code].label
        if code == "current" and action.has_unpublished_edits:
            address = reverse("admin:tracker_policyaction_compare", args=[action.pk])
            return format_html('{} <a class="edited-since" href="{}">Unpublished edits</a>', label, address)
        return label

    @admin.display(description="saved")
    def updated(self, action: Any) -> str:
        """When it was last saved."""
        return f"{action.updated:%d %b %Y, %H:%M}" if action.updated else ""


def _count_up_to(most: int, entries: Any) -> int:
    """Return how many there are, at most `most`. No more than so many are read."""
    return entries.order_by().values("pk")[:most].count()


def ledger_code(action: Any) -> str:
    """Return the code of LEDGER_STATES for an action of `with_ledger_state()`."""
    if action.last_public_change is None:
        return "never"
    return "retracted" if action.last_public_change == "retracted" else "current"


def _short(agency: Any) -> str:
    return agency.abbreviation or agency.name
