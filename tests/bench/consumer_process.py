"""A process that reads a queue when told to: `python -m tests.bench.consumer_process WAY`.

The ways are `store` and `decode`. Lines come in on standard input: a topic, which it then begins
to read, or nothing, upon which it stops reading; after each batch it says how many it has taken.
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple

import django

from telemetry_site import options
from telemetry_site.core.messaging.buses import Plan, plan
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.notification import decode

django.setup()

from telemetry_site.consumer import Consumer  # noqa: E402 - they need Django
from telemetry_site.core.messaging.intake import Ingest, Taken  # noqa: E402
from telemetry_site.ingest import ingest  # noqa: E402
from telemetry_site.memory import settle  # noqa: E402


class Decoded(NamedTuple):
    """What is said of a batch that is not stored."""

    repeated: int = 0
    rejected: int = 0


def decoded(deliveries: Sequence[Delivery]) -> Taken:
    """Read each, and nothing else."""
    for one in deliveries:
        decode(one.body, one.priority)
    return Decoded()


def counted(take: Ingest) -> Ingest:
    """The same, with a line of its own for each batch that is done."""

    def done(deliveries: Sequence[Delivery]) -> Taken:
        taken = take(deliveries)
        sys.stdout.write(f"{len(deliveries)}\n")
        sys.stdout.flush()
        return taken

    return done


def main(way: str) -> None:
    """Until standard input ends."""
    take = counted({"store": ingest, "decode": decoded}[way])
    telemetry = options.load()
    settle()
    consumer = None
    for line in sys.stdin:
        if consumer:
            consumer.stop()
        consumer = _begun(line.strip(), telemetry, take) if line.strip() else None


def _begun(topic: str, telemetry: dict[str, object], take: Ingest) -> Consumer:
    found: Plan = plan({**telemetry, "NOTIFICATION_TOPICS": (topic,)})
    made = Consumer(found, take, lambda: sys.exit("the consumer has failed"))
    made.start()
    return made


if __name__ == "__main__":
    main(sys.argv[1])
