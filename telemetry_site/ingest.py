"""Takes a batch of messages in: all of it is committed, or it is raised why not.

What a message holds becomes samples and an event. Each is taken once, by its id; what cannot be
processed is kept as rejected, without holding up its neighbours or its other half.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from events import pipelines as event_pipelines
from events.pipelines import Prepared
from meters import pipelines
from meters.samples import Sample
from telemetry_site import publishing
from telemetry_site.conversion import Fault, convert, fault
from telemetry_site.core import clock
from telemetry_site.core.messaging import attempts, receipts, rejected
from telemetry_site.core.messaging.delivery import Delivery
from telemetry_site.core.messaging.notification import (
    Notification,
    Undecodable,
    as_uuid,
    decode,
)
from telemetry_site.core.messaging.rejected import DECODING, EVENT, SAMPLES, STORE, Rejection
from telemetry_site.core.publishers.outbox import Congested
from telemetry_site.core.transactions import in_transaction

logger = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError)  # the database: the message is not to blame
CONGESTED = "{} is owed more than it may be, and its policy is to wait"
KILLED = "Processes that began with it alone have died, three times"


class Taken(NamedTuple):
    """How many messages were new, came again, or were rejected, wholly or in part."""

    fresh: int = 0
    repeated: int = 0
    rejected: int = 0

    def and_(self, other: "Taken") -> "Taken":
        """Both together."""
        return Taken(*(one + two for one, two in zip(self, other, strict=True)))


class Content(NamedTuple):
    """What was made of a message, and what could not be.

    It does not keep the notification: hundreds of them are more than a processor's cache holds.
    """

    id: UUID
    delivery: Delivery
    event_type: str = ""
    message_id: str = ""
    samples: Sequence[Sample] = ()
    event: Prepared | None = None
    faults: Sequence[Fault] = ()

    def rejections(self) -> Iterator[Rejection]:
        """A row for each part that failed."""
        for part, reason in self.faults:
            yield self.rejection(part, reason)

    def rejection(self, part: str, reason: str) -> Rejection:
        """The row of a part that failed."""
        body, queue, *_ = self.delivery
        return Rejection(body, queue, part, reason, self.event_type, self.message_id)


def ingest(deliveries: Sequence[Delivery]) -> Taken:
    """Take them in, each once. Raises OperationalError or InterfaceError: nothing is wrong then
    with the messages, and all of them may be given again. So does Congested."""
    if label := publishing.congested():
        raise Congested(CONGESTED.format(label))
    now = clock.now()
    fresh = [one for one in deliveries if not one.redelivered]
    returned = [one for one in deliveries if one.redelivered]
    taken = _take(_contents(fresh, now), now)
    for some in _by_attempts(returned):
        taken = taken.and_(_attempt(some, now))
    return taken


def take_in(
    said: Notification, delivery: Delivery, now: datetime, closing: Callable[[], None]
) -> Taken:
    """Take one in that was read before; `closing` writes what must be true with it."""
    return _take([_made_of(said, delivery, now)], now, closing)


def _by_attempts(returned: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    """Together what was not begun with since it came back, then each of the others alone."""
    if not returned:
        return
    counts = attempts.counts([attempts.digest_of(one.body) for one in returned])
    begun = [one for one in returned if attempts.digest_of(one.body) in counts]
    first = [one for one in returned if attempts.digest_of(one.body) not in counts]
    if first:
        yield first
    yield from ([one] for one in begun)


def _attempt(some: Sequence[Delivery], now: datetime) -> Taken:
    """Take in what has come back, unless it has killed too often."""
    digests = [attempts.digest_of(one.body) for one in some]
    counts = attempts.counts(digests)
    if len(some) == 1 and counts.get(digests[0], 0) >= attempts.MOST:
        contents = [_unreadable(some[0], STORE, KILLED)]
    else:
        attempts.begin(digests, now)
        contents = _contents(some, now)
    return _take(contents, now, closing=lambda: attempts.end(digests))


def _contents(deliveries: Iterable[Delivery], now: datetime) -> list[Content]:
    """What they hold."""
    return [_read(one, now) for one in deliveries]


def _read(delivery: Delivery, now: datetime) -> Content:
    try:
        said = decode(delivery.body, delivery.priority)
    except Undecodable as error:
        return _unreadable(delivery, DECODING, str(error))
    return _made_of(said, delivery, now)


def _unreadable(delivery: Delivery, part: str, reason: str) -> Content:
    """It is known by what it is: given out again, it is not kept again."""
    made = as_uuid(f"{part}:{attempts.digest_of(delivery.body).hex()}")
    return Content(made, delivery, faults=[Fault(part, reason)])


def _made_of(said: Notification, delivery: Delivery, now: datetime) -> Content:
    samples, event, faults = convert(said, now)
    row = None
    try:
        row = event_pipelines.prepared(event) if event else None
    except Exception as error:
        faults = [*faults, fault(EVENT, error, said)]
    return Content(said.id, delivery, said.event_type, said.message_id, samples, row, faults)


def _take(
    contents: Sequence[Content], now: datetime, closing: Callable[[], None] = lambda: None
) -> Taken:
    """Store them together, or, where that fails, the halves of them."""
    if not contents:
        return Taken()
    try:
        return _store(contents, now, closing, _store_all)
    except AWAY:
        raise
    except Exception as error:
        if len(contents) > 1:
            half = len(contents) // 2
            first = _take(contents[:half], now)
            return first.and_(_take(contents[half:], now, closing))
        logger.warning("A message could not be stored: %s", error)
        return _store(contents, now, closing, _store_apart)


def _store(
    contents: Sequence[Content],
    now: datetime,
    closing: Callable[[], None],
    store: Callable[[Sequence[Content], datetime], list[Rejection]],
) -> Taken:
    """One transaction: the receipts say what is new, and only that is stored."""
    pipelines.prepare([sample for content in contents for sample in content.samples])
    event_pipelines.prepare([one.event for one in contents if one.event])

    def work() -> Taken:
        fresh = receipts.take((content.id for content in contents), now)
        kept = [one for one in {c.id: c for c in reversed(contents)}.values() if one.id in fresh]
        kept.reverse()
        rejections = [row for content in kept for row in content.rejections()] + store(kept, now)
        rejected.keep(rejections, now)
        closing()
        broken = len({id(row.body) for row in rejections})
        return Taken(len(kept), len(contents) - len(kept), broken)

    return in_transaction(work)


def _store_all(contents: Sequence[Content], now: datetime) -> list[Rejection]:
    pipelines.deliver([content.samples for content in contents if content.samples])
    event_pipelines.deliver([one.event for one in contents if one.event], now)
    return []


def _store_apart(contents: Sequence[Content], now: datetime) -> list[Rejection]:
    """Each half by itself; what the database refuses is a rejection."""
    found = []
    for content in contents:
        for part, half in (
            (SAMPLES, content._replace(event=None)),
            (EVENT, content._replace(samples=())),
        ):
            try:
                with transaction.atomic():
                    _store_all([half], now)
            except AWAY:
                raise
            except Exception as error:
                found.append(content.rejection(part, f"It could not be stored: {error}"))
    return found
