"""Rounds of evaluation: one at a time, on a fixed grid, gone on with where a worker died.

A round is in one row. It is claimed by a conditional update that sets a lease and raises the
generation; each slice of alarms is written together with how far the round is, and only by the
holder of the generation. So a slice counts once, whoever dies when, and a wake-up that is lost
or comes twice does no harm.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import F, Q, QuerySet

from alarms import counting, transitions, watched
from alarms.evaluation import Outcome, evaluate
from alarms.models import EvaluationRound
from telemetry_site.core import clock
from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.transactions import in_transaction

ROW = 1
SLICE = 5_000
LEASE = timedelta(seconds=60)  # longer than a slice takes; then another worker goes on
PAUSE = timedelta(seconds=5)  # after a round that failed
LONGEST_ERROR = 300

logger = logging.getLogger(__name__)


class Round(NamedTuple):
    """A claimed round: the moment it evaluates for, and behind which alarm it begins."""

    generation: int
    slot: datetime
    phase: int
    after: str


class Ended(NamedTuple):
    """What a round did: alarms evaluated, of them changed, and actions to be run."""

    evaluated: int = 0
    changed: int = 0
    actions: int = 0


class StaleRound(TelemetryError):
    """Another worker goes on with the round."""


def claim(now: datetime, *, forced: bool = False) -> Round | None:
    """Take the round that is due, or, `forced`, one for this moment, unless somebody holds it."""
    row, _ = EvaluationRound.objects.get_or_create(pk=ROW, defaults={"next_due": now})
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = Q(next_due__lte=now) | Q(next_due__gt=now + _interval())  # the clock was set back
    slot = now if forced else _slot(now)
    goes_on = row.slot == slot and row.finished_at is None
    changes = {} if goes_on else {"done": "", "evaluated": 0, "changed": 0, "finished_at": None}
    # As it was read: where the update waits for a slice, the round is further when it goes on.
    rows = EvaluationRound.objects.filter(
        free, pk=ROW, generation=row.generation, done=row.done, finished_at=row.finished_at
    )
    taken = (rows if forced else rows.filter(due)).update(
        lease_until=now + LEASE, generation=F("generation") + 1, slot=slot, **changes
    )
    if not taken:
        return None
    phase, _, after = (row.done if goes_on else "").partition(":")
    return Round(row.generation + 1, slot, int(phase or 0), after)


def run(now: datetime, *, forced: bool = False) -> Ended | None:
    """Evaluate all alarms if a round is due; None where none is, or another worker is at it."""
    mine = claim(now, forced=forced)
    if mine is None:
        return None
    started = time.monotonic()
    try:
        ended = _all(mine)
    except StaleRound as error:
        logger.warning("%s", error)
        return None
    except BaseException as error:
        _held(mine).update(
            lease_until=clock.now() + PAUSE, last_error=str(error)[:LONGEST_ERROR] or repr(error)
        )
        raise
    _end(mine, ended, time.monotonic() - started)
    return ended


def _all(mine: Round) -> Ended:
    ended = Ended()
    after = mine.after
    for phase in range(mine.phase, len(watched.PHASES)):
        while alarms := watched.some(phase, after, SLICE):
            after = alarms[-1].alarm_id
            outcome = evaluate(alarms, mine.slot)
            written = _write(mine, outcome, f"{phase}:{after}")
            ended = Ended(
                ended.evaluated + len(outcome.found),
                ended.changed + written.changed,
                ended.actions + written.actions,
            )
        after = ""
    return ended


def _write(mine: Round, outcome: Outcome, done: str) -> transitions.Written:
    """A slice, with how far the round is then. Raises StaleRound."""

    def work() -> transitions.Written:
        now = clock.now()
        if not _held(mine).update(
            done=done, lease_until=now + LEASE, evaluated=F("evaluated") + len(outcome.found)
        ):
            raise StaleRound("Another worker goes on with the round of evaluation.")
        written = transitions.write(outcome.transitions, outcome.comings, now)
        if written.changed:
            _held(mine).update(changed=F("changed") + written.changed)
        if settings.TELEMETRY["EVALUATION_METRICS"]:
            counting.count(outcome.found)
        return written

    return in_transaction(work)


def _end(mine: Round, ended: Ended, seconds: float) -> None:
    now = clock.now()
    row = _held(mine).first()
    if row is None:
        return
    missed = (mine.slot - row.next_due) // _interval() if mine.slot > row.next_due else 0
    _held(mine).update(
        lease_until=None, finished_at=now, next_due=_slot(mine.slot) + _interval(), seconds=seconds,
        missed=F("missed") + missed, last_error="",
    )  # fmt: skip


def _held(mine: Round) -> QuerySet[EvaluationRound]:
    return EvaluationRound.objects.filter(pk=ROW, generation=mine.generation)


def _interval() -> timedelta:
    return timedelta(seconds=settings.TELEMETRY["EVALUATION_INTERVAL"])


def _slot(now: datetime) -> datetime:
    """The last moment of the grid, which begins in 1970."""
    return now - (now - clock.EPOCH) % _interval()
