"""Notifications of our own, read from a real bus."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from kombu import Connection

from telemetry_site.core.messaging.notification import Notification, decode
from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.notifier import NotifierPublisher, consumed_by_us
from telemetry_site.core.publishers.publisher import Document, Parcel, PublishError
from tests.bus import Corner
from tests.rabbit import Rabbit
from tests.servers import free_port

pytestmark = pytest.mark.process

ID = UUID("6f1b1c9e-0000-4000-8000-000000000001")
SAMPLES: list[Document] = [
    {"counter_name": "cpu", "counter_volume": 1.5},
    {"counter_name": "memory", "counter_volume": 2.0},
]
EVENTS: list[Document] = [{"event_type": "a.b", "traits": []}]


def address(rabbit: Rabbit, options: str = "") -> Address:
    """One that leads to the bus."""
    return Address(f"notifier://guest:guest@127.0.0.1:{rabbit.port}/?{options}")


def send(to: Address, records: list[Document]) -> None:
    """Send a parcel."""
    publisher = NotifierPublisher(to)
    publisher.send(Parcel(ID, records))
    publisher.close()


def came(rabbit: Rabbit, queue: str) -> list[Notification]:
    """What is in the queue."""
    found = []
    with Connection(rabbit.url()) as connection:
        channel: Any = connection.channel()
        while message := channel.basic_get(queue, no_ack=True):
            found.append(
                decode(
                    bytes(message.body, "utf-8") if isinstance(message.body, str) else message.body,
                    "sample",
                )
            )
    return found


def test_samples_are_one_notification(corner: Corner) -> None:
    send(address(corner.rabbit, f"topic={corner.topic}&exchange={corner.exchange}"), SAMPLES)
    (said,) = came(corner.rabbit, f"{corner.topic}.sample")
    assert (said.event_type, said.priority, said.message_id) == ("metering", "sample", str(ID))
    assert said.message["payload"] == SAMPLES
    assert str(said.message["publisher_id"]).startswith("telemetry.publisher.")


def test_events_and_a_notification_for_each_meter(corner: Corner) -> None:
    options = f"topic={corner.topic}&exchange={corner.exchange}"
    send(address(corner.rabbit, options), EVENTS)
    send(address(corner.rabbit, f"{options}&per_meter_topic=1"), SAMPLES)
    found = came(corner.rabbit, f"{corner.topic}.sample")
    assert [said.event_type for said in found] == [
        "event", "metering", "metering.cpu", "metering.memory",
    ]  # fmt: skip
    assert found[2].message["payload"] == SAMPLES[:1]
    assert len({said.message_id for said in found[1:]}) == 3


def test_the_first_bus_is_the_usual_one(corner: Corner, settings: LazySettings) -> None:
    url = f"notifier://?topic={corner.topic}&exchange={corner.exchange}"
    settings.TELEMETRY = {**settings.TELEMETRY, "NOTIFICATION_URLS": ()}
    with pytest.raises(PublishError, match="set TELEMETRY_NOTIFICATION_URLS"):
        send(Address(url), SAMPLES)
    settings.TELEMETRY = {**settings.TELEMETRY, "NOTIFICATION_URLS": (corner.rabbit.url(),)}
    send(Address(url), SAMPLES)
    assert len(came(corner.rabbit, f"{corner.topic}.sample")) == 1


def test_a_bus_that_is_away_is_tried_again_later() -> None:
    to = Address(f"notifier://guest:secret@127.0.0.1:{free_port()}/")
    with pytest.raises(PublishError, match="cannot be reached") as caught:
        send(to, SAMPLES)
    assert not caught.value.permanent
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "topics", "mine"),
    [
        ("notifier://", ("notifications",), False),
        ("notifier://?topic=notifications", ("notifications",), True),
        ("notifier://", ("notifications", "metering"), True),
        ("notifier://other/?topic=notifications", ("notifications",), False),
        ("notifier://bus/?topic=notifications", ("notifications",), True),
    ],
)
def test_what_would_come_back(url: str, topics: tuple[str, ...], mine: bool) -> None:
    telemetry: Mapping[str, Any] = {
        "NOTIFICATION_TOPICS": topics, "NOTIFICATION_URLS": ("amqp://me:x@bus:5672/",),
    }  # fmt: skip
    assert consumed_by_us(Address(url), telemetry, "samples") is mine


def test_a_path_is_a_virtual_host() -> None:
    with pytest.raises(BadAddress, match="virtual host"):
        NotifierPublisher(Address("notifier://bus/a/b"))
