"""The main job, end to end: the seeds are loaded and published, and the addresses people use answer as promised."""

import csv
import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tracker.columns import COLUMNS
from tracker.models import Category, Edition

pytestmark = pytest.mark.django_db

SEED = Path(settings.BASE_DIR) / "seeds" / "us-russia-policy-2025"
AID = "military-aid-to-ukraine-paused"
CYBER = "cyber-command-told-to-stop-operations-against-russia"
INTELLIGENCE = "intelligence-sharing-with-ukraine-paused"


@pytest.fixture
def seeds() -> None:
    """The example timeline, published as edition 1 into an empty database."""
    call_command("load_package", str(SEED), "--publish", verbosity=0)


def slugs_on_page(client: Client, query: str) -> list[str]:
    """Return the slugs of the entries listed on the timeline page, in order."""
    response = client.get(f"/{query}")
    assert response.status_code == 200, query
    return re.findall(r'<h4[^>]*><a href="/actions/([a-z0-9-]+)/', response.content.decode())


def rows_in_file(client: Client, query: str) -> list[dict[str, str]]:
    """Return the rows of the CSV of the same selection."""
    response = client.get(f"/actions.csv{query}")
    assert response.status_code == 200, query
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert int(response["Content-Length"]) == len(body)
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


@pytest.mark.usefixtures("seeds")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 9),
        ("?agency=justice-department", 3),
        ("?status=reversed", {AID, INTELLIGENCE}),
        ("?in_force=unknown", {CYBER}),
        ("?as_of=0", 0),
        ("?as_of=1", 9),
        ("?affects=ukraine", 5),
        ("?q=oval", 1),
        ("?had_status=in_effect&status=reversed", 2),
    ],
)
def test_page_and_file_hold_the_same_rows(client: Client, query: str, expected: int | set[str]) -> None:
    listed = slugs_on_page(client, query)
    assert listed == [row["slug"] for row in rows_in_file(client, query)]
    if isinstance(expected, set):
        assert set(listed) == expected
    else:
        assert len(listed) == expected


@pytest.mark.usefixtures("seeds")
def test_justice_department_has_the_three_memos_of_one_day(client: Client) -> None:
    rows = rows_in_file(client, "?agency=justice-department")
    assert [row["date"] for row in rows] == ["2025-02-05"] * 3


@pytest.mark.usefixtures("seeds")
def test_reversed_pause_says_where_it_stands(client: Client) -> None:
    page = client.get("/?status=reversed").content.decode()
    assert "US said on 11 March 2025 it would lift the pause at once." in page


@pytest.mark.usefixtures("seeds")
def test_vague_date_is_possible_and_not_certain(client: Client) -> None:
    query = "?from=2025-02-24&to=2025-02-28"
    assert CYBER in slugs_on_page(client, query)
    assert CYBER not in slugs_on_page(client, f"{query}&dates=certain")


@pytest.mark.usefixtures("seeds")
def test_in_force_on_a_day(client: Client) -> None:
    assert {AID, INTELLIGENCE} <= set(slugs_on_page(client, "?in_force_on=2025-03-05"))
    assert not {AID, INTELLIGENCE} & set(slugs_on_page(client, "?in_force_on=2025-03-11"))


@pytest.mark.usefixtures("seeds")
def test_edition_zero_is_empty_and_says_so(client: Client) -> None:
    page = client.get("/?as_of=0").content.decode()
    assert "before the first edition" in page.lower()


@pytest.mark.usefixtures("seeds")
def test_bare_number_is_an_edition(client: Client) -> None:
    response = client.get("/?as_of=2025")
    assert response.status_code == 400
    assert "edition" in response.content.decode()
    problem = client.get("/actions.csv?as_of=2025")
    assert problem.status_code == 400
    assert "edition" in json.loads(problem.content)["detail"]


@pytest.mark.usefixtures("seeds")
@pytest.mark.parametrize(
    ("query", "field"),
    [("?from=2025-13-01", "from"), ("?status=nonsense", "status"), ("?agency=no-such", "agency")],
)
def test_bad_value_is_a_400_that_names_the_field(client: Client, query: str, field: str) -> None:
    page = client.get(f"/{query}")
    assert page.status_code == 400
    html = page.content.decode()
    assert "<title>Error" in html
    (target,) = re.findall(rf'<a href="#([^"]*{field}[^"]*)"', html)
    assert f'id="{target}"' in html
    assert slugs_in(html) == []
    problem = client.get(f"/actions.csv{query}")
    assert (problem.status_code, problem["Content-Type"]) == (400, "application/problem+json")
    assert [error["name"] for error in json.loads(problem.content)["errors"]] == [field]


def slugs_in(page: str) -> list[str]:
    """Return the slugs of the entries listed in a page."""
    return re.findall(r'<h4[^>]*><a href="/actions/([a-z0-9-]+)/', page)


@pytest.mark.usefixtures("seeds")
def test_tracking_name_is_dropped_on_the_page_and_refused_in_the_file(client: Client) -> None:
    assert len(slugs_on_page(client, "?utm_source=x")) == 9
    assert client.get("/actions.csv?utm_source=x").status_code == 400


@pytest.mark.usefixtures("seeds")
def test_unknown_name_is_told_with_the_nearest_known_one(client: Client) -> None:
    page = client.get("/?agencies=x").content.decode()
    text = re.sub(r"<[^>]+>", "", page)
    assert "agencies" in text
    assert re.search(r"Did you mean\s+agency\?", text)


@pytest.mark.usefixtures("seeds")
def test_file_has_the_columns_of_the_codebook(client: Client) -> None:
    row = rows_in_file(client, "")[0]
    assert list(row) == [column.name for column in COLUMNS]
    assert len(row) == 50
    assert "None" not in row.values()


@pytest.mark.usefixtures("seeds")
def test_pandas_reads_exactly_the_columns(client: Client) -> None:
    body = b"".join(client.get("/actions.csv").streaming_content)  # type: ignore[attr-defined]
    frame = pd.read_csv(io.BytesIO(body), keep_default_na=False, dtype=str)
    assert list(frame.columns) == [column.name for column in COLUMNS]
    assert frame.shape == (9, 50)
    assert (frame["due_date"] == "").all()


def test_second_run_changes_nothing_and_keeps_an_editors_definition() -> None:
    """What `make run` does, twice."""
    call_command("load_vocabulary", verbosity=0)
    call_command("load_package", str(SEED), "--publish", verbosity=0)
    Category.objects.filter(slug="aid-pause").update(definition="Ours.")
    call_command("load_vocabulary", verbosity=0)
    call_command("load_package", str(SEED), "--publish", verbosity=0)
    assert Category.objects.get(slug="aid-pause").definition == "Ours."
    assert Edition.objects.count() == 1


@pytest.mark.usefixtures("seeds")
def test_ledger_of_the_seeds_verifies(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_ledger", "--full")
    assert "verifies" in capsys.readouterr().out
