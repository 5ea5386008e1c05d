"""Which types of events there are, and which traits these have; known without reading events.

Each row knows the last day it is true for, so that it can go with the events of that day. What a
process knows is a cache: an entry enters it when its transaction has committed.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

from django.db import connection, transaction

from events.models import EventType, TraitKey
from events.storage.document import TYPES as TRAIT_TYPES
from telemetry_site.core.storage.sql import Sql, run, run_only

MOST = 10_000
TYPES = """
INSERT INTO events_eventtype (name, last_day) VALUES {rows}
ON CONFLICT (name) DO UPDATE SET last_day = {later} RETURNING name, id
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
    """What is known of a type: its id, its last day, and that of each key of its documents."""

    id: int
    last_day: date
    keys: Mapping[str, date]


_types: dict[tuple[str, str], Known] = {}
_names: dict[tuple[str, int], str] = {}


def forget() -> None:
    """Ask the database again."""
    _types.clear()
    _names.clear()


def names_of(ids: Iterable[int]) -> Mapping[int, str]:
    """The names of types by their ids; an id is never given to another type."""
    database = _database()
    wanted = set(ids)
    if any((database, one) not in _names for one in wanted):
        if len(_names) > MOST:
            _names.clear()
        for number, name in EventType.objects.filter(pk__in=wanted).values_list("pk", "name"):
            _names[database, number] = name
    return {one: _names.get((database, one), "") for one in wanted}


def ids_of(said: Iterable[tuple[str, date, Iterable[str]]]) -> Mapping[str, int]:
    """The ids of the types of events, of each of which it says the type, the day and the keys.

    To be called in the transaction that stores the events: what is missing is made.
    """
    keys_of: dict[tuple[str, date], set[str]] = {}
    for name, day, keys in said:
        keys_of.setdefault((name, day), set()).update(keys)
    seen: dict[str, dict[str, date]] = {}
    last_days: dict[str, date] = {}
    for (name, day), some in sorted(keys_of.items(), key=lambda item: item[0][1]):
        seen.setdefault(name, {}).update(dict.fromkeys(some, day))
        last_days[name] = day
    ids = _ids(last_days)
    _note_keys(ids, seen, last_days)
    return ids


def _ids(last_days: Mapping[str, date]) -> dict[str, int]:
    known = {name: _types.get((_database(), name)) for name in last_days}
    found = {name: one.id for name, one in known.items() if one}
    behind = sorted(n for n, one in known.items() if not one or one.last_day < last_days[n])
    for start in range(0, len(behind), AT_ONCE):
        some = behind[start : start + AT_ONCE]
        text = TYPES.format(rows=", ".join(["(%s, %s)"] * len(some)), later=_later("eventtype"))
        params = tuple(value for name in some for value in (name, last_days[name]))
        found |= dict(run(Sql(text, params)))
    return found


def _note_keys(
    ids: Mapping[str, int], seen: Mapping[str, Mapping[str, date]], last_days: Mapping[str, date]
) -> None:
    """Make the rows of keys that are new, or were never seen so late; learn all of it."""
    learned: dict[str, Known] = {}
    rows = []
    for name, keys in seen.items():
        old = _types.get((_database(), name)) or Known(ids[name], date.min, {})
        late = {key: day for key, day in keys.items() if old.keys.get(key, date.min) < day}
        rows += [(ids[name], key[2:], TRAIT_TYPES[key[:2]], day) for key, day in late.items()]
        if late or old.last_day < last_days[name]:
            last_day = max(old.last_day, last_days[name])
            learned[name] = Known(ids[name], last_day, {**old.keys, **late})
    rows.sort()
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        marks = ", ".join(["(%s, %s, %s, %s)"] * len(some))
        text = KEYS.format(rows=marks, later=_later("traitkey"))
        run_only(Sql(text, tuple(value for row in some for value in row)))
    if learned:
        transaction.on_commit(partial(_learn, _database(), learned))


def _learn(database: str, learned: Mapping[str, Known]) -> None:
    if len(_types) > MOST:
        _types.clear()
    for name, one in learned.items():
        _types[database, name] = one


def expire(before: date) -> int:
    """Forget what no event from that day on has; how many types those were."""
    TraitKey.objects.filter(last_day__lt=before).delete()
    gone, _ = EventType.objects.filter(last_day__lt=before).delete()
    forget()
    return gone


def _later(table: str) -> str:
    return LATER[connection.vendor].format(table=f"events_{table}")


def _database() -> str:
    return str(connection.settings_dict["NAME"])
