"""Which selectors are one question, and which are of a kind."""

from collections.abc import Callable

import pytest
from django.db import connection

from meters.storage.dialect import Dialect
from meters.storage.kinds import Kinds, Question
from meters.storage.postgres_dialect import PostgresDialect
from meters.storage.sqlite_dialect import SqliteDialect
from telemetry_site.core.query.tree import And, Compare, Node, Or, Value

DIALECTS: dict[str, Callable[[], Dialect]] = {
    "sqlite": SqliteDialect,
    "postgresql": PostgresDialect,
}


def question(*parts: Node) -> Question:
    return Kinds(DIALECTS[connection.vendor]()).question(And(parts))


def meter(name: str) -> Node:
    return Compare("meter", "=", name)


def resource(name: Value) -> Node:
    return Compare("resource", "=", name)


def stack(value: Value, *path: str) -> Node:
    return Compare("metadata", "=", value, path or ("stack",))


def test_the_order_and_repetition_of_equalities_mean_nothing() -> None:
    parts = (meter("cpu"), resource("vm"), stack("x"), stack(1, "a", "b"))
    assert question(*parts) == question(*reversed(parts), meter("cpu"), stack("x"))
    assert question(And(parts), And()) == question(*parts)


@pytest.mark.parametrize("other", [1.0, True, "1", None])
def test_values_of_another_type_are_another_question(other: Value) -> None:
    one, two = question(stack(1)), question(stack(other))
    assert one != two
    assert one.kind == two.kind
    assert question(Or((stack(1), resource("vm")))) != question(Or((stack(other), resource("vm"))))


def test_a_kind_is_what_is_compared() -> None:
    kind = question(meter("cpu"), resource("vm-1"), stack("x")).kind
    assert question(meter("memory"), resource("vm-2"), stack(1.5)).kind == kind
    for other in (
        (meter("cpu"), resource("vm-1")),
        (meter("cpu"), resource("vm-1"), stack("x", "a")),
        (meter("cpu"), resource(None), stack("x")),
        (meter("cpu"), Compare("project", "=", "vm-1"), stack("x")),
        (meter("cpu"), Compare("resource", "!=", "vm-1"), stack("x")),
    ):
        assert question(*other).kind != kind


def test_a_number_is_its_text_where_texts_are_compared() -> None:
    assert question(resource(7)) == question(resource("7"))


def test_no_value_is_part_of_the_statement() -> None:
    some = Or(
        (Compare("user", "in", ("s3cret", "%s")), stack("s3cret"), Compare("volume", ">", 77))
    )
    found = question(meter("s3cret"), some, Compare("metadata", "=~", "s3cret", ("s3cret",)))
    assert "s3cret" not in found.kind.where
    assert found.kind.fixed == ()
    assert "s3cret" in "".join(found.rows[0])


def test_a_list_brings_a_row_for_each_of_its_texts_but_two_lists_do_not_multiply() -> None:
    some = Compare("resource", "in", ("c", "b", 7, "b", None))
    found = question(meter("cpu"), some)
    assert len(found.rows) == 3
    assert found.kind == question(meter("cpu"), resource("a")).kind
    assert found == question(Compare("resource", "in", (7, "b", "c")), meter("cpu"))
    assert len(question(some, Compare("user", "in", ("u1", "u2"))).rows) == 3
