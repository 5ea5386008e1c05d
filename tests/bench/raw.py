"""The raw limit: the same rows written into the same table with nothing before or after it."""

import io
import sqlite3
import struct
import time
from collections.abc import Sequence
from datetime import datetime

import psycopg2

from meters.ids import fresh_ids
from telemetry_site.core.clock import now, to_microseconds
from tests.bench import workload

POSTGRES_EPOCH = 946_684_800_000_000  # microseconds from 1970 to 2000
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
ROW = struct.Struct("!hiiiiiqiqidi16s")
COLUMNS = "series_id, metadata_id, timestamp, recorded_at, volume, message_id"


def buffers(first: int, count: int) -> list[bytes]:
    """One binary COPY body for each batch; series are numbered as the workload makes them."""
    return [_buffer(number) for number in range(first, first + count)]


def _buffer(number: int) -> bytes:
    recorded = to_microseconds(now()) - POSTGRES_EPOCH
    rows = [
        ROW.pack(6, 4, series, 4, 1, 8, moment - POSTGRES_EPOCH, 8, recorded, 8, volume, 16, key)
        for series, moment, volume, key in rows_of(number)
    ]
    return HEADER + b"".join(rows) + b"\xff\xff"


def rows_of(number: int) -> list[tuple[int, int, float, bytes]]:
    """Series, microseconds since 1970, volume and message id of each sample of the batch.

    Series ids lie far above those the server gives out: the same table and partition, and no
    row that a measured POST wrote.
    """
    samples = workload.batch(number)
    ids = fresh_ids(len(samples), now())
    start = 1_000_000 + number % len(workload.METERS) * workload.RESOURCES
    return [
        (start + place, _moment(sample["timestamp"]), sample["counter_volume"], key.bytes)
        for place, (sample, key) in enumerate(zip(samples, ids, strict=True))
    ]


def _moment(text: str) -> int:
    return to_microseconds(datetime.fromisoformat(text))


def copy(dsn: str, bodies: Sequence[bytes]) -> float:
    """Seconds that one connection takes, with a durable commit after each body."""
    connection = psycopg2.connect(dsn)
    try:
        cursor = connection.cursor()
        started = time.perf_counter()
        for body in bodies:
            cursor.copy_expert(
                f"COPY sample ({COLUMNS}) FROM STDIN (FORMAT binary)", io.BytesIO(body)
            )
            connection.commit()
        return time.perf_counter() - started
    finally:
        connection.close()


def insert(path: str, first: int, count: int) -> float:
    """Seconds that SQLite takes for the same, one executemany and one commit a batch."""
    recorded = to_microseconds(now())
    batches = [
        [(series, 1, moment, recorded, volume, key) for series, moment, volume, key in rows_of(n)]
        for n in range(first, first + count)
    ]
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        started = time.perf_counter()
        for rows in batches:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                f"INSERT INTO sample ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows
            )
            connection.execute("COMMIT")
        return time.perf_counter() - started
    finally:
        connection.close()
