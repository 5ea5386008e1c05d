"""The complex query language: a filter and an order written as JSON, to a tree and its keys."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, TypeGuard

from telemetry_site.core.clock import wall_clock
from telemetry_site.core.errors import BadRequest, NotSupported
from telemetry_site.core.query.tree import And, Compare, Node, Not, Operator, Or, Value

OPERATORS: Mapping[str, Operator] = {
    "=": "=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", "=<": "<=", ">=": ">=", "=>": ">=",
    "=~": "=~",
}  # fmt: skip
METADATA_PATH = re.compile(r"metadata\.(\S+)")
DIRECTION = re.compile("(?i)^asc$|^desc$")


class _Mismatch(Exception):
    """A part of a filter does not have the shape it must have."""


@dataclass(frozen=True, slots=True)
class Names:
    """The fields of one complex query: each name that may be written, and what it stands for.

    `moments` are the fields that hold times; `refused` are names that are understood and that
    nothing can be asked of; with `metadata`, paths in it are fields too.
    """

    fields: Mapping[str, str]
    moments: frozenset[str] = frozenset(("timestamp", "recorded_at"))
    refused: frozenset[str] = field(default_factory=frozenset)
    metadata: bool = True

    @property
    def patterns(self) -> str:
        """The names as regular expressions, as messages show them."""
        return "|".join(f"^{name}$" for name in self.fields)


def read_filter(text: str, names: Names) -> Node:
    """The tree of a filter. Raises BadRequest, and NotSupported for what is not searched by."""
    expression = _json(text, "Filter expression")
    try:
        node = _expression(expression, names)
    except _Mismatch:
        raise BadRequest(
            f"Filter expression not valid: {expression!r} "
            "is not valid under any of the given schemas"
        ) from None
    return _converted(node, names)


def read_order(text: str, names: Names) -> list[tuple[str, bool]]:
    """The keys of an order, each with whether it descends. Raises BadRequest."""
    keys = _json(text, "Order-by expression")
    if not isinstance(keys, list):
        _bad_order(f"{keys!r} is not of type 'array'")
    return [_key(key, names) for key in keys]


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        raise BadRequest(f"{what} not valid: {error}") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _only(value: object) -> tuple[str, Any]:
    """The one pair of an object with one key."""
    if not isinstance(value, dict) or len(value) != 1:
        raise _Mismatch
    return next(iter(value.items()))


def _expression(expression: object, names: Names) -> Node:
    """A part of the filter, its values as they were written."""
    word, rest = _only(expression)
    match word.lower():
        case "and" | "or" as glue:
            if not isinstance(rest, list) or len(rest) < 2:
                raise _Mismatch
            parts = tuple(_expression(part, names) for part in rest)
            return And(parts) if glue == "and" else Or(parts)
        case "not":
            return Not(_expression(rest, names))
        case "in":
            name, value = _only(rest)
            if not isinstance(value, list) or not value or not all(map(_is_listable, value)):
                raise _Mismatch
            return _leaf(name, "in", tuple(value), names)
        case _:
            name, value = _only(rest)
            if word not in OPERATORS or not isinstance(value, str | int | float):
                raise _Mismatch
            return _leaf(name, OPERATORS[word], value, names)


def _is_listable(value: object) -> TypeGuard[str | int | float]:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _leaf(name: str, operator: Operator, value: Value | tuple[Value, ...], names: Names) -> Compare:
    if names.metadata and (found := METADATA_PATH.fullmatch(name)):
        return Compare("metadata", operator, value, tuple(found[1].split(".")))
    if name not in names.fields:
        raise _Mismatch
    return Compare(names.fields[name], operator, value)


def _converted(node: Node, names: Names) -> Node:
    """The tree with times in place of their text, once the whole is known to be well-formed."""
    match node:
        case Compare():
            return _converted_leaf(node, names)
        case Not():
            return Not(_converted(node.part, names))
        case And() | Or():
            return type(node)(tuple(_converted(part, names) for part in node.parts))


def _converted_leaf(leaf: Compare, names: Names) -> Compare:
    if leaf.field == "metadata" and leaf.op == "in":
        raise NotSupported("Metadata query with in operator is not implemented")
    _check_offered(leaf.field, names)
    if leaf.field not in names.moments:
        return leaf
    return Compare(leaf.field, leaf.op, _moment(leaf.value))


def _moment(value: Value | tuple[Value, ...]) -> datetime:
    shown = list(value) if isinstance(value, tuple) else value
    try:
        if isinstance(value, str):
            return wall_clock(value)
    except ValueError:
        pass
    raise BadRequest(f"Failed to parse the timestamp value {shown}")


def _check_offered(name: str, names: Names) -> None:
    if name in names.refused:
        raise NotSupported(f"Query on {name} is not supported")


def _key(key: object, names: Names) -> tuple[str, bool]:
    if not isinstance(key, dict):
        _bad_order(f"{key!r} is not of type 'object'")
    for name, direction in key.items():
        if name in names.fields:
            _check_direction(direction)
    _check_names(key, names)
    if not key:
        _bad_order(f"{key!r} does not have enough properties")
    if len(key) > 1:
        _bad_order(f"{key!r} has too many properties")
    name, direction = next(iter(key.items()))
    _check_offered(names.fields[name], names)
    return names.fields[name], direction.lower() == "desc"


def _check_direction(direction: object) -> None:
    if not isinstance(direction, str):
        _bad_order(f"{direction!r} is not of type 'string'")
    if not DIRECTION.search(direction):
        _bad_order(f"{direction!r} does not match {DIRECTION.pattern!r}")


def _check_names(key: Mapping[str, object], names: Names) -> None:
    if unknown := sorted(set(key) - set(names.fields)):
        shown, verb = ", ".join(map(repr, unknown)), "does" if len(unknown) == 1 else "do"
        _bad_order(f"{shown} {verb} not match any of the regexes: {names.patterns!r}")


def _bad_order(why: str) -> NoReturn:
    raise BadRequest(f"Order-by expression not valid: {why}")
