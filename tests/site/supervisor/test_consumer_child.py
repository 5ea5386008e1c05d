"""The consumer under `up`: it reads, it is started again, it stops with the others."""

import signal
from pathlib import Path

import pytest

from tests import house
from tests.bus import Corner, ids, notifications
from tests.house import House
from tests.waiting import until

pytestmark = pytest.mark.process


def taken(running: House) -> int:
    ((count,),) = running.rows("SELECT count(*) FROM receipt")
    return int(str(count))


def test_it_reads_is_started_again_and_stops(corner: Corner, tmp_path: Path) -> None:
    corner.declare()
    first, poison, second = ids(499), b"no notification at all", ids(20)
    bodies = notifications(first)
    corner.send([*bodies[:250], poison, *bodies[250:]])
    with house.running(tmp_path, **corner.settings()) as running:
        until(lambda: taken(running) == 500, "all of them are taken in")
        ((queue, body, part),) = running.rows("SELECT queue, body, part FROM rejected_message")
        assert (queue, body, part) == (corner.queue, poison, "decoding")
        running.child("consumer").kill()
        corner.send(notifications(second))
        until(lambda: taken(running) == 520, "what came meanwhile is taken in")
        metrics = running.get("metrics")
        assert f'queue="{corner.queue}"}} 1.0' in metrics
        assert "guest" not in metrics + running.said()
        family = running.processes()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(20) == 0, running.said()
        assert house.gone(family)


def test_there_is_none_without_anything_to_read(corner: Corner, tmp_path: Path) -> None:
    flags = {"NOTIFICATIONS": "off", **corner.settings()}
    with house.running(tmp_path, "--without", "worker,beat", **flags) as running:
        below = [word for one in running.processes() for word in one.cmdline()]
        assert "--notifications" not in below
