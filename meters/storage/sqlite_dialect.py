"""SQLite's words: times are integer microseconds, ids 16-byte blobs, metadata JSON text."""

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from meters.storage.dialect import Key
from meters.storage.values import bounded
from telemetry_site.core.clock import from_microseconds, to_microseconds
from telemetry_site.core.query.tree import Compare
from telemetry_site.core.storage.sql import Sql, joined

KINDS = {str: "('text')", bool: "('true', 'false')", int: "('integer')", float: "('real')"}
BIGGEST = 2**63 - 1
BEGINNING = to_microseconds(datetime.min.replace(tzinfo=UTC))


class SqliteDialect:
    """See Dialect."""

    deepest = 60  # the parser's stack has 100 places
    byte_order = ""
    instance_type = (
        """CASE json_type(m.body, '$."instance_type"') """
        """WHEN 'text' THEN json_extract(m.body, '$."instance_type"') END"""
    )

    def moment(self, value: datetime) -> int:
        """Whole microseconds since 1970."""
        return to_microseconds(value)

    def moment_of(self, value: int) -> datetime:
        """The datetime of microseconds."""
        return from_microseconds(value)

    def uuid(self, value: UUID) -> bytes:
        """Sixteen bytes."""
        return value.bytes

    def uuid_of(self, value: bytes) -> UUID:
        """The UUID of sixteen bytes."""
        return UUID(bytes=value)

    def body_of(self, value: str) -> bytes:
        """The text is what was stored."""
        return value.encode()

    def text_in(self, column: str, values: Sequence[str]) -> Sql:
        """One parameter, however many values."""
        return Sql(f"{column} IN (SELECT value FROM json_each(%s))", (json.dumps(values),))

    def uuid_in(self, column: str, values: Sequence[UUID]) -> Sql:
        """JSON has no blobs, so ids are compared as text."""
        return self.text_in(f"hex({column})", [value.hex.upper() for value in values])

    def id_in(self, column: str, values: Sequence[int]) -> Sql:
        """One parameter, however many values."""
        return Sql(f"{column} IN (SELECT value FROM json_each(%s))", (json.dumps(list(values)),))

    def matches(self, column: str, pattern: str) -> Sql:
        """By the function of our own that every connection has."""
        return Sql(f"finds(%s, {column})", (pattern,))

    def metadata(self, compare: Compare, negated: bool) -> Sql:
        """The type must be that of the value; json_each finds keys that a path cannot spell."""
        kind, found = _at(compare.path)
        value = compare.value
        if value is None:
            return _null(kind, compare.op, negated)
        if compare.op == "=~":
            text = Sql(f"CASE {kind.text} WHEN 'text' THEN finds(%s, {found.text}) END")
            params = (*kind.params, value, *found.params)
        else:
            text = Sql(
                f"CASE WHEN {kind.text} IN {KINDS[type(value)]} "
                f"THEN {found.text} {compare.op} %s END"
            )
            params = (*kind.params, *found.params, _number(value))
        return Sql(f"NOT ({text.text})" if negated else text.text, params)

    def squares(self, column: str) -> str:
        """An aggregate of our own."""
        return f"squared_deviations({column})"

    def first(self, column: str, keys: Sequence[str]) -> str:
        """An aggregate of our own."""
        return f"first_by({column}, {', '.join(keys)})"

    def last(self, column: str, keys: Sequence[str]) -> str:
        """An aggregate of our own."""
        return f"last_by({column}, {', '.join(keys)})"

    def table_of(self, keys: Sequence[Key]) -> Sql:
        """Rows of JSON."""
        items = ", ".join(
            f"json_extract(value, '$[{place}]') AS {name}"
            for place, name in enumerate(("series_id", "start", "stop"))
        )
        rows = [(series, self.moment(start), self.moment(stop)) for series, start, stop in keys]
        return Sql(f"(SELECT {items} FROM json_each(%s)) w", (json.dumps(rows),))

    def period_start(self, column: str, origin: Sql, seconds: int) -> Sql:
        """Integer division; the remainder is made positive for times before the origin."""
        step = seconds * 1_000_000
        since = f"({column} - {origin.text})"
        start = f"{column} - ({since} %% {step} + {step}) %% {step}"
        return Sql(f"max({start}, {BEGINNING})", origin.params)

    def smallest(self, values: Sequence[Sql]) -> Sql:
        """min() of one NULL is NULL, so that stands for the end of time."""
        return _extreme("min", BIGGEST, values)

    def largest(self, values: Sequence[Sql]) -> Sql:
        """max() is so too."""
        return _extreme("max", -BIGGEST, values)

    def last_row(self, alias: str, table: str, keys: Sequence[str], where: Sql) -> Sql:
        """A subquery finds the key, and the key the row."""
        wanted = ", ".join(f"t.{key}" for key in keys)
        order = ", ".join(f"t.{key} DESC" for key in keys)
        key = (
            f"SELECT {wanted} FROM {table} t WHERE t.series_id = r.id AND {where.text} "
            f"ORDER BY {order} LIMIT 1"
        )
        own = ", ".join(f"{alias}.{name}" for name in keys)
        text = f"LEFT JOIN {table} {alias} ON {alias}.series_id = r.id AND ({own}) = ({key})"
        return Sql(text, where.params)

    def beside(self, condition: str, table: str = "sample", alias: str = "s") -> str:
        """SQLite always goes row by row."""
        return f"JOIN {table} {alias} ON {condition}"

    def lifted(self, value: Any) -> tuple[str, str] | None:
        """JSON, which has no blobs and not every float."""
        if isinstance(value, bytes) or (isinstance(value, float) and not math.isfinite(value)):
            return None
        return "", json.dumps(value)

    def asked(self, rows: Sequence[tuple[int, *tuple[str, ...]]]) -> Sql:
        """Rows of JSON."""
        names = ["part", *(f"p{place}" for place in range(len(rows[0]) - 1))]
        items = ", ".join(
            f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names)
        )
        found = ",".join(f"[{','.join(map(str, row))}]" for row in rows)
        return Sql(f"(SELECT {items} FROM json_each(%s)) q", (f"[{found}]",))

    def at(self, path: Sequence[str], kind: str, value: str) -> Sql:
        """As the functions for JSON name types."""
        of_kind, found = _at(path)
        text = f"{of_kind.text} AS {kind}, {found.text} AS {value}"
        return Sql(text, of_kind.params + found.params)

    def value_of(self, kind: str, value: Any) -> Any:
        """true and false come as numbers, large whole numbers as floats."""
        match kind:
            case "true" | "false":
                return kind == "true"
            case "integer":
                return int(value)
            case _:
                return value

    def one_of(self, kind: str, value: str, wanted: Sequence[Any]) -> Sql:
        """null comes as NULL, an array or object as its text."""
        found = f"{value} IN (SELECT value FROM json_each(%s))"
        text = f"CASE {kind} WHEN 'null' THEN 1 WHEN 'array' THEN 0 WHEN 'object' THEN 0 "
        return Sql(f"{text}ELSE {found} END", (json.dumps(wanted),))


