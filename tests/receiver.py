"""A web server that remembers what it is sent, and answers as it is told to."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple

import msgspec


class Request(NamedTuple):
    """What came; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)


class Receiver:
    """The answers that are still to be given come first, then 200s."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answers: list[int] = []
        self.hanging: Event | None = None
        self.port = 0
        self.connections = 0
        self.over = False

    def url(self, scheme: str = "http", path: str = "/in", account: str = "") -> str:
        """An address that leads here."""
        return f"{scheme}://{account}127.0.0.1:{self.port}{path}"

    def take(self, request: Request) -> int:
        """The status to answer with."""
        if self.hanging is not None:
            self.hanging.wait(10)
        self.requests.append(request)
        return self.answers.pop(0) if self.answers else 200


@contextmanager
def receiver(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """One that listens until the end."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            made.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if made.over:  # connections that were kept open end with the server
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = made.take(Request(self.path, headers, body))
            with suppress(ConnectionError):  # whoever asked may be dead by now
                self.answer(status)

        def answer(self, status: int) -> None:
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", made.url(path="/elsewhere"))
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *words: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.over = True
        server.shutdown()
        server.server_close()
        thread.join()
