"""The form fields of the selection: each takes canonical text and says in one sentence what to type instead."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from timeline.selection.cursors import Cursor, CursorError
from timeline.selection.reading import did_you_mean, nearest, shorten
from timeline.terms import Vocabulary
from tracker import codebook, columns, dates

MAX_WORDS = 200  # characters
_SLUG = re.compile(r"[a-z0-9-]{1,100}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[0-9]+")
_WHOLE = re.compile(r"-?[0-9]+")


class OneField(forms.Field):
    """One optional value: `read` is handed text that is not blank."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**(kwargs | {"required": False}))

    def clean(self, value: Any) -> Any:
        """Return what `read` makes of the text; None when there is none."""
        return self.read(value) if value else None

    def read(self, text: str) -> Any:
        """Return the value of `text` or raise ValidationError."""
        raise NotImplementedError


class ManyField(OneField):
    """Any number of values, as a tuple; the first that is refused is told."""

    widget = forms.SelectMultiple

    def clean(self, value: Sequence[str] | None) -> tuple[str, ...]:
        """Return the values that `read` takes, in the order given."""
        return tuple(self.read(text) for text in value or ())


class WordsField(OneField):
    """Words to look for."""

    def read(self, text: str) -> str:
        if "\x00" in text:
            raise ValidationError(_("The words hold a character (NUL) that no text has."))
        if len(text) > MAX_WORDS:
            told = {"most": MAX_WORDS, "length": len(text)}
            raise ValidationError(_("At most %(most)s characters can be looked for, not %(length)s.") % told)
        return text


class _Coded:
    """Reads one of `codes`."""

    codes: codebook.Codes

    def read(self, text: str) -> str:
        if text in self.codes:
            return text
        known = list(self.codes)
        near = nearest(text, known)
        hint = did_you_mean(near) or _("Known are: %(known)s.") % {"known": ", ".join(known)}
        told = _("“%(typed)s” is not one of the values here.") % {"typed": shorten(text)}
        raise ValidationError(f"{told} {hint}")


class CodeField(_Coded, OneField):
    """One code."""

    def __init__(self, *, codes: codebook.Codes, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes = codes


class CodesField(_Coded, ManyField):
    """Codes of one kind."""

    def __init__(self, *, codes: codebook.Codes, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes = codes


class TermsField(ManyField):
    """Slugs of one kind that were ever published; `extra` are reserved ones."""

    def __init__(self, *, kind: str, vocabulary: Vocabulary, extra: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind, self.vocabulary, self.extra = kind, vocabulary, extra

    def read(self, text: str) -> str:
        if text in self.extra or (_SLUG.fullmatch(text) and self.vocabulary.is_known(self.kind, text)):
            return text
        near = nearest(text, [*self.vocabulary.known.get(self.kind, ()), *self.extra])
        hint = did_you_mean(near)
        if not _SLUG.fullmatch(text):
            hint = hint or _("A key has small letters a to z, digits and hyphens.")
        told = _("“%(typed)s” is not in the published record.") % {"typed": shorten(text)}
        raise ValidationError(f"{told} {hint}".rstrip())


class RangeDayField(OneField):
    """A year, month or day; its first day, or its last where `is_end`."""

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_end = is_end

    def read(self, text: str) -> date:
        if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
            raise ValidationError(
                _("“%(typed)s” is not a date we can read. Type a year, a month or a day: 2025, 2025-03 or 2025-03-11.")
                % {"typed": shorten(text)}
            )
        found = _parse(text)
        return found.latest if self.is_end else found.earliest


class FullDayField(OneField):
    """One day."""

    def read(self, text: str) -> date:
        if not _DAY.fullmatch(text):
            told = _("“%(typed)s” is not a full day. Type it like 2025-03-11.")
            raise ValidationError(told % {"typed": shorten(text)})
        return _parse(text).earliest


class EditionField(OneField):
    """An edition number (digits only) up to `newest`, as int, or a full UTC day before `today`, as date."""

    def __init__(self, *, newest: int, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.newest, self.today = newest, today

    def read(self, text: str) -> int | date:
        if _DIGITS.fullmatch(text):
            return self._number(text)
        if not _DAY.fullmatch(text):
            told = _(
                "“%(typed)s” is neither an edition number, such as %(newest)s, nor a full day, such as 2025-03-11."
            )
            raise ValidationError(told % {"typed": shorten(text), "newest": self.newest})
        day = _parse(text).earliest
        if day >= self.today:
            told = _("%(day)s is not over yet (UTC). The last full day is %(last)s.")
            raise ValidationError(told % {"day": text, "last": self.today - timedelta(days=1)})
        return day

    def _number(self, text: str) -> int:
        # More digits than any edition has: int() of thousands of them would refuse.
        if len(text) <= 15 and int(text) <= self.newest:
            return int(text)
        told = _("A bare number is an edition: %(typed)s is not there, since nothing is published yet.")
        if self.newest:
            told = _("A bare number is an edition: %(typed)s is above the newest, %(newest)s.")
        year = _("For the year write a full day like %(year)s-12-31.") % {"year": text} if len(text) == 4 else ""
        raise ValidationError(f"{told % {'typed': shorten(text), 'newest': self.newest}} {year}".rstrip())


class WholeNumberField(OneField):
    """A whole number from `low` to `high`."""

    def __init__(self, *, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high

    def read(self, text: str) -> int:
        if not _DIGITS.fullmatch(text) or len(text) > 15 or not self.low <= int(text) <= self.high:
            told = _("“%(typed)s” is not a whole number from %(low)s to %(high)s.")
            raise ValidationError(told % {"typed": shorten(text), "low": self.low, "high": self.high})
        return int(text)


class PageField(OneField):
    """A page number. A whole number that no page has (0, -1, far too large) is taken: it answers 404, not 400."""

    def read(self, text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise ValidationError(_("“%(typed)s” is not a page number.") % {"typed": shorten(text)})
        return int(text) if len(text) <= 9 else 0


class FlagField(OneField):
    """1 (yes) or 0 (no, which is the same as leaving it out)."""

    def clean(self, value: Any) -> bool:
        if value not in (None, "", "0", "1"):
            raise ValidationError(_("“%(typed)s” is neither 1 nor 0.") % {"typed": shorten(str(value))})
        return bool(value == "1")


class ColumnsField(OneField):
    """Names of public columns, comma-separated, in the order wanted."""

    def read(self, text: str) -> tuple[str, ...]:
        names = tuple(name.strip() for name in text.split(","))
        for name in names:
            if name not in columns.BY_NAME:
                told = _("There is no column “%(name)s”.") % {"name": shorten(name)}
                raise ValidationError(f"{told} {did_you_mean(nearest(name, list(columns.BY_NAME)))}".rstrip())
        if len(set(names)) < len(names):
            raise ValidationError(_("A column was named twice."))
        return names


class CursorField(OneField):
    """Where a page of the API begins, as the page before gave it."""

    def read(self, text: str) -> Cursor:
        try:
            return Cursor.read(text)
        except CursorError as error:
            raise ValidationError(str(error)) from error


def _parse(text: str) -> dates.EDTFDate:
    try:
        return dates.parse(text)
    except dates.DateError as error:
        raise ValidationError(str(error)) from error
