"""Keeps the rollups up to date: hours first, then the days that are made of them."""

from datetime import datetime

from meters.storage.spans import DAY, HOUR
from meters.storage.store import store


def roll_up(now: datetime) -> int:
    """Work off what is behind, a transaction at a time; how many rollups were written."""
    written = 0
    for step in (HOUR, DAY):
        while (done := store().roll_up(step, now)).marks:
            written += done.rows
    return written
