"""The whole program as an autoscaler uses it: counters in, a webhook out, and back again."""

import json
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests import house
from tests.aodh import by_headers
from tests.house import House
from tests.receiver import Receiver, receiver
from tests.waiting import until

pytestmark = pytest.mark.process

STACK = "stack-1"
HEADERS = {
    "Content-Type": "application/json", "X-Roles": "member", "X-Project-Id": "p1",
    "X-User-Id": "u1",
}  # fmt: skip
SETTINGS = {"AUTH": "noauth", "EVALUATION_INTERVAL": "1", "ACTION_ALLOW": "127.0.0.0/8"}


class Instance:
    """One with two processors whose counter of time grows as it is busy."""

    def __init__(self, running: House, name: str) -> None:
        self._url = f"{running.address}v2/meters/cpu"
        self._name = name
        self._stop = Event()
        self._used = 0.0
        self._last = datetime.now(UTC)
        self.busy = 0.1  # of all its time
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Measure no more."""
        self._stop.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._stop.wait(0.5):
            now = datetime.now(UTC)
            self._used += (now - self._last).total_seconds() * 2e9 * self.busy
            self._last = now
            sample = {
                "counter_name": "cpu", "counter_type": "cumulative", "counter_unit": "ns",
                "counter_volume": self._used, "resource_id": self._name, "project_id": "p1",
                "user_id": "u1", "timestamp": now.isoformat(),
                "resource_metadata": {"cpu_number": "2", "user_metadata.server_group": STACK},
            }  # fmt: skip
            body = json.dumps([sample]).encode()
            request = urllib.request.Request(self._url, body, HEADERS)  # noqa: S310
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                assert answer.status == 201


def rules(there: Receiver) -> list[dict[str, Any]]:
    """What a Heat template with an autoscaling group makes: as older and as newer releases do."""
    actions = {"alarm_actions": [there.url(path="/up")], "ok_actions": [there.url(path="/down")]}
    older = {
        "meter_name": "cpu_util", "statistic": "avg", "period": 2, "evaluation_periods": 2,
        "comparison_operator": "gt", "threshold": 70.0,
        "query": [{"field": "metadata.user_metadata.server_group", "op": "eq", "value": STACK}],
    }  # fmt: skip
    newer = {
        "metric": "cpu_util", "aggregation_method": "mean", "granularity": 2,
        "evaluation_periods": 2, "comparison_operator": "gt", "threshold": 70.0,
        "resource_type": "instance", "query": json.dumps({"=": {"server_group": STACK}}),
    }  # fmt: skip
    kind = "gnocchi_aggregation_by_resources_threshold"
    return [
        {"name": "older", "type": "threshold", "threshold_rule": older, **actions},
        {"name": "newer", "type": kind, f"{kind}_rule": newer, **actions},
    ]


def test_a_group_is_told_to_grow_and_to_shrink(tmp_path: Path) -> None:
    with house.running(tmp_path, **SETTINGS) as running, receiver() as there:
        client = by_headers(running.address.rstrip("/"), "u1", "p1", "member").library
        made = {one["name"]: client.alarm.create(one)["alarm_id"] for one in rules(there)}
        machine = Instance(running, "vm-1")

        def told(path: str) -> Callable[[], bool]:
            return lambda: (
                {one.json()["alarm_name"] for one in there.requests if one.path == path}
                == set(made)
            )

        try:
            until(told("/down"), "both are ok", seconds=60)
            there.requests.clear()
            machine.busy = 0.95
            until(told("/up"), "the group is told to grow", seconds=60)
            call = next(one.json() for one in there.requests if one.path == "/up")
            assert (call["previous"], call["current"]) == ("ok", "alarm")
            assert call["reason"].startswith("Transition to alarm due to 2 samples outside")
            there.requests.clear()
            machine.busy = 0.05
            until(told("/down"), "the group is told to shrink", seconds=60)
            ids = [one.headers["x-telemetry-delivery"] for one in there.requests]
            assert len(ids) == len(set(ids))
            for alarm_id in made.values():
                history = client.alarm_history.get(alarm_id)
                states = [json.loads(one["detail"]).get("state") for one in history]
                assert states[:3] == ["ok", "alarm", "ok"]
        finally:
            machine.end()
