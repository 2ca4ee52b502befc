"""The language is in the address of a page; files, citations and the ledger are the same in every language."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import clear_url_caches, reverse
from django.utils import translation
from django.utils.translation import trans_real

from tests import factories
from tests.timeline.scene import publish_scene
from timeline.exports.files import FILES
from timeline.languages import language_of, neutral, same_page
from timeline.presenting import links, words
from timeline.presenting.citing import FORMATS
from tracker import dates
from tracker.models import PublishedAction

PAGES = ["/", "/method/", "/data/", "/about/", "/cite/", "/actions/pause/", "/actions/pause/cite/", "/actors/"]


@pytest.fixture
def scene(db: None) -> None:
    publish_scene()


@pytest.fixture
def spanish(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A catalogue of a few words, so that these tests do not hang on the wording of the real one."""
    polib = pytest.importorskip("polib")
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=n != 1;"}
    told = {("", "Method"): "Método", ("month", "Mar"): "mar", ("month", "Jan"): "ene", ("month", "Feb"): "feb",
            ("date", "%(date)s, day not known"): "%(date)s, día desconocido",
            ("date", "between %(start)s and %(end)s"): "entre el %(start)s y el %(end)s",
            ("codebook", "In effect"): "En vigor", ("format of a month", "F Y"): r"F \d\e Y"}  # fmt: skip
    for (context, text), said in told.items():
        catalogue.append(polib.POEntry(msgctxt=context or None, msgid=text, msgstr=said))
    entry = {"msgid": "%(number)s action", "msgid_plural": "%(number)s actions"}
    catalogue.append(polib.POEntry(**entry, msgstr_plural={0: "%(number)s medida", 1: "%(number)s medidas"}))
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path]
    _forget()
    yield
    settings.LOCALE_PATHS = django_settings.LOCALE_PATHS
    _forget()


def _forget() -> None:
    trans_real._translations.clear()  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]


# --- addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_page_exists_in_each_language(scene: None, client: Client, path: str) -> None:
    own, other = client.get(path), client.get(f"/es{path}")
    assert (own.status_code, other.status_code) == (200, 200)
    assert '<html lang="en" dir="ltr">' in own.text
    assert '<html lang="es" dir="ltr">' in other.text


@pytest.mark.parametrize("path", PAGES)
def test_links_stay_in_the_language_and_lead_to_the_one_file(scene: None, client: Client, path: str) -> None:
    hrefs = re.findall(r'href="(/[^"?#]*)', client.get(f"/es{path}").text)
    pages = {href for href in hrefs if href.endswith("/") and not href.startswith(("/admin/", "/api/"))}
    others = {href for href in hrefs if not href.endswith("/") and not href.startswith("/static/")}
    assert {href for href in pages if not href.startswith("/es/")} == {path}
    assert not {href for href in others if href.startswith("/es/")}


@pytest.mark.parametrize("export", FILES, ids=lambda export: export.file)
def test_file_has_one_address(scene: None, client: Client, export: Any) -> None:
    with translation.override("es"):
        assert links.file(export.file) == f"/{export.file}"
    assert client.get(f"/es/{export.file}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/", "/de/", "/es/api/", "/es/admin/", "/es/preview/pause/", "/esp/"])
