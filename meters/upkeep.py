"""What whoever keeps the store wants to know and to do."""

from datetime import datetime

from meters.models import Series
from meters.rollups import roll_up
from meters.storage.standing import Standing
from meters.storage.store import store


def standing() -> Standing:
    """How large the store is and how far its upkeep has come."""
    seen = [latest.seen for latest in store().latest(Series.objects.all()).values()]
    return store().standing(max(seen, default=None))


def rebuild_rollups(now: datetime) -> int:
    """Make all rollups anew from the samples that are there; how many were written.

    Answers stay right meanwhile: what is not made yet is read from the samples.
    """
    store().mark_everything()
    return roll_up(now)
