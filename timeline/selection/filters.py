"""The FilterSet: every parameter declared once, checked by its field, and the rows that satisfy all of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from timeline.selection.chips import CODES
from timeline.selection.conditions import conditions
from timeline.selection.fields import (
    CodeField,
    CodesField,
    ColumnsField,
    CursorField,
    EditionField,
    FlagField,
    FullDayField,
    PageField,
    RangeDayField,
    TermsField,
    WholeNumberField,
    WordsField,
)
from timeline.terms import DIMENSIONS, Vocabulary, vocabulary
from tracker import codebook
from tracker.models.ledger import Edition, PublishedAction, PublishedActionQuerySet

# `from` is a word of Python's own, so the two ends of the range have other names inside.
INSIDE = {"from": "first_day", "to": "last_day"}
OUTSIDE = {inside: name for name, inside in INSIDE.items()}
VIEWS = codebook.Codes(codebook.Code(code="tracks", label="Tracks", definition="Each status over time."))


def _taken_by(field_class: type[forms.Field], **extra: Any) -> Any:
    """Return a filter whose text `field_class` reads."""
    declared = django_filters.Filter(**extra)
    declared.field_class = field_class
    return declared


def _codes(name: str, field_class: type[forms.Field] = CodesField) -> Any:
    return _taken_by(field_class, codes=CODES[name])


class SelectionForm(forms.Form):
    """The check that needs two fields."""

    def clean(self) -> None:
        """Refuse a range that ends before it begins."""
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data.get("last_day")
        if first and last and first > last:
            told = _("The range ends (%(last)s) before it begins (%(first)s).")
            self.add_error("last_day", told % {"last": last, "first": first})


class ActionFilterSet(django_filters.FilterSet):
    """A selection of public rows. `.qs` means nothing when `is_valid()` is false: always ask first.

    `newest` is read once by the caller; a day in `as_of` or `changed_since` costs one more query each.
    """

    q = _taken_by(WordsField)
    first_day = _taken_by(RangeDayField)
    last_day = _taken_by(RangeDayField, is_end=True)
    dates = _codes("dates", CodeField)
    actor = _taken_by(TermsField, kind="actor")
    agency = _taken_by(TermsField, kind="agency")
    category = _taken_by(TermsField, kind="category", extra=(codebook.NOT_CODED,))
    form = _codes("form")
    topic = _taken_by(TermsField, kind="topic")
    affects = _taken_by(TermsField, kind="party")
    publisher = _taken_by(TermsField, kind="publisher")
    status = _codes("status")
    status_by = _codes("status_by")
    had_status = _codes("had_status")
    in_force = _codes("in_force")
    in_force_on = _taken_by(FullDayField)
    evidence = _codes("evidence")
    corroborated = _codes("corroborated", CodeField)
    disputed = _codes("disputed", CodeField)
    changed_since = _taken_by(EditionField)
    as_of = _taken_by(EditionField)
    sort = _codes("sort", CodeField)
    view = _taken_by(CodeField, codes=VIEWS)
    page = _taken_by(PageField)
    per_page = _taken_by(WholeNumberField, low=1, high=200)
    columns = _taken_by(ColumnsField)
    bom = _taken_by(FlagField)
    raw = _taken_by(FlagField)
    cursor = _taken_by(CursorField)
    limit = _taken_by(WholeNumberField, low=1, high=200)
    theme = _codes("theme", CodeField)

    class Meta:
        model = PublishedAction
        fields: tuple[str, ...] = ()
        form = SelectionForm

    def __init__(self, texts: Mapping[str, Sequence[str]], *, newest: Edition | None, today: date) -> None:
        data = MultiValueDict({INSIDE.get(name, name): list(values) for name, values in texts.items()})
        super().__init__(data, queryset=PublishedAction.objects.none())
        self.newest = newest
        self.newest_number = newest.number if newest else 0
        known = vocabulary(newest, number=self.newest_number)
        for dimension in DIMENSIONS:
            self.filters[dimension].extra["vocabulary"] = known
        for name in ("as_of", "changed_since"):
            self.filters[name].extra |= {"newest": self.newest_number, "today": today}

    @property
    def problems(self) -> dict[str, list[str]]:
        """The sentences of each refused parameter, by its name in an address."""
        errors = self.form.errors.get_json_data()
        return {OUTSIDE.get(name, name): [item["message"] for item in items] for name, items in errors.items()}

    @cached_property
    def values(self) -> dict[str, Any]:
        """The accepted values by parameter name, and `since`: the edition that `changed_since` comes down to."""
        self.form.is_valid()  # fills cleaned_data, with the accepted ones also when others are refused
        found = {OUTSIDE.get(name, name): value for name, value in self.form.cleaned_data.items()}
        since = found.get("changed_since")
        return found | {"since": number_before(since) if isinstance(since, date) else since}

    @cached_property
    def edition(self) -> Edition | None:
        """The edition served: the newest, or the one that `as_of` or a cursor names; None before the first."""
        wanted = self.values.get("as_of")
        if wanted is None and self.values.get("cursor"):
            wanted = self.values["cursor"].edition
        if wanted is None or wanted == self.newest_number:
            return self.newest
        if isinstance(wanted, date):
            wanted = number_before(wanted + timedelta(days=1))
        return Edition.objects.filter(number=wanted).first() if wanted else None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms as of the edition served."""
        return vocabulary(self.newest, number=self.edition.number if self.edition else 0)

    def filter_queryset(self, queryset: PublishedActionQuerySet) -> PublishedActionQuerySet:
        """Return the rows selected. What is handed in does not matter: rows start at the edition served."""
        return self.narrow()

    def narrow(self, *, ignoring: str = "", **instead: Any) -> PublishedActionQuerySet:
        """Return the rows of the edition served that satisfy every condition.

        `ignoring` leaves one group of conditions out (`range` or a dimension); `instead` puts values in place.
        """
        found = conditions(self.values | instead, self.vocabulary)
        found.pop(ignoring, None)
        number = self.edition.number if self.edition else 0
        return PublishedAction.objects.as_of(number).filter(*found.values())

    def names_entry(self, field: str) -> Q:
        """Return the condition that `field`, a slug, names an entry selected as of the edition served.

        Also one retracted by then that was selected as it last stood. `changed_since` asks nothing here: it is about
        versions, not about entries.
        """
        found = conditions(self.values | {"since": None}, self.vocabulary).values()
        if not found:
            return Q()
        number = self.edition.number if self.edition else 0
        standing = PublishedAction.objects.as_of(number).filter(*found)
        last = PublishedAction.objects.ever_sealed_by(number).filter(
            *found, slug=OuterRef("slug"), projection__superseded_in=OuterRef("edition_id")
        )
        retracted = PublishedAction.objects.retracted_as_of(number).filter(Exists(last))
        return Q(**{f"{field}__in": standing.values("slug")}) | Q(**{f"{field}__in": retracted.values("slug")})


def number_before(day: date) -> int:
    """Return the number of the newest edition published before `day` began (UTC); 0 when there is none."""
    midnight = datetime.combine(day, time(), UTC)
    earlier = Edition.objects.filter(published_at__lt=midnight).order_by("-number")
    return earlier.values_list("number", flat=True).first() or 0
