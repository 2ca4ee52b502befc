"""A word that was everywhere is nowhere after its redaction: pages, files, feeds, API, admin, the raw database."""

import io
import re
import shutil
import subprocess
import zipfile
from collections import deque
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client

from tests.tracker import redacting
from tests.tracker.redacting import CANARY
from timeline.exports.files import FILES
from timeline.feeds import FEEDS
from tracker import verification
from tracker.models import Edition, PolicyAction, PublishedAction

_LINK = re.compile(r"""(?:href|src)="([^"#]+)""")
_ADMIN_APART = ("/admin/logout/", "/admin/jsi18n/", "/admin/password_change/")
_API = ("actions", "status-changes", "sources", "actors", "agencies", "parties", "categories", "topics", "publishers")


def _files(number: int) -> Iterable[str]:
    yield from (f"/{each.file}?as_of={number}" for each in (*FILES, *FEEDS) if each.is_offered)
    yield from (f"/{name}?as_of={number}" for name in ("", "changes/", "corrections/", "embed/", "cite/", "data/"))
    yield from (f"/api/v1/{name}?as_of={number}" for name in _API)
    for row in PublishedAction.objects.filter(edition=number):
        yield from (f"/actions/{row.slug}/?as_of={number}", f"/actions/{row.slug}/versions/{row.version}/")
        yield from (f"/api/v1/actions/{row.slug}?as_of={number}", f"/api/v1/actions/{row.slug}/versions")
        yield f"/actions/{row.slug}/card.png?as_of={number}"


def _addresses() -> list[str]:
    numbers = Edition.objects.order_by("number").values_list("number", flat=True)
    return ["/", "/sitemap.xml", *(address for number in numbers for address in _files(number))]


def _content(response: Any) -> bytes:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    length = response.headers.get("Content-Length")
    assert length is None or int(length) == len(body)
    return body + _unpacked(body)


def _unpacked(body: bytes) -> bytes:
    """Return what an archive or workbook holds, and the text of a column file."""
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return b"".join(each + _unpacked(each) for each in map(archive.read, archive.namelist()))
    if body[:4] == b"PAR1":
        parquet = pytest.importorskip("pyarrow.parquet")
        return str(parquet.read_table(io.BytesIO(body)).to_pylist()).encode()
    return b""


def _followed(address: str, text: str) -> Iterable[str]:
    """Return the links of a page that show other things, not the same in another order or part."""
    for link in _LINK.findall(text):
        found = urlsplit(urljoin(address, unescape(link)))
        query = found.query if re.fullmatch(r"(as_of=\d+)?", found.query) else ""
        if found.netloc in ("", "testserver", "localhost:8000") and not found.path.startswith(("/static/", "/es/")):
            yield found.path + (f"?{query}" if query else "")


def crawl(client: Client, start: Iterable[str], *, below: str = "/") -> dict[str, tuple[int, bytes]]:
    """Return status and content of every address that can be reached."""
    waiting, seen, found = deque(start), set(), {}
    while waiting:
        address = waiting.popleft()
        if address in seen or not address.startswith(below) or address.startswith(_ADMIN_APART):
            continue
        seen.add(address)
        response = client.get(address)
        body = _content(response)
        found[address] = (response.status_code, body)
        if "html" in response.headers.get("Content-Type", ""):
            waiting.extend(_followed(address, body.decode()))
    return found


def holding(found: dict[str, tuple[int, bytes]]) -> list[str]:
    """Return the addresses whose content has the word, however it is cased."""
    return sorted(address for address, (_, body) in found.items() if CANARY.lower().encode() in body.lower())


@pytest.fixture
def uploads(settings: Any, tmp_path: Path) -> Path:
    """A folder where a file waits that holds the word."""
    settings.IMPORTS_DIR = tmp_path / "imports"
    settings.IMPORTS_DIR.mkdir()
    (settings.IMPORTS_DIR / "1-0.upload").write_text(CANARY)
    return settings.IMPORTS_DIR


@pytest.mark.sqlite
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_nothing_public_holds_the_word_afterwards(client: Client, uploads: Path) -> None:
    scene = redacting.scene()
    before = crawl(client, _addresses())
    assert len(holding(before)) > 80
    redacting.redact(CANARY, scene.asking, scene.confirming)
    # The same process, the same addresses: what it kept of them must not be served.
    after = crawl(client, [*before, *_addresses()])
    assert holding(after) == []
    assert {status for status, _ in after.values()} <= {200, 301, 302, 404, 410, 451, 400}
    assert list(uploads.iterdir()) == []
    assert list(verification.verify(full=True)) == []


@pytest.mark.sqlite
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_nothing_in_admin_holds_the_word_afterwards(client: Client, uploads: Path) -> None:
    scene = redacting.scene()
    client.force_login(scene.asking)
    kind = ContentType.objects.get_for_model(PolicyAction)
    LogEntry.objects.create(
        user=scene.asking, content_type=kind, object_id=str(scene.clean.pk), object_repr="Clean",
        change_message=f"Said {CANARY}.", action_flag=CHANGE,
    )  # fmt: skip
    before = crawl(client, ["/admin/"], below="/admin/")
    assert len(holding(before)) > 10
    redacting.redact(CANARY, scene.asking, scene.confirming)
    assert holding(crawl(client, [*before, "/admin/"], below="/admin/")) == []


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_the_database_holds_the_word_after_a_vacuum(uploads: Path) -> None:
    scene = redacting.scene()
    assert CANARY.lower().encode() in _raw().lower()
    redacting.redact(CANARY, scene.asking, scene.confirming)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL" if connection.vendor == "postgresql" else "VACUUM")
    raw = _raw().lower()
    assert CANARY.lower().encode() not in raw
    assert len(raw) > 10_000


def _raw() -> bytes:
    """Return the file of SQLite with its log, or all that pg_dump writes as text."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return b"".join(Path(name + end).read_bytes() for end in ("", "-wal") if Path(name + end).exists())
    told = connection.get_connection_params()
    dump = shutil.which("pg_dump") or str(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1])
    named = {"-h": told.get("host"), "-p": told.get("port"), "-U": told.get("user"), "-d": told.get("dbname")}
    options = [str(part) for pair in named.items() if pair[1] for part in pair]
    return subprocess.run([dump, *options], check=True, capture_output=True).stdout
