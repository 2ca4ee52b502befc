"""Validators and small rules shared by the models of the record."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models

from tracker import dates

SLUG_PATTERN = r"^[a-z0-9-]+\Z"
validate_slug = RegexValidator(SLUG_PATTERN, "Use only a to z, 0 to 9 and hyphens.", code="slug")
validate_web_address = URLValidator(schemes=["http", "https"])

# Everything Unicode calls a control or a direction override, apart from tab and line feed.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return `text` in NFC, with line ends as line feeds and without outer blanks."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", unified).strip()


def validate_plain_text(text: str) -> None:
    """Refuse characters that no reader can see and that break feeds, files or the reading direction.

    Line ends may be those that browsers post, CR LF: `clean_text` stores them as line feeds.
    """
    if found := _FORBIDDEN.search(text.replace("\r\n", "\n")):
        name = f"U+{ord(found.group()):04X}"
        raise ValidationError(f"Contains the invisible character {name}; please remove it.", code="control")


def validate_no_list_separator(text: str) -> None:
    """Refuse ";", which joins names in the public files."""
    if ";" in text:
        raise ValidationError('A name cannot contain ";": it separates names in the files.', code="separator")


def validate_public_address(url: str) -> None:
    """Accept http and https addresses without a user name, a password or invisible characters."""
    validate_plain_text(url)
    validate_web_address(url)
    if "@" in url.split("/", 3)[2]:
        raise ValidationError("An address with a user name or password is not public.", code="credentials")


def validate_day(day: date) -> None:
    """Refuse a day outside the years that dates may have here."""
    try:
        dates.parse(day.isoformat())
    except dates.DateError as error:
        raise ValidationError(str(error), code="year") from error


def lines(text: str) -> list[str]:
    """Return the non-blank lines of a one-per-line field, in order and without repeats."""
    return list(dict.fromkeys(stripped for line in text.splitlines() if (stripped := line.strip())))


def one_of(field: str, codes: tuple[str, ...], *, name: str, blank: bool = False) -> models.CheckConstraint:
    """Build the constraint that keeps `field` within the codebook's `codes`."""
    allowed = [*codes, ""] if blank else list(codes)
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": allowed}), name=name)
