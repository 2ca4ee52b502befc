"""Settings are strict: a fresh process reads them under an environment of each test's own."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils.formats import get_format

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SECRET_KEY": "long and random enough for a test: 0123456789 abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "timeline.example",
    "PUBLIC_URL": "https://timeline.example",
}
POSTGRESQL = "postgresql://someone:secret@db.example/timeline"
ASK = """
import json, sys
from tracker import settings
print(json.dumps(eval(sys.argv[1], vars(settings)), default=str))
"""


def _process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the repository with this environment and nothing else."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def _read(expression: str, **environment: str) -> object:
    """Return the value of an expression over the settings of production, with some variables changed."""
    answer = _process("-c", ASK, expression, **(PRODUCTION | environment))
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def _refusal(**environment: str) -> str:
    """Return the last line that a start under this environment ends with."""
    answer = _process("-c", "import tracker.settings", **environment)
    assert answer.returncode != 0
    return answer.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        pytest.param({"SECRET_KEY": ""}, "SECRET_KEY", id="no-key"),
        pytest.param({"SECRET_KEY": "", "SECRET_KEY_FILE": "no/such"}, "SECRET_KEY_FILE", id="key-file-missing"),
        pytest.param({"DEBUG": "ture"}, "DEBUG", id="no-boolean"),
        pytest.param({"DEBUG": "1"}, "DEBUG", id="debug-in-production"),
        pytest.param({"INSECURE_LOCAL": "maybe"}, "INSECURE_LOCAL", id="insecure-no-boolean"),
        pytest.param({"THREADS": "four"}, "THREADS", id="no-number"),
        pytest.param({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS", id="no-hosts"),
        pytest.param({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS", id="all-hosts"),
        pytest.param({"ALLOWED_HOSTS": ".timeline.example"}, "ALLOWED_HOSTS", id="subdomains"),
        pytest.param({"PUBLIC_URL": ""}, "PUBLIC_URL", id="no-address"),
        pytest.param({"SITE_LANGUAGE": "tlh"}, "SITE_LANGUAGE", id="language-without-a-catalogue"),
        pytest.param({"PUBLIC_URL": "http://timeline.example"}, "PUBLIC_URL", id="address-without-tls"),
        pytest.param({"PUBLIC_URL": "https://timeline.example/"}, "PUBLIC_URL", id="slash-at-the-end"),
        pytest.param({"CONTACT_URL": "editors@timeline.example"}, "CONTACT_URL", id="contact-without-scheme"),
        pytest.param({"CONTACT_URL": "javascript:alert(1)"}, "CONTACT_URL", id="contact-that-runs"),
        pytest.param({"CONTACT_URL": "http://timeline.example/contact"}, "CONTACT_URL", id="contact-without-tls"),
        pytest.param({"LOG_FORMAT": "xml"}, "LOG_FORMAT", id="other-log"),
        pytest.param({"DATABASE_URL": "mysql://db.example/timeline"}, "DATABASE_URL", id="other-database"),
    ],
)
def test_start_is_refused_naming_the_variable(changed: dict[str, str], named: str) -> None:
    assert named in _refusal(**(PRODUCTION | changed))


@pytest.mark.parametrize(
    "url", ["", "mailto:editors@timeline.example?subject=Error", "https://timeline.example/contact"]
)
def test_contact_may_be_a_page_or_an_address(url: str) -> None:
    assert _read("CONTACT_URL", CONTACT_URL=url) == url


def test_secret_key_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the file\n", encoding="utf-8")
    assert _read("SECRET_KEY", SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "key")) == "from the file"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("DEBUG", False),
        ("SECURE_SSL_REDIRECT", True),
        ("SECURE_HSTS_SECONDS", 31_536_000),
        ("SECURE_HSTS_INCLUDE_SUBDOMAINS", True),
        ("[SESSION_COOKIE_NAME, CSRF_COOKIE_NAME]", ["__Host-sessionid", "__Host-csrftoken"]),
        ("[SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE]", [True, True]),
        ("[SESSION_COOKIE_HTTPONLY, CSRF_COOKIE_HTTPONLY]", [True, True]),
        ("[SESSION_COOKIE_SAMESITE, CSRF_COOKIE_SAMESITE]", ["Lax", "Lax"]),
        ("SESSION_COOKIE_AGE", 28_800),
        ("ALLOWED_HOSTS", ["timeline.example"]),
        ("PASSWORD_HASHERS[0]", "django.contrib.auth.hashers.Argon2PasswordHasher"),
    ],
)
def test_production_is_secure(expression: str, value: object) -> None:
    assert _read(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[SECURE_SSL_REDIRECT, SECURE_HSTS_SECONDS]", [False, 0]),
        ("[SESSION_COOKIE_NAME, SESSION_COOKIE_SECURE]", ["sessionid", False]),
        ("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"]),
        ("PUBLIC_URL", "http://127.0.0.1:8123"),
        ("DEBUG", False),
    ],
)
def test_demo_only_does_without_tls(expression: str, value: object) -> None:
    demo = {
        "INSECURE_LOCAL": "1",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "PUBLIC_URL": "http://127.0.0.1:8123",
    }
    assert _read(expression, **demo) == value


def test_demo_needs_no_addresses() -> None:
    answer = _process("-c", ASK, "[ALLOWED_HOSTS[0], PUBLIC_URL]", INSECURE_LOCAL="1", SECRET_KEY="x", PORT="8123")
    assert json.loads(answer.stdout) == ["127.0.0.1", "http://127.0.0.1:8123"]


def test_sqlite_waits_and_keeps_what_it_acknowledged() -> None:
    options = _read("DATABASES['default']['OPTIONS']")
    assert isinstance(options, dict)
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)


def test_postgresql_pool_is_larger_than_the_threads() -> None:
    assert _read("DATABASES['default']['OPTIONS']['pool']['max_size']", DATABASE_URL=POSTGRESQL, THREADS="7") == 9


def test_postgresql_limits_statements_of_the_web_alone() -> None:
    expression = "DATABASES['default']['OPTIONS']['options']"
    assert "statement_timeout=0 " in str(_read(expression, DATABASE_URL=POSTGRESQL))
    assert "statement_timeout=10000 " in str(_read(expression, DATABASE_URL=POSTGRESQL, STATEMENT_TIMEOUT_MS="10000"))


def test_web_server_asks_for_the_limit() -> None:
    asked = "import os, tracker.wsgi; print(os.environ['STATEMENT_TIMEOUT_MS'])"
    assert _process("-c", asked, **PRODUCTION).stdout == "10000\n"


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("recursive_triggers", 1), ("foreign_keys", 1)],
)
def test_sqlite_connection_is_durable_and_guarded(pragma: str, value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value


def test_deployment_check_is_clean() -> None:
    answer = _process("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert answer.returncode == 0, answer.stderr


CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/admin/login/", "/no-such-page"])
@pytest.mark.django_db
def test_every_page_has_the_strict_policy(client: Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert sorted(policy.rstrip(";").split("; ")) == sorted(CSP.split("; "))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
    ],
)
@pytest.mark.django_db
def test_every_page_has_the_header(client: Client, name: str, value: str) -> None:
    assert client.get("/admin/login/").headers[name] == value


@pytest.mark.django_db
def test_no_page_may_use_the_camera(client: Client) -> None:
    assert "camera=()" in client.get("/admin/login/").headers["Permissions-Policy"]


@pytest.mark.django_db
def test_admin_is_not_stored(client: Client) -> None:
    assert "no-store" in client.get("/admin/login/").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/", "/\\evil.example"])
@pytest.mark.django_db
def test_foreign_address_in_the_path_is_not_found(client: Client, path: str) -> None:
    """The path is handed over as a server does: the test client would read `//evil.example` as a host."""
    response = client.get("/", PATH_INFO=path)
    assert response.status_code == 404
    assert "Location" not in response


@pytest.mark.django_db
def test_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_large_body_is_refused(client: Client) -> None:
    answer = client.post("/admin/login/", {"username": "x" * 3_000_000})
    assert answer.status_code == 400


def test_days_are_typed_one_way_in_admin() -> None:
    # Django itself adds two longer forms of ISO 8601 to any list.
    assert not [form for form in get_format("DATE_INPUT_FORMATS") if not form.startswith("%Y-%m-%d")]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_holds_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_gives_every_package_a_hash(name: str) -> None:
    entries = re.split(r"(?m)^(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
    assert [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []


def _dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["dependencies"] + project["dependency-groups"]["dev"]


@pytest.mark.parametrize("dependency", _dependencies())
def test_dependency_says_why_it_is_here(dependency: str) -> None:
    lines = [line.strip() for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()]
    above = lines[lines.index(f'"{dependency}",') - 1]
    assert above.startswith("# ")
    assert above.endswith(".")


@pytest.mark.parametrize(("typed", "value"), [({}, True), ({"REVIEW_REQUIRED": "0"}, False)], ids=["default", "off"])
def test_second_person_is_asked_for_unless_turned_off(typed: dict[str, str], value: bool) -> None:
    assert _read("REVIEW_REQUIRED", **typed) is value


def test_site_name_has_a_default() -> None:
    assert settings.SITE_NAME == "Policy Change Record"
