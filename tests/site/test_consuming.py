"""Notifications of the services' own notifier, and of a load, are stored once: nothing is lost."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from threading import Event

import pytest
from django.db import OperationalError

from events.models import StoredEvent
from telemetry_site.core.messaging import intake, reader
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.intake import Ingest
from telemetry_site.core.messaging.models import QueueStanding, RejectedMessage
from telemetry_site.ingest import Taken, ingest
from tests.bus import Corner, ids, notifications, publish
from tests.consumption import Consumption, rejected, standing, stored, wait_until_stored
from tests.notifier import notifier
from tests.waiting import until

KINDS = {
    "default": ({}, (False, False, False)),
    "durable": ({"amqp_durable_queues": True}, (True, False, False)),
    "quorum": ({"rabbit_quorum_queue": True}, (True, False, True)),
    "auto_delete": ({"amqp_auto_delete": True}, (False, True, False)),
}
OUTAGE = 3.0  # seconds
dice = random.Random()  # noqa: S311 - another order at each run


@pytest.fixture(autouse=True)
def _write_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "WRITE_EVERY", 0.2)
    monkeypatch.setattr(reader, "COUNT_EVERY", 0.2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("driver", ["messaging", "messagingv2"])
def test_it_reads_what_services_send(
    corner: Corner, consuming: Consumption, kind: str, driver: str
) -> None:
    options, flags = KINDS[kind]
    with notifier(corner, driver, **options) as service:
        for number in range(20):
            service.info({}, "compute.instance.update", {"instance_id": f"vm-{number}"})
        service.error({}, "compute.instance.create.error", {"instance_id": "vm-1"})
        service.audit({}, "compute.instance.exists", {"instance_id": "vm-1"})
        consuming.start(corner.plan(PRIORITIES="info,error,audit,sample"))
        until(lambda: len(stored()) == 22, "22 are stored")
        service.info({}, "compute.instance.update", {"instance_id": "vm-21"})
        until(lambda: len(stored()) == 23, "one more is stored")
    row = until(lambda: as_soon_as(corner.queue, received=21), "it is written down")
    assert (row.durable, row.auto_delete, row.quorum) == flags
    assert (row.state, row.problem, row.consumers) == ("consuming", "", 1)
    assert as_soon_as(f"{corner.topic}.error", received=1)
    waiting = standing(f"{corner.topic}.sample")
    assert waiting
    assert (waiting.state, waiting.problem) == ("waiting", reader.NOT_THERE)


def as_soon_as(queue: str, **values: object) -> QueueStanding | None:
    row = standing(queue)
    return row if row and all(getattr(row, name) == v for name, v in values.items()) else None


def test_each_is_stored_once_however_often_and_wherever_it_comes(
    corner: Corner, consuming: Consumption
) -> None:
    """Each comes one to five times, in any order, to four consumers; some cannot be read."""
    good, broken = ids(400), [f"broken {number}".encode() for number in range(40)]
    bodies = [body for body in (*notifications(good), *broken) for _ in range(dice.randint(1, 5))]
    dice.shuffle(bodies)
    corner.declare()
    for _ in range(4):
        consuming.start(corner.plan(BATCH="40"))
    corner.send(bodies)
    wait_until_stored(good)
    until(lambda: len(rejected()) == len(broken), "the broken ones are kept")
    until(lambda: as_soon_as(corner.queue, received=len(bodies), waiting=0), "all are counted")
    consuming.stop()
    assert rejected() == Counter(broken)
    assert len(stored()) == len(good) + len(broken)
    row = standing(corner.queue)
    assert row
    assert (row.repeated, row.rejected) == (len(bodies) - len(good) - len(broken), len(broken))
    assert not consuming.broken


ENVELOPE = {"oslo.version": "2.0"}
POISON = {
    "no JSON": (b"{", "cannot be read"),
    "no text": (b"\xff\xfe", "cannot be read"),
    "no object": (b"[1, 2]", "no JSON object"),
    "NUL": (b'{"message_id": "\\u0000", "event_type": "\\u0000"', "cannot be read"),
    "no id": (b'{"event_type": "a.b"}', "no message_id"),
    "wrong types": (b'{"message_id": "m", "event_type": 7}', "event_type is no text"),
    "no such priority": (b'{"message_id": "m", "event_type": "a", "priority": "x"}', "priority x"),
    "another envelope": (
        json.dumps({"oslo.version": "9.0", "oslo.message": "{}"}).encode(), "version 9.0",
    ),
    "nothing in the envelope": (
        json.dumps({**ENVELOPE, "oslo.message": None}).encode(), "oslo.message is no text",
    ),
    "too deep": (b'{"message_id": "m", "payload": ' + b"[" * 100_000, "cannot be read"),
    "10 MB": (b'{"message_id": "m", "payload": "' + b"x" * (10 << 20), "cannot be read"),
}  # fmt: skip


def test_poison_is_kept_and_holds_nobody_up(corner: Corner, consuming: Consumption) -> None:
    """Some before, between and behind good ones, and some that are good and hold NUL."""
    corner.declare()
    consuming.start(corner.plan(BATCH="50"))
    good = ids(200)
    bodies = notifications(good)
    bodies[77] = bodies[77].replace(b"active", b"\\\\u0000")
    places = zip(range(0, 220, 20), (body for body, _ in POISON.values()), strict=True)
    for place, body in places:
        bodies.insert(place, body)
    corner.send(bodies)
    wait_until_stored(good)
    until(lambda: RejectedMessage.objects.count() == len(POISON), "all poison is kept")
    reasons = list(RejectedMessage.objects.values_list("reason", "size"))
    for body, why in POISON.values():
        assert any(why in reason for reason, size in reasons if size == len(body))
    assert StoredEvent.objects.count() == len(good)
    assert not consuming.broken


def test_consumers_of_one_queue_share_its_messages(corner: Corner, consuming: Consumption) -> None:
    shares: dict[str, int] = {"first": 0, "second": 0}

    def counted(name: str) -> Ingest:
        def take(deliveries: Sequence[Delivery]) -> Taken:
            shares[name] += len(deliveries)
            return ingest(deliveries)

        return take

    corner.declare()
    for name in shares:
        consuming.start(corner.plan(BATCH="20"), counted(name))
    until(lambda: as_soon_as(corner.queue, consumers=2), "both read")
    some = ids(300)
    corner.send(notifications(some))
    wait_until_stored(some)
    assert sum(shares.values()) == 300
    assert min(shares.values()) > 0


def test_what_is_held_while_the_database_is_away_is_neither_lost_nor_given_back(
    corner: Corner, consuming: Consumption
) -> None:
    """A quorum queue throws away what comes back a third time."""
    away = Event()
    came_again: list[Delivery] = []
    away.set()

    def take(deliveries: Sequence[Delivery]) -> Taken:
        came_again.extend(one for one in deliveries if one.redelivered)
        if away.is_set():
            raise OperationalError("gone")
        return ingest(deliveries)

    corner.declare(queue_type="quorum", delivery_limit=3)
    some = ids(200)
    corner.send(notifications(some))
    consuming.start(corner.plan(BATCH="30"), take)
    until(lambda: corner.waiting() == 80, "four portions are given out")
    Event().wait(OUTAGE)
    away.clear()
    wait_until_stored(some)
    assert came_again == []
    assert corner.waiting() == 0


def test_heartbeats_go_on_while_the_database_hangs(
    corner: Corner, consuming: Consumption, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telemetry_site.core.messaging.channels.HEARTBEAT", 1)
    monkeypatch.setattr(reader, "BEAT_EVERY", 0.2)
    hanging = Event()
    came_again: list[Delivery] = []

    def take(deliveries: Sequence[Delivery]) -> Taken:
        came_again.extend(one for one in deliveries if one.redelivered)
        hanging.wait(4)
        return ingest(deliveries)

    corner.declare()
    some = ids(5)
    corner.send(notifications(some))
    consuming.start(corner.plan(), take)
    wait_until_stored(some)
    assert came_again == []


def test_a_queue_that_is_deleted_is_waited_for_and_what_was_held_is_stored(
    corner: Corner,
    consuming: Consumption,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "LOOK_EVERY", 0.3)
    slow = Event()

    def take(deliveries: Sequence[Delivery]) -> Taken:
        slow.wait(20)
        return ingest(deliveries)

    corner.declare(durable=False)
    consuming.start(corner.plan(BATCH="10"), take)
    some = ids(15)
    corner.send(notifications(some))
    until(lambda: corner.waiting() == 0, "all are given out")
    corner.delete()
    slow.set()
    wait_until_stored(some)
    row = until(lambda: as_soon_as(corner.queue, state="waiting"), "it is waited for")
    assert row.problem == reader.GONE
    corner.declare(durable=False)
    more = ids(5)
    corner.send(notifications(more))
    wait_until_stored(more)
    until(lambda: as_soon_as(corner.queue, state="consuming"), "it is read")


def test_it_takes_the_node_of_a_cluster_that_answers(
    corner: Corner, consuming: Consumption
) -> None:
    corner.declare()
    consuming.start(corner.plan(URLS=f"amqp://guest:guest@127.0.0.1:1/;{corner.rabbit.url()}"))
    some = ids(3)
    corner.send(notifications(some))
    wait_until_stored(some)


def test_a_bus_that_is_away_does_not_keep_another_one_from_being_read(
    corner: Corner, consuming: Consumption
) -> None:
    corner.declare()
    consuming.start(corner.plan(URLS=f"amqp://nova:s3cret@127.0.0.1:1/,{corner.rabbit.url()}"))
    some = ids(3)
    corner.send(notifications(some))
    wait_until_stored(some)
    row = until(lambda: QueueStanding.objects.filter(state="away").first(), "it is written down")
    assert row.bus == "127.0.0.1:1/"
    assert row.problem == "The bus is away: Connection refused"


def test_it_makes_the_queues_it_is_told_to(corner: Corner, consuming: Consumption) -> None:
    consuming.start(corner.plan(DECLARE="durable"))
    until(lambda: as_soon_as(corner.queue, state="consuming", durable=True), "it is read")
    with notifier(corner, "messagingv2", amqp_durable_queues=True) as service:
        service.info({}, "compute.instance.update", {})
        until(lambda: len(stored()) == 1, "it is stored")


def test_a_queue_made_otherwise_is_read_and_explained(
    corner: Corner, consuming: Consumption
) -> None:
    corner.declare(durable=False)
    consuming.start(corner.plan(DECLARE="quorum"))
    some = ids(3)
    corner.send(notifications(some))
    wait_until_stored(some)
    row = until(lambda: as_soon_as(corner.queue, state="mismatch"), "it is written down")
    assert "rabbit_quorum_queue = true in [oslo_messaging_rabbit]" in row.problem


def test_a_pool_gets_copies_and_leaves_the_others_theirs(
    corner: Corner, consuming: Consumption
) -> None:
    pool = f"{corner.topic}-pool"
    consuming.start(corner.plan(DECLARE="classic", POOL=pool, PRIORITIES="info,error"))
    until(lambda: as_soon_as(pool, state="consuming"), "it is read")
    with notifier(corner, "messagingv2") as service:
        service.info({}, "compute.instance.update", {})
        service.error({}, "compute.instance.error", {})
        until(lambda: len(stored()) == 2, "both are stored")
    assert corner.waiting() == 1


def test_the_priority_is_that_of_the_key(corner: Corner, consuming: Consumption) -> None:
    taken: list[tuple[str, str, bytes]] = []

    def take(deliveries: Sequence[Delivery]) -> Taken:
        taken.extend((one.queue, one.priority, one.body) for one in deliveries)
        return Taken()

    pool = f"{corner.topic}-pool"
    consuming.start(corner.plan(DECLARE="classic", POOL=pool, PRIORITIES="info,error"), take)
    until(lambda: as_soon_as(pool, state="consuming"), "it is read")
    with corner.channel() as channel:
        for key in ("info", "error"):
            publish(channel, key.encode(), corner.exchange, f"{corner.topic}.{key}")
    until(lambda: len(taken) == 2, "both are taken")
    assert taken == [(pool, "info", b"info"), (pool, "error", b"error")]
