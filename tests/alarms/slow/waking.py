"""When an alarm is awake."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter

MINUTE = timedelta(minutes=1)


def awake(alarm: Mapping[str, Any], now: datetime) -> bool:
    """Whether an alarm is looked at: it is enabled, and one of its times, if any, has come."""
    times = alarm.get("time_constraints") or []
    return alarm.get("enabled", True) and (not times or any(in_force(t, now) for t in times))


def in_force(constraint: Mapping[str, Any], now: datetime) -> bool:
    """Whether there was a start within the duration, or one is less than a minute away.

    Looks back minute by minute, from the minute that is to come.
    """
    zone = ZoneInfo(constraint["timezone"]) if constraint.get("timezone") else UTC
    duration = timedelta(seconds=int(constraint["duration"]))
    start = now.replace(second=0, microsecond=0) + MINUTE
    while now - start <= duration or now - start < MINUTE:
        near = abs(now - start) < MINUTE
        if (near or start <= now) and croniter.match(constraint["start"], start.astimezone(zone)):
            return True
        start -= MINUTE
    return False
