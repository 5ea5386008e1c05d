"""telemetry.polling: samples that a polling agent of the original sends as they are."""

from collections.abc import Iterator, Mapping
from typing import Any

from meters.notified.drafts import Draft, Unusable
from telemetry_site.core.messaging.notification import Notification

EVENT_TYPES = ("telemetry.polling", "telemetry.api")


def drafts(said: Notification) -> Iterator[Draft]:
    """One for each; their ids are their own. Raises Unusable for what is no list of samples."""
    payload = said.payload
    samples = payload.get("samples") if isinstance(payload, dict) else None
    if not isinstance(samples, list) or not all(isinstance(one, dict) for one in samples):
        raise Unusable("The payload of a polling message needs samples: a list of objects")
    for sample in samples:
        yield draft(sample, EVENT_TYPES[0])


def draft(sample: Mapping[str, Any], place: str) -> Draft:
    """What a message of a sample says."""
    metadata = sample.get("resource_metadata")
    return Draft(
        place,
        sample.get("counter_name"),
        sample.get("counter_type"),
        sample.get("counter_unit"),
        sample.get("counter_volume"),
        sample.get("resource_id"),
        sample.get("project_id"),
        sample.get("user_id"),
        sample.get("timestamp"),
        metadata if isinstance(metadata, dict) else {},
        None,
        sample.get("source"),
        sample.get("message_id"),
    )
