"""Every page that readers meet is valid HTML, says the Nu HTML checker (Java; `make checker` fetches it)."""

import json
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.gallery import ANSWERS, PAGES, SPANISH, publish_gallery

CHECKER = Path(settings.BASE_DIR) / "var" / "checker" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.fixture
def checker() -> list[str]:
    """The command that reads HTML files and tells what is wrong with them as JSON."""
    java = shutil.which("java")
    if java is None or not CHECKER.exists():
        pytest.skip("The Nu HTML checker is not here: it needs Java and `make checker` (npm).")
    return [java, "-Xss4m", "-jar", str(CHECKER), "--format", "json", "--stdout", "--exit-zero-always"]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_every_page_is_valid_html(client: Client, checker: list[str], tmp_path: Path) -> None:
    publish_gallery()
    names = {}
    for number, (name, address) in enumerate([*PAGES.items(), *SPANISH.items()]):
        file = tmp_path / f"{number}.html"
        answer = client.get(address)
        assert answer.status_code == ANSWERS[name], name
        file.write_bytes(answer.content)
        names[file.as_uri().replace("file:///", "file:/")] = f"{name} ({address})"
    found = subprocess.run([*checker, str(tmp_path)], capture_output=True, check=True, text=True)
    faults = defaultdict(list)
    for message in json.loads(found.stdout)["messages"]:
        if message["type"] == "error":
            faults[names[message["url"]]].append(f"{message['message']} {message.get('extract', '')}")
    assert not faults, "\n".join(f"{name}: {fault}" for name, told in faults.items() for fault in told)


def test_checker_finds_what_is_wrong(checker: list[str], tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text("<!doctype html><title>Wrong</title><p><div></p>", encoding="utf-8")
    found = subprocess.run([*checker, str(tmp_path)], capture_output=True, check=True, text=True)
    assert any(message["type"] == "error" for message in json.loads(found.stdout)["messages"])
