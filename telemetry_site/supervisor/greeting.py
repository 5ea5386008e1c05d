"""Finds out when the web server answers for the first time, without ever waiting for it."""

import socket
from contextlib import suppress

QUESTION = b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where we ask, not where we listen


def reachable(listener: socket.socket) -> tuple[str, int]:
    """Host and port at which a client on this machine finds the listener."""
    host, port = listener.getsockname()[:2]
    return ANYWHERE.get(host, host), port


def url(address: tuple[str, int]) -> str:
    """The address as a link."""
    host, port = address
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class Greeting:
    """Asks /healthz until it is answered with 200, a step at each call."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self._asking: socket.socket | None = None
        self._over = False

    def is_due(self) -> bool:
        """True once: at the first call after the server has answered."""
        if self._over:
            return False
        answer = b""
        with suppress(BlockingIOError):
            answer = self._ask()
        self._over = answer.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))
        return self._over

    def _ask(self) -> bytes:
        """What has been answered so far; a question that was not answered is put again."""
        try:
            if self._asking is None:
                # The listener is open already: this only queues behind it.
                self._asking = socket.create_connection(self.address, timeout=1)
                self._asking.setblocking(False)
                self._asking.sendall(QUESTION)
            answer = self._asking.recv(1024)
        except BlockingIOError:
            raise
        except OSError:
            answer = b""
        if self._asking is not None:
            self._asking.close()
            self._asking = None
        return answer
