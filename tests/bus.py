"""A corner of the tests' RabbitMQ that one test has for itself: a topic, and what is sent there."""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import amqp
from kombu import Connection

from telemetry_site import options
from telemetry_site.core.messaging.buses import Plan, plan
from tests.rabbit import Rabbit


class Corner:
    """Topic and exchange of a name that no other test has."""

    def __init__(self, rabbit: Rabbit) -> None:
        self.rabbit = rabbit
        self.topic = f"topic{secrets.token_hex(4)}"
        self.exchange = f"exchange{secrets.token_hex(4)}"

    @property
    def queue(self) -> str:
        """The queue of the priority info."""
        return f"{self.topic}.info"

    def settings(self, **given: str) -> dict[str, str]:
        """The variables that let this topic be read, info alone unless said otherwise."""
        named = {
            "URLS": self.rabbit.url(),
            "TOPICS": self.topic,
            "EXCHANGES": self.exchange,
            "PRIORITIES": "info",
            **given,
        }
        return {f"NOTIFICATION_{name}": value for name, value in named.items()}

    def plan(self, **given: str) -> Plan:
        """The same, read."""
        variables = self.settings(**given).items()
        return plan(options.read({f"{options.PREFIX}{name}": value for name, value in variables}))

    @contextmanager
    def channel(self, confirm: bool = True) -> Iterator[Any]:
        """A channel whose publishing returns once the message is safe, unless told otherwise."""
        transport_options = {"confirm_publish": confirm}
        with Connection(self.rabbit.url(), transport_options=transport_options) as connection:
            yield connection.channel()

    def declare(self, durable: bool = True, auto_delete: bool = False, **arguments: Any) -> None:
        """The queue with its exchange, as a service makes them."""
        named = {f"x-{name.replace('_', '-')}": value for name, value in arguments.items()}
        flags = {"durable": durable, "auto_delete": auto_delete}
        with self.channel() as channel:
            channel.exchange_declare(self.exchange, "topic", **flags)
            channel.queue_declare(self.queue, **flags, arguments=named)
            channel.queue_bind(self.queue, self.exchange, self.queue)

    def delete(self) -> None:
        """The queue goes, whoever reads it."""
        with self.channel() as channel:
            channel.queue_delete(self.queue)

    def send(self, bodies: Iterable[bytes]) -> None:
        """Each is safe in the queue when this returns."""
        with self.channel() as channel:
            for body in bodies:
                publish(channel, body, self.exchange, self.queue)

    def waiting(self) -> int:
        """Messages that nobody was given."""
        with self.channel() as channel:
            return int(channel.queue_declare(self.queue, passive=True).message_count)


def publish(channel: Any, body: bytes, exchange: str, key: str) -> None:
    """As a service does: JSON that outlives a restart where the queue does."""
    message = amqp.Message(
        body, content_type="application/json", content_encoding="utf-8", delivery_mode=2
    )
    channel.basic_publish(message, exchange, key)


def notification(message_id: UUID, event_type: str = "compute.instance.update") -> bytes:
    """A notification as it lies on the bus, in its envelope."""
    inner = {
        "message_id": str(message_id),
        "publisher_id": "compute.host-1",
        "event_type": event_type,
        "priority": "INFO",
        "payload": {"instance_id": str(message_id), "tenant_id": "p1", "state": "active"},
        "timestamp": "2026-03-04 05:06:07.000008",
        "_unique_id": message_id.hex,
    }
    return json.dumps({"oslo.version": "2.0", "oslo.message": json.dumps(inner)}).encode()


def ids(count: int) -> list[UUID]:
    """So many ids that nobody had before."""
    return [uuid4() for _ in range(count)]


def notifications(some: Sequence[UUID]) -> list[bytes]:
    """One of each id."""
    return [notification(one) for one in some]
