"""/about/ and the texts above the codebook: shipped or written, each wording at its own address."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from timeline.views.policy import _SHORT
from tracker import codebook, columns
from tracker.models.pages import ABOUT, SHIPPED, SLUGS, PageText

PAGES = ["/about/", *(f"/method/{slug}/" for slug in SLUGS if slug != ABOUT)]


def _write(by: User, number: int = 1, **values: str) -> None:
    filled = {"slug": "about", "title": "Us", "body": f"Wording {number}.", "note": f"Note {number}."} | values
    day = datetime(2026, 3, number, 12, tzinfo=UTC)
    PageText.objects.create(number=number, written_by=by, written_at=day, **filled)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_fresh_site_has_the_page(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    assert "banner" not in response.text


def test_page_shows_the_newest_wording_and_lists_the_others(client: Client, reviewer: User) -> None:
    _write(reviewer, 1)
    _write(reviewer, 2)
    html = client.get("/about/").text
    assert "Wording 2." in html
    assert [html.index(text) for text in ("Note 2.", "Note 1.", "came with the site")] == sorted(
        html.index(text) for text in ("Note 2.", "Note 1.", "came with the site")
    )
    assert "reviewer" not in html


@pytest.mark.parametrize(("number", "told"), [(1, "number 1 of 1 Mar 2026"), (0, "the one that came with the site")])
def test_earlier_wording_says_so(client: Client, reviewer: User, number: int, told: str) -> None:
    _write(reviewer, 1)
    _write(reviewer, 2)
    html = client.get(f"/about/?wording={number}").text
    assert told in html
    assert 'content="noindex,follow"' in html
    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}/about/?wording={number}">' in html


@pytest.mark.django_db
@pytest.mark.parametrize("wording", ["1", "x", "-1", "1e3", "9" * 30, "%00", "١"])
def test_wording_that_was_never_written_is_absent(client: Client, wording: str) -> None:
    assert client.get(f"/about/?wording={wording}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/method/imprint/", "/method/status/", "/about/us/"])
def test_page_that_is_none_is_absent(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_about_has_one_address(client: Client) -> None:
    response = client.get("/method/about/?wording=0")
    assert (response.status_code, response["Location"]) == (301, "/about/?wording=0")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/about/", "/method/privacy/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_page_can_only_be_read(path: str, method: str) -> None:
    assert getattr(Client(enforce_csrf_checks=True), method)(path).status_code == 405


def test_what_somebody_typed_is_no_markup(client: Client, reviewer: User) -> None:
    _write(reviewer, title="<script>1</script>", body="<script>2</script>", note="<script>3</script>")
    html = client.get("/about/").text
    for number in (1, 2, 3):
        assert f"&lt;script&gt;{number}" in html
        assert f"<script>{number}" not in html


# --- /method/ --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_method_shows_each_text_with_an_anchor(client: Client) -> None:
    html = client.get("/method/").text
    for slug in SLUGS:
        shown = f'<h2 id="{slug}">{SHIPPED[slug].title}</h2>' in html
        assert shown == (slug != ABOUT), slug


def test_method_leads_on_from_a_long_text(client: Client, reviewer: User) -> None:
    paragraph = "Word " * 100
    _write(reviewer, slug="privacy", body="\n\n".join([paragraph] * 20 + ["The end."]))
    html = client.get("/method/").text
    assert "The end." not in html
    assert len(re.findall(r"Word ", html)) < _SHORT / 4
    assert "The end." in client.get("/method/privacy/").text


@pytest.mark.django_db
def test_method_names_every_column_of_every_file(client: Client) -> None:
    html = client.get("/method/").text
    for file in (*columns.FILES, columns.CHANGES):
        names = [f"column-{name}" for name in file.columns]
        anchors = names if file.name == "actions.csv" else [f"{file.name}-{name}" for name in file.columns]
        assert [anchor for anchor in anchors if f'id="{anchor}"' not in html] == []


@pytest.mark.django_db
def test_method_explains_every_status_with_an_example(client: Client) -> None:
    html = client.get("/method/").text
    for code in codebook.STATUSES.values():
        section = html.partition(f'<div id="status-{code.code}">')[2].partition("</div>")[0]
        assert code.definition.partition("'")[0][:40] in section
        assert '<span class="eg">' in section


@pytest.mark.django_db
def test_no_anchor_of_method_is_given_twice(client: Client) -> None:
    anchors = re.findall(r' id="([^"]+)"', client.get("/method/").text)
    assert sorted({each for each in anchors if anchors.count(each) > 1}) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/about/", "/method/", "/method/privacy/"])
def test_foot_leads_to_what_the_site_says_about_itself(client: Client, path: str) -> None:
    foot = client.get(path).text.partition("<footer")[2]
    for href in ("/about/", "/method/", "/data/", "/api/", "/method/privacy/", "/admin/"):
        assert f'href="{href}"' in foot
