"""PostgreSQL's words: native times and ids, metadata as jsonb with a GIN index."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from meters.samples import encode_metadata
from meters.storage.dialect import Key
from meters.storage.values import bounded
from telemetry_site.core.query.patterns import for_postgresql
from telemetry_site.core.query.tree import Compare
from telemetry_site.core.storage.sql import Sql, joined

BEGINNING = datetime.min.replace(tzinfo=UTC)
WHOLE = "'^-?[0-9]+$'"


class PostgresDialect:
    """See Dialect."""

    deepest = 200
    byte_order = ' COLLATE "C"'
    instance_type = (
        "CASE jsonb_typeof(m.body -> 'instance_type') "
        "WHEN 'string' THEN m.body ->> 'instance_type' END"
    )

    def moment(self, value: datetime) -> datetime:
        """As it is."""
        return value

    def moment_of(self, value: datetime) -> datetime:
        """As it is."""
        return value

    def uuid(self, value: UUID) -> UUID:
        """As it is."""
        return value

    def uuid_of(self, value: UUID) -> UUID:
        """As it is."""
        return value

    def body_of(self, value: str) -> bytes:
        """Encoded again: jsonb keeps the keys in an order of its own."""
        return encode_metadata(msgspec.json.decode(value))

    def text_in(self, column: str, values: Sequence[str]) -> Sql:
        """One parameter, however many values."""
        return Sql(f"{column} = ANY(%s::text[])", (list(values),))

    def uuid_in(self, column: str, values: Sequence[UUID]) -> Sql:
        """One parameter, however many values."""
        return Sql(f"{column} = ANY(%s::uuid[])", ([str(value) for value in values],))

    def id_in(self, column: str, values: Sequence[int]) -> Sql:
        """One parameter, however many values."""
        return Sql(f"{column} = ANY(%s::int[])", (list(values),))

    def matches(self, column: str, pattern: str) -> Sql:
        """The database's own regular expressions."""
        return Sql(f"{column}::text ~ %s", (for_postgresql(pattern),))

    def metadata(self, compare: Compare, negated: bool) -> Sql:
        """The type must be that of the value; equality goes through the index first.

        jsonb holds 1 = 1.0, so the text tells whole numbers from others. The path is followed by
        `->` with text, which never takes an item of a list.
        """
        at = Sql("(m.body" + " -> %s::text" * len(compare.path) + ")", tuple(compare.path))
        found = _typed(at, compare.op, compare.value)
        if negated:
            return Sql(f"NOT ({found.text})", found.params)
        if compare.op != "=":
            return found
        wanted = json.dumps(_nested(compare.path, compare.value), allow_nan=False)
        return Sql(f"m.body @> %s::jsonb AND {found.text}", (wanted, *found.params))

    def squares(self, column: str) -> str:
        """By way of the variance, which PostgreSQL computes without a sum of squares."""
        return f"COALESCE(var_pop({column}) * count({column}), 0)"

    def first(self, column: str, keys: Sequence[str]) -> str:
        """An array in order, and its first."""
        return f"(array_agg({column} ORDER BY {', '.join(keys)}))[1]"

    def last(self, column: str, keys: Sequence[str]) -> str:
        """An array in the opposite order, and its first."""
        return self.first(column, [f"{key} DESC" for key in keys])

    def table_of(self, keys: Sequence[Key]) -> Sql:
        """Three arrays."""
        text = (
            "unnest(%s::int[], %s::timestamptz[], %s::timestamptz[]) AS w(series_id, start, stop)"
        )
        return Sql(text, tuple(list(column) for column in zip(*keys, strict=True)))

    def period_start(self, column: str, origin: Sql, seconds: int) -> Sql:
        """date_bin; extract(epoch) would take twice as long."""
        step = timedelta(seconds=seconds)
        start = f"date_bin(%s, {column}, {origin.text})"
        return Sql(f"GREATEST({start}, %s)", (step, *origin.params, BEGINNING))

    def smallest(self, values: Sequence[Sql]) -> Sql:
        """LEAST passes over NULL."""
        found = joined(", ", values)
        return Sql(f"LEAST({found.text})::timestamptz", found.params)

    def largest(self, values: Sequence[Sql]) -> Sql:
        """GREATEST does too."""
        found = joined(", ", values)
        return Sql(f"GREATEST({found.text})::timestamptz", found.params)

    def last_row(self, alias: str, table: str, keys: Sequence[str], where: Sql) -> Sql:
        """One probe of the index for each series."""
        order = ", ".join(f"t.{key} DESC" for key in keys)
        row = f"SELECT t.* FROM {table} t WHERE t.series_id = r.id AND {where.text}"
        text = f"LEFT JOIN LATERAL ({row} ORDER BY {order} LIMIT 1) {alias} ON TRUE"
        return Sql(text, where.params)

    def beside(self, condition: str, table: str = "sample", alias: str = "s") -> str:
        """OFFSET keeps the planner from reading the whole table for a hash join."""
        rows = f"SELECT {alias}.* FROM {table} {alias} WHERE {condition} OFFSET 0"
        return f"JOIN LATERAL ({rows}) {alias} ON TRUE"

    def lifted(self, value: Any) -> tuple[str, str] | None:
        """Texts are that already, and behind a list there always is a cast."""
        match value:
            case str():
                return "", value
            case list():
                return "", _array(map(str, value))
            case bool():
                return "::boolean", str(value)
            case float():
                return "::float8", str(value)
            case datetime():
                return "::timestamptz", value.isoformat()
            case _:
                return None

    def asked(self, rows: Sequence[tuple[int, *tuple[str, ...]]]) -> Sql:
        """An array for each column: as one text, which is read faster than its items."""
        parts, *columns = zip(*rows, strict=True)
        names = ", ".join(["part", *(f"p{place}" for place in range(len(columns)))])
        arrays = ", ".join(["%s::int[]", *("%s::text[]" for _ in columns)])
        return Sql(f"unnest({arrays}) AS q({names})", (list(parts), *map(_array, columns)))

    def at(self, path: Sequence[str], kind: str, value: str) -> Sql:
        """jsonb holds 1 = 1.0, so the type tells them apart."""
        at = "(m.body" + " -> %s::text" * len(path) + ")"
        whole = f"({at} #>> '{{}}') ~ {WHOLE}"
        return Sql(f"jsonb_typeof{at} || ({whole}) AS {kind}, {at} AS {value}", tuple(path) * 3)

    def value_of(self, kind: str, value: str) -> Any:
        """jsonb comes as its text."""
        return json.loads(value)

    def one_of(self, kind: str, value: str, wanted: Sequence[Any]) -> Sql:
        """One parameter, however many values."""
        return Sql(f"{value} = ANY(%s::jsonb[])", (_array(map(json.dumps, wanted)),))


