"""What we say about ourselves to Prometheus: read from the database, cheap at any size."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from meters.models import Series
from pollsters.models import PollJob


class Overview:
    """A collector of a handful of numbers; all of them are the same whichever process is asked."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The numbers at this moment."""
        count = Series.objects.count()
        yield GaugeMetricFamily("telemetry_series", "Streams of samples known.", count)
        yield from self._polls()

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

    def _since(self, moment: datetime) -> float:
        return (self._now - moment).total_seconds()


def exposition(now: datetime) -> bytes:
    """The numbers in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Overview(now))
    return generate_latest(registry)
