"""Conditions over samples: fields, metadata with their types, and what is unknown."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from meters.selection import SampleQuery, Selection
from meters.storage.conditions import Conditions
from meters.storage.sqlite_dialect import SqliteDialect
from meters.storage.store import store
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.tree import And, Compare, Node, Not, Or
from tests.factories import MOMENT, make_sample
from tests.keeping import keep

pytestmark = pytest.mark.django_db
CONDITIONS = Conditions(SqliteDialect())


def found(where: Node) -> list[float]:
    """The volumes of the samples that match, in ascending order."""
    return sorted(s.volume or 0 for s in store().samples(SampleQuery(Selection(where))))


@pytest.fixture
def owners() -> None:
    keep(
        [
            make_sample(1, project="a", user="Zoe", message_id=UUID(int=1)),
            make_sample(2, project="b", user="adam", message_id=UUID(int=2)),
            make_sample(3, project=None, user="ü", message_id=UUID(int=3)),
        ]
    )


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("project", "=", "a", [1]),
        ("project", "!=", "a", [2]),
        ("project", "=", None, [3]),
        ("project", "!=", None, [1, 2]),
        ("project", "<", None, []),
        ("project", "in", ("a", "b", "a"), [1, 2]),
        ("project", "in", (), []),
        ("project", ">=", "b", [2]),
        ("project", "=", "A", []),
        ("project", "=", "a\0", []),
        ("project", "=", "\ud800", []),
        ("project", "=", "' OR 1=1 --", []),
        ("project", "=", "%s", []),
        ("project", "=~", "[ab]", [1, 2]),
        ("project", "=~", "^A$", []),
        ("project", "=~", "\0", []),
        ("project", "=~", 5, []),
        ("project", "=", True, []),
        ("project", "=", 5, []),
        ("project", "=", MOMENT, []),
        ("user", "<", "a", [1]),
        ("user", ">", "z", [3]),
        ("user", "=~", "o.$", [1]),
        ("volume", ">", 1, [2, 3]),
        ("volume", "=", "2.0", [2]),
        ("volume", "=", "two", []),
        ("volume", "<", 10**400, [1, 2, 3]),
        ("volume", ">", -(10**400), [1, 2, 3]),
        ("volume", "<", float("inf"), [1, 2, 3]),
        ("volume", "!=", float("nan"), []),
        ("volume", "=", True, []),
        ("volume", "=~", "1", []),
        ("volume", "in", (1, 3.0, "x"), [1, 3]),
        ("timestamp", "=", MOMENT, [1, 2, 3]),
        ("timestamp", ">", MOMENT, []),
        ("timestamp", "in", (MOMENT, MOMENT - timedelta(1)), [1, 2, 3]),
        ("timestamp", "=", "junk", []),
        ("timestamp", "=~", "2", []),
        ("recorded_at", ">", MOMENT - timedelta(days=9999), [1, 2, 3]),
        ("message_id", "=", str(UUID(int=2)), [2]),
        ("message_id", "!=", str(UUID(int=2)), [1, 3]),
        ("message_id", "=", str(UUID(int=2)).upper(), [2]),
        ("message_id", "=", "2", []),
        ("message_id", "!=", "2", [1, 2, 3]),
        ("message_id", "<", "2", []),
        ("message_id", ">=", str(UUID(int=2)), [2, 3]),
        ("message_id", "in", (str(UUID(int=3)), "x", 4), [3]),
        ("message_id", "=~", "0002$", [2]),
        ("message_id", "=~", "^00000000-0000", [1, 2, 3]),
        ("resource", "in", "vm-1", [1, 2, 3]),
    ],
)
@pytest.mark.usefixtures("owners")
def test_it_compares_fields(field: str, op: Any, value: Any, expected: list[float]) -> None:
    assert found(Compare(field, op, value)) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (And(), [1, 2, 3]),
        (Or(()), []),
        (Not(And()), []),
        (Not(Compare("project", "=", "a")), [2]),
        (Not(Not(Compare("project", "=", "a"))), [1]),
        (Not(Compare("project", "=", None)), [1, 2]),
        (Not(Compare("project", "in", ("a",))), [2]),
        (Not(Compare("project", "=~", "a")), [2]),
        (Not(Compare("message_id", "=", "x")), [1, 2, 3]),
        (Not(Compare("volume", "=", "x")), []),
        (Not(Or((Compare("volume", "=", 1), Compare("user", "=", "adam")))), [3]),
        (Not(And((Compare("volume", ">", 1), Compare("volume", "<", 3)))), [1, 3]),
        (Or((Compare("project", "=", "a"), Compare("volume", "=", 3))), [1, 3]),
        (And((Compare("project", "!=", "a"), Compare("volume", ">", 1))), [2]),
    ],
)
@pytest.mark.usefixtures("owners")
def test_it_joins_conditions_as_sql_does(where: Node, expected: list[float]) -> None:
    assert found(where) == expected


ODD = "q\"uo'te.[0] $%s\\ü\n"


@pytest.fixture
def metadata() -> None:
    bodies: list[dict[str, Any]] = [
        {"v": "1"},
        {"v": 1},
        {"v": 1.0},
        {"v": True},
        {"v": None},
        {"v": {"w": "1", "x.y": "dot"}},
        {"v": ["1"]},
        {ODD: {ODD: "odd"}, "": "empty"},
        {"v": "abc", "w": 2.5},
        {"v": "ABC", "w": 10**15},
    ]
    keep([make_sample(n, metadata=body) for n, body in enumerate(bodies, start=1)])


@pytest.mark.parametrize(
    ("path", "op", "value", "expected"),
    [
        (("v",), "=", "1", [1]),
        (("v",), "=", 1, [2]),
        (("v",), "=", 1.0, [3]),
        (("v",), "=", True, [4]),
        (("v",), "=", False, []),
        (("v",), "=", None, [5]),
        (("v",), "!=", None, [1, 2, 3, 4, 6, 7, 9, 10]),
        (("v",), "<", None, []),
        (("v",), "!=", "1", [9, 10]),
        (("v",), "!=", 2, [2]),
        (("v",), "!=", False, [4]),
        (("v",), ">", "a", [9]),
        (("v",), ">=", 1, [2]),
        (("v",), "<", 10**60, [2]),
        (("v",), "<", 10**4000, [2]),
        (("v",), "<", 1.5, [3]),
        (("v",), "<", float("inf"), []),
        (("v",), "=", float("nan"), []),
        (("v",), "=~", "^[a-z]+$", [9]),
        (("v",), "=~", "(?i)b", [9, 10]),
        (("v",), "=~", 1, []),
        (("v",), "in", ("1", 1), [1, 2]),
        (("v",), "=", MOMENT, []),
        (("v", "w"), "=", "1", [6]),
        (("v", "x.y"), "=", "dot", [6]),
        (("v", "0"), "=", "1", []),
        (("v", "w", "z"), "=", "1", []),
        (("w",), "=", 2.5, [9]),
        (("w",), "=", 10**15, [10]),
        (("w",), "=", 2**64, []),
        ((ODD, ODD), "=", "odd", [8]),
        ((ODD, ODD), "=~", "d$", [8]),
        ((ODD, "v"), "=", "odd", []),
        (("",), "=", "empty", [8]),
        (("none",), "=", "1", []),
        (("none\0",), "=", "1", []),
        (("\ud800",), "=", "1", []),
        (("v",), "=", "\0", []),
        ((), "=", "1", []),
    ],
)
@pytest.mark.usefixtures("metadata")
def test_it_compares_metadata_by_type(
    path: tuple[str, ...], op: Any, value: Any, expected: list[float]
) -> None:
    assert found(Compare("metadata", op, value, path)) == expected


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Compare("metadata", "=", "1", ("v",)), [9, 10]),
        (Compare("metadata", "=", 1, ("v",)), []),
        (Compare("metadata", "=", None, ("v",)), [1, 2, 3, 4, 6, 7, 9, 10]),
        (Compare("metadata", "!=", "1", ("v",)), [1]),
        (Compare("metadata", "=", "x", ("none",)), []),
        (Compare("metadata", "=", "x", (ODD, ODD)), [8]),
        (Compare("metadata", "in", ("1", "abc"), ("v",)), [10]),
        (Not(Compare("metadata", "=", "1", ("v",))), [1]),
    ],
)
@pytest.mark.usefixtures("metadata")
def test_what_is_unknown_stays_so_under_not(part: Node, expected: list[float]) -> None:
    assert found(Not(part)) == expected


@pytest.mark.usefixtures("owners")
def test_an_expression_that_cannot_be_read_is_a_bad_request() -> None:
    for pattern in ("(", "a{2,1}", "(?<=a)b"):
        with pytest.raises(BadRequest):
            found(Compare("project", "=~", pattern))
        with pytest.raises(BadRequest):
            found(Compare("metadata", "=~", pattern, ("v",)))


@pytest.mark.usefixtures("owners")
def test_long_and_deep_filters_are_answered_or_refused() -> None:
    one = Compare("project", "=", "a")
    assert found(Or((one,) * 4000)) == [1]
    assert found(And((one,) * 4000)) == [1]
    deep: Node = one
    for _ in range(29):
        deep = And((Compare("volume", "<", 9), Or((Compare("volume", "=", 9), deep)), one))
    for _ in range(3000):
        deep = Not(deep)
    assert found(And((Or((*(one,) * 1000, deep)), one))) == [1]
    with pytest.raises(BadRequest, match="too long"):
        found(Or((one,) * 10_001))
    for _ in range(100):
        deep = And((one, Or((deep, one))))
    with pytest.raises(BadRequest, match="too deep"):
        found(deep)


@pytest.mark.parametrize("kind", [And, Or])
def test_many_questions_of_metadata_are_one_look(kind: type[And | Or]) -> None:
    parts = tuple(Compare("metadata", "=", n, (f"k{n}",)) for n in range(100))
    assert CONDITIONS.of(Not(kind(parts))).text.count("meters_metadatasnapshot") == 1
