"""Retention: samples and rollups that are past their time to live go, and names nobody uses."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from meters.models import RollupMark, StoreState
from meters.rollups import roll_up
from meters.storage.forgetting import forget_series, forget_snapshots
from meters.storage.partitioned import DAYS, HOURS, SAMPLES
from meters.storage.store import store
from telemetry_site.core.clock import shifted
from telemetry_site.core.storage.dropping import Dropped
from telemetry_site.core.storage.partitions import midnight
from telemetry_site.core.storage.table import Table


@dataclass(frozen=True, slots=True)
class Expired:
    """What went, or would go, of each table; and the names of it that went too."""

    dropped: dict[str, Dropped]
    series: int = 0
    snapshots: int = 0


def expire(now: datetime) -> Expired:
    """Take away what is past its time to live, whole days of UTC at a time."""
    days = last_days(now)
    if SAMPLES in days:
        roll_up(now)
        if not _let_go(days[SAMPLES]):
            del days[SAMPLES]
    dropped = {table.name: store().drop_before(table, day) for table, day in days.items()}
    series = forget_series() if any(dropped.values()) else 0
    snapshots = forget_snapshots(store().used_snapshots) if dropped.get(SAMPLES.name) else 0
    return Expired(dropped, series, snapshots)


def preview(now: datetime) -> Expired:
    """What would go now, without the names."""
    days = last_days(now)
    return Expired({table.name: store().found_before(table, day) for table, day in days.items()})


def last_days(now: datetime) -> dict[Table, date]:
    """For each table that does not keep everything for ever, the first day that it keeps."""
    lives = {SAMPLES: "SAMPLE_TTL", HOURS: "ROLLUP_TTL", DAYS: "ROLLUP_TTL"}
    found = {table: settings.TELEMETRY[name] for table, name in lives.items()}
    return {table: _first_kept(now, life) for table, life in found.items() if life}


def _first_kept(now: datetime, life: timedelta) -> date:
    return shifted(now.astimezone(UTC), -life).date()


def _let_go(day: date) -> bool:
    """From now on rollups alone speak of what is before the day, if they say all of it."""
    before = midnight(day)
    with transaction.atomic():
        state, _ = StoreState.objects.get_or_create(pk=1)
        behind = RollupMark.objects.filter(start__gte=state.kept_since, start__lt=before)
        if behind.exists():
            return False
        StoreState.objects.filter(pk=1, kept_since__lt=before).update(kept_since=before)
    return True
