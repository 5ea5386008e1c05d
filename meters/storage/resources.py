"""Resources, some hundreds at a time: probes of the newest and oldest sample of each series."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from meters.samples import Resource
from meters.selection import ResourceQuery
from meters.storage.conditions import Conditions, split
from meters.storage.dialect import Dialect
from meters.storage.inventory import LAST, NEWEST
from meters.storage.listing import Bodies, Row
from meters.storage.probes import Probes
from meters.storage.sql import Sql, all_of, run
from telemetry_site.core.query.tree import EVERYTHING

AT_ONCE = 500
AT_ONCE_SEARCHED = 10_000

NAMES = """
SELECT DISTINCT r.resource{bytes} AS name FROM meters_series r
WHERE {where} ORDER BY name LIMIT {count}
"""
# One probe at each end of each series.
PROBED = "SELECT r.*, {oldest} AS oldest, {newest} AS newest FROM meters_series r WHERE {series}"
# Where more is asked than owner and time, a probe could read a whole series in vain.
SEARCHED = """
SELECT r.*, found.oldest, found.newest FROM meters_series r JOIN (
    SELECT s.series_id, min(s.timestamp) AS oldest, max(s.timestamp) AS newest
    FROM meters_series r CROSS JOIN sample s WHERE s.series_id = r.id AND {where}
    GROUP BY s.series_id
) found ON found.series_id = r.id
"""
RESOURCES = """
WITH probed AS MATERIALIZED (
    {probed}
), ranked AS (
    SELECT r.resource, r.project, r."user", r.source, s.timestamp, s.metadata_id,
        min(r.oldest) OVER (PARTITION BY r.resource) AS earliest,
        row_number() OVER (PARTITION BY r.resource ORDER BY {last}) AS place
    FROM probed r {beside}
)
SELECT resource, project, "user", source, earliest, timestamp, metadata_id
FROM ranked WHERE place = 1 ORDER BY resource{bytes}
"""
METERS = """
SELECT r.resource, r.meter FROM meters_series r WHERE {where}
GROUP BY r.resource, r.meter, r.type, r.unit ORDER BY min(r.id)
"""


class Resources:
    """Answers one ResourceQuery."""

    def __init__(self, dialect: Dialect, query: ResourceQuery, now: datetime) -> None:
        self._dialect = dialect
        self._query = query
        series, rest = split(query.selection.where)
        conditions = Conditions(dialect)
        self._series = conditions.of(series)
        self._rest = conditions.of(rest)
        self._within = conditions.within(query.selection)
        self._probes = (
            Probes(dialect, dialect.stretches(now), self._within) if rest == EVERYTHING else None
        )
        self._bodies = Bodies(dialect)

    def answer(self) -> list[Resource]:
        """The resources, ordered by id."""
        found: list[Resource] = []
        wanted = self._query.limit
        for names in self._names():
            found += self._resources(names)
            if wanted is not None and len(found) >= wanted:
                return found[:wanted]
        return found

    def _names(self) -> Iterator[list[str]]:
        """Names that the series allow, in order."""
        most = AT_ONCE if self._probes else AT_ONCE_SEARCHED
        count = min(AT_ONCE, self._query.limit or AT_ONCE) if self._probes else most
        order, where = self._dialect.byte_order, self._series
        while True:
            text = NAMES.format(bytes=order, where=where.text, count=count)
            names = [name for (name,) in run(Sql(text, where.params))]
            if names:
                yield names
            if len(names) < count:
                return
            count = most
            where = all_of([self._series, Sql(f"r.resource{order} > %s", (names[-1],))])

    def _resources(self, names: list[str]) -> list[Resource]:
        series = all_of([self._dialect.text_in("r.resource", names), self._series])
        probed = self._probed(series)
        text = RESOURCES.format(
            probed=probed.text,
            beside=self._dialect.beside(f"{NEWEST} AND {self._rest.text}"),
            last=LAST,
            bytes=self._dialect.byte_order,
        )
        rows = run(Sql(text, probed.params + self._rest.params))
        self._bodies.learn({row[6] for row in rows})
        meters = self._meters(series) if self._query.meters and rows else {}
        return [self._resource(row, tuple(meters.get(row[0], ()))) for row in rows]

    def _probed(self, series: Sql) -> Sql:
        if self._probes is None:
            where = all_of([series, *self._within, self._rest])
            return Sql(SEARCHED.format(where=where.text), where.params)
        oldest, newest = self._probes.oldest(), self._probes.newest()
        text = PROBED.format(oldest=oldest.text, newest=newest.text, series=series.text)
        return Sql(text, oldest.params + newest.params + series.params)

    def _meters(self, series: Sql) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for resource, meter in run(Sql(METERS.format(where=series.text), series.params)):
            found[resource].append(meter)
        return found

    def _resource(self, row: Row, meters: tuple[str, ...]) -> Resource:
        return Resource(
            resource=row[0],
            project=row[1],
            user=row[2],
            source=row[3],
            first_sample=self._dialect.moment_of(row[4]),
            last_sample=self._dialect.moment_of(row[5]),
            metadata=self._bodies[row[6]],
            meters=meters,
        )
