"""Which actions are due, who runs them, and how each ended; the rows are the memory."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from random import uniform
from typing import Final

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from alarms.actions.action import ActionError
from alarms.models import Delivery

FIRST_PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(minutes=10)
LONGEST_ANSWER: Final = 300
LARGEST_PAGE: Final = 1_024


def due(
    now: datetime, most: int, without: Collection[str] = (), only: Collection[str] | None = None
) -> list[Delivery]:
    """Those that may be run now, the longest due first.

    Of an alarm and action, only the oldest that waits: the next one's turn comes when that has
    arrived or failed. `without` names targets that are left out; `only`, those that are not.
    """
    rows = _free(now).exclude(target__in=without).order_by("next_try", "pk")
    if only is not None:
        rows = rows.filter(target__in=only)
    found: list[Delivery] = []
    place, size = 0, most
    while page := list(rows[place : place + size]):
        oldest = _oldest({row.alarm_id for row in page})
        found += [row for row in page if row.pk in oldest]
        if len(found) >= most or len(page) < size:
            break
        place, size = place + size, min(4 * size, LARGEST_PAGE)
    return found[:most]


def _oldest(alarm_ids: Collection[str]) -> set[int]:
    """The oldest that waits of each action of these alarms.

    In one statement with the above, a database that does not expect so many to wait would look
    at all of them for each.
    """
    waiting = Delivery.objects.filter(status=Delivery.WAITING, alarm_id__in=alarm_ids)
    found = waiting.values("alarm_id", "action").annotate(first=Min("pk"))
    return set(found.order_by().values_list("first", flat=True))


def claim(rows: Collection[Delivery], now: datetime, lease: timedelta) -> list[Delivery]:
    """Take these for as long as the lease; those that are ours now, with the try that begins.

    One conditional update each, in the order of ids: of two that claim at once, one finds a row
    taken. A row whose holder has died is free again when its lease ends.
    """
    if not rows:
        return []  # a transaction would wait for whoever writes
    with transaction.atomic():
        return [row for row in sorted(rows, key=lambda row: row.pk) if _taken(row, now, lease)]


def _taken(row: Delivery, now: datetime, lease: timedelta) -> bool:
    same = _free(now).filter(pk=row.pk, generation=row.generation)
    row.generation, row.attempts = row.generation + 1, row.attempts + 1
    return bool(
        same.update(
            lease_until=now + lease, generation=row.generation, attempts=F("attempts") + 1
        )
    )  # fmt: skip


def _free(now: datetime) -> QuerySet[Delivery]:
    begun = Q(next_try=None) | Q(next_try__lte=now)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return Delivery.objects.filter(begun, free, status=Delivery.WAITING)


def arrived(row: Delivery, answer: str, now: datetime) -> bool:
    """End a delivery; False where another has taken it over meanwhile."""
    return _end(row, status=Delivery.ARRIVED, answer=answer, ended_at=now, next_try=None)


def failed(row: Delivery, why: str, now: datetime) -> bool:
    """Give a delivery up; False where another has taken it over meanwhile."""
    return _end(row, status=Delivery.FAILED, answer=why, ended_at=now, next_try=None)


def put_off(row: Delivery, why: str, until: datetime) -> bool:
    """End a try that is worth another; False where another has taken it over meanwhile.

    Those that have to wait for it are put off too, so that nobody looks at them before.
    """
    if not _end(row, answer=why, next_try=until):
        return False
    younger = Delivery.objects.filter(
        status=Delivery.WAITING, alarm_id=row.alarm_id, action=row.action, pk__gt=row.pk
    )
    younger.filter(Q(next_try=None) | Q(next_try__lt=until)).update(next_try=until)
    return True


def _end(row: Delivery, *, answer: str, **changes: object) -> bool:
    mine = Delivery.objects.filter(
        pk=row.pk, generation=row.generation, status=Delivery.WAITING, lease_until__isnull=False
    )
    return bool(mine.update(lease_until=None, answer=answer[:LONGEST_ANSWER], **changes))


def pause(attempt: int, error: ActionError) -> timedelta:
    """How long to wait after so many tries: twice as long as before, give or take a tenth."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(attempt - 1, 20)
    spread = min(doubled, LONGEST_PAUSE) * uniform(0.9, 1.1)  # noqa: S311 - no secret
    return max(spread, min(error.after, LONGEST_PAUSE))


def retry(ids: Sequence[int], now: datetime) -> int:
    """Have failed ones tried again, from the first try on; how many these were."""
    rows = Delivery.objects.filter(pk__in=ids, status=Delivery.FAILED)
    return rows.update(
        status=Delivery.WAITING, attempts=0, next_try=now, ended_at=None, lease_until=None
    )


def results(changes: Collection[str]) -> dict[str, list[Delivery]]:
    """What came of the actions of each of these changes, named by their event ids."""
    found: dict[str, list[Delivery]] = defaultdict(list)
    for row in Delivery.objects.filter(change__in=changes).order_by("pk"):
        found[row.change].append(row)
    return dict(found)


def repetitions() -> set[tuple[str, str]]:
    """The alarms and actions whose repetition is still to be run: another one says no more."""
    rows = Delivery.objects.filter(status=Delivery.WAITING, change="")
    return set(rows.values_list("alarm_id", "action"))
