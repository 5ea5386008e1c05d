"""Sends what the publishers of both pipelines are owed; the only place that knows both."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from events import pipelines as event_pipelines
from meters import pipelines as sample_pipelines
from telemetry_site.core.publishers import outbox, sending
from telemetry_site.core.publishers.channels import Channel


def channels() -> Mapping[bytes, Channel]:
    """Every external publisher that a pipeline names."""
    return {**sample_pipelines.sinks().channels, **event_pipelines.sinks().channels}


def claim(now: datetime) -> list[tuple[int, int]]:
    """Take the publishers that something can be sent to now; (id, generation) of each."""
    return sending.claim(channels(), settings.TELEMETRY["OUTBOX_BYTES"], now)


def send(standing_id: int, generation: int) -> int:
    """Send on behalf of a claim; how many samples or events arrived."""
    return sending.send(channels(), standing_id, generation)


def congested() -> str:
    """The publisher that readers of notifications have to wait for; empty where there is none."""
    return outbox.full(channels())
