"""The log traces requests, exports and publications, and names nobody who need not be named."""

import json
import logging
import re
import subprocess
import sys
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests import factories
from tests.serving import Server, database_url
from tracker.logs import JsonFormatter, LineFormatter, request_id, without_persons

LINE = "{levelname} {name} [{request_id}]: {message}"


@pytest.fixture
def noted(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log as production writes it: the demo and the tests are quiet about requests."""
    caplog.set_level(logging.INFO, logger="tracker.requests")
    caplog.set_level(logging.INFO, logger="tracker.events")
    return caplog


def _fields(noted: pytest.LogCaptureFixture, logger: str) -> list[dict[str, Any]]:
    return [record.__dict__["fields"] for record in noted.records if record.name == logger]


def _record(message: str, *args: Any, **extra: Any) -> logging.LogRecord:
    record = logging.LogRecord("tracker", logging.INFO, __file__, 1, message, args, None)
    record.__dict__ |= extra
    return record


# --- the number of a request -----------------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["0af7651916cd43dd8448eb211c80319c", "proxy.7_4-1234"])
def test_number_of_the_proxy_is_kept(client: Client, told: str) -> None:
    response = client.get("/healthz", headers={"x-request-id": told})
    assert response.headers["X-Request-ID"] == told
    assert request_id.get() == told


@pytest.mark.parametrize("told", ["", "short", "x" * 65, "a b c d e f g", "<script>alert", "12345678\n", "é" * 10])
def test_number_that_is_not_sane_is_replaced(client: Client, told: str) -> None:
    numbers = {client.get("/healthz", headers={"x-request-id": told}).headers["X-Request-ID"] for _ in range(2)}
    assert len(numbers) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", number) for number in numbers)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/no-such-page", "/?as_of=x", "/admin/"])
def test_every_answer_has_a_number(client: Client, path: str) -> None:
    assert client.get(path).headers["X-Request-ID"]


# --- requests and exports --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_request_is_noted_without_its_query(client: Client, noted: pytest.LogCaptureFixture) -> None:
    factories.published()
    client.get("/?q=Jane+Roe", headers={"user-agent": "Roe's browser", "referer": "https://roe.example/"})
    (told,) = _fields(noted, "tracker.requests")
    assert {**told, "ms": 0} == {"method": "GET", "path": "/", "status": 200, "ms": 0}
    assert "roe" not in noted.text.lower()
    assert "127.0.0.1" not in noted.text


def test_machines_that_ask_every_second_are_not_noted(client: Client, noted: pytest.LogCaptureFixture) -> None:
    client.get("/healthz")
    assert _fields(noted, "tracker.requests") == []


@pytest.mark.django_db
def test_export_is_noted_and_names_nobody(editor_client: Client, noted: pytest.LogCaptureFixture) -> None:
    factories.published()
    noted.clear()
    editor_client.get("/actions.csv?q=Jane")
    assert _fields(noted, "tracker.events") == [
        {"event": "export", "path": "/actions.csv", "edition": "1", "rows": "0", "part": False}
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/actions.csv?as_of=9", "/api/v1/actions"])
def test_what_is_no_file_is_no_export(client: Client, noted: pytest.LogCaptureFixture, path: str) -> None:
    client.get(path)
    assert _fields(noted, "tracker.events") == []


# --- publications ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_publication_names_the_account_by_number(noted: pytest.LogCaptureFixture) -> None:
    user = User.objects.create_user("jane-roe")
    factories.publish(factories.save(), by=user)
    assert _fields(noted, "tracker.events") == [{"event": "publication", "edition": 1, "user": user.pk}]
    assert "jane-roe" not in noted.text


@pytest.mark.django_db
def test_publication_that_was_undone_is_not_noted(noted: pytest.LogCaptureFixture) -> None:
    factories.published()  # the transaction of this test never ends well
    assert _fields(noted, "tracker.events") == []


# --- lines -----------------------------------------------------------------------------------------------------


def test_json_holds_what_the_call_adds_and_nothing_of_libraries() -> None:
    request_id.set("0123456789")
    told = json.loads(JsonFormatter().format(_record("Said %s", "“so”", fields={"status": 200}, request="a request")))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("at"))
    assert told == {
        "level": "INFO", "logger": "tracker", "request": "0123456789", "message": "Said “so”", "status": 200,
    }  # fmt: skip


def test_json_stays_one_line_with_its_traceback() -> None:
    record = _record("Failed")
    said = "Key is taken\nDETAIL:  Key (username)=(jane) already exists."
    try:
        raise ValueError(said)
    except ValueError:
        record.exc_info = sys.exc_info()
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "jane" not in json.loads(line)["exception"]
    assert "Key is taken" in json.loads(line)["exception"]


def test_line_cannot_be_forged() -> None:
    request_id.set("0123456789")
    formatter = LineFormatter(LINE, style="{")
    assert formatter.format(_record("Not found: %s", "/\nERROR all is lost\x1b[0m")) == (
        "INFO tracker [0123456789]: Not found: /\\x0aERROR all is lost\\x1b[0m"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Invalid request from ip=203.0.113.7: bad", "Invalid request from ip=(address): bad"),
        ("from 2001:db8::8a2e:370:7334 again", "from (address) again"),
        ("at 12:30:45 on 2025-03-03", "at 12:30:45 on 2025-03-03"),
        ("Listening at: http://127.0.0.1:8000 (7)", "Listening at: http://127.0.0.1:8000 (7)"),
        ("Failed\nDETAIL:  Failing row contains (7, jane).\nagain", "Failed\nagain"),
    ],
    ids=["IPv4", "IPv6", "a time", "this machine", "values of a row"],
)
def test_persons_are_taken_out(text: str, written: str) -> None:
    assert without_persons(text) == written


# --- the whole server ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_gunicorn_writes_nothing_but_json(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Production's own log: every line is an object, requests are traced, no address and no query is in it."""
    for name, value in {"LOG_FORMAT": "json", "INSECURE_LOCAL": "0", "ALLOWED_HOSTS": "127.0.0.1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Server, "_wait", _alive)
    connection.close()
    server = Server.start(database=database_url(connection.settings_dict), log=tmp_path / "log")
    try:
        asked = {"X-Request-ID": "0123456789", "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        with urlopen(Request(server.url("/actions.csv?q=roe"), headers=asked), timeout=30) as response:  # noqa: S310
            assert response.headers["X-Request-ID"] == "0123456789"
    finally:
        server.process.terminate()
        server.process.wait(timeout=30)
    log = (tmp_path / "log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"method": "GET", "path": "/actions.csv", "status": 200, "request": "0123456789"}.items() <= next(
        line.items() for line in lines if line.get("path") == "/actions.csv"
    )
    assert "gunicorn.error" in {line["logger"] for line in lines}
    assert "203.0.113.7" not in log
    assert "roe" not in log


def _alive(self: Server, log: Any) -> None:
    """Wait for /healthz, which needs no TLS."""
    for _ in range(300):
        answer = subprocess.run(
            ["curl", "-sf", "--retry-connrefused", self.url("/healthz")],  # noqa: S607
            check=False, capture_output=True,
        )  # fmt: skip
        if answer.returncode == 0:
            return
        subprocess.run(["sleep", "0.1"], check=True)  # noqa: S607
    raise RuntimeError(log.read_text())


def test_refused_hosts_and_missing_files_have_a_number_too(client: Client) -> None:
    assert client.get("/static/no-such.css").headers["X-Request-ID"]
    assert client.get("/", headers={"host": "evil.example"}).headers["X-Request-ID"]
