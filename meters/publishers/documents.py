"""A sample as an object that can be written out, in the original's two forms."""

from collections.abc import Mapping
from typing import Any

import msgspec

from meters.samples import Sample

_decode = msgspec.json.Decoder().decode


def plain(sample: Sample) -> Mapping[str, Any]:
    """With a sample's own names; what we do not know of it is null."""
    return {
        "id": str(sample.message_id),
        "name": sample.meter,
        "type": sample.type,
        "unit": sample.unit,
        "volume": sample.volume,
        "user_id": sample.user,
        "user_name": None,
        "project_id": sample.project,
        "project_name": None,
        "resource_id": sample.resource,
        "timestamp": sample.timestamp.isoformat(),
        "resource_metadata": _decode(sample.metadata),
        "source": sample.source,
        "monotonic_time": None,
    }


def message(sample: Sample) -> dict[str, Any]:
    """As the original's services send it to each other, not yet signed."""
    return {
        "source": sample.source,
        "counter_name": sample.meter,
        "counter_type": sample.type,
        "counter_unit": sample.unit,
        "counter_volume": sample.volume,
        "user_id": sample.user,
        "user_name": None,
        "project_id": sample.project,
        "project_name": None,
        "resource_id": sample.resource,
        "timestamp": sample.timestamp.isoformat(),
        "resource_metadata": _decode(sample.metadata),
        "message_id": str(sample.message_id),
        "monotonic_time": None,
    }
