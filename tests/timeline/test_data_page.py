"""/data/: what can be downloaded, the CSV of one's own, and lines to copy that do what they say."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pandas
import pytest
from django.test import Client

from tests import factories
from tests.timeline import page
from tests.timeline.scene import SECOND, Scene, publish_scene
from timeline.exports.checksums_file import CHECKSUMS
from timeline.exports.files import FILES
from timeline.presenting.snippets import snippets
from tracker import columns


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _snippet(html: str, label: str, *, which: str = "is-pinned") -> str:
    """Return the lines to copy of one program."""
    (found,) = re.findall(rf'class="{which}"><pre[^>]*data-copy="{re.escape(label)}[^"]*">(.*?)</pre>', html, re.DOTALL)
    return unescape(found)


def _hrefs(html: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]+)"', html)]


# --- the files -----------------------------------------------------------------------------------------------------


def test_every_file_is_linked_pinned_and_answers(scene: Scene, client: Client) -> None:
    found = _hrefs(page.part(page.get(client, "/data/?agency=white-house"), '<table class="files">', "</table>"))
    assert set(found) == {
        f"/{export.file}?{query}" for export in FILES for query in ("as_of=2", "agency=white-house&as_of=2")
    }
    for href in found:
        assert client.head(href).status_code == 200, href


def test_whole_record_stands_alone_where_nothing_is_filtered(scene: Scene, client: Client) -> None:
    table = page.part(page.get(client, "/data/?sort=oldest"), '<table class="files">', "</table>")
    assert "This selection" not in table
    assert "/actions.csv?as_of=2&sort=oldest" in _hrefs(table)


def test_counts_and_sizes_are_those_of_the_files(scene: Scene, client: Client) -> None:
    html = page.get(client, "/data/?agency=white-house")
    for query in ("as_of=2", "agency=white-house&as_of=2"):
        for file in ("actions.csv", "actions.jsonl"):
            length = len(client.get(f"/{file}?{query}").getvalue())
            assert f"{length:,} bytes" in html
    assert "2 of 5 actions" in page.words(html)


def test_edition_digest_licence_and_codebook_are_told(scene: Scene, client: Client) -> None:
    html = page.get(client, "/data/?as_of=1")
    assert "1, published 1 Jun 2025, 12:00 UTC" in page.words(html)
    assert "Creative Commons Attribution 4.0" in html
    assert {"/method/#columns", "/cite/?as_of=1"} <= set(_hrefs(html))


def test_checksums_are_those_of_the_files(scene: Scene, client: Client, tmp_path: Path) -> None:
    for file in ("actions.csv", "actions.jsonl"):
        response = client.get(f"/{file}?status=reversed")
        name = re.findall('filename="([^"]+)"', response["Content-Disposition"])[0]
        (tmp_path / name).write_bytes(response.getvalue())
    (tmp_path / "checksums.txt").write_bytes(client.get("/checksums.txt?status=reversed").getvalue())
    checked = subprocess.run(["sha256sum", "--check", "checksums.txt"], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607
    assert checked.stdout.count(b": OK") == 2


def test_checksums_are_not_computed_for_head(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(CHECKSUMS), "content", lambda *_, **__: pytest.fail("was read"))
    assert client.head("/checksums.txt").status_code == 200


# --- the CSV of one's own ------------------------------------------------------------------------------------------


def test_ticked_columns_become_one_parameter(scene: Scene, client: Client) -> None:
    html = page.get(client, "/data/?status=reversed&columns=date&columns=slug&bom=1&raw=1&view=tracks&page=3")
    made = page.part(html, '<p class="made">', "</p>")
    (href,) = _hrefs(made)
    assert href == "/actions.csv?status=reversed&as_of=2&columns=date,slug&bom=1&raw=1"
    assert client.get(href).getvalue() == b"\xef\xbb\xbfdate,slug\r\n2025-03-03,pause\r\n"
    assert html.count('name="columns"') == 50
    assert re.findall(r'name="columns" value="(\w+)" checked', html) == ["slug", "date"]


def test_form_carries_the_selection_along(scene: Scene, client: Client) -> None:
    form = page.part(page.get(client, "/data/?agency=white-house&sort=oldest&columns=slug"), "<form", "</form>")
    assert re.findall(r'type="hidden" name="(\w+)" value="([\w-]+)"', form) == [
        ("agency", "white-house"), ("sort", "oldest")
    ]  # fmt: skip


def test_changes_form_leads_to_the_changes_of_the_selection(scene: Scene, client: Client) -> None:
    html = page.get(client, "/data/?agency=white-house&changed_since=1&as_of=2&sort=oldest")
    form = page.part(html, 'action="/changes.csv"', "</form>")
    assert re.findall(r'type="hidden" name="(\w+)"', form) == ["agency", "as_of"]
    assert 'formaction="/changes.jsonl"' in form
    assert client.get("/changes.csv?agency=white-house&as_of=2&changed_since=1").status_code == 200


# --- lines to copy -------------------------------------------------------------------------------------------------

LABELS = ["curl", "Python (pandas)", "R (readr)", "DuckDB", "Excel (Power Query)"]


@pytest.mark.parametrize("label", LABELS)
def test_lines_to_copy_are_pinned_unless_the_newest_is_wanted(scene: Scene, client: Client, label: str) -> None:
    html = page.get(client, "/data/?agency=white-house")
    assert "https://timeline.example/actions.csv?agency=white-house&as_of=2" in _snippet(html, label)
    assert "as_of" not in _snippet(html, label, which="is-latest")


@pytest.mark.parametrize("label", LABELS)
def test_no_address_can_end_the_quotation(scene: Scene, client: Client, label: str) -> None:
    query = "q=%22%27%60%24%28id%29%5C%0A%23%28lf%29%3B%21"
    told = _snippet(page.get(client, f"/data/?{query}"), label)
    (url,) = re.findall(r"https://timeline\.example/\S*?(?=[\"'])", told)
    assert re.fullmatch(r"[A-Za-z0-9:/.?=&%_,+-]+", url)
    assert client.get(url.removeprefix("https://timeline.example")).status_code == 200


def test_types_follow_the_columns_chosen() -> None:
    chosen = [columns.BY_NAME[name] for name in ("slug", "disputed", "date_earliest")]
    told = {each.key: each.text for each in snippets(url="u", raw_url="r", columns=chosen)}
    assert 'parse_dates=["date_earliest"]' in told["python"]
    assert "disputed = col_logical(),\n    date_earliest = col_date()\n" in told["r"]
    assert "CAST(disputed AS BOOLEAN) AS disputed,\n    CAST(date_earliest AS DATE)" in told["duckdb"]


@pytest.mark.parametrize("key", ["python", "r", "duckdb"])
def test_text_alone_needs_no_types(key: str) -> None:
    told = {each.key: each.text for each in snippets(url="u", raw_url="r", columns=[columns.BY_NAME["slug"]])}
    assert not re.search(r"parse_dates|REPLACE \(|= col_date", told[key])


@pytest.fixture
def live(transactional_db: None, live_server: Any, settings: Any) -> str:
    settings.PUBLIC_URL = live_server.url
    publish_scene()
    factories.published(slug="odd", title='=1+1; "NA", café', summary="One.\nTwo.", at=SECOND)
    return str(live_server.url)


def test_curl_saves_the_file(live: str, client: Client, tmp_path: Path) -> None:
    told = _snippet(page.get(client, "/data/?status=reversed"), "curl")
    subprocess.run(told, shell=True, cwd=tmp_path, check=True, capture_output=True)  # noqa: S602 - as people paste it
    (saved,) = tmp_path.iterdir()
    assert saved.name == "actions-edition-3-selection.csv"
    assert saved.read_bytes() == client.get("/actions.csv?status=reversed").getvalue()


@pytest.mark.parametrize("which", ["is-pinned", "is-latest"])
def test_pandas_reads_the_file(live: str, client: Client, tmp_path: Path, which: str) -> None:
    told = _snippet(page.get(client, "/data/"), "Python (pandas)", which=which)
    script = tmp_path / "fetch.py"
    script.write_text(f'{told}actions.to_pickle("actions.pickle")\n', encoding="utf-8")
    subprocess.run([sys.executable, str(script)], cwd=tmp_path, check=True, capture_output=True)
    frame = pandas.read_pickle(tmp_path / "actions.pickle").set_index("slug")  # noqa: S301 - our own
    assert frame.loc["odd", ["title", "summary"]].tolist() == ['=1+1; "NA", café', "One.\nTwo."]
    assert frame.loc["pause", "date_earliest"] == pandas.Timestamp("2025-03-03")
    assert frame.loc["rule", "first_published"] == pandas.Timestamp("2025-06-03T12:00:00Z")
    assert (frame.loc["rule", "source_count"], bool(frame.loc["rule", "disputed"])) == (2, True)
    assert pandas.isna(frame.loc["talks", "category"])


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["agency=nowhere", "columns=nonsense", "columns=slug&columns=slug", "bom=2"])
def test_bad_value_is_told(scene: Scene, client: Client, query: str) -> None:
    html = page.get(client, f"/data/?{query}", status=400)
    assert "There is a problem with this address" in html
    assert '<table class="files">' not in html


def test_unknown_name_is_told_and_tracking_dropped(scene: Scene, client: Client) -> None:
    html = page.get(client, "/data/?agencies=white-house&utm_source=mail")
    assert "We do not know" in html
    assert "utm_source" not in html


def test_empty_record_has_files_too(scene: Scene, client: Client) -> None:
    html = page.get(client, "/data/?as_of=0")
    assert "0 actions" in html
    assert 'action="/changes.csv"' not in html


def test_nothing_published_yet_is_told(db: None, client: Client) -> None:
    assert "none yet" in page.get(client, "/data/")


@pytest.mark.parametrize("query", ["", "?agency=white-house", "?agency=white-house&as_of=1&columns=slug"])
def test_queries_are_few(scene: Scene, client: Client, django_assert_max_num_queries: Any, query: str) -> None:
    client.get(f"/data/{query}")
    with django_assert_max_num_queries(12):
        client.get(f"/data/{query}")


def test_navigation_leads_here(scene: Scene, client: Client) -> None:
    assert 'href="/data/" aria-current="page"' in page.get(client, "/data/")
