"""A real gunicorn on loopback, as production runs it, for what no test client can show: broken transfers, memory."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server: `port` on 127.0.0.1, `process` its master."""

    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, *, database: str, log: Path, workers: int = 1) -> Self:
        """Serve the database at this address; return when the first answer came.

        Raises RuntimeError with the end of the log if none comes.
        """
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        told = {"DATABASE_URL": database, "DATABASE_POOL": "1", "PORT": str(port), "WEB_WORKERS": str(workers)}
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "tracker.wsgi"],
                cwd=ROOT, env=os.environ | told, stdout=file, stderr=file, start_new_session=True,
            )  # fmt: skip
        server = cls(port=port, process=process)
        server._wait(log)
        return server

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(URLError, OSError), urlopen(self.url("/actions.csv?as_of=0"), timeout=30):  # noqa: S310
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"gunicorn did not start: {log.read_text()[-2000:]}")

    def url(self, path: str) -> str:
        """Return the address of `path`."""
        return f"http://127.0.0.1:{self.port}{path}"

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(word) for word in children.split()]

    def stop(self) -> None:
        """End it at once, workers included."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)


def database_url(database: dict[str, Any]) -> str:
    """Return the value of DATABASE_URL for a database as `connection.settings_dict` describes it."""
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return f"sqlite:///{database['NAME']}"
    return f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}"
