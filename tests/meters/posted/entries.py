"""Posted lists and the terms they are read under; keywords vary them."""

import json
from datetime import UTC, datetime
from typing import Any

from meters.posted.messages import Terms

NOW = datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=UTC)
GONE = object()


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