def _at(path: Sequence[str]) -> tuple[Sql, Sql]:
    """The type and the value at a path of keys."""
    if all(part and part.isprintable() and not set(part) & {'"', "\\"} for part in path):
        dotted = "$" + "".join(f'."{part}"' for part in path)
        return Sql("json_type(m.body, %s)", (dotted,)), Sql("json_extract(m.body, %s)", (dotted,))
    return _walk(path, "type"), _walk(path, "value")


def _walk(path: Sequence[str], column: str) -> Sql:
    """Key by key: a quoted key of a JSON path can hold no quote and no escaped character."""
    steps = ["json_each(m.body) j0"]
    steps += [
        f"json_each(CASE j{n}.type WHEN 'object' THEN j{n}.value ELSE '{{}}' END) j{n + 1}"
        for n in range(len(path) - 1)
    ]
    keys = " AND ".join(f"j{n}.key = %s" for n in range(len(path)))
    last = f"j{len(path) - 1}.{column}"
    return Sql(f"(SELECT {last} FROM {', '.join(steps)} WHERE {keys} LIMIT 1)", tuple(path))


def _extreme(function: str, never: int, values: Sequence[Sql]) -> Sql:
    """Over at least two values, or the function would be an aggregate."""
    found = joined(", ", [Sql(f"COALESCE({sql.text}, {never})", sql.params) for sql in values])
    return Sql(f"NULLIF({function}({never}, {found.text}), {never})", found.params)


def _null(kind: Sql, op: str, negated: bool) -> Sql:
    if op not in ("=", "!="):
        return Sql("(NULL)")
    wanted = (op == "=") != negated
    return Sql(f"{kind.text} {'=' if wanted else '!='} 'null'", kind.params)


def _number(value: Any) -> Any:
    if type(value) is int and abs(value) > BIGGEST:
        return float(bounded(value))
    return value
