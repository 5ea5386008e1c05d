"""Marks: which rollups are behind what they are made from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from meters.samples import Sample
from meters.storage.dialect import Dialect
from meters.storage.spans import DAY, HOUR, down
from meters.storage.sql import Sql

# In an hour that is over, a mark for each of so many series costs less than rolling up all.
FEW: Final = 100
SECONDS: Final = {HOUR: 3_600, DAY: 86_400}


class Mark(NamedTuple):
    """The hour or day that begins at `start` is behind: for one series, or (None) for all."""

    start: datetime
    series: int | None


def appended(dialect: Dialect, marks: Sequence[Mark], step: timedelta) -> Sql:
    """The statement that appends them."""
    insert = "INSERT INTO rollup_mark (step, start, series_id)"
    if len(marks) < FEW:
        row = f"({SECONDS[step]}, %s, %s)"
        params = [value for start, series in marks for value in (dialect.moment(start), series)]
        return Sql(f"{insert} VALUES {', '.join([row] * len(marks))}", tuple(params))
    table = dialect.table_of([(mark.series, mark.start, mark.start) for mark in marks])
    text = f"SELECT {SECONDS[step]}, w.start, w.series_id FROM {table.text}"
    return Sql(f"{insert} {text}", table.params)


def of_samples(samples: Sequence[Sample], series: Sequence[int], now: datetime) -> list[Mark]:
    """A mark for each hour that the samples touch; for each series where these are few and late."""
    moments = {sample.timestamp for sample in samples}
    hours = {moment: down(moment, HOUR) for moment in moments}
    open_from = down(now, HOUR)
    if min(hours.values()) >= open_from:
        return [Mark(hour, None) for hour in sorted(set(hours.values()))]
    return list(few_or_all(_touched(samples, series, hours), open_from))


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


def few_or_all(touched: Mapping[datetime, set[int]], open_from: datetime) -> Iterable[Mark]:
    """A mark for each series of a start that has few of them and is over, else one for all."""
    for start in sorted(touched):
        if start < open_from and len(touched[start]) <= FEW:
            yield from (Mark(start, number) for number in sorted(touched[start]))
        else:
            yield Mark(start, None)
