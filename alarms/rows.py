"""Rows of the tables of alarms, written by set: one statement, however many they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import Model

from alarms.models import Alarm
from telemetry_site.core.storage.sql import Sql, run, run_only

# The rows are one parameter, a JSON list of lists.
TABLES: Mapping[str, str] = {
    "postgresql": "json_array_elements(%s::json) AS j(value)",
    "sqlite": "json_each(%s) AS j",
}
INSERT = "INSERT INTO {table} ({columns}) SELECT {values} FROM {rows}"
UPDATE = """
UPDATE alarm SET state = w.state, state_reason = w.state_reason,
    state_timestamp = w.state_timestamp, coming_state = w.coming_state,
    coming_rounds = w.coming_rounds
FROM (SELECT {values}, {was} AS was FROM {rows}) w
WHERE alarm.alarm_id = w.alarm_id AND alarm.generation = w.generation AND alarm.state = w.was
RETURNING alarm.alarm_id
"""


class Standing(NamedTuple):
    """The state of an alarm as it is to be written, to the generation and the state that were read.

    The reason and the time are those of the state.
    """

    alarm_id: str
    generation: int
    state: str
    state_reason: str
    state_timestamp: datetime
    coming_state: str
    coming_rounds: int
    was: str


def insert(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert the rows, each with a value for each of the columns."""
    if not rows:
        return
    text = INSERT.format(
        table=model._meta.db_table,
        columns=", ".join(map(connection.ops.quote_name, columns)),
        values=_values(model, columns),
        rows=TABLES[connection.vendor],
    )
    run_only(Sql(text, (_encoded(rows),)))


def update(rows: Sequence[Standing]) -> set[str]:
    """Write the states; the ids of the alarms that were still as they had been read."""
    if not rows:
        return set()
    columns = Standing._fields[:-1]
    named = _values(Alarm, columns, named=True)
    was = f"j.value ->> {len(columns)}"
    text = UPDATE.format(values=named, was=was, rows=TABLES[connection.vendor])
    return {alarm_id for (alarm_id,) in run(Sql(text, (_encoded(rows),)))}


def _values(model: type[Model], columns: Sequence[str], *, named: bool = False) -> str:
    found = []
    for place, name in enumerate(columns):
        text = f"j.value ->> {place}"
        if connection.vendor == "postgresql":  # SQLite would make a number of a time
            text = f"CAST({text} AS {model._meta.get_field(name).db_type(connection)})"
        found.append(f"{text} AS {name}" if named else text)
    return ", ".join(found)


def _encoded(rows: Sequence[Sequence[Any]]) -> str:
    moment = connection.ops.adapt_datetimefield_value
    plain = [[moment(one) if isinstance(one, datetime) else one for one in row] for row in rows]
    return msgspec.json.encode(plain).decode()
