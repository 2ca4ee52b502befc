"""The fields of imprecise dates, in forms and in models."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import isolate_apps

from tracker.dates import BoundField, DateError, EDTFField, EDTFFormField


class _Form(forms.Form):
    date = EDTFFormField(required=False)
    line = EDTFFormField(required=False, lasting=False)


@pytest.mark.parametrize(
    ("typed", "stored"), [("late Feb 2025", "[2025-02-21..2025-02-28]"), ("2025-03", "2025-03"), ("  ", "")]
)
def test_form_field_gives_stored_text(typed: str, stored: str) -> None:
    form = _Form({"date": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["date"] == stored


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"date": "01/02/2025"}, "ambiguous"),
        ({"date": "since March"}, "open"),
        ({"date": "2025\0"}, "unreadable"),
        ({"date": "3 March 2025 " * 800}, "long"),
        ({"line": "23 to 25 March 2025"}, "lasting"),
    ],
    ids=["ambiguous", "open", "nul", "10-kB", "lasting"],
)
def test_form_field_refuses_with_the_code_of_the_reason(data: dict[str, str], code: str) -> None:
    errors = _Form(data).errors.as_data()
    assert [error.code for name in data for error in errors[name]] == [code]


def test_form_field_is_required_unless_told_otherwise() -> None:
    with pytest.raises(ValidationError) as refused:
        EDTFFormField().clean("")
    assert refused.value.code == "required"


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [
        ("2025-03-03", "3 March 2025", False),
        ("3 March 2025", "2025-03-03", False),
        (None, "", False),
        ("2025-03-03", "4 March 2025", True),
        ("2025-03-03", "", True),
        ("2025-03-03", "01/02/2025", True),
        ("nonsense", "2025-03-03", True),
    ],
)
def test_form_field_has_changed_when_the_meaning_has(initial: str | None, data: str, *, changed: bool) -> None:
    assert EDTFFormField(required=False).has_changed(initial, data) is changed


def _entry_model() -> type[models.Model]:
    class Entry(models.Model):  # noqa: DJ008
        date = EDTFField(null=True, blank=True)
        date_earliest = BoundField("date", "earliest")
        date_latest = BoundField("date", "latest")
        line = EDTFField(null=True, blank=True, lasting=False)

        class Meta:
            app_label = "tracker"

    return Entry


@pytest.mark.parametrize(
    ("field", "options"),
    [
        (EDTFField(), {"max_length": 40}),
        (EDTFField(null=True, lasting=False), {"max_length": 40, "null": True, "lasting": False}),
        (BoundField("date", "latest"), {"of": "date", "bound": "latest"}),
        (
            BoundField("date", "earliest", db_index=True),
            {"of": "date", "bound": "earliest", "db_index": True},
        ),
    ],
    ids=["text", "text-of-one-day", "bound", "bound-with-index"],
)
def test_model_fields_deconstruct_into_what_builds_them(
    field: EDTFField | BoundField, options: dict[str, object]
) -> None:
    kwargs = field.deconstruct()[3]
    assert (kwargs, type(field)(**kwargs).deconstruct()[3]) == (options, options)


@isolate_apps("tracker")
@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2025-02", (date(2025, 2, 1), date(2025, 2, 28))),
        (None, (None, None)),
        ("", (None, None)),
    ],
    ids=["month", "null", "empty"],
)
def test_bounds_are_set_from_the_text_before_saving(text: str | None, bounds: tuple[date | None, date | None]) -> None:
    stale = date(1999, 9, 9)
    entry = _entry_model()(date=text, date_earliest=stale, date_latest=stale)
    fields = [entry._meta.get_field(name) for name in ("date_earliest", "date_latest")]
    saved = tuple(field.pre_save(entry, add=True) for field in fields if isinstance(field, models.Field))
    assert saved == (entry.date_earliest, entry.date_latest) == bounds  # type: ignore[attr-defined]


@isolate_apps("tracker")
def test_bounds_are_no_part_of_a_form() -> None:
    form_class = forms.modelform_factory(_entry_model(), fields="__all__")
    assert list(form_class.base_fields) == ["date", "line"]


@isolate_apps("tracker")
def test_model_field_offers_a_form_field_of_its_own_kind() -> None:
    form = forms.modelform_factory(_entry_model(), fields=["date", "line"])({"date": "late Feb 2025", "line": ""})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"date": "[2025-02-21..2025-02-28]", "line": None}


@isolate_apps("tracker")
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"date": "01/02/2025"}, "ambiguous"),
        ({"date": "3 March 2025"}, "unreadable"),
        ({"line": "2025-03-23/2025-03-25"}, "lasting"),
        ({"date": "2025\0"}, "unreadable"),
        ({"date": "2" * 10_000}, "long"),
    ],
    ids=["ambiguous", "words", "lasting", "nul", "10-kB"],
)
def test_model_field_takes_stored_text_alone(values: dict[str, str], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _entry_model()(**values).clean_fields()
    assert [error.code for name in values for error in refused.value.error_dict[name]] == [code]


@pytest.mark.parametrize(("value", "stored"), [("2025-03", "2025-03"), ("", None), (None, None)])
def test_model_field_saves_null_for_nothing(value: str | None, stored: str | None) -> None:
    assert EDTFField().get_db_prep_save(value, connection) == stored


@pytest.mark.parametrize("value", ["", None])
def test_model_field_that_may_be_absent_cleans_to_null(value: str | None) -> None:
    assert EDTFField(null=True, blank=True).clean(value, None) is None


def test_model_field_saves_nothing_outside_the_grammar() -> None:
    with pytest.raises(DateError):
        EDTFField().get_db_prep_save("late Feb 2025", connection)
