"""A reader that stalls: bytes pass from the server to the client up to a mark, then wait until they may go on."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HOLD_AFTER = 1_000_000  # bytes
_LITTLE = 65_536


class Relay:
    """Takes one connection on `port` and stands between it and the server.

    Once HOLD_AFTER bytes passed, `is_held` is set and nothing is read from the server until `go_on`: what it sends
    fills the little that the kernel keeps, and it waits.
    """

    def __init__(self, server: int) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(30)
        self.port = self._listening.getsockname()[1]
        self.server = server
        self.is_held, self.may_go_on = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._pass, daemon=True)

    def _pass(self) -> None:
        with suppress(OSError), self._listening, self._listening.accept()[0] as client, socket.socket() as upstream:
            upstream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _LITTLE)
            upstream.connect(("127.0.0.1", self.server))
            upstream.sendall(client.recv(_LITTLE))
            passed = 0
            while part := upstream.recv(_LITTLE):
                client.sendall(part)
                passed += len(part)
                if passed >= HOLD_AFTER and not self.is_held.is_set():
                    self.is_held.set()
                    self.may_go_on.wait(timeout=60)

    def url(self, path: str) -> str:
        """Return the address of `path` through here."""
        return f"http://127.0.0.1:{self.port}{path}"

    def wait(self) -> None:
        """Return when the transfer is held; raises TimeoutError if it never is."""
        if not self.is_held.wait(timeout=30):
            raise TimeoutError("The transfer ended before it could be held.")

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def finish(self) -> None:
        """Let everything pass and wait for the end."""
        self.may_go_on.set()
        self._thread.join(timeout=30)


@contextmanager
def relay(server: int) -> Iterator[Relay]:
    """Stand in front of the server on this port for a while."""
    standing = Relay(server)
    standing.start()
    try:
        yield standing
    finally:
        standing.finish()
