"""The language of a page is in its address: /es/method/, without a prefix for the language of the site itself.

No cookie and no Accept-Language: what an address shows does not depend on who asks, so that pages can be cached and
cited. Files, feeds, the API and admin have one address each and speak the site's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils import translation

# English that belongs to no site: nothing is looked up in a catalogue, and addresses get no prefix.
_NEUTRAL = "en-us"
# Pages in the language of the site alone: those of the API, and what staff see before publication.
_ONE_LANGUAGE = ("api/", "preview/")


@dataclass(frozen=True)
class LanguageLink:
    """The same page in one language; `name` is in that language."""

    code: str
    name: str
    href: str
    is_current: bool
    is_default: bool


class LanguagePrefix:
    """The part of an address that names the language in use: "es/", or "" for that of the site.

    As Django's own LocalePrefixPattern, which may stand in the root alone; here one namespace holds pages and files.
    """

    converters: dict[str, Any] = {}

    @property
    def language_prefix(self) -> str:
        language = translation.get_language()
        return f"{language}/" if language in _others() else ""

    @property
    def regex(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.language_prefix))

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, Any]] | None:
        """Return what is left of a path that begins with the prefix."""
        prefix = self.language_prefix
        return (path[len(prefix) :], (), {}) if path.startswith(prefix) else None

    def check(self) -> list[Any]:
        return []

    def describe(self) -> str:
        return f"'{self}'"

    def __str__(self) -> str:
        return self.language_prefix


class LanguageMiddleware:
    """Speaks the language that the address names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request.path_info)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            return self.get_response(request)


def language_of(path: str) -> str:
    """Return the language that an address names, that of the site where it names none."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in _others() else settings.LANGUAGE_CODE


def _others() -> set[str]:
    return {code for code, _ in settings.LANGUAGES} - {settings.LANGUAGE_CODE}


def neutral() -> translation.override:
    """Speak English, with addresses without a prefix, for as long as this lasts; also a decorator.

    For whatever is written into files or cited: the same bytes wherever they are asked for.
    """
    return translation.override(_NEUTRAL)


def in_languages(patterns: Sequence[Any]) -> list[URLPattern | URLResolver]:
    """Return the routes with all pages below the language prefix. A page ends in a slash, a file in its ending."""
    pages = [each for each in patterns if _is_page(str(each.pattern))]
    files = [each for each in patterns if each not in pages]
    prefix: Any = LanguagePrefix()
    return [*files, URLResolver(prefix, pages)]


def _is_page(route: str) -> bool:
    return (not route or route.endswith("/")) and not route.startswith(_ONE_LANGUAGE)


def same_page(address: str) -> Iterator[LanguageLink]:
    """Yield the page at this address, with or without its host, in each language; nothing where there is but one."""
    parts = urlsplit(address)
    if len(settings.LANGUAGES) < 2 or parts.path.lstrip("/").startswith(_ONE_LANGUAGE):
        return
    current = language_of(parts.path)
    bare = parts.path if current == settings.LANGUAGE_CODE else parts.path[len(current) + 1 :]
    for code, name in settings.LANGUAGES:
        path = bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}"
        yield LanguageLink(
            code,
            name,
            parts._replace(path=path).geturl(),
            is_current=code == current,
            is_default=code == settings.LANGUAGE_CODE,
        )
