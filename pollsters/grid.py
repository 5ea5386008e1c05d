"""When a source is polled: slots at whole multiples of its interval, whatever came between."""

from datetime import datetime, timedelta

from telemetry_site.core.clock import from_microseconds, to_microseconds

SECOND = 1_000_000
TOO_LATE = timedelta(seconds=60)


def whole_second(moment: datetime) -> datetime:
    """The moment without its fraction of a second."""
    return moment.replace(microsecond=0)


def slot_at(due: datetime, interval: int, now: datetime) -> datetime:
    """The time that a poll begun now stands for.

    That is the time it was due, as long as that is not a whole interval or a minute ago: then a
    reading taken now would be a lie about that time, and the present takes its place.
    """
    if now - due < min(timedelta(seconds=interval), TOO_LATE):
        return due
    return whole_second(now)


def next_slot(after: datetime, interval: int) -> datetime:
    """The first multiple of the interval, counted in seconds from 1970, after a moment."""
    step = interval * SECOND
    return from_microseconds((to_microseconds(after) // step + 1) * step)


def missed(due: datetime, slot: datetime, interval: int) -> int:
    """How many multiples of the interval went by without a poll, from `due` until `slot`."""
    if slot <= due:
        return 0
    step = interval * SECOND
    first = -(-to_microseconds(due) // step)
    return max(0, -(-to_microseconds(slot) // step) - first)
