"""Gnocchi's queries of resources by their attributes, as conditions on samples."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from telemetry_site.core.query.literals import storable
from telemetry_site.core.query.tree import EVERYTHING, And, Compare, Node, Not, Operator, Or

COMPARISONS: Final[Mapping[str, Operator]] = {
    "=": "=", "==": "=", "eq": "=", "!=": "!=", "<>": "!=", "≠": "!=", "ne": "!=",
    "<": "<", "lt": "<", ">": ">", "gt": ">", "<=": "<=", "≤": "<=", "le": "<=",
    ">=": ">=", "≥": ">=", "ge": ">=",
}  # fmt: skip
GLUE: Final[Mapping[str, Callable[[tuple[Node, ...]], Node]]] = {
    "and": And, "∧": And, "or": Or, "∨": Or,
}  # fmt: skip
NOT: Final = ("not", "¬")
OWN: Final[Mapping[str, str]] = {
    "id": "resource",
    "original_resource_id": "resource",
    "project_id": "project",
    "created_by_project_id": "project",
    "user_id": "user",
    "created_by_user_id": "user",
}
KIND: Final = "type"  # every resource here is of whatever type it is asked for
# Where samples carry what Ceilometer's gnocchi_resources.yaml makes an attribute of; every other
# one has the name of the metadata. A second place would keep selections from being read at once.
PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "server_group": ("user_metadata", "server_group"),
    "flavor_id": ("flavor", "id"),
    "flavor_name": ("flavor", "name"),
    "host": ("instance_host",),
}
DEEPEST: Final = 50


def read(text: str) -> Node:
    """The condition that a query in JSON writes. Raises ValueError."""
    return _node(json.loads(text), DEEPEST)


def _node(given: Any, depth: int) -> Node:
    if not isinstance(given, Mapping) or len(given) != 1 or depth == 0:
        raise ValueError("a query is an object with one key")
    ((word, rest),) = given.items()
    word = word.lower()
    if word in GLUE:
        if not isinstance(rest, list) or not rest:
            raise ValueError(f"{word} takes a list of queries")
        return GLUE[word](tuple(_node(one, depth - 1) for one in rest))
    if word in NOT:
        return Not(_node(rest, depth - 1))
    if not isinstance(rest, Mapping) or len(rest) != 1:
        raise ValueError(f"{word} takes an object with one attribute")
    ((name, value),) = rest.items()
    return _comparison(word, str(name), value)


def _comparison(word: str, name: str, value: Any) -> Node:
    if word == "in" or word == "∈":
        if not isinstance(value, list) or not value:
            raise ValueError("in takes a list of values")
        return Or(tuple(_attribute(name, "=", _scalar(one)) for one in value))
    if word == "like":
        return _attribute(name, "=~", _pattern(value))
    if word not in COMPARISONS:
        raise ValueError(f"there is no operator {word}")
    operator = COMPARISONS[word]
    if operator == "!=":
        return Not(_attribute(name, "=", _scalar(value)))
    return _attribute(name, operator, _scalar(value))


def _attribute(name: str, operator: Operator, value: Any) -> Node:
    if name == KIND:
        return EVERYTHING
    if name in OWN:
        return Compare(OWN[name], operator, value)
    return Compare("metadata", operator, value, PATHS.get(name) or tuple(name.split(".")))


def _scalar(value: Any) -> str | int | float | bool | None:
    if isinstance(value, str) and not storable(value):
        raise ValueError("a value must hold no NUL and no lone surrogate")
    if value is None or isinstance(value, str | int | float):
        return value
    raise ValueError(f"{value} is no value of an attribute")


def _pattern(value: Any) -> str:
    """A pattern of SQL as a regular expression."""
    if not isinstance(value, str) or not storable(value):
        raise ValueError("like takes a text")
    any_ = {"%": "(.|\n)*", "_": "(.|\n)"}  # both databases read this
    return f"^{''.join(any_.get(sign) or re.escape(sign) for sign in value)}$"
