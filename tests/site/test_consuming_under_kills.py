"""What RabbitMQ has confirmed is stored, and stored once, whichever part is killed."""

import os
import random
import signal
import subprocess
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from threading import Event
from time import sleep
from urllib.parse import urlsplit
from uuid import UUID

import psycopg2
import pytest
from django.db import connections

from telemetry_site.consumer import Consumer
from telemetry_site.core.messaging.buses import Plan
from telemetry_site.core.messaging.models import Receipt
from telemetry_site.ingest import ingest
from tests.bus import Corner, ids, notifications
from tests.consumption import Consumption, rejected, stored, wait_until_stored
from tests.house import COMMAND, environment
from tests.load import Load, growing
from tests.servers import postgres_server
from tests.waiting import until

KILLS = 20
dice = random.Random()  # noqa: S311 - other moments at each run
BATCH = 30


def consumer_process(plan: Plan) -> int:
    """The number of a process that does nothing but read."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        Consumer(plan, ingest, lambda: os._exit(1)).start()
        signal.pause()
    finally:
        os._exit(1)


# Later Pythons warn of any fork beside threads; pytest-xdist has some.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_the_consumer_is_killed_again_and_again(corner: Corner, consuming: Consumption) -> None:
    good, broken = ids(KILLS * 200), [f"broken {number}".encode() for number in range(KILLS * 4)]
    bodies = [*notifications(good), *broken]
    dice.shuffle(bodies)
    corner.declare()
    corner.send(bodies)
    plan = corner.plan(BATCH=str(BATCH))
    for _ in range(KILLS):
        child = consumer_process(plan)
        growing(Receipt.objects.count, BATCH * 2)
        sleep(dice.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    before_the_last = len(stored())
    consuming.start(plan)
    wait_until_stored(good)
    until(lambda: len(rejected()) == len(broken), "the broken ones are kept")
    assert before_the_last < len(bodies)
    assert rejected() == Counter(broken)
    assert len(stored()) == len(bodies)


def test_rabbitmq_is_killed_and_started_again(corner: Corner, consuming: Consumption) -> None:
    corner.declare()
    for _ in range(2):
        consuming.start(corner.plan())
    with Load(corner) as load:
        load.wait_for_more()
        corner.rabbit.kill()
        corner.rabbit.start()
        load.wait_for_more()
    wait_until_stored(load.confirmed, seconds=15)
    assert not consuming.broken


@pytest.mark.process
def test_postgresql_is_killed_and_started_again(corner: Corner, tmp_path: Path) -> None:
    """The consumer as a machine of its own runs it."""
    corner.declare()
    with postgres_server({"fsync": "off"}) as postgres:
        url = urlsplit(postgres.url)._replace(path="/postgres").geturl()
        environ = environment(tmp_path, DATABASE_URL=url, **corner.settings())
        up = subprocess.Popen([*COMMAND, "--only", "consumer"], env=environ)
        try:
            with Load(corner) as load:
                growing(lambda: len(receipts(url)), 100)
                postgres.kill()
                load.wait_for_more()
                Event().wait(1)
                postgres.start()
                load.wait_for_more()
            until(lambda: set(load.confirmed) <= receipts(url), "all are stored", 15)
            up.send_signal(signal.SIGTERM)
            assert up.wait(20) == 0
        finally:
            up.kill()
            up.wait()


def receipts(url: str) -> set[UUID]:
    """What was taken in there, once there are tables."""
    with closing(psycopg2.connect(url)) as connection, suppress(psycopg2.errors.UndefinedTable):
        cursor = connection.cursor()
        cursor.execute("SELECT message_id::text FROM receipt")
        return {UUID(text) for (text,) in cursor.fetchall()}
    return set()
