"""`kill -9` of each process while samples are posted: what was answered with 201 is there, once."""

import http.client
import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest

from tests import house
from tests.house import House
from tests.waiting import until

pytestmark = pytest.mark.process

HEADERS = {"Content-Type": "application/json", "X-Roles": "admin", "X-Project-Id": "p1"}
BATCH = 25
CLIENTS = 3
KILLS = 3  # of each child: five within a minute would rightly be taken for a crash loop


def sample(number: int) -> dict[str, object]:
    """A sample whose volume is its number in the ledger."""
    return {
        "counter_name": "ledger",
        "counter_type": "gauge",
        "counter_unit": "1",
        "counter_volume": number,
        "resource_id": f"vm-{number % 7}",
        "project_id": "p1",
        "user_id": "u1",
        "resource_metadata": {},
    }


@dataclass
class Client:
    """Posts numbered batches until told to stop; keeps which numbers were acknowledged."""

    port: int
    first: int
    stop: Event = field(default_factory=Event)
    acknowledged: set[int] = field(default_factory=set)
    sent: set[int] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    def run(self) -> None:
        number = self.first
        while not self.stop.is_set():
            numbers = range(number, number + BATCH)
            self.sent.update(numbers)
            with suppress(OSError, http.client.HTTPException):
                self._post(numbers)
            number += BATCH

    def _post(self, numbers: range) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            body = json.dumps([sample(number) for number in numbers])
            connection.request("POST", "/v2/meters/ledger", body, HEADERS)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status == 201:
            self.acknowledged.update(numbers)
        else:
            self.refused.append(f"{answer.status} {text}")


class Load:
    """Several clients at once, each with numbers of its own."""

    def __init__(self, port: int) -> None:
        self.clients = [Client(port, first=1_000_000 * (n + 1)) for n in range(CLIENTS)]
        self._threads = [Thread(target=client.run, daemon=True) for client in self.clients]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.stop.set()
        for thread in self._threads:
            thread.join(60)

    def acknowledged(self) -> set[int]:
        return set().union(*(client.acknowledged for client in self.clients))

    def wait_for_more(self) -> None:
        """Some more batches have been acknowledged than now."""
        enough = len(self.acknowledged()) + 4 * BATCH
        until(lambda: len(self.acknowledged()) >= enough, "posts are answered", seconds=30)


def stored(running: House) -> list[int]:
    """The numbers in the database, with every copy."""
    rows = running.rows(
        "SELECT volume FROM sample JOIN meters_series s ON s.id = series_id "
        "WHERE s.meter = 'ledger'"
    )
    return [int(str(volume).partition(".")[0]) for (volume,) in rows]


def test_no_acknowledged_sample_is_lost_or_counted_twice(tmp_path: Path) -> None:
    with house.running(tmp_path, AUTH="noauth") as running:
        port = int(running.address.rstrip("/").rpartition(":")[2])
        with Load(port) as load:
            for name in ("web", "worker", "beat") * KILLS:
                load.wait_for_more()
                running.child(name).kill()
            load.wait_for_more()
        found = stored(running)
    assert [text for client in load.clients for text in client.refused] == []
    assert load.acknowledged() - set(found) == set()
    assert len(found) == len(set(found))
    assert set(found) <= set().union(*(client.sent for client in load.clients))


def test_a_killed_supervisor_loses_nothing_either(tmp_path: Path) -> None:
    with house.running(tmp_path, "--only", "web", AUTH="noauth") as running:
        family = running.processes()
        with Load(int(running.address.rstrip("/").rpartition(":")[2])) as load:
            load.wait_for_more()
            running.process.kill()
            until(lambda: house.gone(family), "everything is gone", seconds=5)
        found = stored(running)
    assert load.acknowledged() - set(found) == set()
    assert len(found) == len(set(found))
