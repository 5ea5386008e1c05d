"""Marks: which rollups are behind what they are made from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from meters.samples import Sample
from meters.storage.dialect import Dialect
from meters.storage.spans import DAY, HOUR, down
from telemetry_site.core.clock import shifted
from telemetry_site.core.storage.sql import Sql

# In an hour that is over, a mark for each of so many series costs less than rolling up all.
FEW: Final = 100
SECONDS: Final = {HOUR: 3_600, DAY: 86_400}
COLUMNS: Final = "step, series_id, start, stop"
# In one statement; more of them come as a table.
MOST_VALUES: Final = 100


class Mark(NamedTuple):
    """The hours or days from `start` to `stop` are behind: for one series, or (None) for all.

    It lies within one day of UTC, so that whoever asks about a time finds it from the start of
    that day on.
    """

    series: int | None
    start: datetime
    stop: datetime


def of_all(start: datetime, step: timedelta) -> Mark:
    """The mark of an hour or day of all series."""
    return Mark(None, start, shifted(start, step))


def appended(dialect: Dialect, marks: Sequence[Mark], step: timedelta) -> Sql:
    """The statement that appends them."""
    insert = f"INSERT INTO rollup_mark ({COLUMNS})"
    if len(marks) <= MOST_VALUES:
        row = f"({SECONDS[step]}, %s, %s, %s)"
        moment = dialect.moment
        params = [
            value
            for series, start, stop in marks
            for value in (series, moment(start), moment(stop))
        ]
        return Sql(f"{insert} VALUES {', '.join([row] * len(marks))}", tuple(params))
    table = dialect.table_of(marks)
    text = f"SELECT {SECONDS[step]}, w.series_id, w.start, w.stop FROM {table.text}"
    return Sql(f"{insert} {text}", table.params)


def of_samples(samples: Sequence[Sample], series: Sequence[int], now: datetime) -> list[Mark]:
    """Marks for the hours that the samples touch; for each series where these are few and late."""
    hours = {moment: down(moment, HOUR) for moment in {sample.timestamp for sample in samples}}
    open_from = down(now, HOUR)
    if min(hours.values()) >= open_from:
        return [of_all(hour, HOUR) for hour in sorted(set(hours.values()))]
    return list(few_or_all(_touched(samples, series, hours), HOUR, open_from))


def _touched(
    samples: Sequence[Sample], series: Sequence[int], hours: Mapping[datetime, datetime]
) -> Mapping[datetime, set[int]]:
    """The series that each hour is touched by; most deliveries are of one hour."""
    distinct = set(hours.values())
    if len(distinct) == 1:
        return {distinct.pop(): set(series)}
    touched: dict[datetime, set[int]] = defaultdict(set)
    for sample, number in zip(samples, series, strict=True):
        touched[hours[sample.timestamp]].add(number)
    return touched


def few_or_all(
    touched: Mapping[datetime, set[int]], step: timedelta, open_from: datetime
) -> Iterator[Mark]:
    """Of hours or days that are over and have few series, a mark for each series; else for all.

    The mark of a series reaches from the first of these in a day to the last.
    """
    late: dict[tuple[datetime, int], tuple[datetime, datetime]] = {}
    for start in sorted(touched):
        if start < open_from and len(touched[start]) <= FEW:
            day, stop = down(start, DAY), start + step
            for number in touched[start]:
                first, _ = late.get((day, number), (start, stop))
                late[day, number] = (first, stop)
        else:
            yield of_all(start, step)
    for day, number in sorted(late):
        yield Mark(number, *late[day, number])
