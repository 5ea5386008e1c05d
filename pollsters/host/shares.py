"""How busy processors were between two readings of their counters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# The kernel counts these a second time, inside of user and nice.
COUNTED_TWICE = ("guest", "guest_nice")
IDLE = ("idle", "iowait")

Times = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Share:
    """Percent of a stretch of time that was work, and that was idle without waiting for a disk."""

    busy: float
    idle: float


def total(times: Times) -> float:
    """All seconds of a processor, each once."""
    return sum(seconds for mode, seconds in times.items() if mode not in COUNTED_TWICE)


def added(cores: Sequence[Times]) -> dict[str, float]:
    """The times of several cores as if they were one."""
    return {mode: sum(core[mode] for core in cores) for mode in cores[0]}


def elapsed(before: Sequence[Times], after: Sequence[Times]) -> float:
    """Seconds between two readings, as the cores count them; 0 where the cores changed."""
    if not before or len(before) != len(after):
        return 0.0
    return (total(added(after)) - total(added(before))) / len(after)


def share(before: Times, after: Times) -> Share:
    """The share between two readings of one core, or of several added up.

    A counter that ran backwards, as some hypervisors let it, counts as standing still.
    """
    spent = {mode: max(0.0, after[mode] - before[mode]) for mode in after}
    whole = total(spent)
    if whole <= 0:
        return Share(busy=0.0, idle=100.0)
    waiting = sum(spent.get(mode, 0.0) for mode in IDLE)
    return Share(
        busy=round(100 * (whole - waiting) / whole, 2), idle=round(100 * spent["idle"] / whole, 2)
    )
