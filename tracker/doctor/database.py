"""What the database says: how it is set up, and whether all that guards and finds the record stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from tracker import health, triggers
from tracker.models import Edition

_OLDEST_POSTGRESQL = 15
_LATE = timedelta(minutes=5)
_FIRST = 2025  # a clock that shows an earlier year was never set
_NETWORKS = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "gluster", "lustre", "fuse.", "vboxsf")
_MOUNTS = Path("/proc/self/mounts")


def _asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def settings_of_sqlite() -> Iterator[str]:
    """Whether what is acknowledged survives a power cut, and readers never wait for writers."""
    if connection.vendor != "sqlite":
        return
    if (found := _asked("PRAGMA journal_mode")) != "wal":
        yield f"SQLite's journal is {found}, not wal: readers and editors wait for each other. Is the folder writable?"
    if _asked("PRAGMA synchronous") < 2:
        yield "SQLite does not wait for the disk (synchronous): a power cut loses what was acknowledged."


def place_of_sqlite() -> Iterator[str]:
    """Locks do not hold on network folders: two machines damage the file."""
    if connection.vendor != "sqlite":
        return
    file = Path(connection.settings_dict["NAME"])
    kind = file_system(file.parent)
    if kind.startswith(_NETWORKS):
        yield f"{file} is in a network folder ({kind}), where SQLite gets damaged: use a local disk, or PostgreSQL."
    if file.stat().st_mode & 0o007:
        yield f"{file} holds drafts and password hashes and every account of this machine may read it: chmod 640."


def file_system(folder: Path) -> str:
    """Return the kind of file system that holds a folder, such as "ext4"; "" where nobody tells."""
    if not _MOUNTS.exists():
        return ""
    found = [line.split()[1:3] for line in _MOUNTS.read_text(encoding="utf-8").splitlines()]
    mounted = [(Path(place.replace("\\040", " ")), kind) for place, kind in found]
    inside = [(place, kind) for place, kind in mounted if folder.resolve().is_relative_to(place)]
    return max(inside, key=lambda each: len(each[0].parts), default=(folder, ""))[1]


def settings_of_postgresql() -> Iterator[str]:
    """Its age."""
    if connection.vendor == "postgresql" and int(_asked("SHOW server_version_num")) // 10_000 < _OLDEST_POSTGRESQL:
        yield f"PostgreSQL is {_asked('SHOW server_version')}: {_OLDEST_POSTGRESQL} is the oldest that we support."


def connections() -> Iterator[str]:
    """Whether the server has room for all that the web workers may open."""
    if connection.vendor != "postgresql":
        return
    workers = int(os.environ.get("WEB_WORKERS", "2"))
    pool = connection.settings_dict["OPTIONS"].get("pool")
    each = pool["max_size"] if pool else settings.THREADS
    room = int(_asked("SHOW max_connections")) - int(_asked("SHOW superuser_reserved_connections"))
    if workers * each > room:
        yield (
            f"{workers} workers may open {each} connections each, and PostgreSQL has room for {room}: "
            "raise max_connections, or lower WEB_WORKERS or THREADS."
        )


def migrations() -> Iterator[str]:
    """Whether the tables are those of this version."""
    with connection.cursor() as cursor:
        is_new = "django_migrations" not in connection.introspection.table_names(cursor)
    if is_new:
        yield "The database has no tables: run manage.py migrate, then manage.py load_vocabulary."
    elif waiting := health.unapplied():
        yield f"{len(waiting)} migration(s) are not applied, {waiting[0]} first: run manage.py migrate."


def guards() -> Iterator[str]:
    """Whether the ledger is guarded."""
    if missing := triggers.missing(connection):
        yield f"{len(missing)} guard(s) of the ledger are missing, such as {min(missing)}: run manage.py migrate."


def search() -> Iterator[str]:
    """Whether `q` can find everything."""
    if lost := health.not_indexed():
        yield f"The search index lacks {lost} public row(s): run manage.py rebuild_search."


def review() -> Iterator[str]:
    """Whether the four-eyes rule is off although there are two pairs."""
    publishing = User.objects.with_perm(
        "tracker.publish_policyaction", backend="django.contrib.auth.backends.ModelBackend"
    )
    if not settings.REVIEW_REQUIRED and (count := publishing.filter(is_staff=True).count()) > 1:
        yield f"REVIEW_REQUIRED is off though {count} people may publish: nobody looks at what another wrote. Set 1."


def clock(now: datetime) -> Iterator[str]:
    """Whether this machine knows what time it is."""
    newest = Edition.objects.newest()
    if now.year < _FIRST:
        yield f"The clock of this machine shows {now:%Y-%m-%d}: set it (timedatectl set-ntp true)."
    elif newest and newest.published_at > now + _LATE:
        told = f"{now:%Y-%m-%d %H:%M}, edition {newest.number} is of {newest.published_at:%Y-%m-%d %H:%M}"
        yield f"The clock of this machine is late: it shows {told} (UTC). Set it (timedatectl set-ntp true)."
    if connection.vendor == "postgresql" and abs(_asked("SELECT clock_timestamp()") - now) > _LATE:
        yield "The clocks of this machine and of PostgreSQL differ by minutes: set both."
