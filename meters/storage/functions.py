"""What SQLite lacks, in Python: aggregates exact on large counters."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


class SquaredDeviations:
    """Welford's running sum of squared deviations from the mean; 0 without a value.

    A sum of squares would lose every digit of a large counter. Values are counted from the first
    one, which keeps the digits that a large mean would take.
    """

    def __init__(self) -> None:
        self._count = 0
        self._first = 0.0
        self._mean = 0.0
        self._squares = 0.0

    def step(self, value: float | None) -> None:
        """Take one value; NULL is left out."""
        if value is None:
            return
        if not self._count:
            self._first = value
        self._count += 1
        since = value - self._first
        delta = since - self._mean
        self._mean += delta / self._count
        self._squares += delta * (since - self._mean)

    def finalize(self) -> float:
        """The sum."""
        return self._squares


class FirstBy:
    """The value of the row whose key is the smallest; of equal ones, that came first."""

    def __init__(self) -> None:
        self._key: tuple[Any, ...] | None = None
        self._value: Any = None

    def step(self, value: Any, *key: Any) -> None:
        """Take one row."""
        if self._key is None or self.precedes(key, self._key):
            self._key, self._value = key, value

    def finalize(self) -> Any:
        """Its value."""
        return self._value

    @staticmethod
    def precedes(key: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        """Whether the row with the first key is wanted more."""
        return key < other


class LastBy(FirstBy):
    """The value of the row whose key is the largest."""

    @staticmethod
    def precedes(key: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        """Whether the row with the first key is wanted more."""
        return key > other


def add_functions(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Give a new SQLite connection our functions."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("squared_deviations", 1, SquaredDeviations)
        connection.connection.create_aggregate("first_by", -1, FirstBy)
        connection.connection.create_aggregate("last_by", -1, LastBy)
