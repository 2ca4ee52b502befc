"""A private PostgreSQL for one run of the tests: about a second to start, gone when the run ends."""

import ctypes
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

OLDEST = 15
_PR_SET_PDEATHSIG = 1
_START_SECONDS = 30


class NoPostgreSQLError(Exception):
    """There is no PostgreSQL of the right age here, or it did not start. The text says which."""


@dataclass(frozen=True)
class Cluster:
    """A running server that listens on a socket in its own folder and nowhere else."""

    folder: Path
    server: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """The value for DATABASE_URL; Django puts its test database beside the one named here."""
        return f"postgresql://tests@{quote(str(self.folder), safe='')}/postgres"

    @classmethod
    def start(cls) -> Self:
        """Make and start a cluster.

        Its default collation is English by ICU, unlike SQLite's bytes: an order that leans on the database's
        own idea of the alphabet shows itself as a difference between the two runs.
        """
        binaries = newest_binaries()
        # Not TMPDIR: the path of a socket may not be longer than about 100 characters.
        folder = Path(tempfile.mkdtemp(prefix="timeline-pg-", dir="/tmp"))
        person = _unprivileged()
        if person:
            os.chown(folder, person.pw_uid, person.pw_gid)
        try:
            _initialise(binaries=binaries, folder=folder, person=person)
            cluster = cls(folder=folder, server=_serve(binaries=binaries, folder=folder, person=person))
            cluster._wait()
        except NoPostgreSQLError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return cluster

    def _wait(self) -> None:
        """Return when the server takes connections, seen by the last line of its pid file."""
        deadline = time.monotonic() + _START_SECONDS
        pid_file = self.folder / "data" / "postmaster.pid"
        while not (pid_file.exists() and pid_file.read_text().rstrip().endswith("ready")):
            if self.server.poll() is not None or time.monotonic() > deadline:
                self.server.kill()
                raise NoPostgreSQLError("the server did not start: " + (self.folder / "log").read_text()[-500:])
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server without asking its clients and remove its folder."""
        self.server.send_signal(signal.SIGQUIT)
        try:
            self.server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def newest_binaries() -> Path:
    """Return the folder with the newest initdb and postgres, 15 or later.

    Raises NoPostgreSQLError, naming what was found.
    """
    folders = [Path(name) for name in os.environ.get("PATH", "").split(os.pathsep) if name]
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    versions = {folder: _version(folder) for folder in folders}
    best = max(versions, key=lambda folder: versions[folder], default=None)
    if best is None or versions[best] == 0:
        raise NoPostgreSQLError("no initdb and postgres on PATH or in /usr/lib/postgresql/*/bin")
    if versions[best] < OLDEST:
        raise NoPostgreSQLError(f"the newest here is {versions[best]}, and {OLDEST} is the oldest that we support")
    return best


def _version(folder: Path) -> int:
    """Return the major version of the server in this folder, 0 where there is none."""
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return 0
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\b(\d+)(?:\.\d+|devel|beta\d+|rc\d+)?", answer.stdout)
    return int(found[1]) if found else 0


def _unprivileged() -> pwd.struct_passwd | None:
    """Return who shall run the server: PostgreSQL refuses root. None: whoever we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgreSQLError("it refuses to run as root, and there is neither a user postgres nor nobody")


def _as(person: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return the arguments of subprocess that make this person run the program."""
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []} if person else {}


def _initialise(*, binaries: Path, folder: Path, person: pwd.struct_passwd | None) -> None:
    command: list[str | Path] = [binaries / "initdb", "-D", folder / "data", "-U", "tests", "-A", "trust"]
    command += ["--no-sync", "-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **_as(person))
    if answer.returncode:
        raise NoPostgreSQLError(f"initdb failed: {answer.stderr.strip()[-500:]}")


def _serve(*, binaries: Path, folder: Path, person: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        # Nothing here outlives the run: a crash may lose all of it.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "200",
        "shared_buffers": "64MB",
    }
    command: list[str | Path] = [binaries / "postgres", "-D", folder / "data"]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for pytest; the server is stopped when pytest is done
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 -- one thread so far
            **_as(person),
        )


def _die_with_parent() -> None:
    """Ask Linux for SIGQUIT when pytest is killed so hard that atexit never runs."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
