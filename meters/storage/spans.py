"""Which stretches of time an answer takes from days, from hours and from the samples themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from telemetry_site.core.clock import BEGINNING_OF_TIME, EPOCH, shifted

# From a moment that belongs to it to one that does not.
Span: TypeAlias = tuple[datetime, datetime]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# A statement names each span; past so many, what lies between is read from the samples too.
MOST_SPANS = 60


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods of one length, one of which begins at `origin`."""

    origin: datetime
    length: timedelta

    def cut(self, step: timedelta) -> bool:
        """Whether a period may begin inside an hour or day."""
        return bool(self.length % step) or bool((self.origin - EPOCH) % step)

    def borders(self, span: Span) -> Iterable[datetime]:
        """Where periods begin after the start of the span and before its end."""
        start, end = span
        border = shifted(start, self.length - (start - self.origin) % self.length)
        while border < end:
            yield border
            border = shifted(border, self.length)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Spans that do not overlap and together are the span that was asked for."""

    days: Sequence[Span]
    hours: Sequence[Span]
    raw: Sequence[Span]


def pieces(
    asked: Span,
    open_from: datetime,
    dirty: Mapping[timedelta, Sequence[Span]],
    periods: Periods | None,
    since: datetime = BEGINNING_OF_TIME,
) -> Pieces:
    """Days and hours as far as they are over, not dirty, and each within one period.

    Those in `dirty` do not say what the samples say; before `since` the samples alone are
    believed.
    """
    start, end = asked
    closed = (max(start, since), min(end, open_from))
    hours = longest(whole([closed], HOUR, dirty[HOUR], periods))
    days = longest(whole(hours, DAY, dirty[DAY], periods))
    return Pieces(days, minus(hours, days), minus([asked], hours))


def whole(
    spans: Iterable[Span],
    step: timedelta,
    without: Sequence[Span],
    periods: Periods | None,
) -> list[Span]:
    """What whole hours or days the spans have, but for some and for those with a border inside."""
    found = [(up(start, step), down(end, step)) for start, end in spans]
    found = [span for span in found if span[0] < span[1]]
    cut: set[datetime] = set()
    if periods and periods.cut(step):
        if periods.length < step:
            return []
        for span in found:
            if (span[1] - span[0]) / periods.length > MOST_SPANS:
                return []
            borders = periods.borders(span)
            cut.update(down(b, step) for b in borders if down(b, step) != b)
    return minus(found, together([*without, *((unit, unit + step) for unit in cut)]))


def longest(spans: Sequence[Span]) -> Sequence[Span]:
    """As many of the spans as a statement may name, in order."""
    if len(spans) <= MOST_SPANS:
        return spans
    return sorted(sorted(spans, key=lambda span: span[0] - span[1])[:MOST_SPANS])


def minus(spans: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """The spans without the others; both in order, and neither overlapping among themselves."""
    found = []
    for start, end in spans:
        for other_start, other_end in others:
            if other_end <= start or other_start >= end:
                continue
            if start < other_start:
                found.append((start, other_start))
            start = other_end
        if start < end:
            found.append((start, end))
    return found


def down(moment: datetime, step: timedelta) -> datetime:
    """The start of the hour or day that has the moment.

    >>> down(datetime.fromisoformat("2026-03-01T12:34:56Z"), HOUR).isoformat()
    '2026-03-01T12:00:00+00:00'
    """
    return moment - (moment - EPOCH) % step


def up(moment: datetime, step: timedelta) -> datetime:
    """The first hour or day that begins no earlier than the moment."""
    floor = down(moment, step)
    return floor if floor == moment else shifted(floor, step)


def together(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and found[-1][1] >= start:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
