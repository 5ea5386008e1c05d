"""Answers what a rule asks at many moments of the past from what is read once.

The moments lie on the grid of the rounds. So all buckets that are asked for begin and end at
multiples of what the interval of the rounds and the period have in common: cells of that length
are read, and put together. The numbers are those that rounds would have found.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import gcd
from typing import cast

from django.db.models import Max, Q

from alarms import prometheus
from alarms.answers import Asked, caller_of
from alarms.models import AlarmChange
from alarms.rules.rule import Answer, Failure, Instant, Points, States, Summaries
from alarms.states import State
from meters import queries
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.tree import Node

MOST_CELLS = 300_000
MOST_POINTS = 500_000
TOO_MUCH = (
    "Over that time it would look at {} values of {} resources. Name fewer resources, or a longer "
    "period."
)

Cells = Mapping[str | None, Mapping[datetime, Summary]]


class Replay:
    """Answers for moments from the first to the last one, `interval` seconds apart.

    Raises BadRequest where that would be too much.
    """

    def __init__(self, first: datetime, last: datetime, interval: int) -> None:
        self._first = first
        self._last = last
        self._interval = interval
        self._cells: dict[tuple[Node, str | None, bool, int], Cells] = {}
        self._points: dict[tuple[Node, str | None], Mapping[str, Sequence[Point]]] = {}
        self._merged: dict[tuple[int, str | None, datetime, datetime], Summary | None] = {}
        self._past: dict[str, Sequence[tuple[datetime, State]]] = {}
        self._series: dict[str, Mapping[datetime, Sequence[float]] | Failure] = {}

    def answer(self, asked: Asked, moment: datetime) -> Answer:
        """What a round at the moment would have been told."""
        match asked.question:
            case Summaries() as question:
                return list(self._summaries(question, asked.confined_to, moment))
            case Points() as question:
                return list(self._cut(question, asked.confined_to, moment))
            case States(alarm_ids):
                return self._states(alarm_ids, moment)
            case Instant() as instant:
                return self._instant(instant, moment)

    def _summaries(
        self, question: Summaries, project: str | None, moment: datetime
    ) -> Iterator[Summary]:
        stretch = question.stretch
        key = (question.where, project, question.by_resource, stretch.period)
        if key not in self._cells:
            self._cells[key] = self._read(question, project, moment - stretch.start)
        cells, step = self._cells[key], self._step(stretch.period)
        for resource in sorted(cells, key=lambda name: name or ""):
            for begin, low, high in buckets(stretch):
                place = (id(cells), resource, low, high)
                if place not in self._merged:
                    times = _times(low, high, step)
                    some = [one for at in times if (one := cells[resource].get(at))]
                    self._merged[place] = merged(some)
                if (found := self._merged[place]) is not None:
                    yield found._replace(start=begin)

    def _read(self, question: Summaries, project: str | None, length: timedelta) -> Cells:
        """All cells that any of the moments looks at."""
        step = self._step(question.stretch.period)
        start, selector = self._first - length, (question.where, caller_of(project))
        if question.by_resource:
            resources, _ = self._size(selector, start)
            cells = resources * ((self._last - start) // step)
            if cells > MOST_CELLS:
                raise BadRequest(TOO_MUCH.format(f"{cells:,}", f"{resources:,}"))
        stretch = Stretch(start, self._last, int(step.total_seconds()), EPOCH)
        (rows,) = queries.summaries([selector], stretch, by_resource=question.by_resource)
        found: defaultdict[str | None, dict[datetime, Summary]] = defaultdict(dict)
        for row in rows:
            found[row.resource][row.start] = row
        return found

    def _cut(self, question: Points, project: str | None, moment: datetime) -> Iterator[Point]:
        key = (question.where, project)
        if key not in self._points:
            self._points[key] = self._read_points(key, moment - question.start)
        for points in self._points[key].values():
            low = bisect_left(points, question.start, key=_when)
            high = bisect_left(points, question.end, key=_when)
            yield from points[low:high]

    def _read_points(
        self, key: tuple[Node, str | None], length: timedelta
    ) -> Mapping[str, Sequence[Point]]:
        start, selector = self._first - length, (key[0], caller_of(key[1]))
        resources, samples = self._size(selector, start)
        if samples > MOST_POINTS:
            raise BadRequest(TOO_MUCH.format(f"{samples:,}", f"{resources:,}"))
        found: defaultdict[str, list[Point]] = defaultdict(list)
        for point in queries.points([selector], start, self._last)[0]:
            found[point.resource].append(point)
        return found

    def _size(self, selector: queries.Selector, start: datetime) -> tuple[int, int]:
        """How many resources and samples."""
        whole = int((self._last - start).total_seconds()) + 1
        stretch = Stretch(start, self._last, whole, start)
        (rows,) = queries.summaries([selector], stretch, by_resource=True)
        return len(rows), sum(row.samples for row in rows)

    def _states(self, alarm_ids: Sequence[str], moment: datetime) -> Mapping[str, State]:
        """The states as the history has them; what it does not know has no data."""
        unknown = [one for one in alarm_ids if one not in self._past]
        if unknown:
            self._past.update(past(unknown, self._first))
        found: dict[str, State] = {}
        for alarm_id in alarm_ids:
            before = [state for at, state in self._past[alarm_id] if at <= moment]
            if before:
                found[alarm_id] = before[-1]
        return found

    def _instant(self, question: Instant, moment: datetime) -> Answer:
        if question.query not in self._series:
            self._series[question.query] = prometheus.over(
                question, self._first, self._last, self._interval
            )
        found = self._series[question.query]
        return found if isinstance(found, Failure) else found.get(moment, ())

    def _step(self, period: int) -> timedelta:
        return timedelta(seconds=gcd(period, self._interval))


def buckets(stretch: Stretch) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Each bucket's name, and from where to where it reaches within the stretch."""
    period = timedelta(seconds=stretch.period)
    begin = stretch.start - (stretch.start - stretch.origin) % period
    while begin < stretch.end:
        yield begin, max(begin, stretch.start), min(begin + period, stretch.end)
        begin += period


def merged(cells: Sequence[Summary]) -> Summary | None:
    """Cells as one; None where there are none. Deviations by Chan's formula."""
    if not cells:
        return None
    samples, total = sum(one.samples for one in cells), sum(one.total for one in cells)
    mean = total / samples
    apart = (one.samples * (one.total / one.samples - mean) ** 2 for one in cells)
    return Summary(
        cells[0].resource,
        cells[0].start,
        samples,
        total,
        min(one.lowest for one in cells),
        max(one.highest for one in cells),
        sum(one.squares for one in cells) + sum(apart),
    )


def past(
    alarm_ids: Sequence[str], start: datetime
) -> Mapping[str, Sequence[tuple[datetime, State]]]:
    """Since when each alarm has been in which states: the one at the start, and those after it."""
    rows = AlarmChange.objects.filter(alarm_id__in=alarm_ids).exclude(state="")
    before = rows.filter(timestamp__lt=start).values("alarm_id").annotate(last=Max("id"))
    wanted = Q(timestamp__gte=start) | Q(id__in=before.order_by().values("last"))
    found: dict[str, list[tuple[datetime, State]]] = {one: [] for one in alarm_ids}
    kept = rows.filter(wanted).order_by("timestamp", "id")
    for alarm_id, at, state in kept.values_list("alarm_id", "timestamp", "state"):
        found[alarm_id].append((at, cast(State, state)))
    return found


def _times(low: datetime, high: datetime, step: timedelta) -> Iterator[datetime]:
    while low < high:
        yield low
        low += step


def _when(point: Point) -> datetime:
    return point.timestamp
