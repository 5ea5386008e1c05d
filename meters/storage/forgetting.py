"""Deleting series and snapshots that no sample names any more, without losing one that is in use.

Processes remember the ids of both. So whoever writes holds a lock that writers share, and asks for
the generation of names first; whoever deletes holds the lock alone and begins a new generation.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Exists, F, Model, OuterRef, QuerySet

from meters.models import (
    DayRollup,
    HourRollup,
    MetadataSnapshot,
    Series,
    StoredSample,
    StoreState,
)
from meters.storage.names import NAMES_LOCK, short_hash
from telemetry_site.core.storage import partitions

T = TypeVar("T")

AT_ONCE = 1_000
ALONE = f"SET LOCAL lock_timeout = '2s'; SELECT pg_advisory_xact_lock({NAMES_LOCK})"


def forget_series() -> int:
    """Delete the series of which neither samples nor rollups are left; how many."""
    candidates = list(_silent(Series.objects.all()).values_list("pk", flat=True))

    def delete(ids: Sequence[int]) -> int:
        return _silent(Series.objects.filter(pk__in=ids)).delete()[0]

    return sum(_alone(partial(delete, ids)) or 0 for ids in _some(candidates))


def _silent(series: QuerySet[Series]) -> QuerySet[Series]:
    kept: tuple[type[Model], ...] = (StoredSample, HourRollup, DayRollup)
    for model in kept:
        series = series.filter(~Exists(model._default_manager.filter(series=OuterRef("pk"))))
    return series


def forget_snapshots(used: Callable[[], set[int]]) -> int:
    """Delete the snapshots that no sample refers to; how many.

    `used` gives the ids that samples refer to, which takes a look at all of them. Snapshots that
    seem unused are first put where no writer finds them, and looked for once more: a sample that
    was being written meanwhile keeps its own.
    """
    candidates = set(MetadataSnapshot.objects.values_list("pk", flat=True)) - used()
    some = _some(sorted(candidates))
    retired = [pk for ids in some for pk in _alone(partial(_retire, ids)) or ()]
    if not retired:
        return 0
    gone = set(retired) - used()
    return sum(
        MetadataSnapshot.objects.filter(pk__in=ids).delete()[0] for ids in _some(sorted(gone))
    )


def _retire(ids: Sequence[int]) -> Sequence[int]:
    snapshots = list(MetadataSnapshot.objects.filter(pk__in=ids).only("pk"))
    for snapshot in snapshots:
        snapshot.hash = short_hash(f"retired {snapshot.pk}".encode())
    MetadataSnapshot.objects.bulk_update(snapshots, ["hash"])
    return ids


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _alone(work: Callable[[], T]) -> T | None:
    """Do it while nobody writes, and begin a new generation; None if writers do not make room."""
    done: list[T] = []
    with partitions.unless_locked(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(ALONE)
        StoreState.objects.get_or_create(pk=1)
        StoreState.objects.update(names=F("names") + 1)
        done.append(work())
    return done[0] if done else None
