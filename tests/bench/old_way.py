"""The old way, made again from its description: a row for each sample, with foreign keys.

Statistics are a statement for each period.
"""

from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from tests.bench.agreement import RawRow
from tests.bench.databases import execute
from tests.bench.dataset import HOUR
from tests.bench.questions import Question

TABLES = """
CREATE TABLE old_meter (
    id serial PRIMARY KEY, name text NOT NULL, type text NOT NULL, unit text,
    UNIQUE (name, type, unit)
);
CREATE TABLE old_resource (
    id serial PRIMARY KEY, resource text NOT NULL, project text, owner text, source text,
    hash text NOT NULL, metadata text NOT NULL, UNIQUE (resource, project, owner, source, hash)
);
CREATE TABLE old_metadata (
    resource_id integer NOT NULL REFERENCES old_resource, name text NOT NULL, value text,
    PRIMARY KEY (resource_id, name)
);
CREATE TABLE old_sample (
    id bigserial PRIMARY KEY, meter_id integer NOT NULL, resource_id integer NOT NULL,
    volume double precision, timestamp timestamp NOT NULL, recorded_at timestamp NOT NULL,
    message_id text NOT NULL, signature text NOT NULL
);
"""
KEYS = """
ALTER TABLE old_sample ADD FOREIGN KEY (meter_id) REFERENCES old_meter,
    ADD FOREIGN KEY (resource_id) REFERENCES old_resource;
CREATE INDEX ON old_sample (timestamp);
CREATE INDEX ON old_sample (resource_id);
CREATE INDEX ON old_sample (meter_id);
CREATE INDEX ON old_sample (message_id);
CREATE INDEX ON old_sample (timestamp, meter_id);
CREATE INDEX ON old_resource (resource);
"""
# Everything that the store holds, in those tables.
FILL = """
INSERT INTO old_meter (name, type, unit) SELECT DISTINCT meter, type, unit FROM meters_series;
INSERT INTO old_resource (resource, project, owner, source, hash, metadata)
SELECT DISTINCT resource, project, "user", source, '', '{}' FROM meters_series;
INSERT INTO old_sample
    (meter_id, resource_id, volume, timestamp, recorded_at, message_id, signature)
SELECT m.id, o.id, s.volume, s.timestamp AT TIME ZONE 'UTC', s.recorded_at AT TIME ZONE 'UTC',
    s.message_id::text, ''
FROM sample s JOIN meters_series r ON r.id = s.series_id
JOIN old_meter m ON m.name = r.meter JOIN old_resource o ON o.resource = r.resource
ORDER BY s.timestamp;
"""
PERIOD = """
SELECT m.unit, min(s.volume), max(s.volume), avg(s.volume), sum(s.volume), count(s.volume),
    min(s.timestamp) AT TIME ZONE 'UTC', max(s.timestamp) AT TIME ZONE 'UTC'
FROM old_sample s JOIN old_meter m ON m.id = s.meter_id JOIN old_resource o ON o.id = s.resource_id
WHERE m.name = %s AND o.resource = %s AND s.timestamp >= %s AND s.timestamp < %s
GROUP BY m.unit
"""


class Asked:
    """One series' statistics by hours, in a copy of the store that Django is connected to."""

    def __init__(self, connection: BaseDatabaseWrapper, question: Question) -> None:
        execute(TABLES)
        execute(FILL)
        execute(KEYS)
        execute("VACUUM ANALYZE old_sample")
        self._connection = connection
        self._question = question

    def answer(self) -> list[RawRow]:
        """A row for each hour, a statement for each."""
        start, end = self._question.span.start, self._question.span.end
        with self._connection.cursor() as cursor:
            found = [self._hour(cursor, start + n * HOUR) for n in range((end - start) // HOUR)]
        return [row for hour in found for row in hour]

    def _hour(self, cursor: Any, start: datetime) -> list[RawRow]:
        naive = start.replace(tzinfo=None)
        where = self._question.where
        cursor.execute(PERIOD, (where["meter"], where["resource"], naive, naive + HOUR))
        return [(start, None, *row) for row in cursor.fetchall()]
