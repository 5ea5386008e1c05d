"""The history of alarms goes when it is past its time to live: changes, actions and silences."""

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from alarms.models import AlarmChange, Delivery, Silence

CHUNK: Final = 1_000


def expire(before: datetime) -> int:
    """Take away what is older, some thousand rows in each transaction; how many rows.

    Actions that are still to be run stay.
    """
    ended = Delivery.objects.exclude(status=Delivery.WAITING)
    old: tuple[QuerySet[Any], ...] = (
        AlarmChange.objects.filter(timestamp__lt=before),
        ended.filter(made_at__lt=before),
        Silence.objects.filter(ends_at__lt=before).order_by(),
    )
    return sum(_gone(rows) for rows in old)


def _gone(rows: QuerySet[Any]) -> int:
    gone = 0
    while keys := list(rows.values_list("pk", flat=True)[:CHUNK]):
        gone += rows.model.objects.filter(pk__in=keys).delete()[0]
    return gone
