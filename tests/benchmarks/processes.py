"""What processes cost, read from /proc: memory, and processor time that other work on the machine does not swell."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


def memory(process: int, *, peak: bool = False) -> float:
    """Return the resident memory of a process in MB; its highest since `forget_peak` with `peak`."""
    found = re.search(rf"{'VmHWM' if peak else 'VmRSS'}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def forget_peak(process: int) -> None:
    """Let the highest memory of a process be counted from now on."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def processor(processes: Iterable[int]) -> float:
    """Return the processor seconds of these processes, with those of their children that have ended."""
    total = 0
    for process in processes:
        with suppress(FileNotFoundError):
            after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, after_name[11:15]))
    return total / _TICKS


def family(process: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [process, *map(int, children.split())]


def database_server() -> int | None:
    """Return the process of the PostgreSQL server on this machine; None for SQLite, which is inside ours."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return int((Path(cursor.fetchone()[0]) / "postmaster.pid").read_text().split()[0])


def machine() -> str:
    """Return what the machine is, in a line."""
    cores, memory_ = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return f"{cores} cores ({model[1] if model else 'unknown'}), {memory_:.0f} GB of memory"


def load() -> str:
    """Return the load averages of 1, 5 and 15 minutes."""
    return " ".join(f"{each:.1f}" for each in os.getloadavg())
