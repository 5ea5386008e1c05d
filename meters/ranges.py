"""Which stretch of time a page shows, and in how many pieces: read from a URL, with a sentence
for what cannot be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meters.units import duration

DAY = 86_400
# Lengths that divide the clock and the calendar well; the next one is at most 3.5 times longer.
STEPS = tuple(
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200]
    + [days * DAY for days in (1, 2, 7, 14, 28, 91, 182, 365)]
)
ENOUGH_POINTS = 120
FEW_POINTS = 60
MINUTE = 60
MOST_POINTS = 2_000
# What people choose from.
PERIODS = (60, 300, 600, 3_600, 21_600, DAY, 7 * DAY)
LONGEST_PERIOD = 10 * 365 * DAY

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class Preset:
    """A stretch that ends now; `key` is its name in a URL."""

    key: str
    label: str
    length: timedelta


PRESETS = (
    Preset("1h", "1 hour", timedelta(hours=1)),
    Preset("6h", "6 hours", timedelta(hours=6)),
    Preset("24h", "24 hours", timedelta(hours=24)),
    Preset("7d", "7 days", timedelta(days=7)),
    Preset("30d", "30 days", timedelta(days=30)),
)
DEFAULT = PRESETS[2]


@dataclass(frozen=True, slots=True)
class Range:
    """From `start` up to but not including `end`, in aware UTC; `preset` is a key, if one was."""

    start: datetime
    end: datetime
    preset: str = ""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end - self.start).total_seconds()

    def in_url(self) -> dict[str, str]:
        """The parameters that name this range."""
        if self.preset:
            return {"range": self.preset}
        return {"start": in_url(self.start), "end": in_url(self.end)}

    def moved(self, lengths: float) -> "Range":
        """The range so many times its own length later; earlier when negative."""
        step = (self.end - self.start) * lengths
        return _bounded(self.start + step, self.end + step)

    def widened(self) -> "Range":
        """Twice as long, around the same middle."""
        half = (self.end - self.start) / 2
        return _bounded(self.start - half, self.end + half)


def day_of(moment: datetime) -> Range:
    """The day, in UTC, that a moment belongs to."""
    start = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return Range(start, start + timedelta(days=1))


def in_url(moment: datetime) -> str:
    """A moment as it stands in a URL and in a date field, in UTC to the second.

    >>> in_url(datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC))
    '2026-03-01T12:00:05'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def read_range(params: Mapping[str, str], now: datetime) -> tuple[Range, str]:
    """The range the parameters name, or the default one with what is wrong with them."""
    if not (params.get("start") or params.get("end")):
        return _preset_range(params.get("range") or DEFAULT.key, now)
    try:
        end = _moment("end", params["end"]) if params.get("end") else now
        start = _moment("start", params["start"]) if params.get("start") else end - DEFAULT.length
        return _checked(start, end, now), ""
    except ValueError as error:
        return recent(DEFAULT, now), f"{error} The last {DEFAULT.label} are shown instead."


def _preset_range(key: str, now: datetime) -> tuple[Range, str]:
    for preset in PRESETS:
        if preset.key == key:
            return recent(preset, now), ""
    known = ", ".join(preset.key for preset in PRESETS)
    why = f"There is no range “{key}”; known are {known}."
    return recent(DEFAULT, now), f"{why} The last {DEFAULT.label} are shown instead."


def recent(preset: Preset, now: datetime) -> Range:
    """The stretch up to now, widened to whole periods so that points stand on round times."""
    step = timedelta(seconds=automatic_period(preset.length.total_seconds()))
    end = EARLIEST + -((EARLIEST - now) // step) * step
    return Range(end - preset.length, end, preset.key)


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "2026-03-01T12:00"
        raise ValueError(f"The {name} “{text}” is not a time such as {example}.") from None
    return moment.replace(microsecond=0)


def _checked(start: datetime, end: datetime, now: datetime) -> Range:
    if start >= end:
        raise ValueError("The start of the range must come before its end.")
    if start < EARLIEST or end > now + AHEAD:
        raise ValueError("The range must lie between 1970 and ten years from now.")
    return Range(start, end)


def _bounded(start: datetime, end: datetime) -> Range:
    """What stays of it since 1970; the date field knows no fractions of a second."""
    length = end - start
    start = max(start, EARLIEST).replace(microsecond=0)
    return Range(start, max(end.replace(microsecond=0), start + length))


def automatic_period(seconds: float) -> int:
    """Seconds of a point so that a chart of this length has 60 to 400 of them.

    The longest step that gives enough points; an hour or two go by minutes, since few things
    are measured more often.

    >>> [automatic_period(hours * 3600) for hours in (1, 6, 24, 7 * 24, 30 * 24)]
    [60, 120, 600, 3600, 21600]
    """
    if FEW_POINTS <= seconds / MINUTE < 2 * ENOUGH_POINTS:
        return MINUTE
    fitting = [step for step in STEPS if seconds / step >= ENOUGH_POINTS]
    return fitting[-1] if fitting else STEPS[0]


def periods_for(shown: Range, period: int) -> list[int]:
    """The periods to choose from for this range, and the one that is chosen."""
    few = [step for step in PERIODS if 1 < shown.seconds / step <= MOST_POINTS]
    return sorted({*few, period})


def read_period(text: str, shown: Range) -> tuple[int, str]:
    """The seconds of a point; those chosen for the range where none or impossible ones are given.

    The second value says what is wrong with the text, if anything is.
    """
    automatic = automatic_period(shown.seconds)
    if text in ("", "auto"):
        return automatic, ""
    instead = f"{duration(automatic)} is used instead."
    if not re.fullmatch("[0-9]{1,9}", text) or not 0 < int(text) <= LONGEST_PERIOD:
        return automatic, f"The period must be a whole number of seconds; {instead}"
    if shown.seconds / int(text) > MOST_POINTS:
        why = f"A period of {duration(int(text))} would draw more than {MOST_POINTS:,} points"
        return automatic, f"{why}; {instead}"
    return int(text), ""
