"""Addresses of sources: which two are one article, and which are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models.addresses import address_key, address_to_open

ARTICLE = "https://news.example/world/aid-paused"

SAME = {
    "scheme": (ARTICLE, "http://news.example/world/aid-paused"),
    "www": (ARTICLE, "https://www.news.example/world/aid-paused"),
    "case of the host": (ARTICLE, "HTTPS://News.Example/world/aid-paused"),
    "dot after the host": (ARTICLE, "https://news.example./world/aid-paused"),
    "default port": (ARTICLE, "https://news.example:443/world/aid-paused"),
    "slash at the end": (ARTICLE, f"{ARTICLE}/"),
    "fragment": (ARTICLE, f"{ARTICLE}#comments"),
    "text fragment": (ARTICLE, f"{ARTICLE}#:~:text=paused"),
    "tracking names": (ARTICLE, f"{ARTICLE}?utm_source=x&fbclid=1&CMP=share_btn_tw&at_medium=RSS"),
    "tracking between others": (f"{ARTICLE}?page=2", f"{ARTICLE}?gclid=7&page=2"),
    "order of the query": (f"{ARTICLE}?a=1&b=2", f"{ARTICLE}?b=2&a=1"),
    "blank in the query": (f"{ARTICLE}?q=aid+paused", f"{ARTICLE}?q=aid%20paused"),
    "empty query": (ARTICLE, f"{ARTICLE}?"),
    "session": (ARTICLE, f"{ARTICLE};jsessionid=0AF3"),
    "mobile host": (ARTICLE, "https://m.news.example/world/aid-paused"),
    "mobile host in full": (ARTICLE, "https://mobile.news.example/world/aid-paused"),
    "mobile and www": (ARTICLE, "https://www.m.news.example/world/aid-paused"),
    "mobile edition": ("https://de.wikipedia.org/wiki/Kiew", "https://de.m.wikipedia.org/wiki/Kiew"),
    "AMP host": (ARTICLE, "https://amp.news.example/world/aid-paused"),
    "AMP at the end": (ARTICLE, f"{ARTICLE}/amp"),
    "AMP and slash at the end": (ARTICLE, f"{ARTICLE}/amp/"),
    "AMP at the start": (ARTICLE, "https://news.example/amp/world/aid-paused"),
    "AMP page": (f"{ARTICLE}.html", f"{ARTICLE}.amp.html"),
    "AMP in the query": (ARTICLE, f"{ARTICLE}?amp=1"),
    "AMP in the query, bare": (ARTICLE, f"{ARTICLE}?amp"),
    "AMP as output type": (ARTICLE, f"{ARTICLE}?outputType=amp"),
    "AMP cache": (ARTICLE, "https://news-example.cdn.ampproject.org/c/s/news.example/world/aid-paused"),
    "AMP cache, its viewer": (
        ARTICLE,
        "https://news-example.cdn.ampproject.org/v/s/www.news.example/world/aid-paused/amp/?amp_js_v=0.1&usqp=mq331",
    ),
    "AMP cache without TLS": (ARTICLE, "https://cdn.ampproject.org/c/news.example/world/aid-paused"),
    "AMP viewer of Google": (ARTICLE, "https://www.google.com/amp/s/amp.news.example/world/aid-paused"),
    "AMP viewer elsewhere": (ARTICLE, "https://www.google.co.uk/amp/s/news.example/world/aid-paused?amp=1"),
    "index page": ("https://news.example/world/", "https://news.example/world/index.html"),
    "index page, short": ("https://news.example/", "http://www.news.example/index.htm"),
    "case of an escape": ("https://news.example/caf%c3%a9", "https://news.example/caf%C3%A9"),
    "escape or letter": ("https://news.example/caf%C3%A9", "https://news.example/café"),
    "needless escape": ("https://news.example/%7Eoffice/a", "https://news.example/~office/a"),
    "IDN": ("https://münchen.example/rat", "https://xn--mnchen-3ya.example/rat"),
}

OTHER = {
    "path": (ARTICLE, f"{ARTICLE}-again"),
    "case of the path": (ARTICLE, "https://news.example/World/aid-paused"),
    "article chosen by the query": ("https://news.example/a?id=1", "https://news.example/a?id=2"),
    "article chosen or not": ("https://news.example/a", "https://news.example/a?id=1"),
    "page": (ARTICLE, f"{ARTICLE}?page=2"),
    "empty value": ("https://news.example/a?b", "https://news.example/a"),
    "port": (ARTICLE, "https://news.example:8443/world/aid-paused"),
    "host below": (ARTICLE, "https://blog.news.example/world/aid-paused"),
    "language": ("https://de.wikipedia.org/wiki/Kiew", "https://en.wikipedia.org/wiki/Kiew"),
    "host of one letter": ("https://m.example/a", "https://example/a"),
    "letter m within a host": ("https://press.m.news.example/a", "https://press.news.example/a"),
    "word that starts with amp": ("https://news.example/ampere/a", "https://news.example/ere/a"),
    "slug that ends with amp": ("https://news.example/revamp", "https://news.example/rev"),
    "AMP as a subject": ("https://news.example/a?amp=12", "https://news.example/a"),
    "index of another kind": ("https://news.example/a/index.php", "https://news.example/a"),
    "escaped slash": ("https://news.example/a%2Fb", "https://news.example/a/b"),
    "search engine itself": ("https://www.google.com/search?q=amp", "https://www.google.com/search?q=aid"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_same_article_has_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER.keys())
def test_another_article_has_another_key(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize("url", [*(pair[1] for pair in SAME.values()), *(pair[1] for pair in OTHER.values())])
def test_address_to_open_and_key_agree(url: str) -> None:
    assert address_key(address_to_open(url)) == address_key(url)


@given(path=st.text(max_size=40), query=st.text(max_size=40))
def test_key_is_plain_ascii_whatever_the_path(path: str, query: str) -> None:
    assert address_key(f"https://news.example/{path}?{query}").isascii()


@pytest.mark.parametrize("url", ["https://news.example:99999/a", "https://[::1/a"], ids=["port", "brackets"])
def test_no_address_is_a_value_error(url: str) -> None:
    with pytest.raises(ValueError, match=r"[Pp]ort|IPv6"):
        address_key(url)


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        (f"  {ARTICLE}?utm_source=x#top ", ARTICLE),
        (f"{ARTICLE}?b=2&a=1", f"{ARTICLE}?b=2&a=1"),
        ("https://www.m.news.example:443/amp/a/?amp=1", "https://www.m.news.example:443/amp/a/?amp=1"),
    ],
    ids=["tracking", "order", "dress"],
)
def test_address_to_open_stays_as_typed(typed: str, opened: str) -> None:
    assert address_to_open(typed) == opened
