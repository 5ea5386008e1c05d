"""Resources, some hundreds at a time: probes of the newest and oldest sample of each series."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from meters.samples import Resource
from meters.selection import ResourceQuery
from meters.storage.conditions import Conditions, split
from meters.storage.dialect import Dialect
from meters.storage.listing import Bodies
from meters.storage.probes import Probes
from telemetry_site.core.query.tree import EVERYTHING
from telemetry_site.core.storage.sql import Sql, all_of, run

AT_ONCE = 500
AT_ONCE_SEARCHED = 10_000

NAMES = """
SELECT DISTINCT r.resource{bytes} AS name FROM meters_series r
WHERE {where} ORDER BY name LIMIT {count}
"""
# One probe at each end of each series.
PROBED = """
SELECT r.id, r.resource, r.project, r."user", r.source, {oldest}, {newest}
FROM meters_series r WHERE {series}
"""
# Where more is asked than owner and time, a probe could read a whole series in vain.
SEARCHED = """
SELECT r.id, r.resource, r.project, r."user", r.source, min(s.timestamp), max(s.timestamp)
FROM meters_series r CROSS JOIN sample s WHERE s.series_id = r.id AND {where} GROUP BY r.id
"""
# The samples of the last times, by constant bounds: other partitions are not even planned.
LASTS = """
SELECT w.series_id, s.recorded_at, s.message_id, s.metadata_id
FROM {keys} JOIN meters_series r ON r.id = w.series_id {beside}
"""
AT_LAST = """
s.series_id = w.series_id AND s.timestamp = w.start AND s.timestamp >= %s AND s.timestamp <= %s
"""
METERS = """
SELECT r.resource, r.meter FROM meters_series r WHERE {where}
GROUP BY r.resource, r.meter, r.type, r.unit ORDER BY min(r.id)
"""


class Ends(NamedTuple):
    """A series with the times of its first and last sample."""

    series: int
    resource: str
    project: str | None
    user: str | None
    source: str | None
    oldest: datetime
    newest: datetime


class Resources:
    """Answers one ResourceQuery; to be asked in one snapshot."""

    def __init__(self, dialect: Dialect, query: ResourceQuery, now: datetime) -> None:
        self._dialect = dialect
        self._query = query
        series, rest = split(query.selection.where)
        conditions = Conditions(dialect)
        self._series = conditions.of(series)
        self._rest = conditions.of(rest)
        self._within = conditions.within(query.selection)
        self._probes = (
            Probes(dialect, query.selection, self._series, now) if rest == EVERYTHING else None
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
        ends: dict[str, list[Ends]] = defaultdict(list)
        for one in self._ends(series):
            ends[one.resource].append(one)
        last = self._last(ends)
        self._bodies.learn({metadata for _, metadata in last.values()})
        meters = self._meters(series) if self._query.meters and last else {}
        return [
            self._resource(ends[name], *last[name], tuple(meters.get(name, ())))
            for name in names
            if name in last
        ]

    def _ends(self, series: Sql) -> Iterator[Ends]:
        moment_of = self._dialect.moment_of
        for row in run(self._probed(series)):
            if row[6] is not None:
                yield Ends._make((*row[:5], moment_of(row[5]), moment_of(row[6])))

    def _probed(self, series: Sql) -> Sql:
        if self._probes is None:
            where = all_of([series, *self._within, self._rest])
            return Sql(SEARCHED.format(where=where.text), where.params)
        oldest, newest = self._probes.oldest(), self._probes.newest()
        text = PROBED.format(oldest=oldest.text, newest=newest.text, series=series.text)
        return Sql(text, oldest.params + newest.params + series.params)

    def _last(self, ends: Mapping[str, list[Ends]]) -> dict[str, tuple[Ends, int]]:
        """The series and the metadata of each resource's last sample.

        That is the one recorded last among those of its latest time.
        """
        latest = {name: max(one.newest for one in some) for name, some in ends.items()}
        could = {
            one.series: one for some in ends.values() for one in some
            if one.newest == latest[one.resource]
        }  # fmt: skip
        found: dict[str, tuple[Any, ...]] = {}
        for row in run(self._lasts(list(could.values()))) if could else ():
            name = could[row[0]].resource
            place = (row[1], bytes_of(row[2]), row[0], row[3])
            found[name] = max(found.get(name, place), place)
        return {name: (could[place[2]], place[3]) for name, place in found.items()}

    def _lasts(self, some: list[Ends]) -> Sql:
        keys = self._dialect.table_of([(one.series, one.newest, one.newest) for one in some])
        times = [one.newest for one in some]
        bounds = tuple(self._dialect.moment(at) for at in (min(times), max(times)))
        beside = self._dialect.beside(f"{AT_LAST} AND {self._rest.text}")
        text = LASTS.format(keys=keys.text, beside=beside)
        return Sql(text, keys.params + bounds + self._rest.params)

    def _meters(self, series: Sql) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for resource, meter in run(Sql(METERS.format(where=series.text), series.params)):
            found[resource].append(meter)
        return found

    def _resource(
        self, ends: list[Ends], last: Ends, metadata: int, meters: tuple[str, ...]
    ) -> Resource:
        return Resource(
            resource=last.resource,
            project=last.project,
            user=last.user,
            source=last.source,
            first_sample=min(one.oldest for one in ends),
            last_sample=last.newest,
            metadata=self._bodies[metadata],
            meters=meters,
        )


def bytes_of(message_id: UUID | bytes) -> bytes:
    """An id as bytes, whose order is that of ids."""
    return message_id.bytes if isinstance(message_id, UUID) else message_id
