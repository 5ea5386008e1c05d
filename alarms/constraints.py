"""Whether an alarm is awake: the stretches of time that its constraints name, in cron's words."""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, croniter

from telemetry_site.core.clock import EPOCH

FIELDS = 5
LONGEST = 500
MINUTE = timedelta(minutes=1)
# croniter draws a field such as R anew whenever it reads one, and H needs a name to draw by.
DRAWN = re.compile(r"(^|\s)[hr](\W|$)", re.IGNORECASE)


def in_force(constraints: Sequence[Mapping[str, Any]], now: datetime) -> bool:
    """Whether one of the constraints holds at this moment, or there is none.

    One holds from each of its starts for its duration, both ends included, and always within a
    minute of a start (contract: 6.2). Starts are by the clock of its time zone: one in an hour
    that is skipped comes when the clock has jumped, one in an hour that is repeated comes twice.
    """
    return not constraints or any(_holds(one, now) for one in constraints)


@lru_cache(4_096)
def cron(text: str) -> croniter:
    """A cron expression of five fields, or a name such as @daily. Raises ValueError."""
    if len(text) > LONGEST:
        raise ValueError(f"It is longer than {LONGEST} characters.")
    if DRAWN.search(text):
        raise ValueError("H and R are not supported.")
    try:
        found = croniter(text, EPOCH)
    except (TypeError, LookupError) as error:
        raise ValueError(str(error)) from error
    if len(found.expanded) != FIELDS:
        raise ValueError(f"It has {len(found.expanded)} fields where {FIELDS} are expected.")
    try:
        found.get_next()
    except CroniterBadDateError as error:
        raise ValueError("There is no such date.") from error
    return found


def zone(name: str) -> tzinfo:
    """The time zone of that name, UTC without one. Raises ValueError."""
    try:
        return ZoneInfo(name) if name else UTC
    except (LookupError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone") from error


def _holds(constraint: Mapping[str, Any], now: datetime) -> bool:
    since = _since(constraint["start"], constraint["timezone"], now)
    return since is not None and (since < 60 or since <= constraint["duration"])


@lru_cache(4_096)
def _since(start: str, timezone: str, now: datetime) -> float | None:
    """Seconds since the last start, negative for one that comes within a minute.

    Remembered: the alarms of a round are asked about one moment, and many by the same clock.
    """
    ahead = (now + MINUTE).astimezone(zone(timezone))
    try:
        found: datetime = copy(cron(start)).get_prev(datetime, ahead)
    except CroniterBadDateError:
        return None
    return (now - found.astimezone(UTC)).total_seconds()
