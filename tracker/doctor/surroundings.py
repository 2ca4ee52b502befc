"""What the environment says: secrets, addresses, what stands in front."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

_SHORTEST = 50  # characters of a secret key
_FEWEST = 10  # different characters in it
# Told here in other words.
_TOLD = {"security.W009", "security.W018"}


def mode() -> Iterator[str]:
    """The demo's settings."""
    if settings.INSECURE_LOCAL:
        yield "INSECURE_LOCAL=1 lets passwords travel without TLS: it is for the demo on your own machine. Remove it."
    if settings.DEBUG:
        yield "DEBUG=1 shows secrets to readers. Remove it."
    if os.environ.get("STATEMENT_TIMEOUT_MS") == "0":
        yield "STATEMENT_TIMEOUT_MS=0 lets one slow page hold the database for ever. Remove it (10000) or set a limit."


def secret_key() -> Iterator[str]:
    """A key that can be guessed or read signs sessions for whoever has it."""
    key = settings.SECRET_KEY
    if len(key) < _SHORTEST or len(set(key)) < _FEWEST or key.startswith("django-insecure-"):
        yield (
            f"The secret key is weak: it should have {_SHORTEST} random characters. Make one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'; everybody signs in again."
        )
    file = os.environ.get("SECRET_KEY_FILE", "")
    if file and not os.environ.get("SECRET_KEY") and Path(file).stat().st_mode & 0o007:
        yield f"{file} holds the secret key and every account of this machine may read it: chmod 640."


def addresses() -> Iterator[str]:
    """Where readers reach us."""
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https":
        yield f"PUBLIC_URL is {settings.PUBLIC_URL}: readers need https."
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS lets every name in: name yours."
    elif public.hostname not in settings.ALLOWED_HOSTS:
        yield f"ALLOWED_HOSTS does not name {public.hostname}, the host of PUBLIC_URL: readers get 400."


def proxies() -> Iterator[str]:
    """Behind a proxy, all readers seem to be the proxy."""
    is_behind = os.environ.get("BIND", "127.0.0.1") in {"127.0.0.1", "localhost", "::1"}
    if is_behind and not settings.INSECURE_LOCAL and not settings.REST_FRAMEWORK["NUM_PROXIES"]:
        yield "PROXIES is 0 though only a proxy on this machine reaches us: API_RATE counts all readers as one. Set 1."


def deployment() -> Iterator[str]:
    """Django's own checks, those for production included; the demo would only repeat what it is."""
    if settings.INSECURE_LOCAL:
        return
    for message in checks.run_checks(include_deployment_checks=True):
        if message.level >= checks.WARNING and not message.is_silenced() and message.id not in _TOLD:
            yield f"{message.msg} ({message.id})"
