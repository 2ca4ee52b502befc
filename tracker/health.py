"""For operators and their machines: /healthz (the process answers) and /readyz (readers can be served).

Plain JSON without sessions, cookies or secrets, never stored. /readyz asks three questions of the database.
"""

from __future__ import annotations

import logging
from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.models import Edition

_LOOKED_AT = 1_000
"""Newest rows of which /readyz asks whether they can be found; `doctor` asks of all."""
_RETRY_AFTER = "30"  # seconds
_log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(_: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process answers at all."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 with the newest edition (0 before the first), or 503 with the reasons why readers cannot be served."""
    try:
        edition, reasons = _standing()
    except Error as error:
        _log.exception("The database failed at %s", request.path, exc_info=error)
        edition, reasons = None, ["The database does not answer, or has no tables yet."]
    if reasons:
        told = {"ready": False, "edition": edition, "reasons": reasons}
        return JsonResponse(told, status=503, headers={"Retry-After": _RETRY_AFTER})
    return JsonResponse({"ready": True, "edition": edition})


def _standing() -> tuple[int | None, list[str]]:
    """Return the number of the newest edition and what is amiss. Three queries."""
    if waiting := unapplied():
        # The tables may not be there yet: whatever else were asked would fail for the same reason.
        return None, [f"{len(waiting)} migration(s) are not applied."]
    newest = Edition.objects.newest()
    lost = not_indexed(newest=_LOOKED_AT)
    reasons = [f"The search index lacks {lost} of the newest {_LOOKED_AT} rows: run rebuild_search."] if lost else []
    return newest.number if newest else 0, reasons


def unapplied() -> list[str]:
    """Return the migrations, as "app.name", that the database has not seen. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = {(app, name) for app, name in cursor.fetchall()}
    return [f"{app}.{name}" for app, name in sorted(_on_disk() - applied)]


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    # A squashed migration stands for those that it replaces.
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return frozenset(loader.disk_migrations.keys() - replaced)


def not_indexed(*, newest: int | None = None) -> int:
    """Return how many of the newest public rows (None: of all) `q` cannot find. One query."""
    limit = f"LIMIT {newest:d}" if newest is not None else ""
    sql = (
        "SELECT count(*) FROM (SELECT id, change, redacted_in FROM tracker_publishedaction"  # noqa: S608 - ours
        f" ORDER BY id DESC {limit}) rows"
        " WHERE change <> 'retracted' AND redacted_in IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM timeline_searchtext found WHERE found.row_id = rows.id)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (count,) = cursor.fetchone()
    return int(count)
