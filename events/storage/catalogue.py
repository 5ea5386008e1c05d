"""Which types of events there are, and which traits these have; known without reading events.

Each row knows the last day it is true for, so that it can go with the events of that day. What a
process knows is a cache: an entry enters it when its transaction has committed.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date
from functools import partial
from typing import NamedTuple

from django.db import connection, transaction

from events.models import EventType, TraitKey
from events.records import Event, TraitType
from telemetry_site.core.storage.sql import Sql, run, run_only

MOST = 100_000
TYPES = """
INSERT INTO events_eventtype (name, last_day) VALUES {rows}
ON CONFLICT (name) DO UPDATE SET last_day = {later} RETURNING name, id, last_day
"""
KEYS = """
INSERT INTO events_traitkey (event_type_id, name, type, last_day) VALUES {rows}
ON CONFLICT (event_type_id, name, type) DO UPDATE SET last_day = {later}
"""
LATER = {
    "postgresql": "GREATEST({table}.last_day, excluded.last_day)",
    "sqlite": "max({table}.last_day, excluded.last_day)",
}
AT_ONCE = 500


class Known(NamedTuple):
    """What this process knows of a type: its id and its last day."""

    id: int
    last_day: date


_types: dict[tuple[str, str], Known] = {}
_keys: dict[tuple[str, int, str, TraitType], date] = {}


def forget() -> None:
    """Ask the database again."""
    _types.clear()
    _keys.clear()


def ids_of(events: Iterable[Event]) -> Mapping[str, int]:
    """The ids of the types of these events, made where they are missing; their traits with them.

    To be called in the transaction that stores the events.
    """
    days: dict[str, date] = {}
    for event in events:
        day = event.generated.astimezone(UTC).date()
        days[event.event_type] = max(day, days.get(event.event_type, day))
    ids = _ids(days)
    _note_traits(events, ids)
    return ids


def _ids(days: Mapping[str, date]) -> dict[str, int]:
    database = _database()
    known = {name: one for name in days if (one := _types.get((database, name)))}
    missing = sorted(n for n, day in days.items() if n not in known or known[n].last_day < day)
    found: dict[str, Known] = {}
    for start in range(0, len(missing), AT_ONCE):
        some = missing[start : start + AT_ONCE]
        text = TYPES.format(rows=", ".join(["(%s, %s)"] * len(some)), later=_later("eventtype"))
        params = tuple(value for name in some for value in (name, days[name]))
        found |= {n: Known(i, _day(day)) for n, i, day in run(Sql(text, params))}
    if found:
        transaction.on_commit(partial(_learn_types, database, found))
    return {name: one.id for name, one in (known | found).items()}


def _note_traits(events: Iterable[Event], ids: Mapping[str, int]) -> None:
    database = _database()
    wanted: dict[tuple[str, int, str, TraitType], date] = {}
    for event in events:
        number, day = ids[event.event_type], event.generated.astimezone(UTC).date()
        for trait in event.traits:
            place = (database, number, trait.name, trait.type)
            last = _keys.get(place)
            if last is None or last < day:
                wanted[place] = max(day, wanted.get(place, day))
    rows = sorted(wanted)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        marks = ", ".join(["(%s, %s, %s, %s)"] * len(some))
        text = KEYS.format(rows=marks, later=_later("traitkey"))
        run_only(Sql(text, tuple(v for row in some for v in (*row[1:], wanted[row]))))
    if wanted:
        transaction.on_commit(partial(_learn_keys, wanted))


def expire(before: date) -> int:
    """Forget what no event from that day on has; how many types those were."""
    TraitKey.objects.filter(last_day__lt=before).delete()
    gone, _ = EventType.objects.filter(last_day__lt=before).delete()
    forget()
    return gone


def _learn_types(database: str, found: Mapping[str, Known]) -> None:
    if len(_types) > MOST:
        _types.clear()
    for name, one in found.items():
        _types[database, name] = one


def _learn_keys(wanted: Mapping[tuple[str, int, str, TraitType], date]) -> None:
    if len(_keys) > MOST:
        _keys.clear()
    _keys.update(wanted)


def _later(table: str) -> str:
    return LATER[connection.vendor].format(table=f"events_{table}")


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _database() -> str:
    return str(connection.settings_dict["NAME"])
