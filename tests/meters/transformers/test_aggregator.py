"""aggregator: the original's worked examples, its policies and its retention time."""

from typing import Any

from meters.samples import Sample
from tests.pipes import Pipe, at, seconds


def shown(made: list[Sample]) -> list[tuple[str, float | None, float]]:
    """Meter, volume and time of each."""
    return [(sample.meter, sample.volume, seconds(sample)) for sample in made]


def fed(parameters: dict[str, Any], *samples: Sample) -> list[Sample]:
    """What one delivery of these gives."""
    return Pipe(("aggregator", parameters)).give(*samples)


def test_gauges_are_averaged_and_deltas_added() -> None:
    made = fed(
        {"size": 3},
        at(1, 2, meter="g"),
        at(2, 4, meter="g"),
        at(3, 5, meter="d", type="delta"),
    )
    assert shown(made) == [("g", 3.0, 1), ("d", 5, 3)]


def test_of_cumulative_meters_the_last_counts() -> None:
    given = {"size": 2, "timestamp": "last"}
    assert shown(fed(given, at(1, 5, type="cumulative"), at(2, 7, type="cumulative"))) == [
        ("cpu_util", 7, 2)
    ]


def test_projects_are_kept_apart() -> None:
    made = fed({"size": 2}, at(1, 3, type="delta"), at(1, 3, type="delta", project="p2"))
    assert [(sample.project, sample.volume) for sample in made] == [("p1", 3), ("p2", 3)]


def test_a_policy_says_whose_it_is() -> None:
    one, two = at(1, 3, type="delta", user="u1"), at(2, 4, type="delta", user="u2")
    (last,) = fed({"size": 2, "user_id": "last"}, one, two)
    (first,) = fed({"size": 2, "user_id": "first"}, one, two)
    assert (last.user, last.volume) == ("u2", 7)
    assert (first.user, first.volume) == ("u1", 7)


def test_metadata_are_those_of_the_last_unless_they_are_dropped() -> None:
    one, two = at(1, 1, metadata={"a": "1"}), at(2, 3, metadata={"a": "2"})
    assert fed({"size": 2}, one, two)[0].metadata == b'{"a":"2"}'
    assert fed({"size": 2, "resource_metadata": "first"}, one, two)[0].metadata == b'{"a":"1"}'
    assert fed({"size": 2, "resource_metadata": "drop"}, one, two)[0].metadata == b"{}"


def test_a_new_name_does_not_break_the_average() -> None:
    given = {"size": 2, "target": {"name": "mean", "unit": "permille", "scale": 10}}
    (made,) = fed(given, at(1, 1), at(2, 3))
    assert (made.meter, made.unit, made.volume) == ("mean", "permille", 20)


def test_a_count_goes_over_all_meters_and_deliveries() -> None:
    pipe = Pipe(("aggregator", {"size": 3}))
    assert pipe.give(at(1, 1)) == []
    assert pipe.give(at(2, 2, meter="other")) == []
    assert shown(pipe.give(at(3, 3))) == [("cpu_util", 2.0, 1), ("other", 2, 2)]
    assert pipe.give(at(4, 9)) == []


def test_a_retention_time_goes_by_the_first_sample_s_own_time() -> None:
    pipe = Pipe(("aggregator", {"retention_time": 60}))
    assert pipe.give(at(0, 1), after=10) == []
    assert pipe.give(at(30, 3), after=60) == []
    assert shown(pipe.give(at(50, 5), after=60.5)) == [("cpu_util", 3.0, 0)]


def test_without_size_and_time_each_delivery_is_one() -> None:
    assert shown(fed({}, at(1, 1), at(2, 3))) == [("cpu_util", 2.0, 1)]


def test_other_samples_give_another_id() -> None:
    one, two, three = at(1, 1), at(2, 3), at(3, 3)
    (first,), (again,) = fed({"size": 2}, one, two), fed({"size": 2}, one, two)
    (other,) = fed({"size": 2}, one, three)
    assert first.message_id == again.message_id != other.message_id
