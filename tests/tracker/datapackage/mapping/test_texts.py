"""Texts fit for the record."""

import pytest

from tracker.datapackage.mapping.texts import cut, of_html, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("  plain  text ", "plain text"),
        ("a\u00a0b\u200bc\ufeff", "a bc"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("right\u202eleft\x07", "rightleft"),
        ("e\u0301", "é"),
    ],
)
def test_only_what_can_be_seen_stays(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<!DOCTYPE html><html><head><title>x</title></head><body><p>One&nbsp;&amp; two.</p><p>Three</p></body></html>",
         "One\u00a0& two.\nThree"),
        ("a<br>b<script>alert(1)</script>", "a\nb"),
        ("5 < 6 & 7", "5 < 6 & 7"),
        ("no markup", "no markup"),
    ],
)  # fmt: skip
def test_html_becomes_what_its_reader_sees(html: str, text: str) -> None:
    assert of_html(html) == text


@pytest.mark.parametrize(
    ("text", "most", "title"),
    [
        ("Short enough.", 40, "Short enough."),
        ("The quay was closed today. Nobody knows why it was.", 40, "The quay was closed today."),
        ("The U.S. quay was closed by Mr. Smith and others today", 40, "The U.S. quay was closed by Mr. Smith…"),
        ("No. It was closed for good, as everybody had expected", 30, "No. It was closed for good…"),
        ("x" * 50, 10, "x" * 10),
    ],
)
def test_a_title_ends_with_a_sentence_or_a_word(text: str, most: int, title: str) -> None:
    assert cut(text, most=most) == title
    assert len(title) <= most + 1
