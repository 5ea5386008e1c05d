"""A parsed query as plain data: And, Or, Not over comparisons of a field with a value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "in", "=~"]
Value: TypeAlias = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Compare:
    """One field against one value; `in` takes a tuple of values, `=` None means "has none".

    `field` is a name of the table of fields that the query was read with; for metadata it is
    "metadata", and `path` leads to the value inside the nested object.
    """

    field: str
    op: Operator
    value: Value | tuple[Value, ...]
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class And:
    """True where every part is; with no part at all, everywhere."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """True where some part is."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True where its part is false; unknown where its part is unknown, as in SQL."""

    part: "Node"


Node: TypeAlias = Compare | And | Or | Not

EVERYTHING = And()


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a stretch of time; `inclusive` tells whether the moment itself belongs to it."""

    at: datetime
    inclusive: bool


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts that must all hold, with nested Ands laid flat.

    >>> conjuncts(And((And(()), Compare("meter", "=", "cpu"))))
    (Compare(field='meter', op='=', value='cpu', path=()),)
    """
    if not isinstance(node, And):
        return (node,)
    return tuple(leaf for part in node.parts for leaf in conjuncts(part))


def both(left: Node, right: Node) -> Node:
    """Both conditions in one tree."""
    return And((*conjuncts(left), *conjuncts(right)))


def leaves(node: Node) -> tuple[Compare, ...]:
    """Every comparison of the tree, in the order it was written, those under Not too."""
    match node:
        case Compare():
            return (node,)
        case Not():
            return leaves(node.part)
        case _:
            return tuple(leaf for part in node.parts for leaf in leaves(part))
