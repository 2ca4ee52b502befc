"""Model and form fields of imprecise dates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from tracker.dates.grammar import MAX_TYPED, DateError, parse, require_one_day
from tracker.dates.words import parse_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper


class EDTFFormField(forms.CharField):
    """A text box that takes words and gives stored EDTF text."""

    def __init__(self, *, lasting: bool = True, **kwargs: Any) -> None:
        self.lasting = lasting
        kwargs.setdefault("max_length", MAX_TYPED)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        try:
            return parse_words(text, lasting=self.lasting).text
        except DateError as error:
            raise ValidationError(str(error), code=error.code) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is meant, so that retyping a date in other words is no change."""
        try:
            return super().has_changed(self.to_python(initial), data)
        except ValidationError:
            return super().has_changed(initial, data)


class EDTFField(models.CharField):
    """Stored EDTF text, null if absent; nothing else is ever saved. `lasting=False` refuses `a/b`."""

    def __init__(self, *args: Any, lasting: bool = True, **kwargs: Any) -> None:
        self.lasting = lasting
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs if self.lasting else {**kwargs, "lasting": False}

    def to_python(self, value: Any) -> Any:
        return super().to_python(value) or None

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value is None:
            return
        try:
            self._check(value)
        except DateError as error:
            raise ValidationError(str(error), code=error.code) from error

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """The last door, for code that saves without full_clean. Raises DateError."""
        stored = super().get_db_prep_save(value, connection)
        if isinstance(stored, str):
            self._check(stored)
        return stored

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(
            **{"form_class": EDTFFormField, "lasting": self.lasting, "max_length": MAX_TYPED, **kwargs}
        )

    def _check(self, text: str) -> None:
        found = parse(text)
        if not self.lasting:
            require_one_day(found)


class BoundField(models.DateField):
    """The first or last day that the date in `of` allows, null if absent; only this field writes it.

    It is computed before each save, also in `bulk_create`; `update()` does not pass here, nor does
    `save(update_fields=...)` that leaves this field out. Raises DateError if the text is no date.
    """

    def __init__(self, of: str, bound: Literal["earliest", "latest"], **kwargs: Any) -> None:
        self.of = of
        self.bound = bound
        super().__init__(**{**kwargs, "editable": False, "null": True, "blank": True})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("editable", "null", "blank"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "of": self.of, "bound": self.bound}

    def pre_save(self, model_instance: models.Model, add: bool) -> date | None:
        text = getattr(model_instance, self.of)
        day: date | None = getattr(parse(str(text)), self.bound) if text else None
        setattr(model_instance, self.attname, day)
        return day
