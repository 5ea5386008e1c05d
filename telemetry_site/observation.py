"""What we say about ourselves to Prometheus: read from the database, cheap at any size."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from alarms.standing import Standing
from alarms.standing import standing as of_actions
from meters.models import Series
from pollsters.models import PollJob
from telemetry_site import reading
from telemetry_site.core.messaging.models import QueueStanding, RejectedMessage
from telemetry_site.core.pipeline.models import PipelineStanding
from telemetry_site.core.publishers.standing import PublisherLine, lines

Told: TypeAlias = tuple[str, str, Callable[[PublisherLine], float]]

GAUGES = (("waiting", "not stored yet"), ("consumers", "readers, of other programs too"))
COUNTERS = (
    ("received", "taken from the queue and stored, or seen to have come before"),
    ("repeated", "of these, come again after they had been stored"),
    ("rejected", "of these, kept because they could not be processed"),
)
PIPELINE_COUNTERS = (
    ("records", "Samples or events that a source took, or that came out of a sink."),
    ("unusable", "Samples that a sink could make nothing of: too late, or without a value."),
)
PUBLISHER_GAUGES: tuple[Told, ...] = (
    ("owed", "Samples or events that a publisher is owed.", lambda line: line.owed),
    ("owed_bytes", "Their size.", lambda line: line.size),
    ("lag_seconds", "Seconds since the oldest of them was taken in.", lambda line: line.lag),
    ("failures", "Failures in a row.", lambda line: line.row.failures),
)
PUBLISHER_COUNTERS: tuple[Told, ...] = (
    ("sent", "Samples or events that arrived.", lambda line: line.row.sent),
    ("refused", "Those that were refused for good.", lambda line: line.row.refused),
    ("dropped", "Those that were dropped past the bound.", lambda line: line.row.dropped),
)
ACTION_GAUGES: tuple[tuple[str, str, Callable[[Standing], float]], ...] = (
    ("waiting", "Actions of alarms that are to be run, or tried again.", lambda it: it.waiting),
    ("failed", "Those kept that failed for good.", lambda it: it.failed),
    ("lag_seconds", "Seconds since the oldest that waits was made.", lambda it: it.lag),
)


class Overview:
    """A collector of a handful of numbers; all of them are the same whichever process is asked."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The numbers at this moment."""
        count = Series.objects.count()
        yield GaugeMetricFamily("telemetry_series", "Streams of samples known.", count)
        yield from self._polls()
        yield from self._queues()
        yield from self._pipelines()
        yield from self._publishers()
        yield from self._actions()

    def _polls(self) -> Iterator[Metric]:
        age = GaugeMetricFamily(
            "telemetry_poll_age_seconds",
            "Seconds since a source last brought samples.",
            labels=["source"],
        )
        late = GaugeMetricFamily(
            "telemetry_poll_late_seconds",
            "Seconds that a source has been due; it grows when worker or beat is away.",
            labels=["source"],
        )
        failures = GaugeMetricFamily(
            "telemetry_poll_failures",
            "Polls of a source in a row that brought nothing.",
            labels=["source"],
        )
        for job in PollJob.objects.filter(enabled=True, listed=True):
            if job.last_ok is not None:
                age.add_metric([job.source], self._since(job.last_ok))
            late.add_metric([job.source], max(0.0, self._since(job.next_due)))
            failures.add_metric([job.source], job.failures)
        yield from (age, late, failures)

    def _queues(self) -> Iterator[Metric]:
        rejected = RejectedMessage.objects.count()
        yield GaugeMetricFamily("telemetry_rejected_messages", "Rejected and kept.", rejected)
        lines = reading.queues(settings.TELEMETRY, self._now)
        rows = [line.row for line in lines if line.row]
        for kind, of in ((GaugeMetricFamily, GAUGES), (CounterMetricFamily, COUNTERS)):
            for name, what in of:
                told = f"Notifications in a queue: {what}."
                found = kind(f"telemetry_notifications_{name}", told, labels=["bus", "queue"])
                for row in rows:
                    found.add_metric([row.bus, row.queue], getattr(row, name))
                yield found
        yield from self._ages(rows)

    def _pipelines(self) -> Iterator[Metric]:
        rows = PipelineStanding.objects.all()
        for name, what in PIPELINE_COUNTERS:
            found = CounterMetricFamily(
                f"telemetry_pipeline_{name}", what, labels=["kind", "role", "name"]
            )
            for row in rows:
                counted = row.total if name == "records" else row.unusable
                found.add_metric([row.kind, row.role, row.name], counted)
            yield found

    def _publishers(self) -> Iterator[Metric]:
        found = lines(self._now)
        for kind, of in (
            (GaugeMetricFamily, PUBLISHER_GAUGES),
            (CounterMetricFamily, PUBLISHER_COUNTERS),
        ):
            for name, what, value in of:
                family = kind(f"telemetry_publisher_{name}", what, labels=["kind", "publisher"])
                for line in found:
                    family.add_metric([line.row.kind, line.row.label], value(line))
                yield family

    def _actions(self) -> Iterator[Metric]:
        found = of_actions(self._now)
        for name, what, value in ACTION_GAUGES:
            yield GaugeMetricFamily(f"telemetry_actions_{name}", what, value(found))

    def _ages(self, rows: Sequence[QueueStanding]) -> Iterator[Metric]:
        """A bus that is away or a queue that is not there counts as not read."""
        read = GaugeMetricFamily(
            "telemetry_notifications_read", "1 while a queue is read.", labels=["bus", "queue"]
        )
        silence = GaugeMetricFamily(
            "telemetry_notifications_silence_seconds",
            "Seconds since a consumer last said how a queue does.",
            labels=["bus", "queue"],
        )
        for row in rows:
            read.add_metric([row.bus, row.queue], row.state in QueueStanding.READ)
            silence.add_metric([row.bus, row.queue], self._since(row.seen_at))
        yield from (read, silence)

    def _since(self, moment: datetime) -> float:
        return (self._now - moment).total_seconds()


def exposition(now: datetime) -> bytes:
    """The numbers in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Overview(now))
    return generate_latest(registry)
