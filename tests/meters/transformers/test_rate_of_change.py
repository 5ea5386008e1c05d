"""rate_of_change: the original's worked examples, and what comes late."""

from typing import Any

import pytest

from meters.samples import Sample
from tests.pipes import Pipe, at, seconds

SCALE = "100.0 / (10**9 * (resource_metadata.cpu_number or 1))"
CPU_UTIL = {"target": {"name": "cpu_util", "unit": "%", "type": "gauge", "scale": SCALE}}
DISK = {
    "source": {
        "map_from": {
            "name": r"(disk\.device|disk)\.(read|write)\.(bytes|requests)",
            "unit": "(B|request)",
        }
    },
    "target": {"map_to": {"name": r"\1.\2.\3.rate", "unit": r"\1/s"}, "type": "gauge"},
}


def cpu(moment: float, volume: float, **given: Any) -> Sample:
    """Of an instance with two processors."""
    named = {"meter": "cpu", "type": "cumulative", "unit": "ns", "metadata": {"cpu_number": 2}}
    return at(moment, volume, **{**named, **given})


def rates(made: list[Sample]) -> list[float | None]:
    """Their volumes."""
    return [sample.volume for sample in made]


def test_the_original_s_example() -> None:
    pipe = Pipe(("rate_of_change", CPU_UTIL))
    assert pipe.give(cpu(0, 0)) == []
    (first,) = pipe.give(cpu(60, 60e9))
    assert (first.meter, first.unit, first.type, first.volume) == ("cpu_util", "%", "gauge", 50.0)
    assert seconds(first) == 60
    assert rates(pipe.give(cpu(120, 90e9))) == [25.0]
    (reset,) = pipe.give(cpu(180, 10e9))  # it began again: 10e9 ns in 60 s of two processors
    assert reset.volume == pytest.approx(100 * 10e9 / 60 / 2e9)
    assert rates(pipe.give(cpu(180, 30e9))) == [0.0]
    assert rates(pipe.give(cpu(180, 30e9))) == [0.0]


def test_a_bound_and_no_number_of_processors() -> None:
    bounded = {"target": {**CPU_UTIL["target"], "max": 100}}
    pipe = Pipe(("rate_of_change", bounded))
    pipe.give(cpu(0, 0, metadata={}))
    assert rates(pipe.give(cpu(60, 120e9, metadata={}))) == [100]


def test_names_by_regular_expressions() -> None:
    pipe = Pipe(("rate_of_change", DISK))
    named = {"meter": "disk.device.read.bytes", "unit": "B", "type": "cumulative"}
    pipe.give(at(0, 0, **named))
    (made,) = pipe.give(at(60, 600, **named))
    assert (made.meter, made.unit, made.volume) == ("disk.device.read.bytes.rate", "B/s", 10.0)


def test_a_gauge_may_fall() -> None:
    pipe = Pipe(("rate_of_change", {}))
    pipe.give(at(0, 10))
    assert rates(pipe.give(at(60, 4))) == [-0.1]


def test_a_plain_number_scales_the_volume_too() -> None:
    pipe = Pipe(("rate_of_change", {"target": {"scale": 2}}))
    pipe.give(at(0, 0))
    assert rates(pipe.give(at(60, 60))) == [120.0]


def test_posted_metadata_are_texts_and_count_as_numbers() -> None:
    pipe = Pipe(("rate_of_change", CPU_UTIL))
    pipe.give(cpu(0, 0, metadata={"cpu_number": "4"}))
    assert rates(pipe.give(cpu(60, 120e9, metadata={"cpu_number": "4"}))) == [50.0]


def test_what_comes_late_is_put_in_its_place() -> None:
    pipe = Pipe(("rate_of_change", {}))
    pipe.give(at(0, 0))
    (one,) = pipe.give(at(120, 240))
    (unit,) = pipe.feed([at(60, 60)])
    assert rates(list(unit.fresh)) == [1.0]
    (again,) = unit.replaced
    assert (again.message_id, again.timestamp, again.volume) == (one.message_id, one.timestamp, 3.0)


def test_a_late_first_one_gives_the_second_its_rate() -> None:
    pipe = Pipe(("rate_of_change", {}))
    assert pipe.give(at(60, 90)) == []
    (unit,) = pipe.feed([at(0, 30)])
    assert [(seconds(one), one.volume) for one in unit.fresh] == [(60, 1.0)]
    assert not unit.replaced


def test_what_is_later_than_the_window_is_counted() -> None:
    pipe = Pipe(("rate_of_change", {}))
    pipe.give(at(0, 0))
    pipe.give(at(4000, 0))
    assert pipe.give(at(399, 1)) == []
    assert pipe.unusable == 1
    assert rates(pipe.give(at(400, 4))) == [0.01]  # the one before the window is remembered


def test_a_repeat_changes_nothing() -> None:
    pipe = Pipe(("rate_of_change", {}))
    first, second = at(0, 0), at(60, 60)
    pipe.give(first, second)
    (unit,) = pipe.feed([second, first])
    assert not any(unit)


def test_tenants_and_sources_are_kept_apart() -> None:
    pipe = Pipe(("rate_of_change", {}))
    pipe.give(at(0, 0), at(0, 5, project="p2"), at(0, 7, source="other"))
    assert rates(pipe.give(at(10, 10), at(10, 25, project="p2"), at(10, 37, source="other"))) == [
        1.0,
        2.0,
        3.0,
    ]


def test_an_expression_without_a_value_makes_nothing() -> None:
    pipe = Pipe(("rate_of_change", {"target": {"scale": "1 / resource_metadata.n"}}))
    pipe.give(at(0, 0, metadata={"n": 0}))
    assert pipe.give(at(60, 60, metadata={"n": 0})) == []
    assert rates(pipe.give(at(120, 180, metadata={"n": 4}))) == [0.5]
