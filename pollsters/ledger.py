"""What is due, who polls it, and how a poll ends; the rows are the memory, tasks only wake-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import Case, F, Q, QuerySet, Value, When

from pollsters import grid
from pollsters.models import PollJob
from pollsters.sources import Source
from telemetry_site.core.errors import TelemetryError

# Longer than any poll should take; a run that has died is made up for after this long.
LEASE = timedelta(minutes=2)


class StaleRun(TelemetryError):
    """The run no longer owns its row: its lease ended and another took over, or it ended before."""


@dataclass(frozen=True, slots=True)
class Run:
    """One poll of one source, on behalf of the row's generation; `slot` is the samples' time."""

    job_id: int
    generation: int
    source: str
    interval: int
    due: datetime
    slot: datetime


def sync(sources: Sequence[Source], now: datetime) -> None:
    """Make the rows follow the plan: new sources are due at once, gone ones are left alone.

    A row is never due later than one interval from now, whatever its interval was before or
    the clock said.
    """
    rows = {job.source: job for job in PollJob.objects.all()}
    PollJob.objects.bulk_create(
        [_new(source, now) for source in sources if source.name not in rows],
        ignore_conflicts=True,
    )
    for source in sources:
        job = rows.get(source.name)
        if job and (job.interval != source.interval or not job.listed):
            PollJob.objects.filter(pk=job.pk).update(interval=source.interval, listed=True)
        if job and job.next_due > now + timedelta(seconds=source.interval):
            _bring_forward(job, grid.next_slot(now, source.interval))
    gone = set(rows) - {source.name for source in sources}
    if any(rows[name].listed for name in gone):
        PollJob.objects.filter(source__in=gone).update(listed=False)


def _new(source: Source, now: datetime) -> PollJob:
    due = grid.whole_second(now)
    return PollJob(source=source.name, interval=source.interval, next_due=due)


def _bring_forward(job: PollJob, due: datetime) -> None:
    PollJob.objects.filter(pk=job.pk, next_due=job.next_due).update(next_due=due)


def claim(now: datetime) -> list[tuple[int, int]]:
    """Take every due row that nobody holds; (id, generation) of those that are ours now.

    One conditional update: of two that claim at once, one finds the rows taken. A lease that
    ended without its run having ended is counted as a lost run.
    """
    owner = str(uuid4())
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = PollJob.objects.filter(free, enabled=True, listed=True, next_due__lte=now)
    taken = due.update(
        lost=Case(When(lease_until__isnull=True, then=F("lost")), default=F("lost") + Value(1)),
        lease_until=now + LEASE,
        lease_owner=owner,
        generation=F("generation") + 1,
    )
    if not taken:
        return []
    return list(PollJob.objects.filter(lease_owner=owner).values_list("id", "generation"))


def begin(job_id: int, generation: int, now: datetime) -> Run | None:
    """The run that a claim promised; None when it has ended or another has taken over."""
    job = _owned(job_id, generation).first()
    if job is None:
        return None
    slot = grid.slot_at(job.next_due, job.interval, now)
    return Run(job.pk, generation, job.source, job.interval, job.next_due, slot)


def succeed(run: Run, now: datetime, *, error: str = "", unavailable: str = "") -> None:
    """End a run that brought samples, inside their transaction. Raises StaleRun.

    `error` says what could not be read beside them, `unavailable` what never can be.
    """
    _end(run, last_ok=now, failures=0, last_error=error, unavailable=unavailable)


def fail(run: Run, error: str) -> None:
    """End a run that brought nothing; its source is due at its next slot. Raises StaleRun."""
    _end(run, failures=F("failures") + 1, last_error=error)


def _end(run: Run, **changes: object) -> None:
    ended = _owned(run.job_id, run.generation).update(
        lease_until=None,
        lease_owner="",
        lost=0,
        next_due=grid.next_slot(run.slot, run.interval),
        missed=F("missed") + grid.missed(run.due, run.slot, run.interval),
        **changes,
    )
    if not ended:
        raise StaleRun(f"Another run of {run.source} has taken over.")


def _owned(job_id: int, generation: int) -> QuerySet[PollJob]:
    return PollJob.objects.filter(pk=job_id, generation=generation, lease_until__isnull=False)


def run_now(job_ids: Sequence[int], now: datetime) -> int:
    """Make these due at once, unless they are off or being polled; how many that were."""
    rows = PollJob.objects.filter(
        pk__in=job_ids, enabled=True, listed=True, lease_until__isnull=True
    )
    return rows.update(next_due=grid.whole_second(now))
