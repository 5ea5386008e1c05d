import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.conf import LazySettings

from alarms import prometheus
from alarms.rules.rule import Failure, Instant
from tests import servers

VECTOR = {
    "resultType": "vector",
    "result": [
        {"metric": {"instance": "a"}, "value": [1.5, "71.25"]},
        {"metric": {"instance": "b"}, "value": [1.5, "NaN"]},
        {"metric": {"instance": "c"}, "value": [1.5, "-3"]},
    ],
}
ANSWERS: dict[str, tuple[int, Any]] = {
    "up": (200, {"status": "success", "data": VECTOR}),
    "vector(1)": (200, {"status": "success", "data": {"resultType": "scalar", "result": [1, "7"]}}),
    "up[5m]": (200, {"status": "success", "data": {"resultType": "matrix", "result": []}}),
    "nothing": (200, {"status": "success", "data": {"resultType": "vector", "result": []}}),
    "up(": (400, {"status": "error", "errorType": "bad_data", "error": "parse error"}),
}


class Prometheus(BaseHTTPRequestHandler):
    """Answers instant queries as a Prometheus does."""

    def do_POST(self) -> None:
        assert self.path == "/base/api/v1/query"
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, said = ANSWERS.get(form["query"][0], (502, "no JSON"))
        body = json.dumps(said).encode() if not isinstance(said, str) else said.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *words: Any) -> None:
        """Nothing."""


@pytest.fixture
def prometheus_url(settings: LazySettings) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Prometheus)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/base/"
    settings.TELEMETRY = {**settings.TELEMETRY, "PROMETHEUS_URL": url}
    yield url
    server.shutdown()
    server.server_close()


def test_it_asks_what_queries_say_now(prometheus_url: str) -> None:
    asked = ["up", "nothing", "vector(1)"]
    found = prometheus.answers([Instant(query) for query in asked])
    assert found == [[71.25, -3.0], [], [7.0]]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("up(", "Prometheus refused the query: parse error"),
        ("up[5m]", "the query gives a matrix, not numbers of one moment"),
        ("other", "Prometheus answered 502, which is no JSON"),
    ],
)
def test_it_says_why_there_is_no_answer(prometheus_url: str, query: str, why: str) -> None:
    assert prometheus.answers([Instant("up"), Instant(query)]) == [[71.25, -3.0], Failure(why)]


def test_it_has_to_be_set_up(settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "PROMETHEUS_URL": ""}
    assert prometheus.answers([Instant("up")] * 2) == [Failure(prometheus.UNSET)] * 2


def test_one_that_is_away_is_asked_no_more_in_a_round(settings: LazySettings) -> None:
    url = f"http://127.0.0.1:{servers.free_port()}"
    settings.TELEMETRY = {**settings.TELEMETRY, "PROMETHEUS_URL": url}
    found = prometheus.answers([Instant("up")] * 200)
    assert {type(one) for one in found} == {Failure}
    assert found[-1] == Failure(prometheus.AWAY)
