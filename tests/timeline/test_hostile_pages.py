"""Hostile texts in every field of the record and in every address: shown as text on every page, run by none.

An entry may be typed by anyone who can sign in and read from anyone's package, so what pages do with texts is looked at
where they are shown: no page may hold a tag, an attribute or an address to open that it does not hold for plain words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, urlencode

import icalendar
import pytest
from defusedxml import ElementTree
from django.test import Client
from playwright.sync_api import Page

from tests import factories
from tests.browser.desk import watched
from tests.factories import citation, line
from timeline.feeds import FEEDS
from tracker.models import PolicyAction

PAYLOADS = [
    "<script>pwned(1)</script>", '"><script>pwned(1)</script>', "'><script>pwned(1)</script>",
    "</title><script>pwned(1)</script>", "</textarea><script>pwned(1)</script>", "</style><script>pwned(1)</script>",
    "</script><script>pwned(1)</script>", "--><script>pwned(1)</script>", "]]><script>pwned(1)</script>",
    "<!--<script>", "<!-- --!><img src=x onerror=pwned(1)>", "<![CDATA[<script>pwned(1)</script>]]>",
    "<img src=x onerror=pwned(1)>", "<img src='x' onerror='pwned(1)'>", '" onmouseover="pwned(1)" x="',
    "' onfocus='pwned(1)' autofocus='", " onload=pwned(1) ", "` onerror=`pwned(1)`", "<svg onload=pwned(1)>",
    "<svg><script href=data:,pwned(1) />", "<math><mtext></p><style><img src onerror=pwned(1)>",
    "<iframe src=javascript:pwned(1)>", "<iframe srcdoc='<script>pwned(1)</script>'>", "<object data=javascript:1>",
    "<embed src=javascript:pwned(1)>", "<base href=https://evil.example/>", "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=javascript:pwned(1)'>", "<form action=javascript:pwned(1)><button>",
    "<a href=javascript:pwned(1)>x</a>", "<details open ontoggle=pwned(1)>", "<video><source onerror=pwned(1)>",
    "<body onload=pwned(1)>", "<template><script>pwned(1)</script></template>",
    "<style>@import'//evil.example'</style>",
    "<p style=background:url(javascript:1)>", "<noscript><p title='</noscript><img src onerror=pwned(1)>'>",
    "<select><option><script>pwned(1)</script>", "<table background=javascript:1>",
    "<x data-hx-get=/ data-hx-trigger=load>",
    "javascript:pwned(1)", "JaVaScRiPt:pwned(1)", "java\tscript:pwned(1)", "data:text/html,<script>pwned(1)</script>",
    "vbscript:pwned(1)", "//evil.example/x", "&lt;script&gt;pwned(1)&lt;/script&gt;", "&#60;script&#62;pwned(1)",
    "\\u003cscript\\u003epwned(1)", "%3Cscript%3Epwned(1)%3C/script%3E", "{{ 7|add:7 }}{% debug %}", "${pwned(1)}",
    "{pwned}", "%(pwned)s %s %d %", "\\", '\\"', "'\"`<>&=/", "<", "&", "=HYPERLINK(1)", "+1-1", "@SUM(1)",
    "END:VEVENT\nBEGIN:VALARM", "X\nTY  - JOUR\nER  - ", "}, @misc{pwned, title = {x}", "\\input{/etc/passwd}",
    "\u00a0\u2028\u2029\u200b\ufeff", "\u0301\u0489\u20dd" * 30, "الشرق <b>עברית</b>", "😀\U0010fffd\ue000",
    "ſ\u0131\u1e9eﬀ\ufdfa",
    "x" * 190, "W" * 20_000,
]  # fmt: skip

PLAIN = ["Plain words", "plain", "Words: in 3 kinds & more", "A longer text of plain words. " * 40] * 3
# Hundreds of pages, the same on both databases.
pytestmark = [pytest.mark.sqlite, pytest.mark.timeout(400)]

_LISTS = ["/", "/?view=tracks", "/?sort=changed", "/embed/", "/embed/?view=tracks", "/changes/", "/corrections/"]
PAGES = [
    *(f"{address}{'&' if '?' in address else '?'}per_page=100" for address in _LISTS),
    "/changes/1/?per_page=100", "/changes/2/?per_page=100", "/changes/3/?per_page=100",
    "/actors/", "/agencies/", "/agencies/?q=a", "/parties/", "/topics/", "/categories/", "/publishers/", "/sources/",
    "/method/",
    "/data/", "/cite/", "/embed/code/", "/?q=pwned", "/?q=pwned&per_page=1",
]  # fmt: skip
ENTRY = "/actions/{}/"
AROUND = [
    "/actions/{}/versions/1/", "/actions/{}/compare/", "/actions/{}/cite/",
    "/actors/actor-{}/", "/agencies/agency-{}/", "/parties/party-{}/", "/topics/topic-{}/", "/categories/category-{}/",
    "/publishers/publisher-{}/", "/sources/source-{}/", "/embed/?actor=actor-{}", "/cite/?actor=actor-{}",
    "/changes/?actor=actor-{}", "/corrections/?actor=actor-{}", "/data/?actor=actor-{}", "/?view=tracks&topic=topic-{}",
]  # fmt: skip
"""The pages that show all entries, the page of each one, and those of which each entry shows a few in turn."""
TURNS = 1
REFUSED = ["", "from=nonsense&q=nothing&agencies=x&status=nonsense", "q=nothing", "as_of=nonsense", "agencies=x"]
SAFE = re.compile(r"(?!javascript|data|vbscript)[^\x00-\x08]*\Z", re.IGNORECASE)


class Reader(HTMLParser):
    """What a page is made of: pairs of tag and attribute, addresses to open, and the texts of its data scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pairs: set[tuple[str, str]] = set()
        self.opens: set[str] = set()
        self.data: list[str] = []
        self._is_data = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pairs |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        self.opens |= {value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")}
        self._is_data = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._is_data = False


def _entry(name: str, text: str) -> PolicyAction:
    """Save an entry whose every text is `text`, cut to what its field holds."""
    named = text.replace(";", ",").replace("\n", " ")
    short, address = named[:150] + f" {name}", "https://news.example/" + re.sub(r"\s", "", text)[:1500] + name
    agency = factories.AgencyFactory.create(
        slug=f"agency-{name}", name=short, abbreviation=named[:30], aliases=f"alias {short}"
    )
    publisher = factories.PublisherFactory.create(slug=f"publisher-{name}", name=short)
    source = factories.SourceFactory.create(
        slug=f"source-{name}", title=named[:400] + name, publisher=publisher, url=address, archive_url=address,
        authors=named[:300], language="en", kind="official_document",
    )  # fmt: skip
    terms: dict[str, Any] = {
        "agency": factories.AgencyFactory.create(slug=f"part-{name}", name=f"Part {short}", parent=agency),
        "other_agencies": [agency],
        "actor": factories.ActorFactory.create(slug=f"actor-{name}", name=short),
        "affects": [factories.PartyFactory.create(slug=f"party-{name}", name=short)],
        "topics": [factories.TopicFactory.create(slug=f"topic-{name}", name=short, definition=text)],
        "category": factories.CategoryFactory.create(
            slug=f"category-{name}", name=short, definition=text, example=text
        ),
    }
    return factories.save(
        slug=name, title=named[:180] + f" {name}", summary=text, where_it_stands=named[:119],
        actor_office=named[:199], date_note=named[:199], disputed=True, dispute_note=named[:199].strip() or "x",
        identifiers=[f"memo:{named[:60].strip()}x"],
        status_history=[line(note=text), line("reversed", "2025-03-11", by="issuer", note=text)],
        citations=[
            citation(source), citation(factories.SourceFactory.create(publisher=publisher), stance="disputes"),
        ],
        relations=[{
            "kind": "responds_to", "in_part": False, "to": None, "title": f"{named[:900]} x", "identifier": named[:100],
            "url": address, "note": text,
        }],
        **terms,
    )  # fmt: skip


def _publish(kind: str, texts: list[str]) -> list[str]:
    """Publish an entry of each text, and a correction of each whose note is that text; return their slugs."""
    saved = [_entry(f"{kind}-{number}", text) for number, text in enumerate(texts)]
    factories.publish(*saved, note=texts[0])
    for action, text in zip(saved, texts, strict=True):
        moved = factories.edit(action, summary=f"{text} moved", date="2025-03-04")
        factories.publish(moved, change="corrected", change_note=f"{text} x", note=f"{text} x")
    return [action.slug for action in saved]


def _read(client: Client, address: str) -> Reader:
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return Reader(answer.content.decode())


def _own(names: list[str], *, turns: int = TURNS) -> Iterator[str]:
    """Yield the page of each entry, and `turns` of those around it, the next ones for the next entry."""
    around = cycle(AROUND)
    for name in names:
        yield from (page.format(name) for page in [ENTRY, *islice(around, turns)])


@pytest.mark.django_db
def test_texts_of_the_record_stay_texts_on_every_page(client: Client, subtests: pytest.Subtests) -> None:
    plain = _publish("plain", PLAIN)
    pages = [*PAGES, *_own(plain, turns=len(AROUND)), "/?q=plain&per_page=1", "/?per_page=1"]
    allowed = set[tuple[str, str]]().union(*(_read(client, address).pairs for address in pages))
    hostile = _publish("hostile", PAYLOADS)
    for address in [*PAGES, *_own(hostile)]:
        with subtests.test(address):
            found = _read(client, address)
            assert found.pairs - allowed == set()
            assert [each for each in found.opens if not SAFE.match(each)] == []
            assert [json.loads(text)["@context"] for text in found.data] == ["https://schema.org"] * len(found.data)


@pytest.mark.django_db
def test_texts_of_the_record_stay_texts_in_what_is_subscribed_to(client: Client) -> None:
    hostile = _publish("hostile", PAYLOADS)
    feeds = {feed.file: ElementTree.fromstring(_sent(client, f"/{feed.file}")) for feed in FEEDS}
    inside = [Reader(str(each.text)) for feed in feeds.values() for each in feed.iter() if each.get("type") == "html"]
    assert len(feeds["feed.atom"].findall("{http://www.w3.org/2005/Atom}entry")) >= 50
    assert {tag for each in inside for tag, _ in each.pairs} <= {"p", "a", "ul", "ol", "li", "dl", "dt", "dd", "b", "i"}
    assert [each for read in inside for each in read.opens if not SAFE.match(each)] == []
    events = icalendar.Calendar.from_ical(_sent(client, "/calendar.ics")).walk()
    assert {each.name for each in events} == {"VCALENDAR", "VEVENT"}
    assert sum(each.name == "VEVENT" for each in events) == len(hostile)
    assert ElementTree.fromstring(_sent(client, "/sitemap-entries-1.xml")).tag.endswith("urlset")


@pytest.mark.django_db
def test_citations_and_cards_hold_nothing_that_was_not_meant(client: Client) -> None:
    for number, slug in enumerate(_publish("hostile", PAYLOADS)):
        ris = _sent(client, f"/actions/{slug}/cite.ris").decode()
        assert (ris.count("\nTY  -") + ris.startswith("TY  -"), ris.count("\nER  -")) == (1, 1)
        bib = _sent(client, f"/actions/{slug}/cite.bib").decode()
        assert re.findall(r"^\s*@", bib, re.MULTILINE) == ["@"]
        assert re.sub(r"\\.", "", bib).count("{") == re.sub(r"\\.", "", bib).count("}")
        assert json.loads(_sent(client, f"/actions/{slug}/cite.json"))[0]["title"].endswith(slug)
        # A picture takes long to draw: one of six.
        assert number % 6 or _sent(client, f"/actions/{slug}/card.png").startswith(b"\x89PNG")


def _sent(client: Client, address: str) -> bytes:
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


@pytest.mark.django_db
def test_what_was_typed_into_an_address_stays_text(client: Client) -> None:
    _publish("plain", PLAIN)
    pages = [each.partition("?")[0] for each in [*PAGES, *_own(["plain-0"], turns=len(AROUND))]]
    for page in dict.fromkeys(pages):
        sound = set[tuple[str, str]]().union(*(Reader(_html(client, f"{page}?{each}")).pairs for each in REFUSED))
        for text in PAYLOADS[:-2:18]:
            typed = urlencode({"from": text, "q": text, text: "1", "status": text, "agency": text, "as_of": text})
            for address in (f"{page}?{typed}", f"{page}?{urlencode({'q': text, text: text})}"):
                found = Reader(_html(client, address))
                assert found.pairs - sound == set(), address
                assert [each for each in found.opens if not SAFE.match(each)] == []


def _html(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    assert answer.status_code in (200, 400), address
    return str(answer.content.decode())


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_browser_runs_nothing_of_it(page: Page, live_server: Any) -> None:
    faults = watched(page.context)
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("request", lambda sent: faults.append(sent.url) if "evil.example" in sent.url else None)
    page.add_init_script("window.pwned = () => console.error('Content Security Policy: pwned');")
    hostile = _publish("hostile", PAYLOADS)
    around = cycle([ENTRY, *AROUND])
    typed = quote(PAYLOADS[1])
    for address in [*PAGES, *(next(around).format(name) for name in hostile[::3]), f"/?q={typed}", f"/?from={typed}"]:
        page.goto(f"{live_server.url}{address}")
        assert faults == [], address
