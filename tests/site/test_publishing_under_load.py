"""The whole program, and receivers that go away and come back while samples are posted."""

import json
import urllib.request
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest

from tests import house
from tests.house import House
from tests.receiver import Request, receiver
from tests.servers import free_port
from tests.waiting import until

pytestmark = pytest.mark.process

HEADERS = {"Content-Type": "application/json", "X-Roles": "admin", "X-Project-Id": "p1"}
FILE = """
sources:
  - {{name: all, meters: [ledger], sinks: [keep]}}
sinks:
  - name: keep
    publishers: ["database://", "{http}", "file://{file}?json"]
"""
SQL = """
SELECT count(*) FROM sample s JOIN meters_series r ON r.id = s.series_id WHERE r.meter = 'ledger'
"""


class Poster:
    """Posts numbered samples, one a request, until told to stop."""

    def __init__(self, running: House) -> None:
        self._url = f"{running.address}v2/meters/ledger"
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self.posted = 0
        self._thread.start()

    def end(self) -> int:
        """How many were posted."""
        self._stop.set()
        self._thread.join(30)
        return self.posted

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            sample = {
                "counter_name": "ledger", "counter_type": "gauge", "counter_unit": "1",
                "counter_volume": self.posted, "resource_id": "vm", "resource_metadata": {},
            }  # fmt: skip
            body = json.dumps([sample]).encode()
            request = urllib.request.Request(self._url, body, HEADERS)  # noqa: S310
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                assert answer.status == 201
            self.posted += 1


def once(requests: list[Request]) -> list[int]:
    """The numbers that came, where what came under an id is taken once."""
    seen: dict[UUID, list[int]] = {}
    for one in requests:
        numbers = [int(sample["volume"]) for sample in one.json()]
        assert seen.setdefault(UUID(one.headers["idempotency-key"]), numbers) == numbers
    return [number for numbers in seen.values() for number in numbers]


def test_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "out.jsonl"
    http = f"http://127.0.0.1:{port}/in?max_retries=0"
    (tmp_path / "p.yaml").write_text(FILE.format(http=http, file=out))
    settings = {"AUTH": "noauth", "PIPELINE_FILE": str(tmp_path / "p.yaml")}
    came: list[Request] = []
    with house.running(tmp_path, **settings) as running:
        poster = Poster(running)
        for _ in range(2):
            with receiver(port) as there:
                there.answers = [500, 200]
                until(lambda: len(there.requests) > 2, "something arrives")
            came += there.requests
            before = running.rows(SQL)
            until(lambda: running.rows(SQL) > before, "samples are stored meanwhile")  # noqa: B023
        with receiver(port) as there:
            posted = poster.end()
            until(lambda: running.rows("SELECT count(*) FROM owed") == [(0,)], "all is sent", 90)
        came += there.requests
        assert running.rows(SQL) == [(posted,)]
        assert "telemetry_publisher_sent_total" in running.get("metrics")
    assert once(came) == list(range(posted))
    lines: list[Any] = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["volume"] for line in lines] == list(range(posted))
