"""Measure the files of everything on a synthetic ledger, beside what people use otherwise. Prints a table.

    python -m tests.benchmarks.exports [--rows 100000] [--on DATABASE_URL]     (DATABASE=postgresql for PostgreSQL)

The whole way: curl, loopback, gunicorn with one worker, the view, the database. Ours and the peer by turns, the median
of three, so that other work on the machine meets both alike; processor time of all that takes part is told beside the
clock, since other work does not swell it much. Writes docs/performance/exports-*.json and the page made of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

COMMAND = "make bench-exports ROWS=1000000"
TURNS = 3
MEMORY_MB, FIRST_BYTE_MS = 60, 200
# Clock of the export against clock of the peer (DESIGN section 10).
MOST = {"postgresql": 1.5, "sqlite": 1.0}


@dataclass
class Measured:
    """The turns of one thing: seconds by the clock, seconds of processor, milliseconds to the first byte, MB."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    first_byte: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    size: int = 0

    def __getattr__(self, name: str) -> float:
        """Return the median of the turns: `median_clock` and so on."""
        return statistics.median(self.__dict__[name.removeprefix("median_")])


def main() -> None:
    """Fill a scratch database, serve it, measure, print and write the figures."""
    parser = argparse.ArgumentParser(description="Measure the exports beside psql and the sqlite3 shell.")
    parser.add_argument("--rows", type=int, default=int(os.environ.get("ROWS", "100000")))
    parser.add_argument("--on", metavar="DATABASE_URL", help="a scratch database to fill, or filled before")
    chosen = parser.parse_args()
    from tests.benchmarks import scratch  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="timeline-bench-") as name:
        folder = Path(name)
        address = scratch.prepare(url=chosen.on, folder=folder)
        scratch.say(held := scratch.filled(chosen.rows))
        _measure_all(address, folder, held=held)


def _measure_all(address: str, folder: Path, *, held: str) -> None:
    from django.db import connection  # noqa: PLC0415

    from tests.benchmarks import peers, processes, report, scratch  # noqa: PLC0415
    from tests.serving import Server  # noqa: PLC0415
    from tracker.models import PublishedAction  # noqa: PLC0415

    peers.prepare(address)
    rows, version = PublishedAction.objects.current().count(), _database_version()
    before = processes.load()
    connection.close()
    server = Server.start(database=address, log=folder / "gunicorn.log")
    try:
        figures = _figures(server, peers.command(address))
    finally:
        server.stop()
    about = {
        "title": f"{rows:,} rows on {connection.vendor}",
        "ledger": held,
        "machine": processes.machine(),
        "versions": f"Python {platform.python_version()}, {version}",
        "load averages": f"{before} before, {processes.load()} after",
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    for told in about.items():
        scratch.say(": ".join(told))
    scratch.say(report.table(figures))
    report.write("exports", f"{connection.vendor}-{rows}", about=about, figures=figures, command=COMMAND)


def _database_version() -> str:
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def _figures(server: Any, peer: list[str] | None) -> list[Any]:
    from django.db import connection  # noqa: PLC0415

    from tests.benchmarks import peers  # noqa: PLC0415
    from tests.benchmarks.report import Figure  # noqa: PLC0415

    measure = _Bench(server)
    csv, jsonl, other = Measured(), Measured(), Measured()
    for _ in range(TURNS):
        measure.download(csv, "/actions.csv")
        if peer:
            measure.run(other, peer)
        measure.download(jsonl, "/actions.jsonl")
    name = peers.name() if peer else f"{peers.name()} (not installed)"
    beside: dict[str, Any] = {"peer": other.median_clock if peer else None, "peer_name": name}
    figures = [
        Figure(
            f"CSV of everything, {csv.size / 1e6:,.0f} MB",
            csv.median_clock,
            "s",
            most=MOST[connection.vendor],
            **beside,
        ),
        Figure("... processor time", csv.median_processor, "s", other.median_processor if peer else None, peers.name()),
    ]
    for what, measured in ((".csv", csv), (".jsonl", jsonl)):
        if measured is jsonl:
            figures.append(Figure(f"JSON Lines of everything, {jsonl.size / 1e6:,.0f} MB", jsonl.median_clock, "s"))
        figures.append(Figure(f"{what}: first byte", max(measured.first_byte), "ms", most=FIRST_BYTE_MS))
        figures.append(Figure(f"{what}: memory above idle", max(measured.memory), "MB", most=MEMORY_MB))
    return figures + [_once(measure, path) for path in ("/actions.parquet", "/actions.xlsx")]


def _once(measure: _Bench, path: str) -> Any:
    from tests.benchmarks.report import Figure  # noqa: PLC0415

    measured = Measured()
    measure.download(measured, path)
    what = f"{path.removeprefix('/')}, {measured.size / 1e6:,.0f} MB, {max(measured.memory):.0f} MB of memory"
    return Figure(what, measured.median_clock, "s")


class _Bench:
    """Fetches from one server and counts what its worker and the database spend."""

    def __init__(self, server: Any) -> None:
        from tests.benchmarks import processes  # noqa: PLC0415

        self.processes, self.server = processes, server
        (self.worker,) = server.workers()
        self.database = processes.database_server()
        self._curl(server.url("/actions.csv?as_of=1"))  # what is loaded at the first request is no cost of a file
        self.idle = processes.memory(self.worker)

    def download(self, measured: Measured, path: str) -> None:
        """Fetch `path` once into nowhere."""
        self.processes.forget_peak(self.worker)
        told = self._timed(measured, lambda: self._curl(self.server.url(path)), own=[self.worker])
        first_byte, size = told.split()
        measured.first_byte.append(float(first_byte) * 1000)
        measured.memory.append(self.processes.memory(self.worker, peak=True) - self.idle)
        measured.size = int(size)

    def run(self, measured: Measured, command: list[str]) -> None:
        """Run a peer's command once into nowhere."""
        with Path(os.devnull).open("wb") as nowhere:
            self._timed(measured, lambda: subprocess.run(command, stdout=nowhere, check=True), own=[os.getpid()])

    def _timed(self, measured: Measured, act: Callable[[], Any], *, own: list[int]) -> Any:
        spent = self._processor(own)
        started = time.perf_counter()
        result = act()
        measured.clock.append(time.perf_counter() - started)
        measured.processor.append(self._processor(own) - spent)
        return result

    def _processor(self, own: list[int]) -> float:
        database = self.processes.family(self.database) if self.database else []
        return self.processes.processor([*own, *database])

    def _curl(self, url: str) -> str:
        """Fetch `url` into nowhere; return seconds to the first byte and bytes."""
        command = ["curl", "-sS", "--fail", "-o", os.devnull, "-w", "%{time_starttransfer} %{size_download}", url]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
