"""The arithmetic of the bench, its comparison of answers, and its place in the documents."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from meters.statistics import Aggregate, Statistics
from tests.bench import goals, page, turns
from tests.bench.__main__ import PARTS, SECTIONS
from tests.bench.agreement import Disagreement, check
from tests.bench.databases import Databases
from tests.bench.dataset import Span
from tests.bench.rows import Goal, Row, table
from tests.bench.shapes import Shape, every
from tests.source import ROOT

START = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SHARE = Goal("posting", "samples/s", 0.7, 0.5)
QUICK = Goal("asking", "ms", 2, 5, of="value", less=True, form="times")
FLAT = Goal("growing", "ms", 1.3, 2, less=True, form="times")
FOUND = Statistics(
    unit="%", groupby=("p",), min=1.0, max=3.0, avg=2.0, sum=6.0, count=3, first=START,
    last=START + 2 * MINUTE, period_start=START, period_end=START + 60 * MINUTE,
    extra={Aggregate("stddev"): 0.8164965809277260},
)  # fmt: skip
RAW = (START, "p", "%", 1.0, 3.0, 2.0, 6.0, 3, START, START + 2 * MINUTE, 0.8164965809277261)


@pytest.mark.parametrize(
    ("goal", "value", "ratio", "ok"),
    [
        (SHARE, 9e9, 0.5, True),
        (SHARE, 9e9, 0.49, False),
        (QUICK, 5.0, 0.1, True),
        (QUICK, 5.1, 99.0, False),
        (FLAT, 99.0, 2.0, True),
        (FLAT, 99.0, 2.1, False),
        (Goal("decoding", "µs"), 99.0, None, None),
    ],
)
def test_a_floor_bounds_the_ratio_or_the_value_from_one_side(
    goal: Goal, value: float, ratio: float | None, ok: bool | None
) -> None:
    assert Row(goal, value, ratio).ok is ok


def test_a_table_writes_shares_times_and_bounds_and_says_what_was_missed() -> None:
    rows = [
        Row(SHARE, 12_345.6, 0.4, "COPY"),
        Row(QUICK, 1.234, 269.4, "SQL"),
        Row(FLAT, 2.0, 1.04, "the smallest"),
    ]
    assert table(rows).splitlines()[2:] == [
        "| posting | 12,346 samples/s | 40% | COPY | 70% | 50% (missed) |",
        "| asking | 1.23 ms | 269x | SQL | 2 ms | 5 ms |",
        "| growing | 2 ms | 1.0x | the smallest | 1.3x | 2.0x |",
    ]


def test_a_row_is_plain_for_json() -> None:
    plain = Row(SHARE, 100.0, 0.6, "COPY").plain()
    wanted = {"name", "value", "unit", "ratio", "against", "aim", "floor", "ok"}
    assert wanted <= set(plain)
    assert (plain["name"], plain["ratio"], plain["floor"], plain["ok"]) == (
        "posting",
        0.6,
        0.5,
        True,
    )


def test_every_goal_has_a_name_of_its_own_and_an_aim_that_reaches_its_floor() -> None:
    all_goals = [goal for goal in vars(goals).values() if isinstance(goal, Goal)]
    assert len({goal.name for goal in all_goals}) == len(all_goals)
    bounded = [goal for goal in all_goals if goal.aim is not None and goal.floor is not None]
    assert [g.name for g in bounded if ((g.aim or 0) < (g.floor or 0)) is not g.less] == []


def test_the_ratio_is_the_median_of_the_ratios_of_the_rounds() -> None:
    found = turns.Rounds({"a": [2.0, 40.0, 9.0], "b": [1.0, 10.0, 3.0]})
    assert (found.median("a"), found.ratio("a", to="b")) == (9.0, 3.0)


@pytest.mark.parametrize(("swap", "order"), [(True, "abbaab"), (False, "ababab")])
def test_ways_take_turns(swap: bool, order: str) -> None:
    called: list[str] = []

    def way(name: str) -> turns.Way:
        def measured(turn: int) -> float:
            called.append(name)
            return float(turn)

        return measured

    found = turns.take({"a": way("a"), "b": way("b")}, 3, swap=swap)
    assert "".join(called) == order
    assert found.figures == {"a": [0.0, 1.0, 2.0], "b": [0.0, 1.0, 2.0]}


def test_rounds_end_when_their_time_is_over_but_not_before_five() -> None:
    assert len(turns.take({"a": float}, 100, seconds=0).figures["a"]) == 5


def test_answers_agree_but_for_the_order_of_adding() -> None:
    check("an hour", [FOUND], [RAW])


@pytest.mark.parametrize(
    "found",
    [
        [],
        [FOUND, FOUND],
        [replace(FOUND, count=4)],
        [replace(FOUND, max=3.0000001)],
        [replace(FOUND, last=START)],
        [replace(FOUND, groupby=("q",))],
        [replace(FOUND, sum=6.0000001)],
        [replace(FOUND, extra={Aggregate("stddev"): None})],
    ],
)
def test_a_row_that_differs_is_a_disagreement(found: Sequence[Statistics]) -> None:
    with pytest.raises(Disagreement):
        check("an hour", found, [RAW])


def test_nothing_on_either_side_is_a_disagreement() -> None:
    with pytest.raises(Disagreement):
        check("an hour", [], [])


def test_a_section_of_the_page_is_replaced_and_the_rest_stays() -> None:
    lines = [f"<!-- {name}: begin -->\nold {name}\n<!-- {name}: end -->" for name in ("one", "two")]
    before = "\n".join(["a", *lines, "b"])
    after = page.placed(before, "one", "new")
    assert after == before.replace("old one", "new")
    with pytest.raises(ValueError, match="no place for three"):
        page.placed(before, "three", "new")


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_has_a_place_for_every_section(section: str) -> None:
    assert page.placed(page.PAGE.read_text(), section, "found").count("found") > 0


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_a_module(part: str) -> None:
    assert (ROOT / "tests" / "bench" / f"{part}.py").exists()


def test_a_database_is_reached_by_its_name() -> None:
    made = Databases("postgresql://me:secret@127.0.0.1:5/telemetry")
    assert made.url("wide") == "postgresql://me:secret@127.0.0.1:5/wide"


def test_a_span_names_the_days_it_touches() -> None:
    half = timedelta(hours=12)
    days = [START, START + 2 * half]
    assert Span(START, START + 4 * half).days() == days
    assert Span(START + half, START + 3 * half).days() == days


def test_both_are_sent_the_same_points() -> None:
    shape = Shape(every(2, 3), 4, MINUTE, START)
    metrics = {one: f"{one[0]}/{one[1]}" for one in shape.series}
    ours: list[dict[str, Any]] = [
        sample for _, body in shape.posts(1) for sample in msgspec.json.decode(body)
    ]
    (_, body), *rest = shape.measures(1, metrics)
    theirs = [point for points in msgspec.json.decode(body).values() for point in points]
    assert not rest
    assert len(ours) == len(theirs) == shape.count == 24
    assert [(one["timestamp"], one["counter_volume"]) for one in ours] == [
        (one["timestamp"], one["value"]) for one in theirs
    ]
    assert ours[0]["timestamp"] == "2026-03-01T00:04:00+00:00"
