"""Addresses of sources: the one to open, and the one under which two are compared.

A changed rule changes stored keys: it needs a migration that runs `address_key` over the sources again.
"""

import contextlib
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from tracker.codebook.tracking import is_tracking

# What stays of a host is at least a name and its ending: m.me is a site of its own.
_MOBILE_HOST = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.)")
# de.m.wikipedia.org: the language stands first.
_MOBILE_EDITION = re.compile(r"^([a-z]{2,3}|simple)\.(?:m|mobile)\.(?=[^.]+\.)")
_DEFAULT_PORTS = (None, 80, 443)

# Copies of articles on the hosts of search engines: /c/s/host/path, and google.com/amp/s/host/path.
_CACHE_HOST = re.compile(r"(?:^|\.)(?:cdn\.ampproject\.org|bing-amp\.com)\Z")
_CACHE_PATH = re.compile(r"^/[a-z]+/(?:s/)?(?=[^/]+\.[^/]+)")
_VIEWER_HOST = re.compile(r"^(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})\Z")
_VIEWER_PATH = re.compile(r"^/amp/(?:s/)?(?=[^/]+\.[^/]+)")

_INDEX = re.compile(r"/index\.html?\Z", re.IGNORECASE)
_AMP_END = re.compile(r"(?:/amp|\.amp)\Z")
_AMP_START = re.compile(r"^/amp(?=/)")
_AMP_PAGE = re.compile(r"\.amp(?=\.html?\Z)")
_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_AMP_NAMES = {"amp": {"", "1", "true", "amp"}, "outputtype": {"amp"}}
_AMP_INTERNAL = re.compile(r"amp_(?:js_v|gsa|ct|tf)|usqp|unlocked_article_code", re.ASCII)

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_PATH_SAFE = "/%:@!$&'()*+,;=~"


def address_to_open(url: str) -> str:
    """Return `url` as typed, minus its fragment and tracking names."""
    parts = urlsplit(url.strip())
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not is_tracking(pair[0])]
    query = parts.query if len(pairs) == parts.query.count("&") + 1 else urlencode(pairs)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def address_key(url: str) -> str:
    """Return the form under which addresses are compared, never opened.

    Mobile and AMP editions are the article; so is an index page its folder. No scheme, default port or outer slash,
    escapes and hosts in one spelling, the query without what selects nothing, sorted. Raises ValueError for what is
    no address.
    """
    parts = urlsplit(_unwrapped(address_to_open(url)))
    port = "" if parts.port in _DEFAULT_PORTS else f":{parts.port}"
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_idle(*pair)]
    query = urlencode(sorted(pairs))
    return f"{_host(parts.hostname or '')}{port}{_path(parts.path)}" + (f"?{query}" if query else "")


def _unwrapped(url: str) -> str:
    """Return the address of the article that a search engine shows a copy of, or `url`."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    for hosts, paths in ((_CACHE_HOST, _CACHE_PATH), (_VIEWER_HOST, _VIEWER_PATH)):
        if hosts.search(host) and (found := paths.match(parts.path)):
            query = f"?{parts.query}" if parts.query else ""
            return f"https://{parts.path[found.end() :]}{query}"
    return url


def _host(name: str) -> str:
    host = name.lower().rstrip(".")
    with contextlib.suppress(UnicodeError):  # what has no such spelling is compared as it is
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    return _MOBILE_EDITION.sub(r"\1.", _MOBILE_HOST.sub("", host))


def _path(path: str) -> str:
    escaped = quote(_ESCAPE.sub(_unescaped, _SESSION.sub("", path)), safe=_PATH_SAFE)
    bare = _INDEX.sub("", escaped.rstrip("/")).rstrip("/")
    return _AMP_START.sub("", _AMP_PAGE.sub("", _AMP_END.sub("", bare))).rstrip("/")


def _unescaped(found: re.Match[str]) -> str:
    """Return the character of an escape that need not be one; %2F and its like stay, in capitals."""
    character = chr(int(found[1], 16))
    return character if _UNRESERVED.fullmatch(character) else found[0].upper()


def _is_idle(name: str, value: str) -> bool:
    """Return whether a pair of the query asks for the same article in another dress."""
    return value.lower() in _AMP_NAMES.get(name.lower(), ()) or bool(_AMP_INTERNAL.fullmatch(name))