def _typed(at: Sql, op: str, value: Any) -> Sql:
    kind, text = f"jsonb_typeof{at.text}", f"({at.text} #>> '{{}}')"
    once, twice = at.params, at.params * 2
    if op == "=~":
        pattern = for_postgresql(value)
        return Sql(f"CASE {kind} WHEN 'string' THEN {text} ~ %s END", (*twice, pattern))
    match value:
        case None:
            return Sql(f"{kind} {op} 'null'", once) if op in ("=", "!=") else Sql("(NULL)")
        case bool():
            return Sql(
                f"CASE {kind} WHEN 'boolean' THEN {at.text}::boolean {op} %s END", (*twice, value)
            )
        case str():
            return Sql(
                f"""CASE {kind} WHEN 'string' THEN {text} COLLATE "C" {op} %s END""",
                (*twice, value),
            )
        case _:
            same = "~" if isinstance(value, int) else "!~"
            return Sql(
                f"CASE WHEN {kind} = 'number' AND {text} {same} {WHOLE} "
                f"THEN {at.text}::numeric {op} %s::numeric END",
                (*at.params * 3, repr(bounded(value))),
            )


def _array(items: Iterable[str]) -> str:
    """The text of an array of texts."""
    quoted = (item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in quoted) + "}"


def _nested(path: Sequence[str], value: Any) -> Any:
    found: Any = bounded(value) if isinstance(value, int | float) else value
    for part in reversed(path):
        found = {part: found}
    return found
