"""Statistics as CSV."""

import csv
from datetime import UTC, datetime

from meters.exports import csv_lines
from meters.questions import Question, read_question
from meters.samples import Meter
from meters.statistics import Statistics

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def asked(name: str = "cpu_util", **params: str) -> Question:
    days = {"start": "2026-02-01", "end": "2026-02-02", "period": "3600"}
    return read_question(Meter(name=name, type="gauge", unit="%"), {**days, **params}, NOW)[0]


def row(hour: int, key: tuple[str | None, ...] = (), unit: str | None = "%") -> Statistics:
    start, end = datetime(2026, 2, 1, hour, tzinfo=UTC), datetime(2026, 2, 1, 23, 59, tzinfo=UTC)
    return Statistics(unit, key, 1.0, 4.0, 2.5, 1 / 3, 2, start, end, start, end)


def test_it_writes_both_times_the_unit_and_every_aggregate() -> None:
    assert list(csv_lines(asked(), [row(0)])) == [
        "start,end,meter,type,unit,max,min,avg,sum,count\r\n",
        "2026-02-01T00:00:00Z,2026-02-01T23:59:00Z,cpu_util,gauge,%,"
        "4.0,1.0,2.5,0.3333333333333333,2\r\n",
    ]


def test_it_writes_the_group_and_one_aggregate() -> None:
    lines = csv_lines(asked(group="project"), [row(0, ("a,b",)), row(1, (None,))], ["avg"])
    head, *rows = csv.reader(lines)
    assert head[4:] == ["unit", "project", "avg"]
    assert [found[5] for found in rows] == ["a,b", ""]


def test_it_ends_the_last_period_with_the_range() -> None:
    (_, found) = csv.reader(csv_lines(asked(end="2026-02-01T10:30:00"), [row(10)]))
    assert found[1] == "2026-02-01T10:30:00Z"


def test_it_gives_a_spreadsheet_nothing_to_run() -> None:
    question = asked(name="=1+1", group="resource")
    (_, found) = csv.reader(csv_lines(question, [row(0, ("@SUM(A1)",), unit="-x")]))
    assert (found[2], found[4], found[5]) == ("'=1+1", "'-x", "'@SUM(A1)")
