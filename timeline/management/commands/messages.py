"""For developers: collect what is to be translated and compile what was, `make messages`. Needs GNU gettext.

makemessages reads templates and Python; the codebook is handed to it as a module that exists for that moment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from timeline.presenting.codebook_texts import counted, texts

_IGNORED = ("tests/*", "var/*", ".venv/*", "node_modules/*", "templates/admin/*", "tracker/admin/*")


class Command(BaseCommand):
    """Writes locale/<language>/LC_MESSAGES/django.po and .mo for every language but English."""

    help = "Collect the texts to translate into locale/, and compile the catalogues there."

    def handle(self, *args: Any, **options: Any) -> None:
        languages = [code for code, _ in settings.LANGUAGES if code != "en"]
        for code in languages:
            (Path(settings.BASE_DIR) / "locale" / code / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        collected = Path(settings.BASE_DIR) / "timeline" / "_codebook_msgids.py"
        try:
            collected.write_text(_module(texts(), counted()), encoding="utf-8")
            # Without places a catalogue does not change with every line of code that moves.
            how = {"ignore_patterns": list(_IGNORED), "no_location": True, "no_obsolete": True, "verbosity": 0}
            call_command("makemessages", locale=languages, **how)
        finally:
            collected.unlink(missing_ok=True)
        call_command("compilemessages", locale=languages, verbosity=0)
        self.stdout.write(f"Catalogues in locale/: {', '.join(languages)}.")


def _module(found: list[str], counted: list[str]) -> str:
    """Return Python that xgettext reads the texts of the codebook from; those `counted` have plurals of their own."""
    plain = (f'pgettext("codebook", {text!r})' for text in found)
    plural = (f'npgettext("counted", {text!r}, {text!r}, 2)' for text in counted)
    return "\n".join((*plain, *plural)) + "\n"
