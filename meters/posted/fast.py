"""Reads a posted list at full speed, or says that it needs the careful reader."""

import msgspec

from meters.posted.messages import Message, Terms, in_utc
from meters.posted.metadata import known_metadata
from telemetry_site.core.clock import EPOCH

_decode = msgspec.json.Decoder(list[Message]).decode


def read(body: bytes, terms: Terms) -> list[Message] | None:
    """The messages if all of them are in order and in the usual form, else None."""
    # A NUL can only be written like this, and what looks like one may be none.
    if b"\\" in body and b"\\u0000" in body:
        return None
    try:
        messages = _decode(body)
        return messages if messages and _in_order(messages, terms) else None
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        return None


def _in_order(messages: list[Message], terms: Terms) -> bool:
    """Whether they keep to the terms and their metadata is texts; raises as MetadataCache does."""
    meter, project, confined_to = terms.meter, terms.project, terms.confined_to
    latest, check_metadata = terms.latest, known_metadata.get

    for message in messages:
        if message.counter_name != meter or message.message_id:
            return False
        if confined_to is not None and (message.project_id or project) != confined_to:
            return False
        moment = message.timestamp
        if moment is not None and not EPOCH <= in_utc(moment) <= latest:
            return False
        check_metadata(bytes(message.resource_metadata))
    return True
