"""notifier://: back onto a message bus, as oslo.messaging's notifier would send it."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid5

import msgspec
from amqp.exceptions import NotFound
from django.conf import settings
from kombu import Connection

from telemetry_site.core import clock
from telemetry_site.core.messaging.buses import ALTERNATIVE
from telemetry_site.core.messaging.channels import LOST, channel_of, connection_to
from telemetry_site.core.publishers.address import Address, BadAddress, truth
from telemetry_site.core.publishers.publisher import MESSAGE, Document, Parcel, PublishError

TOPICS: Final = {"samples": "metering", "events": "event"}  # the original's
EXCHANGE: Final = "ceilometer"
PRIORITY: Final = "sample"
PORT: Final = 5672
PERSISTENT: Final = 2

_encode = msgspec.json.Encoder().encode


class NotifierPublisher:
    """A notification of priority SAMPLE whose payload is the list of signed messages.

    Its message id is the parcel's. With per_meter_topic there is one more for each meter, of the
    event type TOPIC.METER. Without a host it goes to the first bus that notifications are read
    from. Queue and exchange are made where they are missing, as services make them.
    """

    form: ClassVar[str] = MESSAGE

    def __init__(self, address: Address) -> None:
        for unused in ("driver", "max_retry"):  # of the original's own ways of sending
            address.option(unused, str, "")
        self._topic = address.option("topic", str, "")
        self._exchange = address.option("exchange", str, EXCHANGE)
        self._each_meter = address.option("per_meter_topic", truth, False)
        self._url = url_of(address)
        self._label = str(address)
        self._open: Connection | None = None
        self._made: set[str] = set()

    def send(self, parcel: Parcel[Document]) -> None:
        """See Publisher.send. RabbitMQ has confirmed every message."""
        if not parcel.records:
            return
        kind = "events" if "event_type" in parcel.records[0] else "samples"
        topic = self._topic or TOPICS[kind]
        try:
            self._make(topic)
            for message_id, event_type, some in self._messages(parcel, TOPICS[kind]):
                self._publish(topic, _notification(message_id, event_type, some))
        except LOST as error:
            self.close()
            why = " ".join(str(getattr(error, "strerror", None) or error).split())
            raise PublishError(f"{self._label} cannot be reached: {why}") from error

    def close(self) -> None:
        """See Publisher.close."""
        if self._open is not None:
            with suppress(*LOST):
                self._open.release()
            self._open = None
        self._made.clear()

    def _messages(
        self, parcel: Parcel[Document], event_type: str
    ) -> Iterator[tuple[UUID, str, Sequence[Document]]]:
        yield parcel.id, event_type, parcel.records
        if self._each_meter:
            meters = dict.fromkeys(str(one.get("counter_name")) for one in parcel.records)
            for meter in meters:
                some = [one for one in parcel.records if one.get("counter_name") == meter]
                yield uuid5(parcel.id, meter), f"{event_type}.{meter}", some

    def _publish(self, topic: str, body: bytes) -> None:
        producer: Any = self._connection().Producer()
        producer.publish(
            body, exchange=self._exchange, routing_key=f"{topic}.{PRIORITY}",
            content_type="application/json", content_encoding="utf-8", delivery_mode=PERSISTENT,
        )  # fmt: skip
        producer.release()

    def _make(self, topic: str) -> None:
        """Look for exchange and queue once for a connection; what is there serves as it is."""
        queue = f"{topic}.{PRIORITY}"
        if queue in self._made:
            return
        connection = self._connection()
        try:
            with channel_of(connection) as channel:
                channel.exchange_declare(self._exchange, "topic", passive=True)
        except NotFound:
            with channel_of(connection) as channel:
                channel.exchange_declare(self._exchange, "topic", durable=False, auto_delete=False)
        try:
            with channel_of(connection) as channel:
                channel.queue_declare(queue, passive=True)
        except NotFound:
            with channel_of(connection) as channel:
                channel.queue_declare(queue, durable=False, auto_delete=False)
        with channel_of(connection) as channel:
            channel.queue_bind(queue, self._exchange, queue)
        self._made.add(queue)

    def _connection(self) -> Connection:
        if self._open is None:
            url = self._url or _first(settings.TELEMETRY["NOTIFICATION_URLS"])
            if not url:
                why = "there is no bus to send to: name a host, or set TELEMETRY_NOTIFICATION_URLS"
                raise PublishError(f"{self._label}: {why}")
            made = self._open = connection_to(url, confirm_publish=True)
            made.ensure_connection(
                max_retries=url.count(ALTERNATIVE) or 1, reraise_as_library_errors=False
            )
        return self._open


def url_of(address: Address) -> str:
    """The bus that the address names; empty where it is the usual one. Raises BadAddress."""
    if not address.host:
        return ""
    if address.username is None:
        account = ""
    else:
        account = f"{quote(address.username, '')}:{quote(address.password or '', '')}@"
    if address.path.count("/") > 1:
        raise BadAddress(f"{address}: the path is a virtual host, with one slash before it")
    return f"amqp://{account}{address.host}:{address.port or PORT}{address.path or '/'}"


def consumed_by_us(address: Address, telemetry: Mapping[str, Any], kind: str) -> bool:
    """Whether what it sends would come back to us as notifications."""
    topic = address.option("topic", str, "") or TOPICS[kind]
    if topic not in telemetry["NOTIFICATION_TOPICS"]:
        return False
    url = url_of(address)
    buses = {
        _bus(each) for one in telemetry["NOTIFICATION_URLS"] for each in one.split(ALTERNATIVE)
    }
    return not url or _bus(url) in buses


def _bus(url: str) -> tuple[str | None, int, str]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or PORT, parts.path.strip("/")


def _first(urls: Sequence[str]) -> str:
    return urls[0] if urls else ""


def _notification(message_id: UUID, event_type: str, payload: Sequence[Document]) -> bytes:
    """In oslo.messaging's envelope, version 2."""
    inner = {
        "message_id": str(message_id),
        "publisher_id": f"telemetry.publisher.{socket.gethostname()}",
        "event_type": event_type,
        "priority": PRIORITY.upper(),
        "payload": payload,
        "timestamp": clock.now().strftime("%Y-%m-%d %H:%M:%S.%f"),
        "_unique_id": message_id.hex,
    }
    return _encode({"oslo.version": "2.0", "oslo.message": _encode(inner).decode()})
