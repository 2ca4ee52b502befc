"""Frames on other sites: what they show, who may frame what, and the lines that put them there."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import factories
from tests.timeline import page
from tests.timeline.scene import publish_scene
from timeline.presenting.embedding import Frame, height, plain, resized

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # a page, the same on both

STATIC = Path(settings.BASE_DIR) / "timeline" / "static" / "timeline"
STYLE = (STATIC / "timeline.css").read_text(encoding="utf-8")
# Every page that stands beside it: none of them may be framed.
UNFRAMED = ["/", "/?view=tracks", "/embed/code/", "/actions/pause/", "/data/", "/cite/", "/method/", "/nowhere/"]


def _links(html: str) -> list[str]:
    return re.findall(r"<a [^>]*>", html)


def _titles(html: str) -> list[str]:
    return re.findall(r'<li class="(?:em-item|track)" id="([^"]+)"', html)


# --- what is shown -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["", "&view=tracks"], ids=["list", "tracks"])
def test_entries_are_those_of_the_timeline_in_its_order(client: Client, view: str) -> None:
    publish_scene()
    html = page.get(client, f"/embed/?agency=white-house{view}")
    assert _titles(html) == ["pause", "talks"]
    assert "2 of 5 actions, as of edition 2" in page.words(html)


def test_at_most_ten_entries_are_shown(client: Client) -> None:
    factories.publish(*[factories.save(slug=f"entry-{number}") for number in range(12)])
    html = page.get(client, "/embed/?per_page=50")
    assert len(_titles(html)) == 10
    assert "12 actions, as of edition 1" in page.words(html)


def test_second_page_shows_the_rest(client: Client) -> None:
    factories.publish(*[factories.save(slug=f"entry-{number}") for number in range(12)])
    assert len(_titles(page.get(client, "/embed/?page=2"))) == 2
    page.get(client, "/embed/?page=3", status=404)


def test_link_leads_to_the_whole_selection(client: Client) -> None:
    publish_scene()
    html = page.get(client, "/embed/?status=reversed&view=tracks&theme=dark&per_page=3")
    assert '<a href="/?status=reversed&amp;view=tracks" target="_blank" rel="noopener">' in html


@pytest.mark.parametrize("view", ["", "view=tracks"], ids=["list", "tracks"])
def test_every_link_opens_outside_the_frame(client: Client, view: str) -> None:
    publish_scene()
    links = _links(page.get(client, f"/embed/?{view}"))
    assert links
    assert [link for link in links if 'target="_blank"' not in link or "noopener" not in link] == []


def test_list_links_to_sources(client: Client) -> None:
    source = factories.SourceFactory.create(url="https://news.example/pause")
    factories.published(slug="pause", citations=[factories.citation(source)])
    assert 'href="https://news.example/pause" target="_blank" rel="external noopener"' in page.get(client, "/embed/")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_forced(client: Client, theme: str) -> None:
    html = page.get(client, f"/embed/?theme={theme}")
    assert f'data-theme="{theme}"' in html
    assert f'<meta name="color-scheme" content="{theme}">' in html


def test_without_a_theme_the_device_decides(client: Client) -> None:
    html = page.get(client, "/embed/")
    assert "data-theme" not in html
    assert '<meta name="color-scheme" content="light dark">' in html


def test_nothing_published_is_told(client: Client) -> None:
    assert "No actions" in page.words(page.get(client, "/embed/"))


def test_pinned_frame_shows_its_edition(client: Client) -> None:
    publish_scene()
    html = page.get(client, "/embed/?as_of=1")
    assert "rule" not in _titles(html)
    assert "4 actions, as of edition 1" in page.words(html)


def test_title_is_escaped(client: Client) -> None:
    factories.published(slug="evil", title="<script>alert(1)</script>")
    for view in ("", "view=tracks"):
        html = page.get(client, f"/embed/?{view}")
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize("view", ["", "view=tracks"], ids=["list", "tracks"])
def test_query_count_is_flat(client: Client, view: str, django_assert_num_queries: Any) -> None:
    factories.publish(*[factories.save(slug=f"entry-{number}") for number in range(9)])
    page.get(client, "/embed/")  # fills the cache of terms
    with django_assert_num_queries(4):
        page.get(client, f"/embed/?{view}")


# --- what was typed ------------------------------------------------------------------------------------------------


def test_unknown_name_is_told_and_left_out(client: Client) -> None:
    publish_scene()
    html = page.get(client, "/embed/?agencies=white-house")
    assert "We do not know “agencies”. Did you mean “agency”?" in page.words(html)
    assert len(_titles(html)) == 5


@pytest.mark.parametrize(
    "query", ["theme=blue", "theme=light&theme=dark", "view=list", "status=gone", "from=2025-02-30", "per_page=0"]
)
@pytest.mark.parametrize("path", ["/embed/", "/embed/code/"])
def test_bad_value_shows_no_entries(client: Client, path: str, query: str) -> None:
    publish_scene()
    html = page.get(client, f"{path}?{query}", status=400)
    assert _titles(html) == []
    assert query.partition("=")[0] in page.words(html)


def test_theme_belongs_to_frames_alone(client: Client) -> None:
    assert "theme" in page.words(page.get(client, "/?theme=dark"))
    assert client.get("/actions.csv?theme=dark").status_code == 400


# --- who may frame what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "view=tracks", "theme=blue"])
def test_frame_may_stand_on_any_site(client: Client, query: str) -> None:
    headers = client.get(f"/embed/?{query}").headers
    assert "X-Frame-Options" not in headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "script-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", UNFRAMED)
def test_no_other_page_may_be_framed(client: Client, path: str) -> None:
    factories.published(slug="pause")
    headers = client.get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_only_the_page_with_the_preview_frames(client: Client) -> None:
    assert "frame-src 'self'" in client.get("/embed/code/").headers["Content-Security-Policy"]
    for path in ("/", "/embed/", "/data/"):
        assert "frame-src" not in client.get(path).headers["Content-Security-Policy"]


# --- the lines to copy ---------------------------------------------------------------------------------------------


def test_lines_are_shown_as_text(client: Client) -> None:
    publish_scene()
    html = page.get(client, "/embed/code/?status=reversed&theme=dark")
    lines = unescape(page.part(html, '<pre class="code" id="plain"', "</pre>").partition(">")[2])
    assert f'src="{settings.PUBLIC_URL}/embed/?status=reversed&amp;theme=dark"' in lines
    assert html.count("<iframe") == 1, "the preview alone is a frame"


def test_choices_keep_the_filters(client: Client) -> None:
    publish_scene()
    html = page.get(client, "/embed/code/?status=reversed&status=blocked&view=tracks&theme=dark")
    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', html) == [
        ("status", "blocked"),
        ("status", "reversed"),
    ]
    assert '<option value="tracks" selected>' in html
    assert '<option value="dark" selected>' in html


def test_timeline_leads_to_the_lines(client: Client) -> None:
    publish_scene()
    assert 'href="/embed/code/?status=reversed&amp;view=tracks"' in page.get(client, "/?status=reversed&view=tracks")


def test_hostile_title_stays_inside_its_attribute() -> None:
    frame = Frame(url='https://x.example/?q="onload="alert(1)', title='"><script>', height=300)
    assert plain(frame).count("<") == 2
    assert re.findall(r'="([^"]*)"', plain(frame))[:2] == [
        "https://x.example/?q=&quot;onload=&quot;alert(1)",
        "&quot;&gt;&lt;script&gt;",
    ]


def test_script_comes_from_us_alone() -> None:
    frame = Frame(url="https://timeline.example/embed/", title="Record", height=300)
    lines = resized(frame, script="https://timeline.example/static/timeline/embed.js")
    assert re.findall(r'<script src="([^"]+)"', lines) == ["https://timeline.example/static/timeline/embed.js"]


@pytest.mark.parametrize("entries", [0, 1, 5, 10])
@pytest.mark.parametrize("is_tracks", [True, False])
def test_height_is_sensible(entries: int, is_tracks: bool) -> None:
    assert 240 <= height(entries, is_tracks=is_tracks) <= 900


def test_scripts_check_who_speaks() -> None:
    """The page around asks for the origin and for the very frame; the frame answers its parent alone."""
    around = (STATIC / "embed.js").read_text(encoding="utf-8")
    inside = (STATIC / "embedded.js").read_text(encoding="utf-8")
    assert "event.origin !== origin" in around
    assert "contentWindow === event.source" in around
    assert "event.source === window.parent" in inside


# --- colours -------------------------------------------------------------------------------------------------------


def test_dark_by_choice_is_dark_by_device() -> None:
    """The dark tokens stand twice, since a media query and a choice cannot share a rule: they must not part."""
    device, _, rest = STYLE.partition("@media (prefers-color-scheme: dark)")[2].partition(":root[data-theme=light]")
    chosen = rest.partition("/* Ground */")[0]
    tokens = re.compile(r"--[\w-]+: [^;]+;")
    assert tokens.findall(device) == tokens.findall(chosen)
    assert len(tokens.findall(device)) > 30


def test_frame_is_not_indexed_and_names_the_timeline(client: Client) -> None:
    html = page.get(client, "/embed/?status=reversed&theme=dark")
    assert '<meta name="robots" content="noindex,follow">' in html
    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}/?status=reversed">' in html
