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
    waiting = Delivery.objects.filter(status=Delivery.WAITING)
    found = waiting.aggregate(count=Count("pk"), since=Min("made_at"))
    failed = Delivery.objects.filter(status=Delivery.FAILED).count()
    since: datetime | None = found["since"]
    lag = max(0.0, (now - since).total_seconds()) if since else 0.0
    state, words = ("partly", "Behind") if lag > BEHIND.total_seconds() else ("good", "On time")
    return Standing(found["count"], failed, since, lag, state, words)
