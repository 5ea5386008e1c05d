"""A listening socket whose every connection is counted, and answered as a test wants it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TypeAlias

PATIENCE = 20


class Listener:
    """What came: connections, and the bytes that could be written to them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connections = 0
        self.written = 0
        self.left = Event()  # the other end has hung up
        self.over = Event()

    def write(self, to: socket.socket, data: bytes) -> None:
        """Raises OSError where the other end has hung up."""
        try:
            to.sendall(data)
        except OSError:
            self.left.set()
            raise
        self.written += len(data)


Answer: TypeAlias = Callable[[Listener, socket.socket], None]


@contextmanager
def listening(answer: Answer, host: str = "127.0.0.1", port: int = 0) -> Iterator[Listener]:
    """One that listens until the end; each connection has a thread that reads a request first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, port))
        server.listen(64)
        made = Listener(server.getsockname()[1])
        Thread(target=_serve, args=(server, made, answer), daemon=True).start()
        try:
            yield made
        finally:
            made.over.set()
            server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, made: Listener, answer: Answer) -> None:
    with suppress(OSError):
        while True:
            taken, _ = server.accept()
            made.connections += 1
            Thread(target=_answer, args=(taken, made, answer), daemon=True).start()


def _answer(taken: socket.socket, made: Listener, answer: Answer) -> None:
    with taken, suppress(OSError):
        taken.settimeout(PATIENCE)
        found = b""
        while b"\r\n\r\n" not in found:
            if not (some := taken.recv(65_536)):
                return
            found += some
        answer(made, taken)
