"""Take a picture of every kind of page and every state: light and dark, wide and narrow.

    python -m tests.browser.screenshots [--of gallery|spanish|seeds] [--to FOLDER] [--only WORD]

Of the gallery (the default), or of its pages in Spanish, into var/screenshots/, to be looked at; of the seeds into
docs/screenshots/, where the README shows them. A real gunicorn serves a scratch database; the static files must have
been collected.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.scratch import prepare, say
from tests.browser.chromium import launched
from tests.serving import ROOT, Server

ENTRY = "/actions/military-aid-to-ukraine-paused/"
README = {"timeline": "/", "entry": ENTRY, "tracks": "/?view=tracks"}
LOOKS: tuple[Mapping[str, Any], ...] = (
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
)


def main() -> None:
    """Publish the record, serve it, and take the pictures."""
    parser = argparse.ArgumentParser(description="Take a picture of every kind of page.")
    parser.add_argument("--of", choices=("gallery", "spanish", "seeds"), default="gallery")
    parser.add_argument("--to", type=Path)
    parser.add_argument("--only", default="", help="only pages whose name holds this")
    asked = parser.parse_args()
    is_readme = asked.of == "seeds"
    folder = asked.to or ROOT / ("docs/screenshots" if is_readme else "var/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        database = prepare(url=None, folder=Path(scratch))
        pages = _published(asked.of)
        server = Server.start(database=database, log=Path(scratch) / "gunicorn.log")
        try:
            for look in LOOKS[:1] if is_readme else LOOKS:
                named = {name: path for name, path in pages.items() if asked.only in name}
                _take(server, named, look, folder=folder, is_full=not is_readme)
        finally:
            server.stop()


def _published(record: str) -> Mapping[str, str]:
    """Publish the record of this name; return its pages."""
    from django.core.management import call_command  # noqa: PLC0415 - only now is Django set up

    from tests import gallery  # noqa: PLC0415

    if record != "seeds":
        gallery.publish_gallery()
        return gallery.SPANISH if record == "spanish" else gallery.PAGES
    call_command("load_vocabulary", verbosity=0)
    call_command("load_package", str(gallery.SEEDS), publish=True, verbosity=0)
    return README


def _take(server: Server, pages: Mapping[str, str], look: Mapping[str, Any], *, folder: Path, is_full: bool) -> None:
    width, scheme = look["viewport"]["width"], look["color_scheme"]
    with launched() as browser:
        page = browser.new_context(**look).new_page()
        for name, path in pages.items():
            answer = page.goto(server.url(path), wait_until="networkidle")
            suffix = f"-{width}-{scheme}" if is_full else ""
            file = folder / f"{re.sub('[^a-z0-9]+', '-', name)}{suffix}.png"
            page.screenshot(path=file, full_page=is_full)
            say(f"{answer.status if answer else '-'} {file}")


if __name__ == "__main__":
    main()
