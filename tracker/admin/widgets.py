"""Form parts shared by the admin's nouns: choices with definitions, dates in words, pickers, proposed names."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import BigAutoField, Field
from django.forms.models import construct_instance
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker import codebook, dates
from tracker.codebook import Code, Codes

# What the value of a picker begins with when it is no key but the name of a term to be made.
NEW = "new:"
# Every code that is chosen in a list, with its place on the public page of definitions.
_EXPLAINED: tuple[tuple[str, Codes[Any]], ...] = (
    ("status", codebook.STATUSES),
    ("by", codebook.STATUS_BY),
    ("form", codebook.FORMS),
    ("source-kind", codebook.SOURCE_KINDS),
    ("attribution", codebook.ATTRIBUTIONS),
    ("relation", codebook.RELATION_KINDS),
    ("", codebook.STANCES),
    ("", codebook.PARTY_KINDS),
)


def is_key(value: Any) -> bool:
    """Return whether `value` can be a primary key: a forged one must not break the query it is looked up with."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= BigAutoField.MAX_BIGINT


def described(codes: Codes[Any]) -> list[tuple[str, str]]:
    """Return the choices of a radio list, each label followed by its definition and an example."""
    return [(code.code, _described(code)) for code in codes.values()]


def _described(code: Code) -> SafeString:
    example = format_html(' <span class="example">Example: {}</span>', code.example) if code.example else ""
    return format_html('<b>{}</b> <span class="definition">{}{}</span>', code.label, code.definition, example)


class CodeList(forms.RadioSelect):
    """A radio list with definitions; the example of the chosen one is shown too (by style, without scripts)."""

    def __init__(self, attrs: Any = None, **kwargs: Any) -> None:
        super().__init__({"class": "codes"} | (attrs or {}), **kwargs)

    def create_option(
        self, name: str, value: Any, label: Any, selected: bool, index: int, *args: Any, **kwargs: Any
    ) -> Any:
        option = super().create_option(name, value, label, selected, index, *args, **kwargs)
        if index:
            option["attrs"].pop("autofocus", None)
        return option


class CodeField(forms.ChoiceField):
    """One code of the codebook as a radio list, the definition beside each. "" when nothing is chosen."""

    def __init__(self, codes: Codes[Any], **kwargs: Any) -> None:
        super().__init__(choices=described(codes), **{"widget": CodeList()} | kwargs)


class ExplainedSelect(forms.Select):
    """A list whose options carry what they mean and an example: explained.js shows those of the chosen one.

    `codes` explain by code; an option of a model (a category) explains itself. Without scripts there is a link to the
    public page of definitions, part `anchor`.
    """

    def __init__(self, *args: Any, codes: Codes[Any] | None = None, anchor: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes or Codes()
        self.anchor = anchor

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> Any:
        option = super().create_option(name, value, *args, **kwargs)
        meant: Any = getattr(value, "instance", None) or self.codes.get(str(value))
        if meant is not None:
            option["attrs"] |= {"data-definition": meant.definition, "data-example": meant.example}
        return option

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        box = super().render(*args, **kwargs)
        link = '<noscript><a href="{}#{}" target="_blank">What these mean</a></noscript>'
        return format_html("{}" + link, box, reverse("timeline:method"), self.anchor)


class CodeSelectField(forms.ChoiceField):
    """One code of the codebook as a list, its definition and example below. `blank` is said for no choice."""

    def __init__(self, codes: Codes[Any], *, blank: str | None = None, **kwargs: Any) -> None:
        choices = codes.choices if blank is None else [("", blank), *codes.choices]
        super().__init__(choices=choices, widget=explaining(codes.choices), **kwargs)


def explaining(choices: Iterable[tuple[Any, Any]]) -> ExplainedSelect | None:
    """Return the list that explains these choices, or None where they are no codes of the codebook."""
    pairs = [(value, label) for value, label in choices if value]
    found = next(((anchor, codes) for anchor, codes in _EXPLAINED if codes.choices == pairs), None)
    return found and ExplainedSelect(codes=found[1], anchor=found[0])


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
    """A date that is shown in the words in which it may be typed again; what was typed stays as typed.

    Whatever its widget is, dates.js says below it what was understood while it is typed.
    """

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        told = {"data-understood": reverse_lazy("admin:tracker_policyaction_understood"), "autocomplete": "off"}
        return super().widget_attrs(widget) | told | ({} if self.lasting else {"data-lasting": "no"})

    def bound_data(self, data: Any, initial: Any) -> Any:
        return _Typed(data) if isinstance(data, str) else data

    def prepare_value(self, value: Any) -> Any:
        if not value or isinstance(value, _Typed):
            return value
        try:
            words = dates.typed(value)
            return words if dates.parse_words(words).text == value else value
        except dates.DateError:
            return value


class NamedSplitDateTime(AdminSplitDateTime):
    """A day and a time in two boxes, each with a name: the label of the field belongs to neither."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        for box, name in zip(self.widgets, ("Day", "Time, UTC"), strict=True):
            box.attrs["aria-label"] = name


class _HousePicker:
    """Leaves out values that cannot be keys when the chosen options are looked up again; new names stay as typed."""

    def optgroups(self, name: str, value: Iterable[Any], attr: Any = None) -> Any:
        items = [str(item) for item in value]
        groups = super().optgroups(name, [item for item in items if is_key(item)], attr)  # type: ignore[misc]
        for item in items:
            if item.startswith(NEW):
                label = f"{item.removeprefix(NEW)} (new)"
                groups[0][1].append(self.create_option(name, item, label, True, 0))  # type: ignore[attr-defined]
        return groups

    @property
    def media(self) -> forms.Media:
        """After the library and its own script, which sets it to work once the page is there."""
        return super().media + forms.Media(js=["admin/js/autocomplete.js", "tracker/pickers.js"])  # type: ignore[misc]


class TermSelect(_HousePicker, AutocompleteSelect):
    """Picks one record by typing."""


class TermSelectMultiple(_HousePicker, AutocompleteSelectMultiple):
    """Picks several records by typing. Each has its own cross; one for all would be no item of the library's list."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().build_attrs(*args, **kwargs) | {"data-allow-clear": "false"}


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
    """A text box that proposes names, found by their other names too; anything else may be typed.

    `known` is pairs of a name and what else it is called.
    """

    known: Sequence[tuple[str, str]] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, {**(attrs or {}), "list": f"{name}-known"}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.known)
        return format_html('{}<datalist id="{}-known">{}</datalist>', box, name, options)
