"""What alarms ask of many selectors at once: a statement for each kind of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from meters.storage.asked import Asked
from meters.storage.dialect import Dialect
from meters.storage.kinds import Kind, Kinds, Question
from meters.storage.statistics_rows import LONGEST_PERIOD
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.query.tree import Node
from telemetry_site.core.storage.sql import Sql

SUMMARIES = """
SELECT {key}, {resource}, {bucket}, count(*), sum(c.volume), min(c.volume), max(c.volume),
    {squares}
FROM ({found}) c WHERE {wanted} GROUP BY {groups}
"""
POINTS = """
SELECT {key}, c.resource, c.timestamp, c.volume
FROM ({found}) c WHERE {wanted} ORDER BY c.resource{byte_order}, c.timestamp, c.message_id
"""

T = TypeVar("T")


def summaries(
    dialect: Dialect, selectors: Sequence[Node], stretch: Stretch, *, by_resource: bool
) -> list[list[Summary]]:
    """See SampleStore.summaries."""

    def statement(asked: Asked) -> Sql:
        return _summaries(dialect, asked, stretch, by_resource=by_resource)

    def read(row: tuple[Any, ...]) -> Summary:
        return Summary(row[0], dialect.moment_of(row[1]), *row[2:])

    found = _answers(dialect, selectors, stretch.start, stretch.end, statement, read)
    return [sorted(some) for some in found]


def points(
    dialect: Dialect, selectors: Sequence[Node], start: datetime, end: datetime
) -> list[list[Point]]:
    """See SampleStore.points."""

    def statement(asked: Asked) -> Sql:
        return _points(dialect, asked)

    def read(row: tuple[Any, ...]) -> Point:
        return Point(row[0], dialect.moment_of(row[1]), row[2])

    return _answers(dialect, selectors, start, end, statement, read)


def _answers(
    dialect: Dialect,
    selectors: Sequence[Node],
    start: datetime,
    end: datetime,
    statement: Callable[[Asked], Sql],
    read: Callable[[tuple[Any, ...]], T],
) -> list[list[T]]:
    """What the statements, one for each kind, find for each of the selectors."""
    kinds = Kinds(dialect)
    questions = [kinds.question(where) for where in selectors]
    found: dict[Question, list[T]] = {question: [] for question in questions}
    for alike in _by_kind(found) if start < end else ():
        asked = Asked(dialect, alike, start, end)
        for question, row in asked.answers(statement(asked)):
            found[question].append(read(row))
    return [list(found[question]) for question in questions]


def _by_kind(questions: Iterable[Question]) -> Iterable[list[Question]]:
    alike: dict[Kind, list[Question]] = defaultdict(list)
    for question in questions:
        alike[question.kind].append(question)
    return alike.values()


def _summaries(dialect: Dialect, asked: Asked, stretch: Stretch, *, by_resource: bool) -> Sql:
    found, wanted = asked.found(), asked.wanted()
    origin = Sql("%s", (dialect.moment(stretch.origin),))
    bucket = dialect.period_start("c.timestamp", origin, min(stretch.period, LONGEST_PERIOD))
    groups = [*asked.key, *(["c.resource"] if by_resource else [])]
    text = SUMMARIES.format(
        key=", ".join(asked.key),
        resource="c.resource" if by_resource else "NULL",
        bucket=bucket.text,
        squares=dialect.squares("c.volume"),
        found=found.text,
        wanted=wanted.text,
        groups=", ".join([*groups, str(len(asked.key) + 2)]),  # and the bucket, by its place
    )
    return Sql(text, bucket.params + found.params + wanted.params)


def _points(dialect: Dialect, asked: Asked) -> Sql:
    found, wanted = asked.found(), asked.wanted()
    text = POINTS.format(
        key=", ".join(asked.key),
        found=found.text,
        wanted=wanted.text,
        byte_order=dialect.byte_order,
    )
    return Sql(text, found.params + wanted.params)
