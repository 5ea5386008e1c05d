"""Which buses and queues are listened to, as the settings say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from telemetry_site.core.messaging.notification import PRIORITIES

PORTS = {"amqp": 5672, "amqps": 5671}
ALTERNATIVE = ";"  # between the addresses of one bus
UNKNOWN_PRIORITY = "info"
NONE, CLASSIC, DURABLE, QUORUM = DECLARATIONS = ("none", "classic", "durable", "quorum")


@dataclass(frozen=True, slots=True)
class Bus:
    """A RabbitMQ and a virtual host there; `name` is its URL without the account."""

    url: str = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue and the keys by which messages are sent to it; senders name it like the key."""

    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is listened to on each bus.

    `declare` is one of DECLARATIONS: how what is missing is made, or that it is not. `most` is the
    number of messages, `wait` the seconds, after which what has come is taken in.
    """

    buses: tuple[Bus, ...]
    queues: tuple[Queue, ...]
    exchanges: tuple[str, ...]
    declare: str
    auto_delete: bool
    most: int
    wait: float

    def pairs(self) -> list[tuple[str, str]]:
        """The name of the bus and of the queue of each that is listened to."""
        return [(bus.name, queue.name) for bus in self.buses for queue in self.queues]


def plan(telemetry: Mapping[str, Any]) -> Plan:
    """The plan of the settings; without buses where listening is switched off."""
    urls = telemetry["NOTIFICATION_URLS"] if telemetry["NOTIFICATIONS"] else ()
    topics, priorities = telemetry["NOTIFICATION_TOPICS"], telemetry["NOTIFICATION_PRIORITIES"]
    return Plan(
        buses=tuple(Bus(url, redacted(url)) for url in urls),
        queues=queues(topics, priorities, telemetry["NOTIFICATION_POOL"]),
        exchanges=telemetry["NOTIFICATION_EXCHANGES"],
        declare=telemetry["NOTIFICATION_DECLARE"],
        auto_delete=telemetry["NOTIFICATION_AUTO_DELETE"],
        most=telemetry["NOTIFICATION_BATCH"],
        wait=telemetry["NOTIFICATION_WAIT"],
    )


def queues(topics: Sequence[str], priorities: Sequence[str], pool: str) -> tuple[Queue, ...]:
    """A queue for each topic and priority, or one named like the pool that gets all of theirs.

    So are they named by oslo.messaging.

    >>> [queue.name for queue in queues(["notifications"], ["info", "error"], "")]
    ['notifications.info', 'notifications.error']
    """
    keys = tuple(f"{topic}.{priority}" for topic in topics for priority in priorities)
    return (Queue(pool, keys),) if pool else tuple(Queue(key, (key,)) for key in keys)


def redacted(url: str) -> str:
    """Host, port and virtual host, without the account.

    >>> redacted("amqp://nova:secret@mq1.example:5673/cloud;amqps://nova:secret@mq2.example")
    'mq1.example:5673/cloud;mq2.example:5671/'
    """
    return ALTERNATIVE.join(_place(one) for one in url.split(ALTERNATIVE))


def _place(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    named = f"[{host}]" if ":" in host else host
    return f"{named}:{parts.port or PORTS[parts.scheme]}/{unquote(parts.path.removeprefix('/'))}"


def priority_of(key: str) -> str:
    """The priority that a message was sent with, in lower case, from the key it was sent by.

    >>> priority_of("notifications.error"), priority_of("elsewhere")
    ('error', 'info')
    """
    last = key.rpartition(".")[2].lower()
    return last if last in PRIORITIES else UNKNOWN_PRIORITY
