"""A query tree as a condition of Django's: unknown where a column is NULL, as in SQL."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.functions import Collate
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from telemetry_site.core.errors import BadRequest, InvalidInput
from telemetry_site.core.query import literals
from telemetry_site.core.query.patterns import for_postgresql, readable
from telemetry_site.core.query.tree import And, Compare, Node, Not, leaves

DEEPEST = 60
MOST_VALUES = 10_000
# SQLite takes expressions that are 1,000 deep, and counts a chain of n as n deep.
MOST_COMPARISONS = 500
LARGEST = 2**63 - 1
NEVER = Q(pk__in=())
ORDERED: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": LessThan,
    "<=": LessThanOrEqual,
    ">": GreaterThan,
    ">=": GreaterThanOrEqual,
}


class Column(NamedTuple):
    """A column that may be asked for, and what it holds."""

    name: str
    kind: Literal["text", "boolean", "time", "integer"] = "text"


class Finds(Func):
    """Whether a regular expression is found in a text; the database's own on PostgreSQL."""

    output_field = BooleanField()
    template = "(%(expressions)s)"
    arg_joiner = " ~ "

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The function that every connection is given."""
        text, pattern = self.source_expressions
        swapped = Func(pattern, text, function="finds", output_field=BooleanField())
        return swapped.as_sql(compiler, connection, **context)


def condition(node: Node, columns: Mapping[str, Column]) -> Q:
    """The tree over these columns. Raises BadRequest for what cannot be asked."""
    compared = leaves(node)
    values = sum(len(_listed(leaf)) for leaf in compared)
    if len(compared) > MOST_COMPARISONS or values > MOST_VALUES:
        raise BadRequest("The filter is too long")
    return _condition(node, columns, DEEPEST)


def _condition(
    node: Node, columns: Mapping[str, Column], depth: int, *, negated: bool = False
) -> Q:
    """The tree, with every Not pushed down to the comparisons.

    SQLite's parser holds what stands before a bracket, so the deepest part comes first.
    """
    if depth == 0:
        raise BadRequest("The filter is nested too deep")
    match node:
        case Compare():
            found = _compare(node, columns[node.field])
            return ~found if negated else found
        case Not():
            return _condition(node.part, columns, depth - 1, negated=not negated)
    ordered = sorted(node.parts, key=_height, reverse=True)
    parts = [_condition(part, columns, depth - 1, negated=negated) for part in ordered]
    glue = Q.AND if isinstance(node, And) != negated else Q.OR
    return Q(*parts, _connector=glue) if parts else NEVER if glue == Q.OR else ~NEVER


def _height(node: Node) -> int:
    match node:
        case Compare():
            return 0
        case Not():
            return _height(node.part)
    return 1 + max(map(_height, node.parts), default=0)


def _compare(compare: Compare, column: Column) -> Q:
    at = F(column.name)
    if compare.value is None:
        return Q(IsNull(at, compare.op != "!="))
    if compare.op == "=~":
        return _search(compare, column)
    values = [_value(compare.field, one, column) for one in _listed(compare)]
    storable = [one for one in values if one is not None]
    if compare.op == "in":
        return Q(In(at, storable)) if storable else NEVER
    if not storable:  # no row holds such a text
        return ~NEVER if compare.op == "!=" else NEVER
    value = Value(storable[0])
    if compare.op in ORDERED:
        return Q(ORDERED[compare.op](_by_bytes(at, column), value))
    return Q(Exact(at, value)) if compare.op == "=" else ~Q(Exact(at, value))


def _by_bytes(at: F, column: Column) -> Any:
    """Texts are in the order of their bytes, whatever the database is set up for."""
    if column.kind == "text" and connection.vendor == "postgresql":
        return Collate(at, "C")
    return at


def _search(compare: Compare, column: Column) -> Q:
    pattern = compare.value
    if column.kind != "text" or not isinstance(pattern, str):
        raise InvalidInput(compare.field, pattern, "only texts are searched by =~")
    if not literals.storable(pattern):
        return NEVER
    found = readable(pattern)
    if connection.vendor == "postgresql":
        found = for_postgresql(found)
    return Q(Finds(F(column.name), Value(found)))


def _value(field: str, value: Any, column: Column) -> Any:
    """The value as the column holds it; None for a text that none can hold."""
    match column.kind:
        case "text":
            text = str(value)
            return text if literals.storable(text) else None
        case "boolean":
            return _boolean(field, value)
        case "integer":
            if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST:
                return value
            raise InvalidInput(field, value, "unable to convert to int")
        case "time":
            if isinstance(value, datetime):
                return value
            raise InvalidInput(field, value, "invalid timestamp format")


def _boolean(field: str, value: Any) -> bool:
    try:
        return literals.boolean(str(value))
    except ValueError as error:
        raise InvalidInput(field, value, "unable to convert to bool") from error


def _listed(compare: Compare) -> Sequence[Any]:
    return compare.value if isinstance(compare.value, tuple) else (compare.value,)
