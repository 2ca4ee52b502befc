"""Catalogues are whole and compiled, and what readers see on pages is marked for them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings

from timeline.presenting.codebook_texts import texts

ROOT = Path(settings.BASE_DIR)
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.relative_to(ROOT / "templates").parts
)
# The API is described in English alone, and says so in its `lang`.
ENGLISH = {"timeline/api.html"}
# Templates whose words are not marked yet. A template leaves this list for good.
UNMARKED: set[str] = set()

_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%(?:%|[sd])")
_TAG_NAME = re.compile(r"</?(\w+)")


# --- catalogues ------------------------------------------------------------------------------------------------


def catalogue_faults(catalogue: polib.POFile) -> Iterator[str]:
    """Yield what keeps a catalogue from being shown: one line for each text."""
    for entry in catalogue:
        told = (
            [entry.msgstr_plural.get(n, "") for n in range(_plurals(catalogue))]
            if entry.msgid_plural
            else [entry.msgstr]
        )
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid}"
        elif not all(told):
            yield f"not translated: {entry.msgid}"
        else:
            yield from (f"{what}: {entry.msgid}" for text in told for what in _differing(entry, text))


def _plurals(catalogue: polib.POFile) -> int:
    found = re.search(r"nplurals=(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    return int(found[1]) if found else 2


def _differing(entry: polib.POEntry, text: str) -> Iterator[str]:
    """Yield in what a translation differs from its text where it must not."""
    # One of two plurals may leave the number out.
    wanted = [set(_PLACEHOLDER.findall(each)) for each in (entry.msgid, entry.msgid_plural) if each]
    if set(_PLACEHOLDER.findall(text)) not in wanted:
        yield "other placeholders"
    if sorted(_TAG_NAME.findall(text)) != sorted(_TAG_NAME.findall(entry.msgid)):
        yield "other tags"
    if entry.msgid[:1].isspace() != text[:1].isspace() or entry.msgid[-1:].isspace() != text[-1:].isspace():
        yield "other blanks at an end"


def _compiled(catalogue: polib.POFile) -> dict[Any, Any]:
    return {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in catalogue}


def test_every_language_has_a_catalogue() -> None:
    assert {path.parts[-3] for path in CATALOGUES} == {code for code, _ in settings.LANGUAGES} - {"en"}
    assert [path for path in CATALOGUES if not len(polib.pofile(str(path)))] == []


def test_catalogues_say_everything() -> None:
    found = {path.parts[-3]: list(catalogue_faults(polib.pofile(str(path)))) for path in CATALOGUES}
    assert {language: faults for language, faults in found.items() if faults} == {}


def test_catalogues_are_compiled_as_they_are_written() -> None:
    for path in CATALOGUES:
        written = {key: said for key, said in _compiled(polib.pofile(str(path))).items() if said}
        assert _compiled(polib.mofile(str(path.with_suffix(".mo")))) == written, f"{path}: run make messages"


def test_catalogues_have_every_text_of_the_codebook() -> None:
    for path in CATALOGUES:
        known = {entry.msgid for entry in polib.pofile(str(path)) if entry.msgctxt == "codebook"}
        assert [text for text in texts() if text not in known] == [], f"{path}: run make messages"


ENTRIES = [
    (polib.POEntry(msgid="a", msgstr="b"), []),
    (polib.POEntry(msgid="a", msgstr=""), ["not translated: a"]),
    (polib.POEntry(msgid="a", msgstr="b", flags=["fuzzy"]), ["fuzzy: a"]),
    (polib.POEntry(msgid="%(n)s a", msgstr="a"), ["other placeholders: %(n)s a"]),
    (polib.POEntry(msgid="%(n)s a", msgstr="%(m)s a"), ["other placeholders: %(n)s a"]),
    (polib.POEntry(msgid="<b>a</b>", msgstr="<b>a<b>"), []),
    (polib.POEntry(msgid="<b>a</b>", msgstr="a"), ["other tags: <b>a</b>"]),
    (polib.POEntry(msgid=" a", msgstr="a"), ["other blanks at an end:  a"]),
    (polib.POEntry(msgid="a", msgid_plural="b", msgstr_plural={0: "c", 1: ""}), ["not translated: a"]),
    (polib.POEntry(msgid="one", msgid_plural="%(n)s", msgstr_plural={0: "uno", 1: "%(n)s"}), []),
]


@pytest.mark.parametrize(("entry", "faults"), ENTRIES, ids=lambda value: str(value)[:30])
def test_check_of_catalogues_finds(entry: polib.POEntry, faults: list[str]) -> None:
    catalogue = polib.POFile()
    catalogue.append(entry)
    assert list(catalogue_faults(catalogue)) == faults


# --- templates -------------------------------------------------------------------------------------------------

_MARKED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
_SILENT = re.compile(
    r'aria-current="\w+"|'
    r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
_SPOKEN = ("aria-label", "title", "alt", "placeholder")
# What is the same in every language: names of formats, of programs, of what is typed.
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SAME_EVERYWHERE = {
    *("API", "CSV", "JSON", "UTC", "XLSX", "SHA", "EDTF", "ISO", "DOI", "URL", "KB", "MB", "OpenAPI", "Atom"),
    *("Python", "curl", "BibTeX", "RIS", "CSL", "Parquet", "Lines"),
}


class _Text(HTMLParser):
    """Collects what a reader would read or hear: text apart from code, and the attributes that are spoken."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("code", "pre", "kbd", "script", "style"):
            self.inside.append(tag)
        self.found += [value for name, value in attrs if name in _SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.found.append(data)


def unmarked(source: str) -> list[str]:
    """Return the words of a template that no catalogue could translate."""
    parser = _Text()
    parser.feed(_SILENT.sub(" ", _MARKED.sub(" ", source)))
    parser.close()
    words = (_WORDS.findall(text) for text in parser.found)
    return [word for found in words for word in found if word not in _SAME_EVERYWHERE]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_words_of_a_template_are_marked(path: Path) -> None:
    found = unmarked(path.read_text(encoding="utf-8"))
    is_known = path.relative_to(ROOT / "templates").as_posix() in UNMARKED | ENGLISH
    assert bool(found) == is_known, found


SOURCES = [
    ("<p>Words</p>", ["Words"]),
    ('<p>{% translate "Words" %}</p>', []),
    ("<p>{% blocktranslate trimmed %}Some <b>words</b>.{% endblocktranslate %}</p>", []),
    ('<a aria-label="Words">{{ name }}</a>', ["Words"]),
    ('<a class="words" href="/words/">1</a>', []),
    ("<code>words</code> <pre>words</pre>", []),
    ("{% if words %}CSV{% else %}Words{% endif %}", ["Words"]),
    ("{# words #}{% comment %}Words{% endcomment %}", []),
]


@pytest.mark.parametrize(("source", "found"), SOURCES)
def test_check_of_templates_finds(source: str, found: list[str]) -> None:
    assert unmarked(source) == found
