"""The site's texts about itself: append-only, shipped ones where nobody wrote, and HTML that nothing slips into."""

import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from tracker.models.pages import MOST, SHIPPED, SLUGS, PageText, WrittenOnceError, html


def _written(by: User, number: int = 1, **values: Any) -> PageText:
    filled = {"slug": "about", "title": "About us", "body": "We write.", "note": "Why.", "written_at": timezone.now()}
    return PageText.objects.create(number=number, written_by=by, **filled | values)


# --- wordings --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_fresh_site_has_a_text_for_every_page() -> None:
    found = PageText.objects.wordings()
    assert list(found) == list(SLUGS)
    assert all(each.number == 0 and len(each.body) > 150 for each in found.values())


def test_newest_wording_is_what_readers_see(reviewer: User) -> None:
    for number in (1, 2):
        _written(reviewer, number, body=f"Wording {number}.")
    assert PageText.objects.wordings()["about"].body == "Wording 2."
    assert [each.number for each in PageText.objects.wordings().values() if each.number] == [2]


@pytest.mark.parametrize(("number", "body"), [(2, "Second."), (1, "First."), (0, SHIPPED["about"].english)])
def test_each_wording_stays_readable(reviewer: User, number: int, body: str) -> None:
    _written(reviewer, 1, body="First.")
    _written(reviewer, 2, body="Second.")
    found = PageText.objects.wording("about", number=number)
    assert found
    assert found.body == body


@pytest.mark.django_db
def test_wording_that_was_never_written_is_none() -> None:
    assert PageText.objects.wording("about", number=3) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.save(),
        lambda text: text.delete(),
        lambda _: PageText.objects.update(body="Other."),
        lambda _: PageText.objects.all().delete(),
    ],
    ids=["save", "delete", "update", "delete all"],
)
def test_wording_never_changes(reviewer: User, change: Any) -> None:
    text = _written(reviewer)
    with pytest.raises(WrittenOnceError):
        change(text)
    assert PageText.objects.get().body == "We write."


@pytest.mark.parametrize("values", [{"slug": "imprint"}, {"number": 0}, {"number": 1}], ids=str)
def test_database_refuses(reviewer: User, values: dict[str, Any]) -> None:
    _written(reviewer)
    with pytest.raises(IntegrityError):
        _written(reviewer, **{"number": 2} | values)


@pytest.mark.parametrize(
    ("field", "value"),
    [("body", "a" * (MOST + 1)), ("body", "\x00"), ("title", "a\u202eb"), ("note", ""), ("title", "a" * 121)],
)
def test_text_is_refused_at_its_field(reviewer: User, field: str, value: str) -> None:
    filled = {"title": "A", "body": "B", "note": "C"} | {field: value}
    with pytest.raises(ValidationError) as caught:
        PageText(slug="about", number=1, written_by=reviewer, written_at=timezone.now(), **filled).full_clean()
    assert set(caught.value.message_dict) == {field}


# --- Markdown --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n"),
        ("[a](/data/)", '<p><a href="/data/" rel="noopener">a</a></p>\n'),
        ("[a](mailto:a@b.example)", '<p><a href="mailto:a@b.example" rel="noopener">a</a></p>\n'),
        ("![the *desk*](https://x.example/a.png)", "<p>the desk</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
    ],
)
def test_markdown_becomes(text: str, expected: str) -> None:
    assert html(text) == expected


def test_table_scrolls_by_itself() -> None:
    found = html("|a|b|\n|-|-:|\n|1|2|")
    assert found.startswith('<div class="wide" tabindex="0"><table>')
    assert "style" not in found


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:x)",
    "<javascript:alert(1)>",
    '[a](https://x.example "\\" onmouseover=alert(1) x=\\"")',
    "![a](javascript:alert(1))",
    "<iframe src=https://x.example>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "# <b onclick=alert(1)>x</b>",
    '|a|\n|-|\n|<a href="javascript:alert(1)">x</a>|',
    "[a]: javascript:alert(1)\n\n[a]",
    '```"onclick=alert(1)\nx\n```',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_acts_comes_through(text: str) -> None:
    tags = [part.partition(">")[0].lower() for part in html(text).split("<")[1:]]
    names = {tag.strip("/").split()[0] for tag in tags}
    assert not names & {"script", "img", "iframe", "svg", "style", "b"}
    outside = ["".join(tag.split(chr(34))[::2]) for tag in tags]
    assert not [tag for tag in outside if " on" in tag]
    assert not [tag for tag in tags if "script:" in tag or "data:" in tag]


@pytest.mark.parametrize(
    ("text", "level", "tags"),
    [
        ("# a\n\n## b", 2, ["h2", "h3"]),
        ("## a\n\n### b", 3, ["h3", "h4"]),
        ("# a\n\n#### b", 2, ["h2", "h3"]),
        ("# a\n\n## b\n\n### c\n\n#### d\n\n##### e\n\n###### f", 3, ["h3", "h4", "h5", "h6", "h6", "h6"]),
    ],
)
def test_headings_stand_below_those_of_the_page(text: str, level: int, tags: list[str]) -> None:
    found = html(text, level=level)
    assert [part[:2] for part in found.split("<") if part[:1] == "h"] == tags
    assert [part[1:3] for part in found.split("<") if part[:2] == "/h"] == tags


def test_headings_have_anchors_of_their_own() -> None:
    found = html("# One\n\n# One\n\n# !\n\n# Año", prefix="about")
    assert [part.partition('"')[0] for part in found.split('id="')[1:]] == [
        "about-one",
        "about-one-2",
        "about",
        "about-año",
    ]


@pytest.mark.parametrize(
    "line",
    ["[", "![", "[a](", "*a ", "_a__b", "> ", "- ", "# a\n", "|a|\n|-|\n", "[a]: u\n", "<", "&a", "\\", "`"],
)
def test_longest_text_takes_seconds_at_most(line: str) -> None:
    text = (line * MOST)[:MOST]
    started = time.process_time()
    html(text)
    assert time.process_time() - started < 20
