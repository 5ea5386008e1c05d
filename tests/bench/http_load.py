"""A load of POSTs over HTTP, as agents send them: a connection for each batch.

The bodies are made before the clock runs.
"""

import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle

CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Load:
    """What was sent and how long it took, in seconds; latencies are one for each request."""

    requests: int
    seconds: float
    latencies: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """The latency that this share of the requests stayed below."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _send(port: int, posts: Sequence[tuple[str, bytes]]) -> list[float]:
    latencies = []
    for meter, body in posts:
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(
            "POST",
            f"/v2/meters/{meter}",
            body,
            {"Content-Type": "application/json", "X-Roles": "admin"},
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            raise RuntimeError(f"a POST was answered with {answer.status}")
        connection.close()
        latencies.append(time.perf_counter() - started)
    return latencies


def post(port: int, posts: Sequence[tuple[str, bytes]]) -> Load:
    """Send every body once, dealt out to the clients in turn."""
    hands: list[list[tuple[str, bytes]]] = [[] for _ in range(CLIENTS)]
    for hand, one in zip(cycle(hands), posts, strict=False):
        hand.append(one)
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        latencies = [
            took for part in pool.map(lambda hand: _send(port, hand), hands) for took in part
        ]
    return Load(len(posts), time.perf_counter() - started, tuple(latencies))
