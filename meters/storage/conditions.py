"""Query trees as SQL conditions over a row `r` of series and a row `s` of sample.

Not is pushed down to the comparisons first. What is left are And and Or over comparisons, so a
comparison that is unknown may count as false, and metadata can be asked of the snapshots alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import TypeVar

from meters.selection import SERIES_FIELDS, Bound, Selection
from meters.storage.dialect import Dialect
from meters.storage.values import as_number, as_text, as_uuid, comparable, storable_path
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.literals import storable
from telemetry_site.core.query.patterns import readable
from telemetry_site.core.query.tree import And, Compare, Node, Not, Or, Value, conjuncts, leaves
from telemetry_site.core.storage.sql import Sql, joined

T = TypeVar("T")

COLUMNS: Mapping[str, str] = {
    **{name: f'r."{name}"' for name in SERIES_FIELDS},
    "volume": "s.volume",
    "timestamp": "s.timestamp",
    "recorded_at": "s.recorded_at",
    "message_id": "s.message_id",
    "metadata": "s.metadata_id",
}
TRUE, FALSE, UNKNOWN = Sql("TRUE"), Sql("FALSE"), Sql("(NULL)")
COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))

# SQLite takes 32,766 in a statement, which may hold a condition three times.
MAX_PARAMETERS = 10_000
GROUP = 30


class Conditions:
    """Turns trees into SQL of one dialect; `columns` says where the fields are found.

    Where the snapshot `m` of each sample is `joined`, that one is asked.
    """

    def __init__(
        self, dialect: Dialect, columns: Mapping[str, str] = COLUMNS, *, joined: bool = False
    ) -> None:
        self._dialect = dialect
        self._columns = columns
        self._joined = joined

    def of(self, node: Node) -> Sql:
        """The whole tree. Raises BadRequest when it is too deep or too long for the database."""
        found, _ = self._tree(node, negated=False, depth=0)
        if len(found.params) > MAX_PARAMETERS:
            raise BadRequest("The filter is too long")
        return found

    def within(self, selection: Selection) -> list[Sql]:
        """The two bounds of time, as far as they are set."""
        found = []
        if selection.start:
            found.append(self._bound(">", selection.start))
        if selection.end:
            found.append(self._bound("<", selection.end))
        return found

    def _bound(self, op: str, bound: Bound) -> Sql:
        op += "=" if bound.inclusive else ""
        return Sql(f"{self._columns['timestamp']} {op} %s", (self._dialect.moment(bound.at),))

    def _tree(self, node: Node, *, negated: bool, depth: int) -> tuple[Sql, int]:
        """The SQL and how deep its brackets go."""
        while isinstance(node, Not):
            node, negated = node.part, not negated
        if isinstance(node, Compare):
            return self._compare(node, negated), 0
        if depth > self._dialect.deepest:
            raise BadRequest("The filter is nested too deep")
        glue = _glue(node, negated)
        flat = _flat(node, negated, glue)
        of_metadata = [(part, against) for part, against in flat if _is_metadata(part)]
        parts = [
            self._tree(part, negated=against, depth=depth + 1)
            for part, against in flat
            if not _is_metadata(part)
        ]
        if of_metadata:
            parts.append((self._metadata(of_metadata, glue), 0))
        parts.sort(key=itemgetter(1), reverse=True)
        deepest = parts[0][1] if parts else 0
        return _grouped([sql for sql, _ in parts], glue), deepest + 1

    def _compare(self, compare: Compare, negated: bool) -> Sql:
        if _is_metadata(compare):
            return self._metadata([(compare, negated)], "AND")
        if compare.field == "metadata":
            parts = [Compare("metadata", "=", v, compare.path) for v in _listed(compare)]
            return self._tree(Or(tuple(parts)), negated=negated, depth=0)[0]
        found = self._plain(compare)
        return Sql(f"NOT ({found.text})", found.params) if negated else found

    def _plain(self, compare: Compare) -> Sql:
        column = self._columns[compare.field]
        if compare.value is None and compare.op in ("=", "!="):
            return Sql(f"{column} IS {'' if compare.op == '=' else 'NOT '}NULL")
        if compare.op == "=~":
            return self._search(compare, column)
        if compare.op == "in":
            return self._in(compare.field, column, _listed(compare))
        if compare.op not in COMPARISONS or isinstance(compare.value, tuple):
            return UNKNOWN
        return self._ordered(compare.field, column, compare.op, compare.value)

    def _ordered(self, field: str, column: str, op: str, value: Value) -> Sql:
        if field in SERIES_FIELDS:
            text = as_text(value)
            order = "" if op in ("=", "!=") else self._dialect.byte_order
            return UNKNOWN if text is None else Sql(f"{column}{order} {op} %s", (text,))
        if field == "message_id":
            return self._ordered_id(column, op, value)
        if field == "volume":
            number = as_number(value)
            return UNKNOWN if number is None else Sql(f"{column} {op} %s", (number,))
        if isinstance(value, datetime):
            return Sql(f"{column} {op} %s", (self._dialect.moment(value),))
        return UNKNOWN

    def _ordered_id(self, column: str, op: str, value: Value) -> Sql:
        found = as_uuid(value)
        if found is not None:
            return Sql(f"{column} {op} %s", (self._dialect.uuid(found),))
        return {"=": FALSE, "!=": TRUE}.get(op, UNKNOWN)

    def _in(self, field: str, column: str, values: Sequence[Value]) -> Sql:
        if field in SERIES_FIELDS:
            return self._dialect.text_in(column, _kept(as_text(v) for v in values))
        if field == "message_id":
            return self._dialect.uuid_in(column, _kept(as_uuid(v) for v in values))
        return _grouped([self._ordered(field, column, "=", value) for value in values], "OR")

    def _search(self, compare: Compare, column: str) -> Sql:
        pattern = compare.value
        if compare.field not in (*SERIES_FIELDS, "message_id") or not isinstance(pattern, str):
            return UNKNOWN
        return self._dialect.matches(column, readable(pattern)) if storable(pattern) else UNKNOWN

    def _metadata(self, parts: Sequence[tuple[Node, bool]], glue: str) -> Sql:
        """One look at the snapshots for all of them: many are more than a planner can join."""
        found = _grouped([self._of_snapshot(part, against) for part, against in parts], glue)
        if self._joined:
            return found
        text = f"SELECT m.id FROM meters_metadatasnapshot m WHERE {found.text}"
        return Sql(f"{self._columns['metadata']} IN ({text})", found.params)

    def _of_snapshot(self, compare: Node, negated: bool) -> Sql:
        assert isinstance(compare, Compare)  # noqa: S101 - see _is_metadata
        if not storable_path(compare.path) or not comparable(compare.value):
            return UNKNOWN
        if compare.op == "=~":
            if not isinstance(compare.value, str):
                return UNKNOWN
            readable(compare.value)
        return self._dialect.metadata(compare, negated)


def split(node: Node) -> tuple[Node, Node]:
    """What only asks about the series, and the rest; both must hold."""
    series: list[Node] = []
    rest: list[Node] = []
    for part in conjuncts(node):
        fields = {leaf.field for leaf in leaves(part)}
        (series if fields <= set(SERIES_FIELDS) else rest).append(part)
    return And(tuple(series)), And(tuple(rest))


def _is_metadata(node: Node) -> bool:
    """Whether it is one comparison with something in the metadata."""
    return isinstance(node, Compare) and node.field == "metadata" and node.op != "in"


def _listed(compare: Compare) -> Sequence[Value]:
    return compare.value if isinstance(compare.value, tuple) else (compare.value,)


def _kept(values: Iterable[T | None]) -> list[T]:
    return [value for value in values if value is not None]


def _glue(node: And | Or, negated: bool) -> str:
    return "AND" if isinstance(node, And) != negated else "OR"


def _flat(node: And | Or, negated: bool, glue: str) -> list[tuple[Node, bool]]:
    """The parts, those of nested nodes of the same kind among them, and which are negated."""
    found: list[tuple[Node, bool]] = []
    waiting: list[tuple[Node, bool]] = [(part, negated) for part in reversed(node.parts)]
    while waiting:
        part, against = waiting.pop()
        while isinstance(part, Not):
            part, against = part.part, not against
        if isinstance(part, And | Or) and _glue(part, against) == glue:
            waiting += [(inner, against) for inner in reversed(part.parts)]
        else:
            found.append((part, against))
    return found


def _grouped(parts: list[Sql], glue: str) -> Sql:
    """The parts with `glue` between them, the first apart from the rest.

    SQLite counts a chain of n as n deep, and its parser holds what stands before a bracket: so
    long chains are cut in groups, and the deepest part comes first.
    """
    if len(parts) < 2:
        return parts[0] if parts else TRUE if glue == "AND" else FALSE
    rest = parts[1:]
    while len(rest) > GROUP:
        groups = [rest[start : start + GROUP] for start in range(0, len(rest), GROUP)]
        rest = [_bracketed(group, glue) for group in groups]
    return _bracketed([parts[0], _bracketed(rest, glue)], glue)


def _bracketed(parts: list[Sql], glue: str) -> Sql:
    if len(parts) == 1:
        return parts[0]
    found = joined(f" {glue} ", parts)
    return Sql(f"({found.text})", found.params)
