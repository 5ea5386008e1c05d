"""The one door that every event goes through, whatever made it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from events.publishers.waiting import encoded as as_parcel
from events.records import Event
from events.signals import events_recorded
from events.sinks import Sinks, load
from events.storage import writing
from events.storage.writing import Encoded, decoded, encoded
from telemetry_site.core.pipeline import tally
from telemetry_site.core.pipeline.current import Current
from telemetry_site.core.pipeline.outlets import tell
from telemetry_site.core.publishers import outbox
from telemetry_site.core.publishers.channels import Channel

SHIPPED = Path(__file__).parent / "data" / "event_pipeline.yaml"


class Prepared(NamedTuple):
    """An event on its way: as our store keeps it, and as itself for other publishers.

    Either is None where it goes nowhere of that kind: many of them wait for their transaction.
    """

    event_type: str
    stored: Encoded | None
    event: Event | None
    channels: tuple[Channel, ...]

    def read(self) -> Event:
        """The event itself, of one that goes somewhere. Raises ValueError for another."""
        if self.event is not None:
            return self.event
        if self.stored is None:
            raise ValueError("the event goes nowhere and was not kept")
        return decoded(self.stored)


def file() -> Path:
    """The pipeline file that is in use."""
    given: Path | None = settings.TELEMETRY["EVENT_PIPELINE_FILE"]
    return given or SHIPPED


def _in_use(path: Path) -> Sinks:
    found = load(path)
    tell(found.all)
    return found


_current: Current[Sinks] = Current(file, _in_use)
sinks = _current.get


def prepared(event: Event) -> Prepared:
    """The event, made ready for where its type is sent."""
    found = sinks().outlets_of(event.event_type)
    kept = event if found.channels else None
    stored = encoded(event) if found.stores else None
    return Prepared(event.event_type, stored, kept, found.channels)


def prepare(events: Iterable[Prepared]) -> None:
    """What is to be done, outside of a transaction, before these events are delivered."""
    outbox.know(sinks().channels.values())
    writing.prepare([one.stored for one in events if one.stored])


def deliver(events: Sequence[Prepared], now: datetime) -> int:
    """Send them where they go, in the caller's transaction; how many were new in our store."""
    stored = writing.store([one.stored for one in events if one.stored])
    tally.count(sinks().counts(one.event_type for one in events))
    owed: dict[bytes, tuple[Channel, list[Event]]] = {}
    for one in events:
        for channel in one.channels:
            if one.event is not None:
                owed.setdefault(channel.key, (channel, []))[1].append(one.event)
    parcels = [(channel, len(some), as_parcel(some)) for channel, some in owed.values()]
    outbox.owe(parcels, now)
    kept = [one for one in events if one.stored or one.event]
    if kept:
        events_recorded.send(sender=None, events=kept, now=now)
    return stored
