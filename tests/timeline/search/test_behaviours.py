"""One table of what `q` finds, for both databases: the text of an entry, what is typed, and whether it is found."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests import factories
from tests.timeline.scene import slugs

pytestmark = pytest.mark.django_db

ENTRIES: dict[str, dict[str, Any]] = {
    "aid": {
        "title": "Military aid to Ukraine paused",
        "summary": "All shipments stop. The aid comes to 1,000 tonnes.",
        "where_it_stands": "Lifted on 11 March.",
        "identifiers": ["eo:13716", "rin:0503-AA80", "fr:2016-01325"],
    },
    "accents": {"title": "Café in Łódź, Straße in İzmir", "summary": "Ёлка, Ærø, naïve ﬁne CO₂; Ελλάδας."},
    "names": {
        "title": "Ukraine’s co-operation with the U.S.",
        "summary": "O'Brien met J.D. Vance. Co‑op rules. The so-called “shadow fleet”.",
    },
    "signs": {
        "title": "100% AND (more) OR less: a*b",
        "summary": "C:\\dir <script>alert(1)</script> key_name ' \" & |",
    },
    "scripts": {"title": "中国政策 العَرَبِيَّة हिन्दी", "summary": "한국어 ไทย Мировая политика 😀 🇺🇦"},
}

FOUND: dict[str, tuple[str, str]] = {
    "a word": ("aid", "military"),
    "whatever its case": ("aid", "MILITARY"),
    "all words": ("aid", "military ukraine"),
    "in any order": ("aid", "ukraine military"),
    "of different texts": ("aid", "military shipments lifted"),
    "a word of the summary": ("aid", "shipments"),
    "a word of where it stands": ("aid", "lifted"),
    "a word of a source": ("aid", "dispatch"),
    "a word of the second source": ("aid", "bulletin"),
    "the beginning of the last word": ("aid", "military ukr"),
    "one letter": ("aid", "m"),
    "a short word": ("aid", "to"),
    "a phrase": ("aid", '"aid to ukraine"'),
    "a phrase across a full stop": ("aid", '"stop the aid"'),
    "two phrases": ("aid", '"military aid" "ukraine paused"'),
    "a phrase in typographer's marks": ("aid", "“aid to Ukraine”"),
    "a phrase never closed": ("aid", '"aid to ukraine'),
    "a phrase and a beginning": ("aid", '"military aid" pau'),
    "without a word that is not there": ("aid", "military -navy"),
    "without a phrase that is not there": ("aid", 'military -"aid paused"'),
    "only exclusions": ("aid", "-navy"),
    "an identifier": ("aid", "eo:13716"),
    "a part of it": ("aid", "13716"),
    "an identifier with blanks": ("aid", "RIN 0503-AA80"),
    "the beginning of a part": ("aid", "0503-aa"),
    "another identifier": ("aid", "fr:2016-01325"),
    "a number with a comma": ("aid", "1,000"),
    "an asterisk is no operator": ("aid", "milit*"),
    "a column name is no operator": ("aid", '"military" : aid'),
    "a hyphen alone is no operator": ("aid", "military - aid"),
    "a plus is no operator": ("aid", "+military +aid"),
    "tsquery signs are no operators": ("aid", "military & aid | paused <-> !"),
    "brackets are no operators": ("aid", "(military) {aid}"),
    "a caret is no operator": ("aid", "^military"),
    "a quotation mark too many": ("aid", 'military" aid'),
    "an accent left out": ("accents", "cafe lodz"),
    "an accent too many": ("accents", "cafè"),
    "capitals with accents": ("accents", "CAFÉ ŁÓDŹ"),
    "decomposed": ("accents", "cafe\u0301"),
    "sharp s": ("accents", "strasse"),
    "sharp s as it is": ("accents", "STRASSE izmir"),
    "a dotted capital": ("accents", "izmir"),
    "a ligature": ("accents", "fine"),
    "a digraph": ("accents", "aero"),
    "subscripts": ("accents", "co2"),
    "a Greek accent left out": ("accents", "ελλαδας"),
    "Cyrillic yo, either case": ("accents", "ёлка"),
    "a possessive by its noun": ("names", "ukraine co-operation"),
    "a possessive as it is": ("names", "Ukraine's"),
    "a straight or a curly apostrophe": ("names", "O’Brien"),
    "a part of a name": ("names", "brien"),
    "a hyphenated word": ("names", "co-operation"),
    "its parts": ("names", "operation co"),
    "as a phrase": ("names", '"co operation"'),
    "a hyphen that does not break": ("names", "co-op"),
    "initials": ("names", "U.S."),
    "initials without stops": ("names", "US brien"),
    "initials without the last stop": ("names", "U.S brien"),
    "initials of a name": ("names", "JD Vance"),
    "a word in quotation marks": ("names", '"shadow fleet"'),
    "an operator that is a word": ("signs", "AND"),
    "a per cent sign": ("signs", "100%"),
    "words around a colon": ("signs", "less: a"),
    "words around an asterisk": ("signs", "a*b"),
    "a path": ("signs", "c:\\dir"),
    "markup": ("signs", "<script>alert(1)</script>"),
    "an underscore": ("signs", "key_name"),
    "Chinese": ("scripts", "中国"),
    "Chinese within": ("scripts", "国政"),
    "Arabic without points": ("scripts", "العربية"),
    "the beginning of a Korean word": ("scripts", "한국"),
    "Thai": ("scripts", "ไท"),
    "Devanagari": ("scripts", "हिन्दी"),
    "Cyrillic": ("scripts", "МИРОВАЯ полит"),
    "emoji": ("scripts", "😀"),
    "a flag": ("scripts", "🇺🇦"),
}

MISSED: dict[str, tuple[str, str]] = {
    "a word that is not there": ("aid", "military navy"),
    "the beginning of a word not the last": ("aid", "milit aid"),
    "the beginning of a phrase": ("aid", '"military ai"'),
    "the end of a word": ("aid", "kraine"),
    "a phrase in another order": ("aid", '"ukraine to aid"'),
    "a phrase across two texts": ("aid", '"paused all"'),
    "a phrase across two sources": ("aid", '"dispatch bulletin"'),
    "a phrase across two identifiers": ("aid", '"13716 rin"'),
    "an excluded word": ("aid", "military -ukraine"),
    "an excluded phrase": ("aid", 'military -"to ukraine"'),
    "an excluded word of a source": ("aid", "military -dispatch"),
    "an exclusion alone": ("aid", "-ukraine"),
    "a stem": ("aid", '"pause"'),
    "a key of the stored text": ("aid", "identifiers"),
    "only signs": ("aid", "& | ! :* <->"),
    "nothing in quotation marks": ("aid", '""'),
    "an excluded nothing": ("aid", '-""'),
    "another Cyrillic letter": ("accents", "елка"),
    "Chinese in another order": ("scripts", "国中"),
    "another emoji": ("scripts", "😁"),
    "another flag": ("scripts", "🇷🇺"),
    "hyphenated, written as one": ("names", "cooperation"),
}


PLAIN: dict[str, Any] = {"where_it_stands": "", "imported": True}


@pytest.fixture
def entries() -> None:
    cited = [factories.citation(factories.SourceFactory.create(title=title)) for title in ("Dispatch", "Bulletin")]
    plain = [factories.citation(factories.SourceFactory.create(title="Note"))]
    saved = [
        factories.save(slug=slug, **{**PLAIN, **values}, citations=citations)
        for (slug, values), citations in zip(ENTRIES.items(), [cited, *[plain] * 4], strict=True)
    ]
    factories.publish(*saved)


def _found(typed: str) -> list[str]:
    return slugs(urlencode({"q": typed}))


def test_query_finds(entries: None, subtests: pytest.Subtests) -> None:
    for circumstance, (slug, typed) in FOUND.items():
        with subtests.test(circumstance):
            assert slug in _found(typed)


def test_query_misses(entries: None, subtests: pytest.Subtests) -> None:
    for circumstance, (slug, typed) in MISSED.items():
        with subtests.test(circumstance):
            assert slug not in _found(typed)


def test_only_exclusions_find_everything_else(entries: None) -> None:
    assert sorted(_found("-military -100")) == ["accents", "names", "scripts"]


def test_two_hundred_characters_of_words_are_found(entries: None) -> None:
    assert _found("military aid to ukraine " * 8) == ["aid"]
    assert _found(" ".join(["to"] * 66)) == ["aid"]


def test_a_hundred_exclusions_are_no_error(entries: None) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789éж中"
    assert _found(" ".join(f"-{letter}" for letter in letters)) != []
