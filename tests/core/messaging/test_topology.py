"""What can be found out about queues on a real RabbitMQ, and what is made there."""

from collections.abc import Iterator
from typing import Any

import pytest
from amqp.exceptions import PreconditionFailed
from kombu import Connection

from telemetry_site.core.messaging import topology
from telemetry_site.core.messaging.channels import connected
from telemetry_site.core.messaging.flags import Flags
from telemetry_site.core.messaging.topology import Found
from tests.bus import Corner, ids, notifications


@pytest.fixture
def connection(corner: Corner) -> Iterator[Connection]:
    with connected(corner.rabbit.url()) as made:
        yield made


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ({"durable": False}, Flags(False, False, False)),
        ({"durable": True}, Flags(True, False, False)),
        ({"durable": True, "queue_type": "classic"}, Flags(True, False, False)),
        ({"durable": False, "auto_delete": True}, Flags(False, True, False)),
        ({"durable": True, "auto_delete": True}, Flags(True, True, False)),
        ({"durable": True, "queue_type": "quorum"}, Flags(True, False, True)),
        (
            {"durable": True, "queue_type": "quorum", "delivery_limit": 3},
            Flags(True, False, True),
        ),
        ({"durable": False, "message_ttl": 60_000}, Flags(False, False, None)),
    ],
)
def test_it_finds_out_how_others_made_a_queue(
    connection: Connection, corner: Corner, made: dict[str, Any], found: Flags
) -> None:
    corner.declare(**made)
    corner.send(notifications(ids(1)))
    assert topology.flags_of(connection, corner.queue) == found
    assert topology.look(connection, corner.queue) == Found(1, 0)


def test_asking_makes_no_queue(connection: Connection, corner: Corner) -> None:
    assert topology.flags_of(connection, corner.queue) == Flags()
    assert topology.look(connection, corner.queue) is None


@pytest.mark.parametrize(
    ("declare", "auto_delete", "found"),
    [
        ("classic", "no", Flags(False, False, False)),
        ("classic", "yes", Flags(False, True, False)),
        ("durable", "no", Flags(True, False, False)),
        ("quorum", "no", Flags(True, False, True)),
    ],
)
def test_it_makes_what_it_is_told_to(
    connection: Connection, corner: Corner, declare: str, auto_delete: str, found: Flags
) -> None:
    plan = corner.plan(DECLARE=declare, AUTO_DELETE=auto_delete)
    topology.make(connection, corner.queue, plan)
    assert topology.flags_of(connection, corner.queue) == found
    topology.tie(connection, plan.queues[0], plan)
    corner.send(notifications(ids(2)))
    assert topology.look(connection, corner.queue) == Found(2, 0)


def test_an_exchange_that_is_there_serves_as_it_is(connection: Connection, corner: Corner) -> None:
    corner.declare(durable=False)
    corner.delete()
    plan = corner.plan(DECLARE="durable")
    topology.make(connection, corner.queue, plan)
    topology.tie(connection, plan.queues[0], plan)
    topology.tie(connection, plan.queues[0], plan)
    corner.send(notifications(ids(1)))
    assert topology.look(connection, corner.queue) == Found(1, 0)


def test_a_queue_that_was_just_made_otherwise_stays(connection: Connection, corner: Corner) -> None:
    corner.declare(durable=False)
    with pytest.raises(PreconditionFailed):
        topology.make(connection, corner.queue, corner.plan(DECLARE="durable"))
    assert topology.flags_of(connection, corner.queue) == Flags(False, False, False)
