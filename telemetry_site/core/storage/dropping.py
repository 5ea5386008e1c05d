"""Taking whole partitions away."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from telemetry_site.core.storage import partitions
from telemetry_site.core.storage.table import Table

# A partition cannot go while somebody reads the table; whoever holds it longer is waited for by
# the next tick.
DROP = "SET LOCAL lock_timeout = '2s'; DROP TABLE {name}"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What went, or would go: partitions by name, and rows outside of these."""

    partitions: tuple[str, ...] = ()
    rows: int = 0

    def __bool__(self) -> bool:
        return bool(self.partitions or self.rows)

    def told(self, went: str) -> str:
        """In words, with all partitions by name.

        >>> Dropped(("sample_20260301",), 5).told("went")
        '1 partitions and 5 rows went: sample_20260301'
        """
        names = f": {', '.join(self.partitions)}" if self.partitions else ""
        what = [f"{len(self.partitions):,} partitions"] if self.partitions else []
        what += [f"{self.rows:,} rows"] if self.rows or not what else []
        return f"{' and '.join(what)} {went}{names}"


def partitions_before(table: Table, day: date) -> list[str]:
    """The partitions that hold nothing of that day or later, the oldest first."""
    there = sorted(partitions.names(table) - {table.default})
    return [name for name in there if table.following(table.day_of(name)) <= day]


def drop_partitions(names: list[str]) -> tuple[str, ...]:
    """Drop them, each in a transaction of its own; which could be had."""
    dropped = []
    for name in names:
        with partitions.unless_locked(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(DROP.format(name=name))
            dropped.append(name)
    partitions.forget()
    return tuple(dropped)
