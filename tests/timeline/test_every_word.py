"""Every word that a reader meets comes from the catalogue or from the record.

The catalogue of these tests says each text in letters of another kind; what still stands in plain ones was never asked
for, or is in no catalogue.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS_ABBR
from django.utils.translation import trans_real

from tests.gallery import ANSWERS, SPANISH, publish_gallery
from tracker.models import Actor, AffectedParty, Agency, Category, PolicyAction, Publisher, Source, Topic

CATALOGUE = Path(django_settings.BASE_DIR) / "locale" / "es" / "LC_MESSAGES" / "django.po"
_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
_KEPT = re.compile(r"%\(\w+\)[a-z]|%[sd]|<[^>]*>|&\w+;|\{\w*\}")
_PLAIN = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
_ADDRESS = re.compile(r"https?://\S+|/?[\w-]+\.(?:bib|ris|json|jsonl|csv|xlsx|txt)\b(?:\?\S*)?")
_SPOKEN = (
    *("aria-label", "title", "alt", "placeholder", "aria-description"),
    *("data-copy", "data-copy-button", "data-says", "data-button", "data-done"),
)
_CODE = ("code", "pre", "kbd", "samp", "script", "style")
_VOID = frozenset({"meta", "link", "img", "input", "br", "hr", "wbr", "use", "path", "col", "source"})
# Names that are the same in every language: of formats, of programs, and of languages in their own words.
_NAMES = {
    *("API", "Atom", "BibTeX", "CC", "BY", "CSL", "CSV", "DOI", "DuckDB", "EDTF", "Español", "Excel", "HTML", "ISO"),
    *("JSON", "Lines", "OpenAPI", "Parquet", "Power", "Python", "Query", "RIS", "SHA", "SVG", "URL", "UTC", "XLSX"),
    *("Zip", "curl", "iCalendar", "pandas", "readr", "Wayback", "Machine"),
    "Francés",  # Django's own name of a language
}


def wide(text: str) -> str:
    """Return `text` in letters that no page is written in; placeholders, tags and entities as they are."""
    place, said = 0, []
    for kept in _KEPT.finditer(text):
        said += [text[place : kept.start()].translate(_WIDE), kept[0]]
        place = kept.end()
    return "".join(said) + text[place:].translate(_WIDE)


class _Words(HTMLParser):
    """Collects what is read or heard, apart from code, the record (<bdi>) and what is in a language of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        is_apart = tag in _CODE or said.get("lang", "es") != "es"
        if not (is_apart or self._is_apart()):
            self.found += [value for name, value in attrs if name in _SPOKEN and value]
        if tag not in _VOID:
            self.open.append((tag, is_apart))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._is_apart():
            self.found.append(data)

    def _is_apart(self) -> bool:
        return any(is_apart for _, is_apart in self.open)


def plain(html: str, record: list[str]) -> list[str]:
    """Return the texts of a page that hold words in plain letters; `record` holds the texts of the record."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return [text.strip() for text in parser.found if set(_PLAIN.findall(_without(text, record))) - _NAMES]


def _without(text: str, record: list[str]) -> str:
    text = _ADDRESS.sub(" ", text)
    for known in record:
        text = text.replace(known, " ")
    return text


def _texts_of_the_record() -> Iterator[str]:
    """Yield names, titles and what PAGES ask for: in <title> and <option> no element can be put around them."""
    titled: tuple[Any, ...] = (PolicyAction, Source)
    named: tuple[Any, ...] = (Actor, AffectedParty, Agency, Category, Publisher, Topic)
    for model in titled:
        yield from model.objects.values_list("title", flat=True)
    for model in named:
        yield from model.objects.values_list("name", flat=True)
    yield from (str(django_settings.SITE_NAME), "grain exports", "in_efect", "in_effect", "agencies", "agency")


@pytest.fixture
def wide_letters(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The Spanish catalogue with each text said in wide letters; the names of months likewise."""
    catalogue = polib.pofile(str(CATALOGUE))
    catalogue.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
    for entry in catalogue:
        if (entry.msgctxt or "").startswith("format"):
            entry.msgstr = entry.msgid
        elif entry.msgid_plural:
            entry.msgstr_plural = {0: wide(entry.msgid), 1: wide(entry.msgid_plural)}
        else:
            entry.msgstr = wide(entry.msgid)
    for name in (*MONTHS.values(), *MONTHS_3.values(), *WEEKDAYS_ABBR.values()):
        with translation.override(None):
            english = str(name)
        catalogue.append(polib.POEntry(msgid=english, msgstr=wide(english)))
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path]
    _forget()
    yield
    settings.LOCALE_PATHS = django_settings.LOCALE_PATHS
    _forget()


def _forget() -> None:
    trans_real._translations.clear()  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_every_word_of_every_page_is_translated(wide_letters: None, client: Client) -> None:
    publish_gallery()
    record = sorted({text for text in _texts_of_the_record() if text}, key=len, reverse=True)
    found: dict[str, list[str]] = {}
    for name, address in SPANISH.items():
        answer = client.get(address)
        assert answer.status_code == ANSWERS[name], name
        for text in plain(answer.text, record):
            found.setdefault(text, []).append(name)
    assert not found, "\n".join(f"{text!r}: {', '.join(names[:3])}" for text, names in found.items())


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Words</p>", ["Words"]),
        ("<p>Ｗｏｒｄｓ 3 <b>ｍｏｒｅ</b></p>", []),
        ("<p>Ｗｏｒｄｓ <bdi>Title</bdi> <code>words</code> <i lang=en>words</i></p>", []),
        ('<img alt="Words"><p>Ａ</p>', ["Words"]),
        ("<option>Title</option>", []),
        ("<p><bdi>Title</bdi> words</p>", ["words"]),
    ],
)
def test_scan_finds(html: str, found: list[str]) -> None:
    assert plain(html, ["Title"]) == found
