"""Form parts shared by the admin's nouns: choices with definitions, dates in words, pickers, proposed names."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import BigAutoField, Field
from django.forms.models import construct_instance
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker import dates
from tracker.codebook import Code, Codes


def is_key(value: Any) -> bool:
    """Return whether `value` can be a primary key: a forged one must not break the query it is looked up with."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= BigAutoField.MAX_BIGINT


def described(codes: Codes[Any]) -> list[tuple[str, str]]:
    """Return the choices of a radio list, each label followed by its definition."""
    return [(code.code, _described(code)) for code in codes.values()]


def _described(code: Code) -> SafeString:
    return format_html('<b>{}</b> <span class="definition">{}</span>', code.label, code.definition)


class CodeField(forms.ChoiceField):
    """One code of the codebook as a radio list, the definition beside each. "" when nothing is chosen."""

    def __init__(self, codes: Codes[Any], **kwargs: Any) -> None:
        super().__init__(choices=described(codes), widget=forms.RadioSelect(attrs={"class": "codes"}), **kwargs)


class FieldsOnlyForm(forms.ModelForm):
    """Checks each field by its model's rules, and nothing across fields or rows.

    That is the record's business: it has words for it, where a database constraint has a name.
    """

    def _post_clean(self) -> None:
        left_out = self._get_validation_exclusions()  # type: ignore[attr-defined]
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        try:
            self.instance.clean_fields(exclude=left_out)
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]


class _Typed(str):
    """What somebody typed, as opposed to what is stored."""

    __slots__ = ()


class WordedDateField(dates.EDTFFormField):
    """A date that is shown in the words in which it may be typed again; what was typed stays as typed."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return _Typed(data) if isinstance(data, str) else data

    def prepare_value(self, value: Any) -> Any:
        if not value or isinstance(value, _Typed):
            return value
        try:
            words = dates.display(value)
            return words if dates.parse_words(words).text == value else value
        except dates.DateError:
            return value


class _OnlyKeys:
    """Leaves out values that cannot be keys when the chosen options are looked up again."""

    def optgroups(self, name: str, value: Iterable[Any], attr: Any = None) -> Any:
        return super().optgroups(name, [item for item in value if is_key(item)], attr)  # type: ignore[misc]


class TermSelect(_OnlyKeys, AutocompleteSelect):
    """Picks one record by typing."""


class TermSelectMultiple(_OnlyKeys, AutocompleteSelectMultiple):
    """Picks several records by typing."""


class TermsField(forms.ModelMultipleChoiceField):
    """Several records. What cannot be a key is refused here: SQLite fails on a number beyond its integers."""

    def clean(self, value: Any) -> Any:
        for item in value or ():
            if not is_key(item):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": item}
                )
        return super().clean(value)


def picker(field: Field, *, multiple: bool = False) -> Any:
    """Return a widget that picks what the foreign key `field` points to, for a form field of any model."""
    widget = TermSelectMultiple if multiple else TermSelect
    return widget(field, admin.site)


class ProposingInput(forms.TextInput):
    """A text box that proposes the names in `names`; anything else may be typed."""

    names: Sequence[str] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, {**(attrs or {}), "list": f"{name}-known"}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((known,) for known in self.names))
        return format_html('{}<datalist id="{}-known">{}</datalist>', box, name, options)
