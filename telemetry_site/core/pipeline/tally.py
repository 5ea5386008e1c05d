"""Counts what goes through sources and sinks: in this process, and every few seconds in the table.

What is counted has been committed. The counts of the last seconds of a process that is killed are
lost; they are for people to look at, and no bill is made of them.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from django.db import Error, transaction
from django.db.models import Case, F, Value, When

from telemetry_site.core import clock
from telemetry_site.core.pipeline.models import PipelineStanding

WRITE_EVERY = 5.0  # seconds
MINUTE = timedelta(minutes=1)

logger = logging.getLogger(__name__)


class Place(NamedTuple):
    """A source or sink of one of the pipelines."""

    kind: str
    role: str
    name: str


class Count(NamedTuple):
    """How many went through, and of how many nothing could be made."""

    total: int = 0
    unusable: int = 0


_counts: dict[Place, Count] = defaultdict(Count)
_lock = Lock()
_write_at = 0.0


def count(counts: Mapping[Place, Count]) -> None:
    """In a transaction: these went through, if it commits."""
    transaction.on_commit(lambda: _counted(counts))


def _counted(counts: Mapping[Place, Count]) -> None:
    global _write_at
    with _lock:
        for place, (total, unusable) in counts.items():
            known = _counts[place]
            _counts[place] = Count(known.total + total, known.unusable + unusable)
        if time.monotonic() < _write_at:
            return
        _write_at = time.monotonic() + WRITE_EVERY
        due = dict(_counts)
        _counts.clear()
    write(due, clock.now())


def write(counts: Mapping[Place, Count], now: datetime) -> None:
    """Add them to the table."""
    try:
        for place in sorted(counts):
            _add(place, counts[place], now)
    except Error as error:  # what was counted is committed, and must not seem to have failed
        logger.warning("What went through the pipelines is not counted: %s", error)


def _add(place: Place, counted: Count, now: datetime) -> None:
    minute = now.replace(second=0, microsecond=0)
    PipelineStanding.objects.get_or_create(
        **place._asdict(), defaults={"minute": minute, "last_at": now}
    )
    same = When(minute__gte=minute, then=F("of_minute") + Value(counted.total))
    kept = When(minute__gte=minute, then=F("of_last_minute"))
    before = When(minute=minute - MINUTE, then=F("of_minute"))
    PipelineStanding.objects.filter(**place._asdict()).update(
        total=F("total") + counted.total,
        unusable=F("unusable") + counted.unusable,
        of_last_minute=Case(kept, before, default=Value(0)),
        of_minute=Case(same, default=Value(counted.total)),
        minute=Case(When(minute__gt=minute, then=F("minute")), default=Value(minute)),
        last_at=now,
    )
