"""Which addresses become links."""

import pytest

from timeline.presenting import links


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/1", "https://news.example/1"),
        ("HTTP://news.example/1", "HTTP://news.example/1"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//evil.example", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_are_opened(url: str | None, expected: str) -> None:
    assert links.safe(url) == expected


def test_term_link_keeps_the_pinned_edition() -> None:
    link = links.term("agency", {"slug": "white-house", "name": "White House"}, as_of="3")
    assert link == links.TermLink("White House", "/agencies/white-house/?as_of=3")


def test_absent_term_is_no_link() -> None:
    assert links.term("agency", None) is None
