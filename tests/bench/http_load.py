"""A load of requests over HTTP, as agents send them: a connection for each.

The bodies are made before the clock runs.
"""

import http.client
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import msgspec

CLIENTS = 4
ADMIN = {"Content-Type": "application/json", "X-Roles": "admin"}

Post: TypeAlias = tuple[str, bytes]  # the path and the body


def call(
    port: int, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = ADMIN
) -> Any:
    """The decoded answer to one request. Raises RuntimeError when it is not a good one."""
    answer = exchange(port, method, path, body, headers)
    return msgspec.json.decode(answer) if answer else None


def exchange(
    port: int, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = ADMIN
) -> bytes:
    """The bytes that one request is answered with. Raises RuntimeError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise RuntimeError(f"{method} {path} was answered with {answer.status}: {content[:500]!r}")
    return content


def post(port: int, posts: Sequence[Post], headers: Mapping[str, str] = ADMIN) -> float:
    """Seconds until every body was taken; a client that is free takes the next one."""
    waiting = iter(posts)  # that threads may share

    def send(_: int) -> None:
        for path, body in waiting:
            exchange(port, "POST", path, body, headers)

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(send, range(CLIENTS)))
    return time.perf_counter() - started
