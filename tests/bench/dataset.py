"""Stores to be asked: their series come through the door, most samples are made by the server."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, product

from meters.ids import fresh_ids
from meters.pipelines import publish
from meters.samples import Sample, encode_metadata
from meters.storage.store import store
from telemetry_site.core.clock import now
from tests.bench import keeping, workload
from tests.bench.databases import execute, number

AT_ONCE = 10_000
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)

# Series by series, which is the order of the index.
FILL = """
INSERT INTO sample (series_id, timestamp, message_id, metadata_id, recorded_at, volume)
SELECT series_id, at, gen_random_uuid(), metadata_id, at, 100 * random() FROM (
    SELECT s.series_id, s.metadata_id, generate_series(%s, %s, %s) AS at FROM (
        SELECT s.series_id, s.metadata_id FROM sample s JOIN meters_series r ON r.id = s.series_id
        WHERE s.timestamp = %s AND r.meter = ANY(%s) AND r.id > %s ORDER BY s.series_id
    ) s
) made
"""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, its end not among it."""

    start: datetime
    end: datetime

    def days(self) -> list[datetime]:
        """The first moment of each day that it begins or goes on in."""
        first = midnight(self.start)
        return [first + n * DAY for n in range(-(-(self.end - first) // DAY))]


def midnight(moment: datetime) -> datetime:
    """The beginning of that day of UTC."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def last_week() -> Span:
    """The last seven days that are over."""
    end = midnight(now())
    return Span(end - WEEK, end)


def sample(meter: int, resource: int, at: datetime, projects: int, volume: float = 1.0) -> Sample:
    """A sample of the workload's meter and resource of these numbers."""
    name, kind, unit = workload.METERS[meter]
    return Sample(
        name, kind, unit, volume, workload.resource(resource), workload.project(resource, projects),
        workload.user(resource, projects), "openstack", at, fresh_ids(1, now())[0],
        encode_metadata(workload.metadata(resource)),
    )  # fmt: skip


def first_samples(
    meters: int, resources: Iterable[int], at: datetime, projects: int
) -> Iterator[Sample]:
    """One sample of each series."""
    for meter, resource in product(range(meters), resources):
        yield sample(meter, resource, at, projects)


def begin(samples: Iterable[Sample], span: Span) -> None:
    """Store the first sample of every series, and make room for the days of the span."""
    waiting = iter(samples)
    while some := list(islice(waiting, AT_ONCE)):
        publish(some)
    store().prepare([sample(0, 0, day, 1) for day in span.days()])


def fill(
    first: datetime,
    span: Span,
    step: timedelta,
    meters: Sequence[str] = workload.NAMES,
    beyond: int = 0,
) -> None:
    """Samples every `step` in the span for the series that have one at `first`.

    Only for those of these meters, made after the series `beyond`.
    """
    start = span.start + step if span.start == first else span.start
    execute("SET synchronous_commit = off")
    execute(FILL, start, span.end - step, step, first, list(meters), beyond)
    execute("RESET synchronous_commit")
    keeping.mark(span.start, span.end)


def newest_series() -> int:
    """The id of the series made last, 0 for none."""
    return int(number("SELECT coalesce(max(id), 0) FROM meters_series"))


def settle() -> None:
    """Bring everything up to date that comes behind the samples."""
    keeping.roll_up(now())
    execute("VACUUM ANALYZE")
    execute("CHECKPOINT")


def count() -> int:
    """How many samples there are."""
    return int(number("SELECT count(*) FROM sample"))
