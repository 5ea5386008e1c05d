"""Indexes of traits that a setting names, on PostgreSQL: ranges of their values are found by them.

The index of the documents finds equal values only. SQLite has no such indexes.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from django.db import connection

from events.records import TraitDescription
from events.storage import document
from events.storage.writing import EVENTS
from telemetry_site.core.storage import partitions
from telemetry_site.core.storage.sql import Sql, run, run_only

PREFIX = "indexed_trait_"
ALL = f"""
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 'event'::regclass AND starts_with(c.relname, '{PREFIX}')
"""
# The partitions that have their part of the index; any other part is left from an attempt.
PARTS = """
SELECT i.indrelid::regclass::text FROM pg_inherits h JOIN pg_index i ON i.indexrelid = h.inhrelid
WHERE h.inhparent = %s::regclass
"""
LOCK = 0x5A3B21
ALONE = f"SELECT pg_try_advisory_lock({LOCK})"
DONE = f"SELECT pg_advisory_unlock({LOCK})"


class Changes(NamedTuple):
    """The traits whose index was made, and how many indexes of others were dropped."""

    made: list[str]
    dropped: int


def make(wanted: Iterable[TraitDescription]) -> Changes:
    """Make the indexes that are missing, drop those of other traits. Not in a transaction.

    Nobody who writes has to wait: each partition gets its part concurrently. What another process
    is at is left to it.
    """
    if connection.vendor != "postgresql" or not run(Sql(ALONE))[0][0]:
        return Changes([], 0)
    try:
        return _make({_name(trait): trait for trait in wanted})
    finally:
        run(Sql(DONE))


def _make(wanted: dict[str, TraitDescription]) -> Changes:
    there = {name for (name,) in run(Sql(ALL))}
    for name in there - wanted.keys():
        run_only(Sql(f"DROP INDEX {name}"))
    return Changes(
        [trait.name for name, trait in wanted.items() if _complete(name, trait, name in there)],
        len(there - wanted.keys()),
    )


def _complete(name: str, trait: TraitDescription, is_there: bool) -> bool:
    """Whether there was anything to be made."""
    value = _expression(trait)
    if not is_there:
        run_only(Sql(f"CREATE INDEX {name} ON ONLY event (({value.text}))", value.params))
    parts = {part for (part,) in run(Sql(PARTS, (name,)))}
    missing = sorted(partitions.names(EVENTS) - parts)
    for partition in missing:
        part = f"{name}_{partition.removeprefix(f'{EVENTS.name}_')}"
        run_only(Sql(f"DROP INDEX CONCURRENTLY IF EXISTS {part}"))
        text = f"CREATE INDEX CONCURRENTLY {part} ON {partition} (({value.text}))"
        run_only(Sql(text, value.params))
        run_only(Sql(f"ALTER INDEX {name} ATTACH PARTITION {part}"))
    return bool(missing)


def _name(trait: TraitDescription) -> str:
    key = document.key(trait.name, trait.type)
    return f"{PREFIX}{sha256(key.encode()).hexdigest()[:16]}"


def _expression(trait: TraitDescription) -> Sql:
    """What a condition compares; see `reading`."""
    text = "traits ->> %s" if trait.type == "string" else "(traits ->> %s)::numeric"
    return Sql(text, (document.key(trait.name, trait.type),))