def test_address_that_is_in_no_language_is_absent(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_page_names_itself_and_its_translations(scene: None, client: Client, path: str) -> None:
    html = client.get(f"/es{path}").text
    foot = html.partition("<footer")[2]
    assert re.search(rf'<a href="{path}[^"]*" lang="en" hreflang="en">English</a>', foot)
    assert re.search(rf'<a href="/es{path}[^"]*" lang="es" hreflang="es" aria-current="true">Español</a>', foot)


@pytest.mark.parametrize("path", ["/", "/method/", "/data/", "/about/", "/actions/pause/", "/es/", "/es/method/"])
def test_search_engines_are_told_of_each_language(scene: None, client: Client, path: str) -> None:
    html = client.get(path).text
    bare = path.removeprefix("/es")
    found = {code: href.partition("?")[0] for code, href in re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', html)}
    base = django_settings.PUBLIC_URL
    assert found == {"en": base + bare, "es": f"{base}/es{bare}", "x-default": base + bare}
    assert re.search(rf'rel="canonical" href="{base}{path}[?"]', html)


@pytest.mark.django_db
def test_no_cookie_and_no_header_choose_the_language(client: Client) -> None:
    response = client.get("/", headers={"Accept-Language": "es"})
    assert '<html lang="en"' in response.text
    assert "Set-Cookie" not in response.headers
    assert not {"Accept-Language", "Cookie"} & set(response.headers.get("Vary", "").split(", "))


@pytest.mark.django_db
def test_page_that_is_absent_speaks_the_language_of_its_address(client: Client) -> None:
    response = client.get("/es/nothing/")
    assert response.status_code == 404
    assert '<html lang="es"' in response.text
    assert "hreflang" not in response.text


def test_language_is_forgotten_after_the_request(scene: None, client: Client) -> None:
    client.get("/es/")
    assert translation.get_language() == "en"


@pytest.mark.parametrize(
    ("path", "language"), [("/", "en"), ("/es/", "es"), ("/es", "es"), ("/espera/", "en"), ("", "en")]
)
def test_address_names_a_language(path: str, language: str) -> None:
    assert language_of(path) == language


def test_site_in_spanish_has_english_below_a_prefix(settings: Any) -> None:
    settings.LANGUAGE_CODE = "es"
    assert [link.href for link in same_page("/en/method/?a=1")] == ["/en/method/?a=1", "/method/?a=1"]


@pytest.mark.parametrize(
    "path", ["/es/", "/es/?view=tracks", "/es/?from=2025-03", "/es/agencies/", "/es/embed/?view=tracks"]
)
def test_lengths_in_pictures_have_a_decimal_point(scene: None, client: Client, path: str) -> None:
    drawn = re.findall(r' (?:x|y|x1|x2|y1|y2|width|height|d|points)="([^"]*)"', client.get(path).text)
    assert [value for value in drawn if re.search(r"\d,\d", value)] == []


# --- words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "shown", "inside"),
    [
        ("2025-03-03", "3 mar 2025", "3 mar 2025"),
        ("2025-03", "Mar 2025, día desconocido", "mar 2025, día desconocido"),
        ("[2025-02-17..2025-03-02]", "Entre el 17 feb y el 2 mar 2025", "entre el 17 feb y el 2 mar 2025"),
        ("2025-03-23/2025-03-25", "23–25 mar 2025", "23–25 mar 2025"),
    ],
)
def test_date_is_told_in_the_language(spanish: None, stored: str, shown: str, inside: str) -> None:
    with translation.override("es"):
        assert dates.display(stored) == shown
        assert dates.within(dates.display(stored)) == inside
        assert dates.typed(stored).startswith(("3 Mar", "Mar", "Between", "23–25 Mar"))


@pytest.mark.parametrize(("number", "told"), [(1, "1 medida"), (27, "27 medidas"), (1024, "1.024 medidas")])
def test_number_is_told_in_the_language(spanish: None, number: int, told: str) -> None:
    with translation.override("es"):
        assert words.counted(number, "action") == told


def test_codebook_is_said_in_the_language(spanish: None, scene: None, client: Client) -> None:
    assert "En vigor" in client.get("/es/method/").text
    assert "En vigor" not in client.get("/method/").text


def test_text_of_the_record_is_marked_as_english(scene: None, client: Client) -> None:
    assert '<bdi lang="en">' in client.get("/es/").text
    assert '<bdi lang="en">' not in client.get("/").text


# --- the same bytes --------------------------------------------------------------------------------------------


def _bytes(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, path
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


# The stamp of when a workbook or archive was made differs from second to second.
_STABLE = [export.file for export in FILES if export.file.endswith((".csv", ".jsonl", ".json", ".txt"))]
_CITATIONS = [f"{base}cite.{each.suffix}" for base in ("/", "/actions/pause/") for each in FORMATS]


@pytest.mark.parametrize("path", [*(f"/{name}" for name in _STABLE), *_CITATIONS])
def test_file_is_the_same_on_a_site_in_another_language(
    spanish: None, scene: None, client: Client, settings: Any, path: str
) -> None:
    query = "?changed_since=0" if "changes" in path else ""
    before = _bytes(client, path + query)
    settings.LANGUAGE_CODE = "es"
    _forget()
    assert _bytes(client, path + query) == before


def test_citation_on_a_page_is_that_of_the_file(spanish: None, scene: None, client: Client) -> None:
    pages = [client.get(f"{prefix}/cite/?as_of=1").context for prefix in ("", "/es")]
    assert pages[0]["text"] == pages[1]["text"]
    assert [each["text"] for each in pages[0]["formats"]] == [each["text"] for each in pages[1]["formats"]]


def test_ledger_is_written_alike_in_every_language(spanish: None, db: None) -> None:
    action = factories.published(slug="entry", title="First", date="2025-03")
    with translation.override("es"):
        for title in ("Second", "First"):
            action = factories.edit(action, title=title)
            factories.publish(action, change="corrected")
    first, _, third = PublishedAction.objects.order_by("version")
    assert json.loads(first.record)["entry"] == json.loads(third.record)["entry"]
    assert first.csv.split(",")[:40] == third.csv.split(",")[:40]


def test_neutral_addresses_have_no_prefix(settings: Any) -> None:
    settings.LANGUAGE_CODE = "es"
    clear_url_caches()
    with translation.override("en"):
        assert reverse("timeline:method") == "/en/method/"
        with neutral():
            assert reverse("timeline:method") == "/method/"
    clear_url_caches()
