"""What a notification says: samples by the meter definitions, an event by those of events."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from events.ingest import from_notification as event_from
from events.records import Event
from meters.ingest import from_notification as samples_from
from meters.samples import Sample
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.messaging.notification import Notification
from telemetry_site.core.messaging.rejected import EVENT, SAMPLES

logger = logging.getLogger(__name__)

# As in the original: others are received, and nothing is made of them.
WITH_SAMPLES = ("info", "sample")
WITH_EVENT = ("info", "error")


class Fault(NamedTuple):
    """The part of a notification that failed, and why."""

    part: str
    reason: str


class Converted(NamedTuple):
    """What was made of a notification; a part that failed has a fault and nothing else."""

    samples: Sequence[Sample]
    event: Event | None
    faults: Sequence[Fault]


def convert(said: Notification, now: datetime) -> Converted:
    """Both halves; one that fails does not keep the other from being made."""
    samples: Sequence[Sample] = ()
    event, faults = None, []
    try:
        samples = samples_of(said)
    except Exception as error:
        faults.append(fault(SAMPLES, error, said))
    try:
        event = event_of(said, now)
    except Exception as error:
        faults.append(fault(EVENT, error, said))
    return Converted(samples, event, faults)


def fault(part: str, error: Exception, said: Notification) -> Fault:
    """Why a part failed; also where nobody has thought of it: no message may end a consumer."""
    if not isinstance(error, TelemetryError):
        logger.error("The %s of %s: %r", part, said.event_type, error, exc_info=error)
    return Fault(part, reason_of(error))


def reason_of(error: Exception) -> str:
    """Why something cannot be made; an error that is not among ours is called one."""
    known = isinstance(error, TelemetryError)
    return str(error) if known else f"An error of this service: {error!r:.500}"


def samples_of(said: Notification) -> Sequence[Sample]:
    """Its samples. Raises meters.notified.drafts.Unusable."""
    return samples_from(said).samples if said.priority in WITH_SAMPLES else ()


def event_of(said: Notification, now: datetime) -> Event | None:
    """Its event, if it is one. Raises events.definitions.Unusable."""
    return event_from(said, now) if said.priority in WITH_EVENT else None
