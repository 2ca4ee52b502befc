"""What docs/deploy/ holds fits the application: its settings, its limits, its paths."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tracker.admin.uploads import MAX_UPLOAD

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "docs/deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))


def _environment(tmp_path: Path) -> dict[str, str]:
    """Return the variables of timeline.env as a shell reads them, with a key of their own."""
    lines = (DEPLOY / "timeline.env").read_text(encoding="utf-8").splitlines()
    told = dict(shlex.split(line)[0].split("=", 1) for line in lines if line and not line.startswith("#"))
    (tmp_path / "key").write_text("0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnopqrstuvwxyz")
    return told | {"SECRET_KEY_FILE": str(tmp_path / "key")}


def _unit(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser["Service"]


def test_environment_starts_the_application(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=_environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr


def test_environment_reads_alike_in_shell_and_systemd(tmp_path: Path) -> None:
    shown = subprocess.run(
        ["/bin/sh", "-c", f". {DEPLOY / 'timeline.env'}; printf %s \"$SITE_NAME\""],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stdout == _environment(tmp_path)["SITE_NAME"] == "Policy Change Record"


@pytest.mark.parametrize("name", UNITS)
def test_unit_runs_what_is_there(name: str) -> None:
    service = _unit(name)
    program, *arguments = service["ExecStart"].split()
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("timeline", "yes", "strict")
    assert program.startswith("/opt/timeline/.venv/bin/")
    assert arguments[0] == "tracker.wsgi" or arguments[1] in get_commands()


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.glob("timeline*.[st]*r*")))
def test_systemd_understands_the_unit(name: str, tmp_path: Path) -> None:
    """Asked of the unit itself: programs and accounts of another machine are put in the place of ours."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on PATH")
    for file in DEPLOY.glob("timeline*.[st]*r*"):
        text = re.sub(r"/opt/timeline/\.venv/bin/\w+", "/bin/true", file.read_text(encoding="utf-8"))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    answer = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / name)],  # noqa: S607
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (answer.returncode, answer.stderr) == (0, "")


def test_running_downloads_may_finish() -> None:
    found = re.search(r"^graceful_timeout = (\d+)$", (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8"), re.M)
    assert found
    assert int(_unit("timeline.service")["TimeoutStopSec"]) > int(found[1])


def _nginx() -> str:
    return (DEPLOY / "nginx.conf").read_text(encoding="utf-8")


def test_proxy_lets_what_editors_send_through() -> None:
    """The application says in the form what was too large; nginx would only say 413."""
    found = re.search(r"client_max_body_size (\d+)m;", _nginx())
    assert found
    assert int(found[1]) * 1_000_000 > 5 * MAX_UPLOAD


@pytest.mark.parametrize(
    "line",
    [
        "proxy_set_header Host $host;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Request-ID $request_id;",
    ],
)
def test_proxy_says_who_asks(line: str) -> None:
    assert line in _nginx()


def test_proxy_writes_no_address_and_no_query() -> None:
    (written,) = re.findall(r"log_format timeline '(.*)';", _nginx())
    assert not {"$remote_addr", "$request", "$request_uri", "$args", "$http_user_agent"} & set(written.split())


def test_steps_name_files_and_commands_that_exist() -> None:
    text = (DEPLOY / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"timeline-manage (\w+)", text))
    files = set(re.findall(r"docs/deploy/([\w.-]+\w)", text))
    assert commands - get_commands().keys() == set()
    assert {file for file in files if not (DEPLOY / file).exists()} == set()
    assert len(commands) > 5
    assert len(files) > 4


def test_script_is_a_shell_script_that_may_run() -> None:
    script = DEPLOY / "timeline-manage"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["/bin/sh", "-n", str(script)], check=False).returncode == 0
