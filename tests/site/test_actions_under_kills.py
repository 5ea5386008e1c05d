"""The whole program runs actions, also when its worker dies in the middle of one."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from tests import house
from tests.house import House
from tests.receiver import receiver
from tests.waiting import until

pytestmark = pytest.mark.process

MAKE = """
INSERT INTO alarm_delivery (
    delivery_id, alarm_id, alarm_name, change, action, target, body, status, attempts, made_at,
    next_try, answer, generation
) VALUES (?, 'a', 'hot', '', ?, ?, '{}', 'waiting', 0, '2026-01-01', '2026-01-01', '', 0)
"""
END_LEASES = "UPDATE alarm_delivery SET lease_until = '2026-01-01' WHERE lease_until IS NOT NULL"
STANDING = "SELECT status, attempts, answer FROM alarm_delivery"


def write(running: House, sql: str, *values: str) -> None:
    path = running.data_dir / "telemetry.sqlite3"
    with closing(sqlite3.connect(path, timeout=20)) as database, database:
        database.execute(sql, values)


def test_what_a_killed_worker_had_begun_arrives_with_the_same_id(tmp_path: Path) -> None:
    with receiver() as there, house.running(tmp_path, ACTION_ALLOW="127.0.0.0/8") as running:
        there.hanging = Event()
        write(running, MAKE, "d-1", there.url(), there.url(path=""))
        until(lambda: there.connections == 1, "a tick has had it run")
        worker = running.child("worker")
        worker.kill()
        until(lambda: house.gone([worker]), "the worker is dead")
        there.hanging.set()
        write(running, END_LEASES)
        until(lambda: running.rows(STANDING) == [("arrived", 2, "It answered 200: ok")], "it came")
        assert "telemetry_actions_waiting 0.0" in running.get("metrics")
    assert [one.headers["x-telemetry-delivery"] for one in there.requests] == ["d-1", "d-1"]
