"""Meters, answered from the series; samples are looked at only where the series cannot tell."""

from datetime import datetime

from meters.samples import Meter
from meters.selection import MeterQuery, Selection
from meters.storage.conditions import COLUMNS, Conditions, split
from meters.storage.dialect import Dialect
from meters.storage.probes import Probes
from telemetry_site.core.query.tree import EVERYTHING, Node, leaves
from telemetry_site.core.storage.sql import Sql, run
from telemetry_site.core.transactions import one_snapshot

# The last sample of a meter is the one recorded last among those of its latest time.
LAST = "s.timestamp DESC NULLS LAST, s.recorded_at DESC, s.message_id DESC, r.id DESC"

METERS = """
WITH grouped AS MATERIALIZED (
    SELECT r.*, count(*) OVER w AS owners, min(r.id) OVER w AS lowest
    FROM meters_series r WHERE {candidates}
    WINDOW w AS (PARTITION BY r.meter, r.type, r.unit, r.resource)
), probed AS MATERIALIZED (
    SELECT r.*, CASE WHEN {look} THEN {newest} END AS newest FROM grouped r
), ranked AS (
    SELECT r.*, s.metadata_id, row_number() OVER (PARTITION BY r.lowest ORDER BY {last}) AS place
    FROM probed r LEFT {beside}
), kept AS (
    SELECT r.* FROM ranked r WHERE r.place = 1 AND {where}
)
"""
# Where each meter has one owner.
PLAIN = "WITH kept AS (SELECT r.*, r.id AS lowest FROM meters_series r WHERE {where})"
SHARED = """
SELECT EXISTS (SELECT 1 FROM meters_series r WHERE {candidates}
    GROUP BY r.meter, r.type, r.unit, r.resource HAVING count(*) > 1)
"""
OF_EACH_RESOURCE = """
SELECT meter, type, unit, resource, project, "user", source FROM kept ORDER BY lowest
"""
OF_EACH_NAME = """
SELECT meter, type, unit FROM kept GROUP BY meter, type, unit ORDER BY min(lowest)
"""

FIELDS = ("name", "type", "unit", "resource", "project", "user", "source")
NEWEST = "s.series_id = r.id AND s.timestamp = r.newest"


def meters(dialect: Dialect, query: MeterQuery, now: datetime) -> list[Meter]:
    """See SampleStore.meters."""
    with one_snapshot():
        kept = _kept(dialect, query.where, now)
        text = kept.text + (OF_EACH_NAME if query.unique else OF_EACH_RESOURCE)
        if query.limit is not None:
            text += f" LIMIT {query.limit:d}"
        found = run(Sql(text, kept.params))
    return [Meter(**dict(zip(FIELDS, row, strict=False))) for row in found]


def _kept(dialect: Dialect, where: Node, now: datetime) -> Sql:
    """The beginning of the statement: a table `kept` of one series for each meter."""
    by_metadata = any(leaf.field == "metadata" for leaf in leaves(where))
    candidates = _candidates(dialect, where)
    if not by_metadata and not _shared(candidates):
        found = Conditions(dialect).of(where)
        return Sql(PLAIN.format(where=found.text), found.params)
    newest = Probes(dialect, Selection(), candidates, now).newest()
    found = Conditions(dialect, {**COLUMNS, "metadata": "r.metadata_id"}).of(where)
    text = METERS.format(
        candidates=candidates.text,
        look="TRUE" if by_metadata else "r.owners > 1",
        newest=newest.text,
        beside=dialect.beside(NEWEST),
        last=LAST,
        where=found.text,
    )
    return Sql(text, candidates.params + newest.params + found.params)


def _shared(candidates: Sql) -> bool:
    """Whether some meter of a resource has had several owners."""
    return bool(run(Sql(SHARED.format(candidates=candidates.text), candidates.params))[0][0])


def _candidates(dialect: Dialect, where: Node) -> Sql:
    """All series of each (meter, resource) that has one the query could mean."""
    series, _ = split(where)
    if series == EVERYTHING:
        return Sql("TRUE")
    found = Conditions(dialect).of(series)
    return Sql(
        "(r.meter, r.resource) IN "
        f"(SELECT r.meter, r.resource FROM meters_series r WHERE {found.text})",
        found.params,
    )
