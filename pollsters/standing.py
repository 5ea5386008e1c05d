"""How a source is doing, in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pollsters.models import PollJob

OVERDUE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is one of good, busy, partly, bad, off; `words` say it to a reader."""

    state: str
    words: str


def standing(job: PollJob, now: datetime) -> Standing:
    """How the source of this row is doing at that moment."""
    if not job.listed:
        return Standing("off", "No longer in the polling plan")
    if not job.enabled:
        return Standing("off", "Switched off")
    return _trouble(job, now) or _progress(job, now)


def _trouble(job: PollJob, now: datetime) -> Standing | None:
    if job.lost:
        return Standing("bad", f"A poll began and never ended, {_times(job.lost)}")
    if now - job.next_due > OVERDUE and not _held(job, now):
        return Standing("bad", "Overdue: are the worker and beat running?")
    if job.failures:
        return Standing("bad", f"Failing: it brought nothing, {_times(job.failures)}")
    return None


def _progress(job: PollJob, now: datetime) -> Standing:
    if _held(job, now):
        return Standing("busy", "Being polled")
    if job.last_ok is None:
        return Standing("busy", "Waiting for its first poll")
    if job.last_error:
        return Standing("partly", "Working, but not everything could be read")
    return Standing("good", "Working")


def _held(job: PollJob, now: datetime) -> bool:
    return job.lease_until is not None and job.lease_until >= now


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times in a row"
