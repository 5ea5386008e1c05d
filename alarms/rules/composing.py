"""What follows from a tree of rules beside their thresholds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from alarms.states import ALARM, OK, UNKNOWN, Decision, Standing, State, settled

# A leaf by its place in the tree, from 0; or two words and what they join.
Node: TypeAlias = "int | Joined"
# What the values of a leaf say: all outside, all inside, some of each (then the newest's side is
# the second word), or too few.
Side: TypeAlias = Literal["alarm", "ok", "mixed alarm", "mixed ok", "unknown"]

TAILS: Final = {
    ALARM: "outside their threshold.",
    OK: "inside their threshold.",
    UNKNOWN: "state evaluated to unknown.",
}


@dataclass(frozen=True, slots=True)
class Joined:
    """Nodes with `and` or `or` between them."""

    word: Literal["and", "or"]
    nodes: tuple[Node, ...]


@dataclass(slots=True)
class _Leaves:
    """The states of leaves, each found out when it is first needed, as in the original.

    A leaf that nobody needed is no cause of anything.
    """

    side: Callable[[int], Side]
    mixed: Mapping[Side, State]
    states: dict[int, State] = field(default_factory=dict)

    def state(self, place: int) -> State:
        """That of a leaf; of one that is mixed, what that means at the moment."""
        if place not in self.states:
            side = self.side(place)
            found: Mapping[Side, State] = {"alarm": ALARM, "ok": OK, **self.mixed}
            self.states[place] = found.get(side, UNKNOWN)
        return self.states[place]


def decide(
    tree: Node,
    side: Callable[[int], Side],
    rules: Sequence[Mapping[str, Any]],
    standing: Standing,
) -> Decision | None:
    """What is to be done about an alarm over the tree; None: nothing.

    First only leaves count whose values agree. Where these decide nothing, a mixed one counts as
    what the alarm is; of an alarm without data as its newest value.
    """
    leaves = _Leaves(side, {})
    state = _state(tree, leaves)
    if state == UNKNOWN:
        leaves = _Leaves(side, _meaning(standing))
        for place in places(tree):
            leaves.state(place)
        state = _state(tree, leaves)
    if settled(standing, state):
        return None
    causes = [place for place in sorted(leaves.states) if leaves.states[place] == state]
    return _decision(tree, rules, standing, state, causes)


def places(tree: Node) -> Iterator[int]:
    """The leaves, as they are written."""
    if isinstance(tree, int):
        yield tree
    else:
        for node in tree.nodes:
            yield from places(node)


def written(tree: Node) -> str:
    """The tree as reasons show it.

    >>> written(Joined("or", (0, Joined("and", (1, 2)))))
    '(rule1 or (rule2 and rule3))'
    """
    if isinstance(tree, int):
        return f"rule{tree + 1}"
    return "(" + f" {tree.word} ".join(map(written, tree.nodes)) + ")"


def _meaning(standing: Standing) -> Mapping[Side, State]:
    if standing.state == UNKNOWN:
        return {"mixed alarm": ALARM, "mixed ok": OK}
    return {"mixed alarm": standing.state, "mixed ok": standing.state}


def _state(tree: Node, leaves: _Leaves) -> State:
    if _is(tree, ALARM, leaves):
        return ALARM
    return OK if _is(tree, OK, leaves) else UNKNOWN


def _is(tree: Node, state: State, leaves: _Leaves) -> bool:
    """Whether the tree has the state: ok is alarm with `and` and `or` put for each other."""
    if isinstance(tree, int):
        return leaves.state(tree) == state
    each = (_is(node, state, leaves) for node in tree.nodes)
    return all(each) if (tree.word == "and") is (state == ALARM) else any(each)


def _decision(
    tree: Node,
    rules: Sequence[Mapping[str, Any]],
    standing: Standing,
    state: State,
    causes: Sequence[int],
) -> Decision:
    named = [f"rule{place + 1}" for place in causes]
    form = written(tree)
    how = "remaining as" if standing.state == state else "transition to"
    reason = (
        f"Composite rule alarm with composition form: {form} {how} {state}, "
        f"due to rules: {', '.join(named)} {TAILS[state]}"
    )
    causative = {name: dict(rules[place]) for name, place in zip(named, causes, strict=True)}
    data = {"type": "composite", "composition_form": form, "causative_rules": causative}
    return Decision(state, reason, data)
