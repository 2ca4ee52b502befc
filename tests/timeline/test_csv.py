"""/actions.csv: the stored lines of a selection, whole, in order and byte for byte."""

import csv
import io
import json
import threading
import tracemalloc
from collections.abc import Callable
from contextlib import AbstractContextManager

import pandas
import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.timeline.bulk import publish_many
from tests.timeline.scene import SECOND, Scene, publish_scene, select, slugs
from timeline.exports.base import ShortFileError, Size
from timeline.exports.chunks import CHUNK
from timeline.exports.csv_file import CSV
from tracker import columns, triggers
from tracker.models import Edition, PublishedAction

NAMES = [column.name for column in columns.COLUMNS]
SIZES = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _file(query: str = "", *, chunk: int = CHUNK) -> bytes:
    selection = select(query, surface="csv")
    assert selection.errors == {}
    return b"".join(CSV.content(selection, CSV.measure(selection), chunk=chunk))


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


# --- the bytes -----------------------------------------------------------------------------------------------------


def test_file_is_the_header_and_the_stored_lines(scene: Scene) -> None:
    lines = [columns.header(), *(row.csv for row in select().rows())]
    assert _file() == "".join(f"{line}\r\n" for line in lines).encode()


def test_python_reads_exactly_the_public_columns(scene: Scene) -> None:
    rows = _rows(_file())
    assert list(rows[0]) == NAMES
    assert [row["slug"] for row in rows] == ["rule", "pause", "talks", "cyber", "memo"]
    assert {None, "None"}.isdisjoint(cell for row in rows for cell in row.values())


def test_pandas_reads_exactly_the_public_columns(scene: Scene) -> None:
    frame = pandas.read_csv(io.BytesIO(_file()), keep_default_na=False, dtype=str)
    assert (list(frame.columns), len(frame)) == (NAMES, 5)
    assert frame.set_index("slug").loc["talks", "category"] == ""


def test_formula_is_neutralised_unless_raw(db: None) -> None:
    factories.published(title="=1+1", summary="'=2")
    (guarded,), (raw,) = _rows(_file()), _rows(_file("raw=1"))
    assert (guarded["title"], guarded["summary"]) == ("'=1+1", "''=2")
    assert (raw["title"], raw["summary"]) == ("=1+1", "'=2")


def test_raw_differs_in_guards_alone(scene: Scene) -> None:
    assert _file("raw=1") == _file()


def test_columns_are_picked_in_the_order_asked_for(scene: Scene) -> None:
    assert _file("columns=date,slug&status=reversed") == b"date,slug\r\n2025-03-03,pause\r\n"


def test_single_empty_cell_is_still_a_line(scene: Scene) -> None:
    assert _file("columns=summary&status=reversed") == b'summary\r\n""\r\n'


def test_byte_order_mark_comes_when_asked_for(scene: Scene) -> None:
    assert _file("bom=1") == b"\xef\xbb\xbf" + _file()


def test_rows_older_than_a_column_are_padded(scene: Scene) -> None:
    """As if edition 1 had been printed with two columns less: its lines get two commas."""
    _had_columns(48, number=1)
    shortened = {row.slug: row.csv for row in PublishedAction.objects.as_of(2)}
    lines = _file("sort=oldest").decode().split("\r\n")
    assert lines[1] == shortened["memo"] + ",,"
    assert lines[5] == shortened["rule"]
    assert CSV.measure(select("", surface="csv")).length == len(_file())


def test_older_edition_has_the_columns_of_its_time(scene: Scene) -> None:
    _had_columns(48, number=1)
    assert _file("as_of=1").decode().split("\r\n")[0] == columns.header(48)
    assert _rows(_file("columns=slug,version&as_of=1"))[0] == {"slug": "pause", "version": "1"}


