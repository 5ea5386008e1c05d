"""What a meter's page asks."""

from datetime import UTC, datetime

import pytest

from meters.questions import Question, read_question
from meters.ranges import Range
from meters.samples import Meter
from meters.selection import Bound
from telemetry_site.core.query.tree import Compare, conjuncts, leaves

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CPU = Meter(name="cpu_util", type="gauge", unit="%")


def asked(meter: Meter = CPU, **params: str) -> Question:
    question, problems = read_question(meter, params, NOW)
    assert problems == []
    return question


@pytest.mark.parametrize(
    ("kind", "aggregate"), [("gauge", "avg"), ("cumulative", "max"), ("delta", "sum")]
)
def test_it_shows_what_says_most_about_a_type(kind: str, aggregate: str) -> None:
    assert asked(Meter(name="m", type=kind, unit="B")).aggregate == aggregate


def test_it_asks_for_one_definition_of_the_name() -> None:
    where = asked(Meter(name="m", type="delta", unit=None)).totals().selection.where
    assert conjuncts(where) == (
        Compare("meter", "=", "m"),
        Compare("type", "=", "delta"),
        Compare("unit", "=", None),
    )


def test_it_narrows_to_a_project_and_a_resource() -> None:
    where = asked(project=" p1 ", resource="r1").totals().selection.where
    assert conjuncts(where)[3:] == (Compare("resource", "=", "r1"), Compare("project", "=", "p1"))


def test_it_asks_for_periods_from_the_start_of_the_range() -> None:
    query = asked(start="2026-02-01", end="2026-02-02", group="project").periods()
    start, end = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)
    assert (query.period, query.origin, query.groupby) == (600, start, ("project",))
    assert query.selection.start == Bound(start, inclusive=True)
    assert query.selection.end == Bound(end, inclusive=False)


def test_it_asks_for_some_groups_alone() -> None:
    query = asked(group="user").periods([("u1",), (None,)])
    assert leaves(query.selection.where)[3:] == (
        Compare("user", "=", "u1"),
        Compare("user", "=", None),
    )


def test_it_asks_for_a_part_of_the_range_on_the_same_grid() -> None:
    part = Range(datetime(2026, 2, 1, 6, tzinfo=UTC), datetime(2026, 2, 1, 7, tzinfo=UTC))
    query = asked(start="2026-02-01", end="2026-02-02").periods(part=part)
    assert query.selection.start == Bound(part.start, inclusive=True)
    assert query.origin == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"group": "colour"}, "There is no group “colour”; known are project, resource, user."),
        ({"aggregate": "median"}, "There is no aggregate “median”"),
        ({"period": "soon"}, "The period must be a whole number"),
        ({"range": "ever"}, "There is no range “ever”"),
    ],
)
def test_it_says_what_it_cannot_take(params: dict[str, str], words: str) -> None:
    question, (problem,) = read_question(CPU, params, NOW)
    assert words in problem
    assert (question.group, question.aggregate, question.period) == ("", "avg", 600)


@pytest.mark.parametrize(
    "params",
    [
        {"range": "7d"},
        {"range": "24h", "group": "project", "aggregate": "max"},
        {"start": "2026-02-01T00:00:00", "end": "2026-02-02T00:00:00", "period": "3600"},
        {"range": "1h", "resource": "a/b", "project": "p&q"},
    ],
)
def test_it_names_itself_in_a_url(params: dict[str, str]) -> None:
    question, _ = read_question(CPU, params, NOW)
    assert question.in_url() == params
