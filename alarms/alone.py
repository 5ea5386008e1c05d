"""Keeps others out while something is counted that they might change."""

from enum import IntEnum

from django.db import connection

from telemetry_site.core.storage.sql import Sql, run

LOCK = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"


class Guarded(IntEnum):
    """What is counted before something is added to it, as the first number of a lock."""

    ALARMS_OF_PROJECT = 0x5A3B30
    ALARMS_OF_USER = 0x5A3B31


def alone_at(what: Guarded, name: str | None) -> None:
    """Wait until nobody else is at it, and keep others waiting until this transaction ends.

    On SQLite all who write wait for each other anyway.
    """
    if connection.vendor == "postgresql":
        run(Sql(LOCK, (what, name or "")))
