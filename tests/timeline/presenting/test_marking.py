"""Marks stand where the search found something, and nowhere else; what is not shown otherwise is quoted."""

from typing import Any

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from timeline.presenting.marking import around, passages, pieces
from timeline.search.query import Query

MARKED = {
    "a word": ("aid", "Military aid, aide, AID", "Military [aid], [aide], [AID]"),
    "only the last word is a beginning": ("mil aid", "Military aid", "Military [aid]"),
    "a phrase": ('"aid to"', "aid, aid to Kyiv", "aid, [aid to] Kyiv"),
    "a hyphenated word": ("co-op", "Co‑operation", "[Co‑operation]"),
    "accents": ("lodz", "to Łódź.", "to [Łódź]."),
    "a decomposed mark belongs to its letter": ('"x"', "x\u0302y x\u0302", "x\u0302y [x\u0302]"),
    "initials": ("us", "The U.S.-led", "The [U.S].-led"),
    "excluded words are not": ("aid -kyiv", "aid to Kyiv", "[aid] to Kyiv"),
    "what overlaps is one": ('"aid to" "to kyiv"', "aid to Kyiv", "[aid to Kyiv]"),
    "nothing typed": ("!", "aid!", "aid!"),
    "Chinese": ("中国", "在中国的", "在[中国]的"),
}


@pytest.mark.parametrize(("typed", "text", "marked"), MARKED.values(), ids=MARKED.keys())
def test_words_are_marked(typed: str, text: str, marked: str) -> None:
    found = pieces(text, Query.parse(typed))
    assert "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in found) == marked


@given(st.text(), st.text(max_size=20))
def test_pieces_are_the_text(text: str, typed: str) -> None:
    assert "".join(piece.text for piece in pieces(text, Query.parse(typed))) == text


def test_markup_in_a_text_stays_text() -> None:
    template = engines["django"].from_string("{% load timeline_tags %}{{ text|marked:sought }}")
    shown = template.render({"text": "<script>alert('aid')</script>", "sought": Query.parse("alert script")})
    assert shown == "&lt;<mark>script</mark>&gt;<mark>alert</mark>(&#x27;aid&#x27;)&lt;/<mark>script</mark>&gt;"


def test_text_without_words_looked_for_is_as_it_is() -> None:
    template = engines["django"].from_string("{% load timeline_tags %}{{ text|marked:sought }}")
    assert template.render({"text": "<b>", "sought": None}) == "&lt;b&gt;"


FILLING = "nothing of interest here " * 30


def test_summary_is_cut_around_a_far_match() -> None:
    shown = around(f"{FILLING}and then grain was stopped. {FILLING}", Query.parse("grain"))
    assert "grain was stopped" in shown
    assert (shown[0], shown[-1]) == ("…", "…")
    assert len(shown) <= 240


@pytest.mark.parametrize("text", ["Grain was stopped.", f"Grain was stopped. {FILLING}", FILLING], ids=len)
def test_summary_begins_at_its_beginning_otherwise(text: str) -> None:
    shown = around(text, Query.parse("grain"))
    assert shown.rstrip("…")[:20] == text[:20]
    assert len(shown) <= 240


def test_long_word_around_a_match_is_cut_too() -> None:
    shown = around("x" * 500 + "-grain-" + "x" * 500, Query.parse("grain"))
    assert shown.startswith("…grain")
    assert len(shown) <= 240


def _entry(**values: Any) -> dict[str, Any]:
    absent: dict[str, Any] = {"where_it_stands": None, "summary": None, "identifiers": [], "citations": []}
    return {"title": "Aid", **absent, **values}


def test_identifier_and_source_that_were_found_are_quoted() -> None:
    titles = ["Grain report", "Another", "Grain again"]
    entry = _entry(identifiers=["eo:1", "eo:2"], citations=[{"source": {"title": title}} for title in titles])
    told = [(passage.label, passage.text) for passage in passages(entry, Query.parse("aid eo:2 grain"))]
    assert told == [("Identifier", "eo:2"), ("Source", "Grain report")]


def test_nothing_is_quoted_that_the_card_shows() -> None:
    entry = _entry(summary="Grain", citations=[{"source": {"title": "Grain report"}}])
    assert passages(entry, Query.parse("grain aid")) == []
