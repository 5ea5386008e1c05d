"""How it goes with actions: how many wait, since when, and how many have failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Min

from alarms.models import Delivery

BEHIND: Final = timedelta(seconds=30)  # what can be called is called within some seconds


@dataclass(frozen=True, slots=True)
class Standing:
    """Actions that wait, also for another try, `since` the oldest was made; and failed ones."""

    waiting: int
    failed: int
    since: datetime | None
    lag: float
    state: str
    words: str


def standing(now: datetime) -> Standing:
    """All that are kept; `lag` is in seconds."""
    unfinished = Delivery.objects.filter(status__in=[Delivery.WAITING, Delivery.FAILED])
    counts = unfinished.values("status").annotate(count=Count("pk"), since=Min("made_at"))
    found = {row["status"]: row for row in counts.order_by()}
    waiting, failed = found.get(Delivery.WAITING), found.get(Delivery.FAILED)
    since = waiting["since"] if waiting else None
    lag = max(0.0, (now - since).total_seconds()) if since else 0.0
    state, words = ("partly", "Behind") if lag > BEHIND.total_seconds() else ("good", "On time")
    return Standing(
        waiting["count"] if waiting else 0, failed["count"] if failed else 0, since, lag, state,
        words,
    )  # fmt: skip
