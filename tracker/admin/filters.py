"""Filters of lists. Each counts its values in one GROUP BY: Django would count them one by one, over every row."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import BooleanFieldListFilter, ChoicesFieldListFilter, RelatedFieldListFilter
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest


class CountedChoice(admin.SimpleListFilter):
    """One of some named values; `counted` says how many entries have each."""

    def counted(self, entries: QuerySet[Any]) -> Mapping[str, int]:
        """Return value -> how many of `entries`."""
        raise NotImplementedError

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:
        """Return the counts under the names that Django's `choices` expects; one that is absent shows as "-"."""
        counted = self.counted(_without(self, changelist))
        return {f"{i}__c": counted[value] for i, (value, _) in enumerate(self.lookup_choices) if value in counted}


class CountedCodes(ChoicesFieldListFilter):
    """The codes of a field."""

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:
        found = _by_value(self, changelist)
        return {f"{i}__c": found.get(value, 0) for i, (value, _) in enumerate(self.field.flatchoices)}


class CountedFlag(BooleanFieldListFilter):
    """Yes or no."""

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:
        found = _by_value(self, changelist)
        return {"true__c": found.get(True, 0), "false__c": found.get(False, 0)}


class UsedTerms(RelatedFieldListFilter):
    """The terms that are used. Asks of each term whether it is, not of each of 100,000 entries which it has."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        using = model_admin.model._default_manager.filter(**{field.name: OuterRef("pk")})
        terms = field.related_model.objects.filter(Exists(using))
        return list(terms.values_list("pk", "name"))

    def has_output(self) -> bool:
        return bool(self.lookup_choices)

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:
        found = _by_value(self, changelist)
        counted = {f"{key}__c": found.get(key, 0) for key, _ in self.lookup_choices}
        return counted | {"__c": found.get(None, 0)}


def _without(each: Any, changelist: Any) -> QuerySet[Any]:
    """Return what the other filters find, without order: a filter's counts ignore its own choice."""
    return changelist.get_queryset(each.request, exclude_parameters=each.expected_parameters()).order_by()


def _by_value(each: Any, changelist: Any) -> dict[Any, int]:
    """Return value of the field -> how many."""
    return dict(_without(each, changelist).values_list(each.field_path).annotate(number=Count("pk")))
