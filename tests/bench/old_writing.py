"""How the old way writes: for each sample two look-ups in savepoints, an insert and a commit."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg2

from tests.bench.old_way import KEYS, TABLES

FIND_METER = "SELECT id FROM old_meter WHERE name = %s AND type = %s AND unit = %s"
MAKE_METER = "INSERT INTO old_meter (name, type, unit) VALUES (%s, %s, %s) RETURNING id"
FIND_RESOURCE = """
SELECT id FROM old_resource
WHERE resource = %s AND project = %s AND owner = %s AND source = %s AND hash = %s
"""
MAKE_RESOURCE = """
INSERT INTO old_resource (resource, project, owner, source, hash, metadata)
VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
"""
MAKE_METADATA = "INSERT INTO old_metadata (resource_id, name, value) VALUES (%s, %s, %s)"
MAKE_SAMPLE = """
INSERT INTO old_sample
    (meter_id, resource_id, volume, timestamp, recorded_at, message_id, signature)
VALUES (%s, %s, %s, %s, now(), gen_random_uuid()::text, %s)
"""


class Writer:
    """Writes samples as they are posted, a durable commit for each; one process, one connection."""

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg2.connect(database_url)
        self._cursor = self._connection.cursor()
        self._cursor.execute(TABLES + KEYS)
        self._connection.commit()

    def rate(self, samples: Sequence[Mapping[str, Any]]) -> float:
        """Samples a second."""
        started = time.perf_counter()
        for sample in samples:
            self._write(sample)
        return len(samples) / (time.perf_counter() - started)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _write(self, sample: Mapping[str, Any]) -> None:
        meter = self._meter(sample)
        resource = self._resource(sample)
        values = (meter, resource, sample["counter_volume"], sample["timestamp"], "")
        self._cursor.execute(MAKE_SAMPLE, values)
        self._connection.commit()

    def _meter(self, sample: Mapping[str, Any]) -> int:
        named = (sample["counter_name"], sample["counter_type"], sample["counter_unit"])
        return self._found_or_made(FIND_METER, named, MAKE_METER, named)[0]

    def _resource(self, sample: Mapping[str, Any]) -> int:
        body = json.dumps(sample["resource_metadata"], sort_keys=True)
        owner = (sample["project_id"], sample["user_id"], sample["source"])
        named = (sample["resource_id"], *owner, hashlib.md5(body.encode()).hexdigest())  # noqa: S324
        number, made = self._found_or_made(FIND_RESOURCE, named, MAKE_RESOURCE, (*named, body))
        if made:
            pairs = [(number, name, value) for name, value in sample["resource_metadata"].items()]
            self._cursor.executemany(MAKE_METADATA, pairs)
        return number

    def _found_or_made(
        self, find: str, named: Sequence[Any], make: str, values: Sequence[Any]
    ) -> tuple[int, bool]:
        self._cursor.execute("SAVEPOINT looked_up")
        self._cursor.execute(find, named)
        row = self._cursor.fetchone()
        made = row is None
        if row is None:
            self._cursor.execute(make, values)
            row = self._cursor.fetchone()
        self._cursor.execute("RELEASE SAVEPOINT looked_up")
        assert row is not None
        return int(row[0]), made
