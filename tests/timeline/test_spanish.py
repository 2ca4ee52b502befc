"""The pages in Spanish, as the proof that the interface can be translated."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.gallery import ANSWERS, PAGES, SPANISH, publish_gallery
from tests.timeline.scene import publish_scene
from timeline.presenting import summary, words
from tracker import codebook, dates

_ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"')
_LANGUAGE = re.compile(r'<a href="([^"]+)" lang="(\w+)" hreflang')


def _linked(client: Client, address: str) -> tuple[Any, list[Any], dict[str, str]]:
    """Return a page, its translations as search engines are told of them, and as readers are."""
    answer = client.get(address)
    return answer, _ALTERNATE.findall(answer.text), {code: href for href, code in _LANGUAGE.findall(answer.text)}


@pytest.mark.sqlite
@pytest.mark.django_db
def test_every_page_speaks_spanish_and_leads_to_its_like(client: Client) -> None:
    publish_gallery()
    for name, address in SPANISH.items():
        english, told, links = _linked(client, PAGES[name])
        spanish, told_too, links_too = _linked(client, address)
        assert (english.status_code, spanish.status_code) == (ANSWERS[name], ANSWERS[name]), name
        assert '<html lang="es" dir="ltr"' in spanish.text, name
        assert (told, links) == (told_too, links_too), name
        assert all(client.get(href.replace("&amp;", "&")).status_code == ANSWERS[name] for href in links.values()), name


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2025-03-03", "3 mar 2025"),
        ("2025", "2025, día sin precisar"),
        ("[2025-02-21..2025-02-28]", "Finales de feb 2025, día sin precisar"),
        ("[2025-02-17..2025-03-02]", "Entre 17 feb y 2 mar 2025"),
        ("2025-03-03~", "Hacia 3 mar 2025"),
    ],
)
def test_date_is_told_in_spanish(stored: str, shown: str) -> None:
    with translation.override("es"):
        assert dates.display(stored) == shown


@pytest.mark.parametrize(("number", "told"), [(0, "0 medidas"), (1, "1 medida"), (1024, "1.024 medidas")])
def test_number_is_told_in_spanish(number: int, told: str) -> None:
    with translation.override("es"):
        assert words.counted(number, "action") == told


@pytest.mark.parametrize(("number", "told"), [(1, "1 deshecha"), (2, "2 deshechas")])
def test_what_became_of_actions_agrees_with_their_number(number: int, told: str) -> None:
    with translation.override("es"):
        assert summary.fates({"reversed": number}) == told


def test_month_is_told_in_spanish() -> None:
    with translation.override("es"):
        assert words.month_name(date(2025, 3, 1)) == "marzo de 2025"


def test_statuses_are_told_apart_in_spanish() -> None:
    with translation.override("es"):
        labels = {words.said(status.label) for status in codebook.STATUSES.values()}
    assert len(labels) == len(codebook.STATUSES)


@pytest.mark.parametrize(
    ("query", "said", "english"),
    [
        ("from=2025-13-01", "No existe el mes 13", "There is no month 13"),
        ("from=2025-02-30", "En febrero de 2025 los días van del 1 al 28", "February 2025 has the days 1 to 28"),
        ("status=in_efect", "¿Quiso decir «in_effect»?", "Did you mean “in_effect”?"),
        ("as_of=99", "es posterior a la más reciente", "is above the newest"),
    ],
)
def test_refusal_is_told_in_spanish_on_pages_alone(
    db: None, client: Client, query: str, said: str, english: str
) -> None:
    publish_scene()
    assert said in client.get(f"/es/?{query}").text
    assert english in client.get(f"/actions.csv?{query}").json()["detail"]
