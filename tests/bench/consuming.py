"""Notifications from a real RabbitMQ to committed rows, against reading and acknowledging alone."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from selectors import EVENT_READ, DefaultSelector
from typing import Any
from uuid import UUID

from tests.bench import goals, turns
from tests.bench.databases import number, used
from tests.bench.rows import Row
from tests.bench.run import Run
from tests.bench.turns import timed
from tests.bus import Corner, ids, publish
from tests.rabbit import Rabbit, running
from tests.waiting import until

PROGRAM = (sys.executable, "-m", "tests.bench.consumer_process")
WARM = 1_000
INSTANCES, PROJECTS = 500, 25
AUDITED, SAMPLES = 5, 4  # one in so many is an audit, of which so many samples are made


class Reading:
    """A process that reads when told to."""

    def __init__(self, way: str, environ: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, way], env=dict(environ), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            bufsize=0,
        )  # fmt: skip

    def tell(self, line: str) -> None:
        """Begin with a topic, or stop."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())

    def end(self) -> None:
        """Without it nothing is read any more."""
        self.process.kill()
        self.process.wait()


def measure(run: Run) -> list[Row]:
    """The rows of one consumer and of two. Raises RuntimeError when a notification is lost."""
    url = run.databases.empty("consumed")
    with running() as rabbit, _processes(rabbit, url) as (one, other, plain):
        queues = _Queues(rabbit)
        queues.rate(WARM, [one, other])
        queues.rate(WARM, [plain])
        ways: dict[str, Sequence[Reading]] = {"one": [one], "two": [one, other], "plain": [plain]}
        count, rounds = run.size.notifications, run.size.rounds
        found = turns.take(
            {way: partial(queues.turn, count, readings) for way, readings in ways.items()}, rounds
        )
    told = _counted(run, WARM + 2 * rounds * count)
    plain_rate, one_rate = found.median("plain"), found.median("one")
    against = f"a consumer that decodes and acknowledges ({plain_rate:,.0f}/s)"
    return [
        Row(goals.CONSUMED, one_rate, found.ratio("one", to="plain"), against),
        Row(
            goals.CONSUMED_BY_TWO,
            found.median("two"),
            found.ratio("two", to="one"),
            f"one consumer ({one_rate:,.0f}/s); {told}",
        ),
    ]


def _counted(run: Run, sent: int) -> str:
    """What is stored of so many notifications. Raises RuntimeError where that is not all."""
    with used(run.databases.connected("consumed")):
        events = int(number("SELECT count(*) FROM event"))
        samples = int(number("SELECT count(*) FROM sample"))
    if events != sent or samples < SAMPLES * sent // AUDITED:
        raise RuntimeError(f"{sent:,} notifications became {events:,} events, {samples:,} samples")
    return f"{events:,} events and {samples:,} samples counted"


class _Queues:
    """A durable queue for each measurement, filled before the clock runs."""

    def __init__(self, rabbit: Rabbit) -> None:
        self._rabbit = rabbit

    def turn(self, count: int, readings: Sequence[Reading], turn: int) -> float:
        """For the rounds of a bench."""
        return self.rate(count, readings)

    def rate(self, count: int, readings: Sequence[Reading]) -> float:
        """Notifications a second from the moment the readings are told to begin."""
        corner = Corner(self._rabbit)
        corner.declare()
        with corner.channel(confirm=False) as channel:
            for place, one in enumerate(ids(count)):
                publish(channel, notification(place, one), corner.exchange, corner.queue)
        until(lambda: corner.waiting() == count, "the queue is filled")
        seconds = timed(lambda: _read(corner.topic, count, readings))
        for reading in readings:
            reading.tell("")
        return count / seconds


def _read(topic: str, count: int, readings: Sequence[Reading]) -> None:
    with DefaultSelector() as selector:
        for reading in readings:
            assert reading.process.stdout is not None
            selector.register(reading.process.stdout, EVENT_READ, reading.process.stdout)
            reading.tell(topic)
        while count > 0:
            for key, _ in selector.select():
                line = key.data.readline()
                if not line:
                    raise RuntimeError("a consumer has ended")
                count -= int(line)


@contextmanager
def _processes(rabbit: Rabbit, url: str) -> Iterator[tuple[Reading, Reading, Reading]]:
    """Two that store and one that does not, on a database with tables."""
    environ = {
        **os.environ,
        "TELEMETRY_DATABASE_URL": url,
        "TELEMETRY_NOTIFICATION_URLS": rabbit.url(),
        "TELEMETRY_NOTIFICATION_PRIORITIES": "info",
        "TELEMETRY_LOG_LEVEL": "WARNING",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=environ, check=True)
    with ExitStack() as stack:
        made = [Reading(way, environ) for way in ("store", "store", "decode")]
        for reading in made:
            stack.callback(reading.end)
        yield made[0], made[1], made[2]


def notification(place: int, message_id: UUID) -> bytes:
    """An instance that was changed, or is audited, with what a compute service says of it."""
    number, hour = place % INSTANCES, place // INSTANCES % 22
    payload: dict[str, Any] = {
        "instance_id": f"00000000-0000-4000-8000-{number:012d}",
        "tenant_id": f"project-{number % PROJECTS}",
        "user_id": f"user-{number % PROJECTS}",
        "display_name": f"server-{number}",
        "host": f"compute-{number % 20}",
        "node": f"compute-{number % 20}.example",
        "availability_zone": "zone-1",
        "instance_type": "m1.small",
        "instance_type_id": 2,
        "instance_flavor_id": "2",
        "architecture": "x86_64",
        "image_ref_url": "http://images.example/images/7f3c9a52",
        "image_meta": {"container_format": "bare", "disk_format": "qcow2", "min_ram": "0"},
        "memory_mb": 2048,
        "vcpus": 1,
        "disk_gb": 20,
        "root_gb": 20,
        "ephemeral_gb": 0,
        "state": "active",
        "old_state": "active",
        "state_description": "",
        "created_at": "2026-03-01 08:00:00",
        "launched_at": "2026-03-01T08:00:21.000000",
        "audit_period_beginning": f"2026-03-04T{hour:02d}:00:00.000000",
        "audit_period_ending": f"2026-03-04T{hour + 1:02d}:00:00.000000",
        "metadata": {},
        "bandwidth": {},
    }
    inner = {
        "message_id": str(message_id),
        "publisher_id": f"compute.compute-{number % 20}",
        "event_type": f"compute.instance.{'update' if place % AUDITED else 'exists'}",
        "priority": "INFO",
        "payload": payload,
        "timestamp": f"2026-03-04 {hour + 1:02d}:{place // 60 % 60:02d}:{place % 60:02d}.000000",
        "_unique_id": message_id.hex,
    }
    return json.dumps({"oslo.version": "2.0", "oslo.message": json.dumps(inner)}).encode()
