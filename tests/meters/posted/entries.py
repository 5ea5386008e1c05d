"""Posted lists and the terms they are read under; keywords vary them."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from meters.posted import careful, fast
from meters.posted.completion import complete
from meters.posted.messages import Terms
from meters.samples import Sample
from telemetry_site.core.errors import TelemetryError

NOW = datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=UTC)
GONE = object()
NO_ID = UUID(int=0)
READ_ERRORS = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)


def entry(**changes: Any) -> dict[str, Any]:
    """An entry with the mandatory fields; a field changed to GONE is left out."""
    fields = {
        "counter_name": "ap",
        "counter_type": "gauge",
        "counter_unit": "instance",
        "counter_volume": 1,
        "resource_id": "r1",
    }
    return {name: value for name, value in {**fields, **changes}.items() if value is not GONE}


def body(*entries: Any) -> bytes:
    """The entries as the body of a request."""
    return json.dumps(list(entries)).encode()


def terms(**changes: Any) -> Terms:
    """An admin of no project posts to the meter `ap`."""
    named = {"meter": "ap", "user": None, "project": None, "confined_to": None}
    return Terms(**{**named, "source": "openstack", "now": NOW, **changes})


def quickly(posted: bytes, limits: Terms) -> list[Sample] | None:
    """What the fast reader makes of it, without the ids; None where it does not say yes."""
    try:
        return nameless(complete(fast.read(posted), limits))
    except READ_ERRORS:
        return None


def carefully(posted: bytes, limits: Terms) -> list[Sample] | None:
    """What the careful reader makes of it, without the ids; None for a fault."""
    try:
        return nameless(complete(careful.read(posted, limits), limits))
    except TelemetryError:
        return None


def nameless(samples: list[Sample]) -> list[Sample]:
    """The samples without ids, which are new each time."""
    return [msgspec.structs.replace(sample, message_id=NO_ID) for sample in samples]
