"""metering: samples that a notifier publisher sends on, the original's or ours; they are signed."""

from collections.abc import Iterator

from meters.notified.drafts import Draft, Unusable
from meters.notified.polled import draft
from telemetry_site.core.messaging.notification import Notification
from telemetry_site.core.publishers.signing import verified

EVENT_TYPE = "metering"


def is_about(event_type: str) -> bool:
    """Whether it is one; with per_meter_topic the meter's name stands behind a dot."""
    return event_type == EVENT_TYPE or event_type.startswith(f"{EVENT_TYPE}.")


def drafts(said: Notification, secret: str) -> Iterator[Draft]:
    """One for each; their ids are their own.

    Raises Unusable for what is no list of messages, or where one is not signed with the secret.
    """
    messages = said.payload
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        raise Unusable("The payload of a metering message is a list of objects")
    strange = sum(not verified(one, secret) for one in messages)
    if strange:
        raise Unusable(
            f"{strange} of its {len(messages)} messages are not signed with "
            "TELEMETRY_SIGNING_SECRET, the telemetry_secret of whoever sent them"
        )
    for message in messages:
        yield draft(message, EVENT_TYPE)
