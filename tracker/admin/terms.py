"""For editors: how a term is found by what people call it, and how a new one is made by typing its name."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest

from tracker.admin.base import HouseLists
from tracker.admin.widgets import NEW
from tracker.models.fields import validate_plain_text
from tracker.models.vocabulary import name_key

# More terms than this with a fitting alias: the words typed say nothing yet.
_MOST_FOUND = 500


def find_term(model: Any, name: str) -> Any:
    """Return the term of this kind with that name, alias or abbreviation, or the one it was merged into, or None.

    However the name is accented, cased or spaced. Two queries.
    """
    key = name_key(name)
    terms = model._default_manager.select_related("merged_into")
    found = terms.filter(name_key=key).first()
    if found is None and key:
        found = next((term for term in _called_otherwise(terms) if key in other_names(term)), None)
    return found and (found.merged_into or found)


def other_names(term: Any) -> list[str]:
    """Return what the term is called besides its name, in the form in which names are compared."""
    return [name_key(name) for name in (*term.alias_list, getattr(term, "abbreviation", "")) if name]


def _called_otherwise(terms: QuerySet[Any]) -> QuerySet[Any]:
    """The terms that have another name at all."""
    known = ~Q(aliases="")
    if any(field.name == "abbreviation" for field in terms.model._meta.fields):
        known |= ~Q(abbreviation="")
    return terms.filter(known)


# --- searching -------------------------------------------------------------------------------------------------


class FoundByAnyName(HouseLists):
    """Lists and pickers that find a term by name, alias, abbreviation or key, the best match first."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the terms that hold every word typed. One query more than Django's, over what has other names."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        key = name_key(search_term)
        if not key or "\x00" in search_term:
            return found, may_repeat
        exact, others = _by_other_names(_called_otherwise(self.model._default_manager.all()), key)
        named = Q(*(Q(name_key__contains=word) for word in key.split()))
        in_a_field = Q(pk__in=found.order_by().values("pk"))
        matching = queryset.filter(named | in_a_field | Q(pk__in=[*exact, *others]))
        chosen_order = "o" in request.GET
        return (matching if chosen_order else matching.order_by(_nearness(key, exact, others), "name_key")), False


def _by_other_names(terms: QuerySet[Any], key: str) -> tuple[list[int], list[int]]:
    """Return the keys of the terms that are called exactly `key`, and of those that hold every word of it."""
    exact, others = [], []
    for term in terms:
        names = other_names(term)
        said = " ".join((term.name_key, *names))
        if key in names:
            exact.append(term.pk)
        elif all(word in said for word in key.split()):
            others.append(term.pk)
    return exact[:_MOST_FOUND], others[:_MOST_FOUND]


def _nearness(key: str, exact: Iterable[int], others: Iterable[int]) -> Case:
    """Order: called exactly so; begins so; has a word that begins so; the rest."""
    return Case(
        When(Q(name_key=key) | Q(pk__in=exact), then=Value(0)),
        When(name_key__startswith=key, then=Value(1)),
        When(name_key__contains=f" {key}", then=Value(2)),
        When(pk__in=others, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )


# --- making ----------------------------------------------------------------------------------------------------


class NewTermField(forms.ModelChoiceField):
    """One term: picked, or typed by name. A new name gives a term that is not yet saved: see `save_new_terms`."""

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.startswith(NEW):
            return super().to_python(value)
        model: Any = self.queryset.model  # type: ignore[union-attr]
        name = value.removeprefix(NEW).strip()
        validate_plain_text(name)
        return find_term(model, name) or _checked(model(name=name))


def _checked(term: Any) -> Any:
    """Return a new term whose name can be one. Raises ValidationError."""
    try:
        term.full_clean(exclude={"slug", "name_key"}, validate_constraints=False)
    except ValidationError as error:
        raise ValidationError(error.messages) from error
    return term


def save_new_terms(cleaned: Mapping[str, Any]) -> list[str]:
    """Save the terms of a checked form that were typed by name; return what the editor is told about them."""
    new = [term for term in cleaned.values() if hasattr(term, "name_key") and term._state.adding]
    for term in new:
        term.save()
    return [f"New {term._meta.verbose_name}: {term}." for term in new]
