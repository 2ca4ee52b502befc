"""A download that breaks is seen as broken by the programs that analysts use; a server that stops lets it finish.

Real gunicorn, real sockets, and a reader who stalls in the middle, so that what happens then happens in the middle.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from http.client import IncompleteRead
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pandas
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests import factories
from tests.faults.relay import relay
from tests.serving import Server, database_url
from tests.timeline.bulk import publish_many
from tracker import triggers

# What the tests see in common is committed by `database`; the mark lets them look at it.
pytestmark = pytest.mark.django_db

ROWS = 2_400  # entries
PATHS = {
    "CSV with its length": "/actions.csv",
    "CSV of chosen columns": "/actions.csv?columns=slug,summary",
    "JSON Lines": "/actions.jsonl",
    "long file": "/status_changes.csv",
    "long file as JSON Lines": "/status_changes.jsonl",
}
TABLES = {name: path for name, path in PATHS.items() if ".csv" in path}

Fault = Callable[[Server], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """A committed ledger whose every file is some 15 MB: more than sockets keep. Flushed when the module is done."""
    with django_db_blocker.unblock():
        history = [factories.line(note=f"{n}: {'said and done ' * 45}") for n in range(12)]
        publish_many(ROWS, summary="What was ordered. " * 350, status_history=history)
        connection.close()
        yield connection.settings_dict
        connection.close()
        triggers.drop(connection)
        call_command("flush", verbosity=0, interactive=False)
        connection.close()


@pytest.fixture(scope="module")
def server(database: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server.start(database=database_url(database), log=tmp_path_factory.mktemp("gunicorn") / "log")
    yield running
    running.stop()


@contextmanager
def killed_worker(server: Server) -> Iterator[None]:
    """Kill what sends, as the kernel does when memory is short. The master starts another."""
    for worker in server.workers():
        os.kill(worker, signal.SIGKILL)
    yield


@contextmanager
def lost_database(server: Server) -> Iterator[None]:
    """Take the database away for a while, and every connection with it."""
    away = _postgresql_away if connection.vendor == "postgresql" else _file_away
    with away(str(connection.settings_dict["NAME"])):
        yield


@contextmanager
def _postgresql_away(name: str) -> Iterator[None]:
    _administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false', _terminate(name))
    try:
        yield
    finally:
        _administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextmanager
def _file_away(name: str) -> Iterator[None]:
    file, kept = Path(name), Path(f"{name}-kept")
    file.rename(kept)
    file.mkdir()  # otherwise SQLite would make an empty database here
    try:
        yield
    finally:
        file.rmdir()
        kept.rename(file)


def _terminate(name: str) -> str:
    """Return the statement that ends every connection but the test's own."""
    own = connection.connection.info.backend_pid
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> {own}"


def _administer(*statements: str) -> None:
    """Run statements from another database of the same server."""
    import psycopg  # noqa: PLC0415 - there is none where only SQLite is tested

    url = database_url(connection.settings_dict | {"NAME": "postgres"})
    with psycopg.connect(url, autocommit=True) as administering:
        for statement in statements:
            administering.execute(statement)


FAULTS: dict[str, Fault] = {"worker": killed_worker, "database": lost_database}


def broken(server: Server, path: str, fault: Fault, fetch: Callable[[str], Any]) -> Any:
    """Fetch `path`, let `fault` happen in the middle, return what `fetch` returns (or raise what it raises)."""
    with ThreadPoolExecutor() as pool, relay(server.port) as between:
        fetched = pool.submit(fetch, between.url(path))
        between.wait()
        with fault(server):
            between.finish()
            return fetched.result(timeout=30)


def _curl(url: str) -> int:
    command = ["curl", "-sS", "-o", os.devnull, url]
    return subprocess.run(command, capture_output=True, check=False).returncode


def _read(url: str) -> bytes:
    with urlopen(url, timeout=30) as response:  # noqa: S310
        content: bytes = response.read()
    return content


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_curl_says_that_the_file_is_short(server: Server, path: str, fault: Fault) -> None:
    assert broken(server, path, fault, _curl) == 18  # CURLE_PARTIAL_FILE


# A lost database is noticed after 10 s, the patience of the pool: curl waits for it with every file, the others once.
SOME = [*((path, FAULTS["worker"]) for path in PATHS.values()), (PATHS["CSV with its length"], FAULTS["database"])]
SOME_IDS = [*(f"{name}-worker" for name in PATHS), "CSV with its length-database"]


@pytest.mark.parametrize(("path", "fault"), SOME, ids=SOME_IDS)
def test_urllib_says_that_the_file_is_short(server: Server, path: str, fault: Fault) -> None:
    with pytest.raises(IncompleteRead):
        broken(server, path, fault, _read)


@pytest.mark.parametrize("path", TABLES.values(), ids=TABLES)
def test_pandas_says_that_the_file_is_short(server: Server, path: str) -> None:
    with pytest.raises(IncompleteRead):
        broken(server, path, FAULTS["worker"], pandas.read_csv)


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_slow_reader_gets_all_of_it(server: Server, path: str) -> None:
    """What the other tests see broken is whole when nothing happens."""

    @contextmanager
    def nothing(_: Server) -> Iterator[None]:
        yield

    assert len(broken(server, path, nothing, _read)) > 10_000_000


@pytest.mark.postgresql
def test_download_outlives_the_loss_of_its_connection(server: Server) -> None:
    """Nothing is held while the reader stalls, so a backend that ends then is replaced, and the file is whole."""

    @contextmanager
    def terminated(_: Server) -> Iterator[None]:
        _administer(_terminate(str(connection.settings_dict["NAME"])))
        yield

    path = PATHS["CSV with its length"]
    assert broken(server, path, terminated, _read) == _read(server.url(path))


def test_server_that_is_told_to_stop_finishes_the_download(database: dict[str, Any], tmp_path: Path) -> None:
    stopping = Server.start(database=database_url(database), log=tmp_path / "log")
    path = PATHS["CSV with its length"]
    whole = _read(stopping.url(path))

    @contextmanager
    def told_to_stop(server: Server) -> Iterator[None]:
        server.process.send_signal(signal.SIGTERM)
        yield

    assert broken(stopping, path, told_to_stop, _read) == whole
    assert stopping.process.wait(timeout=30) == 0
