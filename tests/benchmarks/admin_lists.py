"""Measure the admin's lists and its first page on a large record. Never part of the tests: it prints figures.

    python -m tests.benchmarks.admin_lists [--rows 100000] [--on DATABASE_URL]     (DATABASE=postgresql for PostgreSQL)

Server time of whole pages through the test client, median of five after one warm-up: by the clock, and of this
process's processor alone, which other work on the machine does not swell (SQLite is inside it, PostgreSQL is not).
`--on` names a scratch database that may stay; it is filled when it is empty. Without it one is made and thrown away.
SLOWEST=1 shows the slowest queries of each page.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TARGET_MS = 300
_LIST = "/admin/tracker/policyaction/"
PAGES = {
    "first page of admin": "/admin/",
    "entries": _LIST,
    "entries, page 150": f"{_LIST}?p=150",
    "entries with counts": f"{_LIST}?_facets=True",
    "entries, a year": f"{_LIST}?date_earliest__year=2015",
    "entries, a month with counts": f"{_LIST}?date_earliest__year=2015&date_earliest__month=3&_facets=True",
    "entries by date": f"{_LIST}?o=2",
    "entries not verified": f"{_LIST}?needs=unverified",
    "entries on hold": f"{_LIST}?status=on_hold",
    "entries in effect": f"{_LIST}?status=in_effect",
    "entries published": f"{_LIST}?public=current",
    "entries never published": f"{_LIST}?public=never",
    "entries edited since": f"{_LIST}?public=edited",
    "entries, one agency": f"{_LIST}?agency__id__exact=200",
    "search: a word": f"{_LIST}?q=programme",
    "search: a rare word": f"{_LIST}?q=4242",
    "search: an address": f"{_LIST}?q=https://www.news77.example/2015/08/a-policy-was-changed-77?utm_source=x",
    "search: part of an address": f"{_LIST}?q=news77.example/2015/08/",
    "sources": "/admin/tracker/source/",
    "agencies": "/admin/tracker/agency/",
    "actors": "/admin/tracker/actor/",
    "publishers": "/admin/tracker/publisher/",
    "categories": "/admin/tracker/category/",
}


def main() -> None:
    """Fill a scratch database, ask for each page, print a table."""
    parser = argparse.ArgumentParser(description="Measure the admin's lists on a large record.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--on", metavar="DATABASE_URL", help="a scratch database to fill, or filled before")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="timeline-bench-") as folder:
        client = _prepare(chosen.rows, url=chosen.on, folder=Path(folder))
        _print_all(client, only=chosen.only)


def _prepare(rows: int, *, url: str | None, folder: Path) -> Any:
    """Set Django up on a scratch database with `rows` entries; return a signed-in client."""
    import tests.environment  # noqa: F401, PLC0415 - sets what the settings read, starts PostgreSQL if it is asked for

    os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
    os.environ["DATABASE_URL"] = url or os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'bench.sqlite3'}"
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import override_settings, setup_test_environment  # noqa: PLC0415

    from tests.benchmarks.many_entries import fill  # noqa: PLC0415
    from tracker.models import PolicyAction  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    setup_test_environment()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # no collectstatic went before
    override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}).enable()
    root = User.objects.filter(username="root").first() or User.objects.create_superuser("root")
    if not PolicyAction.objects.exists():
        started = time.perf_counter()
        fill(rows, by=root)
        _say(f"filled with {rows:,} entries in {time.perf_counter() - started:.0f} s")
    client = Client()
    client.force_login(root)
    return client


def _print_all(client: Any, *, only: str) -> None:
    from django.db import connection  # noqa: PLC0415

    load = os.getloadavg()[0]
    _say(f"{connection.vendor}, load {load:.1f} on {os.cpu_count()} cores; target {TARGET_MS} ms")
    _say(f"{'page':32}   by the clock  processor  queries")
    for name, address in PAGES.items():
        if only in name:
            clock, own, queries = _measure(client, address)
            above = "   ABOVE" if clock > TARGET_MS else ""
            _say(f"{name:32} {clock:7.0f} ms {own:7.0f} ms {queries:4}{above}")


def _measure(client: Any, address: str) -> tuple[float, float, int]:
    """Return the medians of five in milliseconds, by the clock and of this process alone, and the number of queries."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as queries:
        status = client.get(address).status_code
    asked = list(queries)
    if status != 200:
        raise SystemExit(f"{address} answered {status}.")
    times, own = [], []
    for _ in range(5):
        started, busy = time.perf_counter(), time.process_time()
        client.get(address)
        times.append((time.perf_counter() - started) * 1000)
        own.append((time.process_time() - busy) * 1000)
    if os.environ.get("SLOWEST"):
        for query in sorted(asked, key=lambda each: -float(each["time"]))[:4]:
            _say(f"    {query['time']} s {query['sql'][:1500]}")
    return statistics.median(times), statistics.median(own), len(asked)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