def _had_columns(count: int, *, number: int) -> None:
    """Rewrite history: an edition printed with fewer columns (its guard off, in this test's transaction)."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tracker_edition SET columns = %s WHERE number = %s", [count, number])


@pytest.mark.parametrize("query", ["", "sort=oldest", "sort=added", "sort=changed", "q=paused&sort=relevance"])
@pytest.mark.parametrize("chunk", [1, 2, 5])
def test_chunks_lose_and_repeat_nothing(scene: Scene, query: str, chunk: int) -> None:
    assert _file(query, chunk=chunk) == _file(query)


FILTERS = st.lists(
    st.sampled_from(
        [
            *("status=reversed", "status=in_effect", "agency=justice-department", "agency=white-house", "q=paused"),
            *("affects=ukraine", "category=not-coded", "from=2025-02-20", "to=2025-03", "in_force_on=2025-03-05"),
            *("in_force=no", "disputed=no", "as_of=1", "changed_since=1", "had_status=announced"),
        ]
    ),
    max_size=4,
    unique=True,
).map("&".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=FILTERS, sort=st.sampled_from(["", "&sort=oldest", "&sort=added", "&sort=changed"]))
def test_file_and_page_have_the_same_rows_in_the_same_order(scene: Scene, query: str, sort: str) -> None:
    assert [row["slug"] for row in _rows(_file(query + sort))] == slugs(query + sort)


def test_pinned_file_does_not_change(scene: Scene) -> None:
    before = _file("as_of=2")
    factories.publish(factories.edit(scene.memo, title="Unit dissolved"), at=SECOND)
    assert _file("as_of=2") == before
    assert _file() != before


# --- its size ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "bom=1", "status=reversed", "as_of=1", "as_of=0", "changed_since=1"])
def test_length_is_known_beforehand(scene: Scene, query: str) -> None:
    size = CSV.measure(select(query, surface="csv"))
    assert (size.length, size.rows) == (len(_file(query)), len(_rows(_file(query))))


@pytest.mark.parametrize("query", ["columns=slug", "raw=1"])
def test_length_of_what_is_read_again_is_left_off(scene: Scene, query: str) -> None:
    selection = select(query, surface="csv")
    size = CSV.measure(selection)
    assert (size.rows, size.length) == (5, None)
    assert "Content-Length" not in CSV.headers(selection, size)


def test_short_file_does_not_end_well(scene: Scene) -> None:
    selection = select("", surface="csv")
    announced = Size(rows=6, length=None)
    with pytest.raises(ShortFileError, match=r"5 rows \(\d+ bytes\) were sent where 6 "):
        list(CSV.content(selection, announced))


def test_twenty_thousand_rows_come_whole_and_in_flat_memory(db: None) -> None:
    publish_many(20_000)
    selection = select("", surface="csv")
    size = CSV.measure(selection)
    tracemalloc.start()
    try:
        lengths = [len(part) for part in CSV.content(selection, size, chunk=1_000)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (sum(lengths), size.rows, len(lengths)) == (size.length, 20_000, 21)
    assert peak < 12 * max(lengths) < sum(lengths)  # a dozen chunks, whatever the number of rows


def test_export_asks_one_query_a_chunk(scene: Scene, django_assert_num_queries: SIZES) -> None:
    selection = select("", surface="csv")
    size = CSV.measure(selection)
    with django_assert_num_queries(3):  # 2 + 2 + 1 rows
        list(CSV.content(selection, size, chunk=2))


# --- the answer ----------------------------------------------------------------------------------------------------


def test_answer_names_edition_rows_and_columns(scene: Scene, client: Client) -> None:
    response = client.get("/actions.csv")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert (response["X-Edition"], response["X-Row-Count"]) == ("2", "5")
    assert response["Link"] == '</method/#columns>; rel="describedby"'
    assert int(response["Content-Length"]) == len(content)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "actions-edition-2.csv"),
        ("as_of=1", "actions-edition-1.csv"),
        ("status=reversed", "actions-edition-2-selection.csv"),
        ("as_of=0", "actions-edition-0.csv"),
    ],
)
def test_file_is_named_after_its_edition(scene: Scene, client: Client, query: str, name: str) -> None:
    assert client.get(f"/actions.csv?{query}")["Content-Disposition"] == f'attachment; filename="{name}"'


def test_empty_record_is_a_header(db: None, client: Client) -> None:
    response = client.get("/actions.csv")
    assert b"".join(response.streaming_content) == f"{columns.header()}\r\n".encode()  # type: ignore[attr-defined]


def test_head_tells_the_size_and_reads_no_line(
    scene: Scene, client: Client, django_assert_max_num_queries: SIZES
) -> None:
    with django_assert_max_num_queries(3):
        response = client.head("/actions.csv")
    assert (response["Content-Length"], response["X-Row-Count"]) == (str(len(_file())), "5")
    assert list(response.streaming_content) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("query", ["columns=slug", "raw=1"])
def test_head_names_no_length_where_the_file_has_none(scene: Scene, client: Client, query: str) -> None:
    response = client.head(f"/actions.csv?{query}")
    assert ("Content-Length" in response, response["X-Row-Count"]) == (False, "5")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_but_reading_is_allowed(scene: Scene, method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)("/actions.csv")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_unchanged_file_is_not_sent_again(scene: Scene, client: Client, django_assert_num_queries: SIZES) -> None:
    tag = client.get("/actions.csv?status=in-effect&sort=newest")["ETag"]
    with django_assert_num_queries(1):
        response = client.get("/actions.csv?status=in_effect", headers={"If-None-Match": tag})
    assert (response.status_code, response["ETag"]) == (304, tag)


@pytest.mark.parametrize(("query", "kept"), [("as_of=1", "public, max-age=86400"), ("sort=oldest", "no-cache")])
def test_unchanged_file_may_be_kept_as_long_as_a_new_one(scene: Scene, client: Client, query: str, kept: str) -> None:
    response = client.get(f"/actions.csv?{query}", headers={"If-None-Match": "*"})
    assert (response.status_code, response["Cache-Control"]) == (304, kept)


def test_tag_changes_with_edition_and_selection(scene: Scene, client: Client) -> None:
    queries = ["", "status=reversed", "sort=oldest", "columns=slug", "columns=slug&raw=1", "bom=1", "as_of=1"]
    before = {query: client.head(f"/actions.csv?{query}")["ETag"] for query in queries}
    factories.published(at=SECOND)
    after = {query: client.head(f"/actions.csv?{query}")["ETag"] for query in queries}
    assert len({*before.values(), *after.values()}) == 2 * len(queries)


def test_pinned_file_is_kept_for_a_day_and_others_are_asked_for(scene: Scene, client: Client) -> None:
    assert client.head("/actions.csv?as_of=1")["Cache-Control"] == "public, max-age=86400"
    assert client.head("/actions.csv")["Cache-Control"] == "no-cache"


PROBLEMS = {
    "bad date": ("from=2025-13-01", "from"),
    "unknown status": ("status=nonsense", "status"),
    "unknown agency": ("agency=no-such", "agency"),
    "tracking name": ("utm_source=x", "utm_source"),
    "name of pages": ("page=2", "page"),
    "unknown column": ("columns=titel", "columns"),
    "relation probing": ("agency__name=x", "agency__name"),
    "connector": ("_connector=OR", "_connector"),
}


@pytest.mark.parametrize(("query", "name"), PROBLEMS.values(), ids=PROBLEMS)
def test_bad_address_is_a_problem_document(scene: Scene, client: Client, query: str, name: str) -> None:
    response = client.get(f"/actions.csv?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    problem = json.loads(response.content)
    assert (problem["status"], [error["name"] for error in problem["errors"]]) == (400, [name])
    assert problem["detail"].startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("utm_source=x&status=reversed", "/actions.csv?status=reversed"),
        ("utm_source=x", "/actions.csv"),
        ("agencies=white-house", "/actions.csv?agency=white-house"),
        ("statuss=blocked&status=reversed", "/actions.csv?status=blocked&status=reversed"),
    ],
    ids=["left out", "nothing left", "set right", "set right beside others"],
)
def test_problem_gives_the_corrected_address(scene: Scene, client: Client, query: str, address: str) -> None:
    detail = json.loads(client.get(f"/actions.csv?{query}").content)["detail"]
    assert detail.endswith(f"Corrected address: {address}")


def test_too_many_names_are_a_bad_request(scene: Scene, client: Client) -> None:
    response = client.get("/actions.csv?" + "&".join(f"a{n}=1" for n in range(1001)))
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


# --- beside a writer -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_editor_saves_while_a_reader_stalls() -> None:
    """A reader takes one chunk and waits; an editor saves and publishes meanwhile; the reader's file is whole."""
    publish_scene()
    whole, parts = _file("as_of=2"), []
    has_begun, may_go_on = threading.Event(), threading.Event()

    def read_slowly() -> None:
        selection = select("", surface="csv")
        for part in CSV.content(selection, CSV.measure(selection), chunk=1):
            parts.append(part)
            if len(parts) == 3:
                has_begun.set()
                may_go_on.wait(timeout=30)
        connection.close()

    reader = threading.Thread(target=read_slowly)
    reader.start()
    assert has_begun.wait(timeout=30)
    factories.published(slug="saved-meanwhile", at=SECOND)
    may_go_on.set()
    reader.join(timeout=30)
    assert b"".join(parts) == whole
    assert Edition.objects.newest().number == 3  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_connection_is_given_back_between_chunks() -> None:
    publish_scene()
    selection = select("", surface="csv")
    parts = CSV.content(selection, CSV.measure(selection), chunk=2)
    assert [connection.connection is None for _ in parts] == [True] * 4
