"""Composite rules: rules with `and` and `or` between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, ClassVar, Literal, Self, TypeAlias, cast

from alarms.rules import composing
from alarms.rules.beyond import BeyondRule
from alarms.rules.composing import Joined, Node, Side
from alarms.rules.gnocchi import (
    AggregationByMetricsRule,
    AggregationByResourcesRule,
    ResourcesRule,
)
from alarms.rules.prometheus import PrometheusRule
from alarms.rules.rule import Answer, Question, Rule
from alarms.rules.threshold import ThresholdRule
from alarms.states import Decision, Standing
from telemetry_site.core.errors import BadRequest

LEAVES: Mapping[str, type[BeyondRule]] = {
    one.type: one
    for one in (
        ThresholdRule,
        PrometheusRule,
        ResourcesRule,
        AggregationByMetricsRule,
        AggregationByResourcesRule,
    )
}
DEEPEST, MOST_LEAVES = 50, 100
WORDS = ("and", "or")
COMBINED = 'Threshold rules should be combined with "and" or "or"'
INVALID = (
    'Invalid input composite rule: {}, it should be a dict with an "and" or "or" as key, and the '
    "value of dict should be a list of basic threshold rules or sub composite rules, can be nested."
)
UNTYPED = "type must be set in every rule"
UNSUPPORTED = "Unsupported sub-rule type :{} in composite rule, should be one of: {}"
Make: TypeAlias = Callable[[Mapping[str, Any]], BeyondRule]


@dataclass(frozen=True, slots=True)
class CompositeRule(Rule):
    """A tree whose leaves are places in a row of rules."""

    type: ClassVar[str] = "composite"

    tree: Node
    leaves: tuple[BeyondRule, ...]

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """See Rule."""
        return cls._made(given, _read_leaf)

    @classmethod
    def stored(cls, known: Mapping[str, Any]) -> Self:
        """See Rule."""
        return cls._made(known, _stored_leaf)

    @classmethod
    def _made(cls, given: Any, make: Make) -> Self:
        leaves: list[BeyondRule] = []
        tree = _tree(given, leaves, make, DEEPEST)
        return cls(tree, tuple(leaves))

    def shown(self) -> dict[str, Any]:
        """See Rule."""
        return _shown(self.tree, self.leaves)

    def scoped(self, project: str) -> Self:
        """Every leaf is."""
        return replace(self, leaves=tuple(one.scoped(project) for one in self.leaves))

    def questions(self, now: datetime) -> Sequence[Question]:
        """Those of the leaves, one after the other."""
        return [question for one in self.leaves for question in one.questions(now)]

    def decide(
        self, answers: Sequence[Answer], standing: Standing, now: datetime
    ) -> Decision | None:
        """See Rule."""
        given = iter(answers)
        each = [list(islice(given, one.asks)) for one in self.leaves]
        sides = [one.side(some, now) for one, some in zip(self.leaves, each, strict=True)]
        shown = [_leaf(one) for one in self.leaves]
        return composing.decide(self.tree, partial(_side, sides), shown, standing)

    def sentence(self) -> str:
        """See Rule."""
        rules = [f"rule{place + 1}: {one.sentence()}" for place, one in enumerate(self.leaves)]
        return f"{composing.written(self.tree)}, with {' '.join(rules)}"


def _side(sides: Sequence[Side], place: int) -> Side:
    return sides[place]


def _tree(given: Any, leaves: list[BeyondRule], make: Make, depth: int) -> Node:
    """The tree; its leaves are appended as they are written. Raises BadRequest."""
    if not isinstance(given, Mapping):
        raise BadRequest(INVALID.format(given))
    if len(given) != 1:
        return _place(given, leaves, make)
    ((word, nodes),) = given.items()
    if word not in WORDS:
        raise BadRequest(COMBINED)
    if not isinstance(nodes, list):
        raise BadRequest(INVALID.format(given))
    if not nodes:
        raise BadRequest(f'There must be a rule in the list of "{word}"')
    if depth == 0:
        raise BadRequest(f"A composite rule may be nested {DEEPEST} deep")
    joined = tuple(_tree(one, leaves, make, depth - 1) for one in nodes)
    return Joined(cast(Literal["and", "or"], word), joined)


def _place(given: Mapping[str, Any], leaves: list[BeyondRule], make: Make) -> int:
    if not given.get("type"):
        raise BadRequest(UNTYPED)
    if len(leaves) == MOST_LEAVES:
        raise BadRequest(f"A composite rule may have {MOST_LEAVES} rules in it")
    leaves.append(make(given))
    return len(leaves) - 1


def _read_leaf(given: Mapping[str, Any]) -> BeyondRule:
    kind, rest = _apart(given)
    if kind not in LEAVES:
        raise BadRequest(UNSUPPORTED.format(kind, list(LEAVES)))
    return LEAVES[kind].read(rest)


def _stored_leaf(known: Mapping[str, Any]) -> BeyondRule:
    kind, rest = _apart(known)
    return LEAVES[kind].stored(rest)


def _apart(given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    rest = dict(given)
    return str(rest.pop("type")), rest


def _leaf(rule: BeyondRule) -> dict[str, Any]:
    return {**rule.shown(), "type": rule.type}


def _shown(tree: Node, leaves: Sequence[BeyondRule]) -> dict[str, Any]:
    if isinstance(tree, int):
        return _leaf(leaves[tree])
    return {tree.word: [_shown(one, leaves) for one in tree.nodes]}
