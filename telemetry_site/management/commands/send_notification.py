"""manage.py send_notification: puts notifications on a bus, or takes them in at once."""

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

import msgspec
from amqp.exceptions import AMQPError
from django.conf import settings
from django.core.management.base import CommandError
from kombu import Connection, Exchange
from kombu.exceptions import OperationalError

from telemetry_site.core import clock
from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.core.clock import on_the_wire
from telemetry_site.core.messaging.buses import redacted
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.notification import MESSAGE, VERSION, Undecodable, from_wire
from telemetry_site.ingest import ingest
from telemetry_site.trial import bodies

CONNECT_WITHIN = 5  # seconds


class Command(MeteringCommand):
    """To try definitions and the way into the store."""

    help = (
        "Send notifications to RabbitMQ as a service does, or take them in at once with --direct. "
        "A message_id and a timestamp are made where they are missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which notifications, and where to."""
        parser.add_argument("file", nargs="?", default="-", help="a file, or - for standard input")
        parser.add_argument("--url", help="a RabbitMQ; without it the first that is read here")
        parser.add_argument("--exchange", default="nova", help="exchange that it is sent to (nova)")
        parser.add_argument("--topic", default="notifications", help="topic of it (notifications)")
        parser.add_argument(
            "--direct", action="store_true", help="take them in at once, without a bus"
        )

    def handle(self, **options: Any) -> None:
        """Send them, and say how many."""
        try:
            found = [completed(body) for body in bodies(options["file"], sys.stdin)]
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        if options["direct"]:
            taken = ingest([Delivery(msgspec.json.encode(one), "by hand") for one in found])
            self.stdout.write(
                f"{taken.fresh} taken in, {taken.repeated} known before, {taken.rejected} rejected."
            )
            return
        url = options["url"] or next(iter(settings.TELEMETRY["NOTIFICATION_URLS"]), None)
        if url is None:
            raise CommandError("Say where to: --url, TELEMETRY_NOTIFICATION_URLS, or --direct.")
        try:
            _publish(url, options["exchange"], options["topic"], found)
        except (OSError, OperationalError, AMQPError) as error:
            raise CommandError(f"{redacted(url)} does not take it: {error}") from error
        self.stdout.write(f"{len(found)} sent to {redacted(url)}.")


def completed(body: bytes) -> dict[str, Any]:
    """The notification of a file, out of its envelope, with an id and a time."""
    try:
        said = msgspec.json.decode(body)
        if isinstance(said, dict) and MESSAGE in said:
            said = msgspec.json.decode(said[MESSAGE])
        made = {
            "message_id": str(uuid4()),
            "timestamp": on_the_wire(clock.now()),
            "priority": "INFO",
        }
        found = made | said if isinstance(said, dict) else said
        from_wire(found)
    except (msgspec.DecodeError, Undecodable, TypeError) as error:
        raise CommandError(f"This is no notification: {error}") from error
    complete: dict[str, Any] = found
    return complete


def _publish(url: str, exchange: str, topic: str, said: list[dict[str, Any]]) -> None:
    """As oslo.messaging's second format; RabbitMQ has confirmed each of them."""
    options = {"confirm_publish": True}
    with Connection(url, connect_timeout=CONNECT_WITHIN, transport_options=options) as connection:
        connection.connect()
        producer = connection.Producer(exchange=Exchange(exchange, "topic", no_declare=True))
        for one in said:
            inner = msgspec.json.encode(one).decode()
            producer.publish(
                {VERSION: "2.0", MESSAGE: inner},
                routing_key=f"{topic}.{str(one['priority']).lower()}",
                serializer="json",
                retry=False,
            )
