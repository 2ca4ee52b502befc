"""Parts of files: a download that broke off goes on where it stopped, and never mixes two editions."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.timeline.scene import SECOND, Scene, publish_scene, select
from timeline.exports.base import StoredExport
from timeline.exports.csv_file import CSV
from timeline.exports.jsonl_file import JSONL
from timeline.views.ranges import limited

PINNED = "/actions.csv?as_of=2"


@pytest.fixture
def scene(db: None) -> Scene:
    return publish_scene()


def _whole(client: Client, address: str = PINNED) -> bytes:
    return bytes(client.get(address).getvalue())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(export=st.sampled_from([CSV, JSONL]), first=st.integers(0, 12_000), chunk=st.integers(1, 6))
def test_file_can_begin_at_any_byte(scene: Scene, export: StoredExport, first: int, chunk: int) -> None:
    selection = select("", surface=export.surface)
    size = export.measure(selection)
    whole = b"".join(export.content(selection, size))
    first = min(first, len(whole) - 1)
    assert b"".join(export.content(selection, size, first=first, chunk=chunk)) == whole[first:]


RANGES = {
    "from the start": ("bytes=0-9", slice(0, 10)),
    "in the middle": ("bytes=700-1700", slice(700, 1701)),
    "to the end": ("bytes=1000-", slice(1000, None)),
    "the last bytes": ("bytes=-100", slice(-100, None)),
    "more than there are": ("bytes=1000-999999", slice(1000, None)),
    "more of the last than there are": ("bytes=-999999", slice(0, None)),
    "one byte": ("bytes=5-5", slice(5, 6)),
}


@pytest.mark.parametrize(("asked", "part"), RANGES.values(), ids=RANGES)
@pytest.mark.parametrize("address", [PINNED, "/actions.jsonl?as_of=2"])
def test_part_is_sent(scene: Scene, client: Client, address: str, asked: str, part: slice) -> None:
    whole = _whole(client, address)
    response = client.get(address, headers={"Range": asked})
    first, last, _ = part.indices(len(whole))
    assert (response.status_code, response.getvalue()) == (206, whole[part])
    assert response["Content-Range"] == f"bytes {first}-{last - 1}/{len(whole)}"
    assert response["Content-Length"] == str(last - first)


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=٣-٤"])
def test_what_is_no_single_part_gets_the_whole(scene: Scene, client: Client, asked: str) -> None:
    response = client.get(PINNED, headers={"Range": asked})
    assert (response.status_code, response.getvalue()) == (200, _whole(client))


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_part_behind_the_end_is_refused_with_the_length(scene: Scene, client: Client, asked: str) -> None:
    response = client.get(PINNED, headers={"Range": asked})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(_whole(client))}")


def test_parts_of_a_file_that_may_move_need_its_tag(scene: Scene, client: Client) -> None:
    address, asked = "/actions.csv", {"Range": "bytes=10-"}
    tag = client.get(address)["ETag"]
    assert client.get(address, headers=asked).status_code == 200
    assert client.get(address, headers=asked | {"If-Range": tag}).status_code == 206
    factories.publish(factories.edit(scene.memo, title="Unit dissolved"), at=SECOND)
    assert client.get(address, headers=asked | {"If-Range": tag}).status_code == 200


def test_download_that_broke_off_is_completed(scene: Scene, client: Client) -> None:
    response = client.get(PINNED)
    got = response.getvalue()[:1234]
    rest = client.get(PINNED, headers={"Range": f"bytes={len(got)}-", "If-Range": response["ETag"]})
    assert got + rest.getvalue() == _whole(client)


def test_head_offers_parts_and_sends_none(scene: Scene, client: Client) -> None:
    response = client.head(PINNED, headers={"Range": "bytes=0-9"})
    assert (response.status_code, response["Accept-Ranges"], response.getvalue()) == (200, "bytes", b"")


def test_file_without_a_known_length_offers_no_parts(scene: Scene, client: Client) -> None:
    response = client.get(f"{PINNED}&columns=slug", headers={"Range": "bytes=0-3"})
    assert (response.status_code, response.has_header("Accept-Ranges")) == (200, False)


def test_no_more_is_read_than_is_sent() -> None:
    parts = iter([b"0123456789"] * 5)
    assert (b"".join(limited(parts, 15)), len(list(parts))) == (b"012345678901234", 3)
