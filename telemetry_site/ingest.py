"""Takes a batch of messages in: all of it is committed, or it is raised why not."""

from collections.abc import Sequence
from typing import NamedTuple

from telemetry_site.core import clock
from telemetry_site.core.messaging import receipts
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.notification import decode
from telemetry_site.core.transactions import in_transaction


class Taken(NamedTuple):
    """How many messages were new, came again, or were rejected, wholly or in part."""

    fresh: int = 0
    repeated: int = 0
    rejected: int = 0


def ingest(deliveries: Sequence[Delivery]) -> Taken:
    """Take them in, each once."""
    ids = [decode(one.body, one.priority).id for one in deliveries]
    fresh = in_transaction(lambda: receipts.take(ids, clock.now()))
    return Taken(len(fresh), len(ids) - len(fresh))
