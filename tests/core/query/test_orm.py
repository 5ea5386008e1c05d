"""Trees over the columns of a table, beside a slow evaluation of the tree over its rows."""

import operator
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alarms.models import Alarm
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.orm import Column, condition
from telemetry_site.core.query.tree import And, Compare, Node, Not, Or
from tests.alarms.made import MADE, make_alarm

pytestmark = pytest.mark.django_db

COLUMNS = {
    "name": Column("name"),
    "project": Column("project_id"),
    "enabled": Column("enabled", "boolean"),
    "timestamp": Column("timestamp", "time"),
    "hold": Column("hold_rounds", "integer"),
}
LATER = MADE + timedelta(hours=1)
ROWS: list[dict[str, Any]] = [
    {"name": "cpu", "project_id": "p1", "enabled": True, "timestamp": MADE, "hold_rounds": 1},
    {"name": "Cpu 2", "project_id": None, "enabled": False, "timestamp": LATER, "hold_rounds": 3},
    {"name": "ümläut", "project_id": "", "enabled": True, "timestamp": LATER, "hold_rounds": 2},
    {"name": "", "project_id": "p2", "enabled": False, "timestamp": MADE, "hold_rounds": 1},
    {"name": "zzz%_", "project_id": "p1", "enabled": True, "timestamp": LATER, "hold_rounds": 10},
]
SIGNS: dict[str, Any] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip


def truth(node: Node, row: dict[str, Any]) -> bool | None:
    """True, false, or unknown, as in SQL."""
    match node:
        case Not():
            found = truth(node.part, row)
            return None if found is None else not found
        case And():
            each = [truth(part, row) for part in node.parts]
            return False if False in each else None if None in each else True
        case Or():
            each = [truth(part, row) for part in node.parts]
            return True if True in each else None if None in each else False
        case Compare():
            return leaf(node, row[COLUMNS[node.field].name])


def leaf(compare: Compare, value: Any) -> bool | None:
    if compare.value is None:
        return (value is None) is (compare.op != "!=")
    if value is None:
        return None
    if compare.op == "in":
        assert isinstance(compare.value, tuple)
        return value in compare.value
    if compare.op == "=~":
        return re.search(str(compare.value), value) is not None
    given = compare.value
    if isinstance(value, str) and compare.op in ("<", "<=", ">", ">="):
        return bool(SIGNS[compare.op](value.encode(), str(given).encode()))
    return bool(SIGNS[compare.op](value, given))


texts = st.sampled_from(["cpu", "p1", "", "Cpu 2", "zzz%_", "a", "ümläut", "p", "C", "x"])
signs = st.sampled_from(list(SIGNS))
comparisons = st.one_of(
    st.builds(Compare, st.sampled_from(["name", "project"]), signs, texts),
    st.builds(
        Compare, st.sampled_from(["name", "project"]), st.just("in"), st.tuples(texts, texts)
    ),
    st.builds(Compare, st.just("name"), st.just("=~"), st.sampled_from(["^c", "2$", "[zu]", "%"])),
    st.builds(Compare, st.just("project"), st.sampled_from(["=", "!="]), st.none()),
    st.builds(Compare, st.just("enabled"), st.sampled_from(["=", "!="]), st.booleans()),
    st.builds(Compare, st.just("timestamp"), signs, st.sampled_from([MADE, LATER])),
    st.builds(Compare, st.just("hold"), signs, st.integers(0, 11)),
)
trees: st.SearchStrategy[Node] = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@pytest.fixture
def rows() -> None:
    for row in ROWS:
        make_alarm(**row)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(trees)
def test_it_finds_what_is_true(rows: None, tree: Node) -> None:
    found = Alarm.objects.filter(condition(tree, COLUMNS)).values_list("name", flat=True)
    assert sorted(found) == sorted(row["name"] for row in ROWS if truth(tree, row))


@pytest.mark.parametrize(
    ("compare", "found"),
    [
        (Compare("name", "=", "a\0"), 0),
        (Compare("name", "!=", "a\ud800"), 5),
        (Compare("name", "in", ("a\0", "cpu")), 1),
        (Compare("name", "in", ("a\0",)), 0),
        (Compare("name", "<", "a\0"), 0),
        (Compare("name", "=~", "a\0"), 0),
        (Compare("name", "=~", r"\bpu"), 0),
        (Compare("name", "=~", r"\b2\z"), 1),
        (Compare("name", "=~", r"\Bpu"), 2),
        (Compare("name", "=", 5), 0),
        (Compare("enabled", "=", "yes"), 3),
        (Compare("enabled", "=", 0), 2),
    ],
)
def test_it_takes_what_no_column_holds(rows: None, compare: Compare, found: int) -> None:
    assert Alarm.objects.filter(condition(compare, COLUMNS)).count() == found


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        (Compare("enabled", "=", "maybe"), "enabled. Value: 'maybe'. unable to convert to bool"),
        (Compare("hold", "=", "x"), "hold. Value: 'x'. unable to convert to int"),
        (Compare("hold", "=", 2**70), "unable to convert to int"),
        (Compare("timestamp", "=", "x"), "invalid timestamp format"),
        (Compare("hold", "=~", "1"), "only texts are searched by =~"),
        (Compare("name", "=~", "a("), "The regular expression a( cannot be read"),
        (Compare("name", "in", ("a",) * 10_001), "The filter is too long"),
        (Or((Compare("name", "=", "a"),) * 501), "The filter is too long"),
    ],
)
def test_it_says_what_cannot_be_asked(tree: Node, says: str) -> None:
    with pytest.raises(BadRequest) as error:
        condition(tree, COLUMNS)
    assert says in str(error.value)


@pytest.mark.parametrize("negated", [True, False])
def test_it_takes_the_longest_and_deepest_filter(rows: None, negated: bool) -> None:
    tree: Node = Or((Compare("name", "=", "cpu"),) * 442)
    for _ in range(29):
        tree = And((Compare("hold", "<", 9), tree))
        tree = Not(tree) if negated else Or((Compare("hold", ">", 5), tree))
    found = Alarm.objects.filter(condition(tree, COLUMNS)).count()
    assert found == sum(truth(tree, row) is True for row in ROWS)


def test_it_is_not_nested_without_end() -> None:
    tree: Node = Compare("name", "=", "a")
    for _ in range(100):
        tree = Not(tree)
    with pytest.raises(BadRequest):
        condition(tree, COLUMNS)


def test_times_are_aware() -> None:
    make_alarm(name="x", timestamp=datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC))
    wanted = Compare("timestamp", ">", datetime(2026, 3, 1, 12, 0, 0, 4, tzinfo=UTC))
    assert Alarm.objects.filter(condition(wanted, COLUMNS)).count() == 1
