"""Finding the oldest or newest sample of a series by its index, without reading the others."""

from collections.abc import Iterable, Sequence

from meters.selection import Bound, Selection
from meters.storage.conditions import Conditions
from meters.storage.dialect import Dialect, Stretch
from meters.storage.sql import Sql, all_of, joined


class Probes:
    """SQL for the time of one sample of the series `r`, among those for which `where` is true.

    PostgreSQL walks partitions in order, and so stops at the first hit, only where DEFAULT cannot
    hold a row. So the stretch that day partitions cover is asked apart from what lies around it.
    """

    def __init__(
        self, dialect: Dialect, stretches: Sequence[Stretch], where: Sequence[Sql]
    ) -> None:
        conditions = Conditions(dialect)
        self._pieces = [
            all_of([*conditions.within(_selection(stretch)), *where]) for stretch in stretches
        ]

    def oldest(self) -> Sql:
        """The earliest time."""
        return _first(_probe("min", piece) for piece in self._pieces)

    def newest(self) -> Sql:
        """The latest time."""
        return _first(_probe("max", piece) for piece in reversed(self._pieces))


def _probe(which: str, where: Sql) -> Sql:
    return Sql(
        f"(SELECT {which}(s.timestamp) FROM sample s WHERE s.series_id = r.id AND {where.text})",
        where.params,
    )


def _first(probes: Iterable[Sql]) -> Sql:
    found = list(probes)
    if len(found) == 1:
        return found[0]
    pieces = joined(", ", found)
    return Sql(f"COALESCE({pieces.text})", pieces.params)


def _selection(stretch: Stretch) -> Selection:
    start, end = stretch
    return Selection(
        start=None if start is None else Bound(start, inclusive=True),
        end=None if end is None else Bound(end, inclusive=False),
    )
