"""Statistics as the lines of a CSV file."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from meters.questions import Question
from meters.statistics import STANDARD, Statistics

# A spreadsheet would run a cell that begins so; an apostrophe makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def csv_lines(
    question: Question, rows: Iterable[Statistics], aggregates: Iterable[str] = STANDARD
) -> Iterator[str]:
    """A heading, then a line for each row; times are UTC, numbers are not rounded."""
    write = csv.writer(_Echo(), lineterminator="\r\n").writerow
    chosen = tuple(aggregates)
    group = (question.group,) if question.group else ()
    yield _line(write(["start", "end", "meter", "type", "unit", *group, *chosen]))
    meter = [_cell(question.meter.name), question.meter.type]
    for row in rows:
        times = [_time(row.period_start), _time(min(row.period_end, question.range.end))]
        names = [_cell(text) for text in (row.unit, *row.groupby)]
        numbers = [getattr(row, name) for name in chosen]
        yield _line(write([*times, *meter, *names, *numbers]))


def _line(written: object) -> str:
    return str(written)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cell(text: str | None) -> str:
    if text is None:
        return ""
    return f"'{text}" if text.startswith(FORMULA) else text
