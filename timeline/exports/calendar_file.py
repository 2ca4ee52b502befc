"""calendar.ics: a selection as a calendar to subscribe to, an event of whole days for each entry (RFC 5545, 7986)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import vCategory, vDuration, vText

from timeline.exports.base import Export, ShortFileError, Size
from timeline.exports.chunks import CHUNK, chunks, release
from timeline.identifiers import Names, names
from timeline.presenting import links
from timeline.presenting.calendar import Event, event
from timeline.presenting.summary import filters_told
from timeline.presenting.syndication import printable
from timeline.selection import Selection
from timeline.selection.chips import filters

_REFRESH = timedelta(hours=12)
_WIDTH = 75  # bytes of a line without its end
Lines = Iterator[tuple[str, bytes]]
"""Names of properties, with their parameters, and values as the format writes them."""


class CalendarFile(Export):
    """Texts are written by the library; whole events and folded lines of its own would take five times as long."""

    stem = "calendar"
    suffix = "ics"
    content_type = "text/calendar; charset=utf-8"

    def etag(self, selection: Selection) -> str:
        """Return the strong ETag; what the site calls itself stands in the file."""
        parts = (super().etag(selection), settings.PUBLIC_URL, settings.SITE_NAME, settings.LANGUAGE_CODE)
        return f'"{sha256(repr(parts).encode()).hexdigest()[:32]}"'

    def content(self, selection: Selection, size: Size, *, first: int = 0, chunk: int = CHUNK) -> Iterator[bytes]:
        naming, count = names(selection.newest_edition), 0
        with override(settings.LANGUAGE_CODE):
            head = _written(_head(selection))
        release()
        yield head
        for found in chunks(selection, "record", chunk=chunk):
            count += len(found)
            with override(settings.LANGUAGE_CODE):
                part = b"".join(_written(_event(event(json.loads(record)), naming)) for _, _, record in found)
            yield part
        if count != size.rows:
            raise ShortFileError(f"{count} events were sent where {size.rows} were announced.")
        yield b"END:VCALENDAR\r\n"


def _written(lines: Lines) -> bytes:
    return b"".join([_folded(name.encode() + b":" + value) for name, value in lines])


def _folded(line: bytes) -> bytes:
    """Return a line with its end, in pieces of at most 75 bytes; neither a sign nor what is escaped is cut in two."""
    pieces = []
    while len(line) > _WIDTH:
        end = _WIDTH
        while line[end] & 0xC0 == 0x80:
            end -= 1
        escapes = end - len(line[:end].rstrip(b"\\"))
        end -= escapes % 2
        pieces.append(line[:end])
        line = b" " + line[end:]
    return b"\r\n".join([*pieces, line]) + b"\r\n"


def _head(selection: Selection) -> Lines:
    told = filters_told(filters(selection)) or _("All actions")
    name = _text(f"{settings.SITE_NAME}: {told}")
    yield "BEGIN", b"VCALENDAR"
    yield "VERSION", b"2.0"
    yield "PRODID", b"-//Policy change timeline//calendar//EN"
    yield "CALSCALE", b"GREGORIAN"
    yield "METHOD", b"PUBLISH"
    yield "NAME", name
    yield "X-WR-CALNAME", name
    yield "URL", (settings.PUBLIC_URL + links.timeline(selection.query())).encode()
    yield "SOURCE;VALUE=URI", (settings.PUBLIC_URL + links.calendar(selection.query())).encode()
    yield "REFRESH-INTERVAL;VALUE=DURATION", vDuration(_REFRESH).to_ical()
    yield "X-PUBLISHED-TTL", vDuration(_REFRESH).to_ical()
    if selection.edition:
        yield "LAST-MODIFIED", _instant(selection.edition.published_at)


def _event(found: Event, naming: Names) -> Lines:
    changed = _instant(found.changed)
    yield "BEGIN", b"VEVENT"
    yield "UID", str(naming.uuid("actions", found.slug)).encode()
    yield "DTSTAMP", changed
    yield "CREATED", _instant(found.created)
    yield "LAST-MODIFIED", changed
    yield "SEQUENCE", str(found.version).encode()
    yield "DTSTART;VALUE=DATE", f"{found.first:%Y%m%d}".encode()
    yield "DTEND;VALUE=DATE", f"{found.after:%Y%m%d}".encode()
    yield "SUMMARY", _text(found.title)
    yield "DESCRIPTION", _text(found.description)
    yield "URL", (settings.PUBLIC_URL + found.href).encode()
    if found.topics:
        yield "CATEGORIES", vCategory([printable(topic) for topic in found.topics]).to_ical()
    yield "STATUS", b"TENTATIVE" if found.is_reported else b"CONFIRMED"
    yield "TRANSP", b"TRANSPARENT"  # it keeps nobody busy
    yield "END", b"VEVENT"


def _text(text: str) -> bytes:
    return bytes(vText(printable(text)).to_ical())


def _instant(at: datetime) -> bytes:
    return f"{at:%Y%m%dT%H%M%SZ}".encode()  # all instants of the record are UTC


CALENDAR = CalendarFile()
