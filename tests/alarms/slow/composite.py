"""What a tree of rules finds: a leaf is looked at when the tree needs it, and once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, Union

from tests.alarms.slow.findings import ALARM, OK, UNKNOWN, Finding, Rule, outside

Look: TypeAlias = Callable[[Rule], Sequence[float]]
MIXED, UNSEEN = "mixed", "unseen"
TAILS = {
    OK: "inside their threshold.",
    ALARM: "outside their threshold.",
    UNKNOWN: "state evaluated to unknown.",
}


@dataclass
class Leaf:
    """A rule of the tree, and what is known of it so far."""

    name: str
    rule: Rule
    state: str = UNSEEN
    newest: str = UNKNOWN

    def look(self, look: Look) -> None:
        """Learn its state, unless that is known."""
        if self.state != UNSEEN:
            return
        points = look(self.rule)
        if len(points) < self.rule.get("evaluation_periods", 1):
            self.state = UNKNOWN
            return
        sides = [
            outside(p, self.rule["comparison_operator"], self.rule["threshold"]) for p in points
        ]
        self.newest = ALARM if sides[-1] else OK
        self.state = self.newest if len(set(sides)) == 1 else MIXED


@dataclass
class Branch:
    """Several nodes under an operator."""

    operator: str
    below: list[Union["Branch", Leaf]] = field(default_factory=list)


Node: TypeAlias = Branch | Leaf


def finding(rule: Rule, look: Look, state: str) -> Finding:
    """The finding over the points that `look` gives for a leaf, for an alarm in this state."""
    leaves: list[Leaf] = []
    tree = grown(rule, leaves)
    found = decided(tree, look)
    if found == UNKNOWN:
        for leaf in leaves:
            leaf.look(look)
            if leaf.state == MIXED:
                leaf.state = leaf.newest if state == UNKNOWN else state
        found = decided(tree, look)
    return told(tree, leaves, found)


def grown(rule: Rule, leaves: list[Leaf]) -> Node:
    """The tree of a rule, whose leaves are numbered as they are met."""
    if "type" in rule:
        leaves.append(Leaf(f"rule{len(leaves) + 1}", rule))
        return leaves[-1]
    ((operator, below),) = rule.items()
    return Branch(operator, [grown(part, leaves) for part in below])


def decided(tree: Node, look: Look) -> str:
    """Where the tree leads, as far as it can be told."""
    if holds(tree, ALARM, look):
        return ALARM
    return OK if holds(tree, OK, look) else UNKNOWN


def holds(node: Node, wanted: str, look: Look) -> bool:
    """Whether a node is in the alarm, as written, or ok, with `and` and `or` changed about.

    Looks no further than it must.
    """
    if isinstance(node, Leaf):
        node.look(look)
        return node.state == wanted
    needs_all = (node.operator == "and") == (wanted == ALARM)
    for part in node.below:
        if holds(part, wanted, look) != needs_all:
            return not needs_all
    return needs_all


def told(tree: Node, leaves: Sequence[Leaf], state: str) -> Finding:
    """The finding in words."""
    causes = {leaf.name: dict(leaf.rule) for leaf in leaves if leaf.state == state}
    form = written(tree)
    head = f"Composite rule alarm with composition form: {form}"
    tail = f"due to rules: {', '.join(causes)} {TAILS[state]}"
    data: dict[str, Any] = {
        "type": "composite",
        "composition_form": form,
        "causative_rules": causes,
    }
    going, staying = (
        f"{head} {verb} {state}, {tail}" for verb in ("transition to", "remaining as")
    )
    return Finding(state, going, staying, data)


def written(node: Node) -> str:
    """The tree as an expression over the names of its leaves."""
    if isinstance(node, Leaf):
        return node.name
    return f"({f' {node.operator} '.join(map(written, node.below))})"
