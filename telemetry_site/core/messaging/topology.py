"""Finds the queues of a bus, and makes what is missing where that is wanted.

Everything here raises ChannelError where RabbitMQ refuses, and LOST where it is away.
"""

from typing import NamedTuple

from amqp.exceptions import ChannelError, NotFound, PreconditionFailed
from kombu import Connection

from telemetry_site.core.messaging.buses import CLASSIC, QUORUM, Plan, Queue
from telemetry_site.core.messaging.channels import channel_of
from telemetry_site.core.messaging.flags import NO_TYPE, QUESTIONS, Flags, learnt


class Found(NamedTuple):
    """Messages that nobody has been given yet, and consumers of the queue, ours among them."""

    waiting: int
    consumers: int


def look(connection: Connection, queue: str) -> Found | None:
    """What there is of the queue; None where it is not there."""
    try:
        with channel_of(connection) as channel:
            _, waiting, consumers = channel.queue_declare(queue, passive=True)
            return Found(waiting, consumers)
    except NotFound:
        return None


def flags_of(connection: Connection, queue: str) -> Flags:
    """The flags of a queue that is there, as far as we are told."""
    found = Flags()
    for _ in range(QUESTIONS):
        more = learnt(found, _refusal(connection, queue, found))
        if more == found:
            break
        found = more
    return found


def _refusal(connection: Connection, queue: str, known: Flags) -> str:
    try:
        with channel_of(connection) as channel:
            channel.queue_declare(
                queue,
                durable=bool(known.durable),
                auto_delete=bool(known.auto_delete),
                arguments={"x-queue-type": NO_TYPE},
            )
    except PreconditionFailed as error:
        return str(error.reply_text)
    except ChannelError:
        pass  # we may not declare: then nothing is known
    return ""


def make(connection: Connection, name: str, plan: Plan) -> None:
    """Make a queue that is missing. PreconditionFailed: somebody has just made another one."""
    with channel_of(connection) as channel:
        channel.queue_declare(
            name,
            durable=plan.declare != CLASSIC,
            auto_delete=plan.auto_delete,
            arguments={"x-queue-type": "quorum"} if plan.declare == QUORUM else None,
        )


def tie(connection: Connection, queue: Queue, plan: Plan) -> None:
    """Let the exchanges hand their messages to the queue; one that is there serves as it is."""
    for exchange in plan.exchanges:
        _make_exchange(connection, exchange, plan)
    with channel_of(connection) as channel:
        for exchange in plan.exchanges:
            for key in queue.keys:
                channel.queue_bind(queue.name, exchange, key)


def _make_exchange(connection: Connection, name: str, plan: Plan) -> None:
    try:
        with channel_of(connection) as channel:
            channel.exchange_declare(name, "topic", passive=True)
    except NotFound:
        durable = plan.declare != CLASSIC
        with channel_of(connection) as channel:
            channel.exchange_declare(name, "topic", durable=durable, auto_delete=plan.auto_delete)
