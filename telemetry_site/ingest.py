"""Takes a batch of messages in: all of it is committed, or it is raised why not."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from telemetry_site.core import clock
from telemetry_site.core.messaging import receipts
from telemetry_site.core.messaging.attempts import digest_of
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.models import RejectedMessage
from telemetry_site.core.messaging.notification import Undecodable, decode
from telemetry_site.core.transactions import in_transaction


class Taken(NamedTuple):
    """How many messages were new, came again, or were rejected, wholly or in part."""

    fresh: int = 0
    repeated: int = 0
    rejected: int = 0


def ingest(deliveries: Sequence[Delivery]) -> Taken:
    """Take them in, each once."""
    now = clock.now()
    faults: dict[UUID, tuple[Delivery, str]] = {}
    ids = [_id(one, faults) for one in deliveries]

    def work() -> Taken:
        fresh = receipts.take(ids, now)
        bad = [
            RejectedMessage(
                received_at=now, queue=one.queue, part="decoding", reason=why, size=len(one.body),
                body=one.body,
            )
            for id, (one, why) in faults.items()
            if id in fresh
        ]  # fmt: skip
        RejectedMessage.objects.bulk_create(bad)
        return Taken(len(fresh), len(ids) - len(fresh), len(bad))

    return in_transaction(work)


def _id(one: Delivery, faults: dict[UUID, tuple[Delivery, str]]) -> UUID:
    try:
        return decode(one.body, one.priority).id
    except Undecodable as error:
        made = UUID(bytes=digest_of(one.body))
        faults[made] = (one, str(error))
        return made
