"""Traits as plain rows, made again from their description: a row each, and a join for each asked.

The events are those of the store that Django is connected to.
"""

from typing import Any, TypeAlias

from tests.bench.databases import execute, rows

# Of the event the id, the time and the type; of each trait the name and the value.
Found: TypeAlias = tuple[Any, Any, str, tuple[tuple[str, Any], ...]]

NAMES = ("row_event", "row_text", "row_int")
TABLES = """
CREATE TABLE row_event (
    id bigserial PRIMARY KEY, message_id text NOT NULL UNIQUE, generated timestamptz NOT NULL,
    event_type_id bigint NOT NULL, raw text
);
CREATE TABLE row_text (
    event_id bigint NOT NULL, key varchar(255), value varchar(255), PRIMARY KEY (event_id, key)
);
CREATE TABLE row_int (
    event_id bigint NOT NULL, key varchar(255), value bigint, PRIMARY KEY (event_id, key)
);
INSERT INTO row_event (message_id, generated, event_type_id)
SELECT message_id::text, generated, event_type_id FROM event ORDER BY generated, message_id;
INSERT INTO row_text SELECT o.id, substr(t.key, 3), t.value
FROM event e JOIN row_event o ON o.message_id = e.message_id::text, jsonb_each_text(e.traits) t
WHERE t.key LIKE 's:%';
INSERT INTO row_int SELECT o.id, substr(t.key, 3), t.value::bigint
FROM event e JOIN row_event o ON o.message_id = e.message_id::text, jsonb_each_text(e.traits) t
WHERE t.key LIKE 'i:%';
CREATE INDEX ON row_event (generated);
CREATE INDEX ON row_event (event_type_id);
CREATE INDEX ON row_text (key, value);
CREATE INDEX ON row_int (key, value);
ALTER TABLE row_text ADD FOREIGN KEY (event_id) REFERENCES row_event;
ALTER TABLE row_int ADD FOREIGN KEY (event_id) REFERENCES row_event
"""
EVENTS = """
SELECT e.id, e.message_id, e.generated, y.name FROM row_event e
JOIN events_eventtype y ON y.id = e.event_type_id {joins}
ORDER BY e.generated, e.message_id LIMIT %s
"""
JOIN = """
JOIN (SELECT event_id FROM row_text WHERE key = %s AND value = %s) t{number}
ON t{number}.event_id = e.id
"""
TRAITS = """
SELECT event_id, key, value FROM row_text WHERE event_id = ANY(%s)
UNION ALL SELECT event_id, key, value::text FROM row_int WHERE event_id = ANY(%s)
"""


def make() -> None:
    """The tables, and everything that the store holds in them."""
    execute(TABLES)
    execute("VACUUM ANALYZE")


def find(wanted: dict[str, str], most: int) -> list[Found]:
    """The oldest events that have all of these traits."""
    joins = "".join(JOIN.format(number=number) for number in range(len(wanted)))
    params = [word for pair in wanted.items() for word in pair]
    events = rows(EVENTS.format(joins=joins), *params, most)
    ids = [event[0] for event in events]
    traits: dict[int, list[tuple[str, Any]]] = {number: [] for number in ids}
    for number, key, value in rows(TRAITS, ids, ids):
        traits[number].append((key, value))
    return [(at, when, kind, tuple(sorted(traits[n]))) for n, at, when, kind in events]
