"""Finding the first and the last sample of a series by index, without reading the others."""

from datetime import datetime

from meters.selection import Selection
from meters.storage.behind import behind
from meters.storage.dialect import Dialect
from meters.storage.selected import inside, span_of
from meters.storage.spans import HOUR, down, pieces
from telemetry_site.core.storage.sql import Sql


class Probes:
    """SQL for the times of the first and last sample of the series `r` within a selection's bounds.

    Rollups tell of whatever is over: few of them, in few partitions. What they do not tell yet,
    and what lies before the samples they were made from, the samples tell themselves.
    """

    def __init__(self, dialect: Dialect, selection: Selection, series: Sql, now: datetime) -> None:
        """Looks at the marks of the series; to be called in the snapshot that asks."""
        asked, open_from = span_of(selection), down(now, HOUR)
        found = behind(dialect, series, asked, open_from)
        self._dialect = dialect
        self._pieces = pieces(asked, open_from, found.dirty, None, found.kept_since)

    def oldest(self) -> Sql:
        """The earliest time, NULL for none."""
        return self._dialect.smallest(self._probes("earliest", "min", ""))

    def newest(self) -> Sql:
        """The latest time, NULL for none."""
        return self._dialect.largest(self._probes("latest", "max", " DESC"))

    def _probes(self, column: str, which: str, order: str) -> list[Sql]:
        found = []
        for table, spans in (
            ("rollup_day", self._pieces.days),
            ("rollup_hour", self._pieces.hours),
        ):
            if spans:
                where = inside(self._dialect, "t.start", spans)
                text = f"SELECT t.{column} FROM {table} t WHERE t.series_id = r.id AND {where.text}"
                found.append(Sql(f"({text} ORDER BY t.start{order} LIMIT 1)", where.params))
        if self._pieces.raw:
            where = inside(self._dialect, "s.timestamp", self._pieces.raw)
            text = f"SELECT {which}(s.timestamp) FROM sample s WHERE s.series_id = r.id"
            found.append(Sql(f"({text} AND {where.text})", where.params))
        return found or [Sql("(NULL)")]
