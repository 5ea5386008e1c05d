"""arithmetic: the original's worked examples."""

from typing import Any

import pytest

from meters.samples import Sample
from meters.transformers.target import BadParameters
from telemetry_site.core.errors import BadDefinition
from tests.pipes import Pipe, at, seconds

USED = {
    "target": {
        "name": "memory_util",
        "unit": "%",
        "type": "gauge",
        "expr": "100 * $(memory.usage) / $(memory)",
    }
}


def of(expression: str) -> Pipe:
    """A sink with this expression alone."""
    return Pipe(("arithmetic", {"target": {"name": "made", "expr": expression}}))


def named(meter: str, moment: float, volume: float, **given: Any) -> Sample:
    """A sample of the meter."""
    return at(moment, volume, meter=meter, **given)


def test_the_original_s_example() -> None:
    pipe = Pipe(("arithmetic", USED))
    usage = named("memory.usage", 1, 256, resource="r", user="owner")
    (made,) = pipe.give(
        usage, named("memory", 2, 1024, resource="r"), named("memory.usage", 3, 1, resource="o")
    )
    assert (made.meter, made.unit, made.type) == ("memory_util", "%", "gauge")
    assert (made.volume, seconds(made), made.resource, made.user) == (25.0, 2, "r", "owner")
    assert pipe.give(named("else", 4, 1)) == []
    (late,) = pipe.give(named("memory", 5, 4, resource="o"))  # the other resource has waited
    assert (late.resource, late.volume, seconds(late)) == ("o", 25.0, 5)


def test_what_was_used_is_forgotten() -> None:
    pipe = of("$(a) + $(b)")
    assert len(pipe.give(named("a", 0, 1), named("b", 0, 2))) == 1
    assert pipe.give(named("b", 1, 5)) == []
    assert [one.volume for one in pipe.give(named("a", 1, 7))] == [12]


def test_division_by_nothing_gives_nothing() -> None:
    pipe = of("$(a) / $(b)")
    assert pipe.give(named("a", 0, 1), named("b", 0, 0)) == []
    assert pipe.unusable == 1


def test_attributes_of_a_meter() -> None:
    pipe = of("$(a) * $(b).resource_metadata.n")
    made = pipe.give(named("a", 0, 3), named("b", 0, 0, metadata={"n": 5}))
    assert [one.volume for one in made] == [15]


def test_the_latest_of_each_meter_counts() -> None:
    pipe = of("$(a) + $(b)")
    assert [
        one.volume for one in pipe.give(named("a", 0, 1), named("a", 1, 2), named("b", 0, 3))
    ] == [5]


def test_tenants_are_kept_apart() -> None:
    pipe = of("$(a) + $(b)")
    assert pipe.give(named("a", 0, 1), named("b", 0, 3, project="p2")) == []


def test_an_expression_must_name_a_meter() -> None:
    with pytest.raises(BadDefinition, match=r"line 1: transformer arithmetic .* name at least one"):
        of("1 + 1")
    assert issubclass(BadParameters, Exception)
