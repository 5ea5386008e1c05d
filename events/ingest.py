"""Notifications become events, by the definitions of this installation."""

import logging
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from events.definitions import Definitions, load
from events.records import Event
from telemetry_site.core.messaging.notification import Notification

SHIPPED = Path(__file__).parent / "data" / "event_definitions.yaml"

logger = logging.getLogger(__name__)


@cache
def definitions() -> Definitions:
    """What makes events here, read once; bad definitions are told to the log."""
    options = settings.TELEMETRY
    loaded = load(definition_places())
    for fault in loaded.faults:
        logger.warning("An event definition is left out: %s", fault)
    return Definitions(
        loaded.definitions,
        drop_unmatched=options["DROP_UNMATCHED_EVENTS"],
        store_raw=options["STORE_RAW"],
    )


def definition_places() -> list[Path]:
    """Files and folders of event definitions, those that win first."""
    return [*settings.TELEMETRY["EVENT_DEFINITIONS"], SHIPPED]


def from_notification(said: Notification, now: datetime) -> Event | None:
    """The event of a notification; None where none is wanted. Raises `definitions.Unusable`."""
    return definitions().event(said, now)
