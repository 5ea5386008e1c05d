"""Samples with sensible values; keywords vary them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from meters.ids import fresh_ids
from meters.samples import Sample, encode_metadata

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def make_sample(
    volume: float | None = 1.0,
    timestamp: datetime = MOMENT,
    metadata: Mapping[str, Any] | None = None,
    message_id: UUID | None = None,
    **named: Any,
) -> Sample:
    """A sample of the gauge `cpu_util` in % of resource `vm-1` of project `p1`."""
    values = {
        "meter": "cpu_util",
        "type": "gauge",
        "unit": "%",
        "resource": "vm-1",
        "project": "p1",
        "user": "u1",
        "source": "openstack",
    }
    return Sample(
        volume=volume,
        timestamp=timestamp,
        metadata=encode_metadata(metadata or {}),
        message_id=message_id or fresh_ids(1, MOMENT)[0],
        **{**values, **named},
    )
