"""A table that is split by time, and how: which partition a day belongs to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["day", "month", "year"]

FORMS: dict[Unit, str] = {"day": "%Y%m%d", "month": "%Y%m", "year": "%Y"}
# Longer than any unit, and shorter than two: the first day that lies so far ahead is in the next.
BEYOND: dict[Unit, int] = {"day": 1, "month": 31, "year": 366}


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is split on the time in `column`, one partition for each day, month or year."""

    name: str
    column: str
    unit: Unit

    @property
    def default(self) -> str:
        """The partition of all that has no other."""
        return f"{self.name}_default"

    def partition(self, day: date) -> str:
        """The name of a day's partition.

        >>> Table("sample", "timestamp", "day").partition(date(2026, 3, 1))
        'sample_20260301'
        """
        return f"{self.name}_{day.strftime(FORMS[self.unit])}"

    def first_day(self, day: date) -> date:
        """The first day of the partition that has this one.

        >>> Table("rollup_hour", "start", "month").first_day(date(2026, 3, 31))
        datetime.date(2026, 3, 1)
        """
        if self.unit == "day":
            return day
        return day.replace(day=1) if self.unit == "month" else day.replace(month=1, day=1)

    def following(self, day: date) -> date:
        """The first day of the partition after it.

        >>> Table("rollup_day", "start", "year").following(date(2026, 2, 27))
        datetime.date(2027, 1, 1)
        """
        first = self.first_day(day)
        return self.first_day(first + timedelta(days=BEYOND[self.unit]))

    def day_of(self, partition: str) -> date:
        """The first day of the partition of this name.

        >>> Table("rollup_hour", "start", "month").day_of("rollup_hour_202602")
        datetime.date(2026, 2, 1)
        """
        text = partition.removeprefix(f"{self.name}_")
        return datetime.strptime(text, FORMS[self.unit]).replace(tzinfo=UTC).date()
