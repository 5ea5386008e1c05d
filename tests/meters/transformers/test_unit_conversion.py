"""unit_conversion: the original's worked examples."""

from meters.samples import Sample
from tests.pipes import Pipe, at

KILO = {"source": {"unit": "KB"}, "target": {"unit": "MB", "scale": 1 / 1024}}


def shown(made: list[Sample]) -> list[tuple[float | None, str | None]]:
    """Volume and unit of each."""
    return [(sample.volume, sample.unit) for sample in made]


def test_another_unit() -> None:
    pipe = Pipe(("unit_conversion", KILO))
    assert shown(pipe.give(at(0, 2048, unit="KB"))) == [(2.0, "MB")]


def test_a_sample_of_a_unit_that_is_not_meant_goes_on_as_it_is() -> None:
    sample = at(0, 2048, unit="B")
    assert Pipe(("unit_conversion", KILO)).give(sample) == [sample]


def test_an_expression_takes_the_place_of_the_volume() -> None:
    pipe = Pipe(("unit_conversion", {"target": {"scale": "volume * 1.8 + 32"}}))
    assert shown(pipe.give(at(0, 100.0))) == [(212.0, "%")]


def test_no_scale_leaves_the_volume() -> None:
    pipe = Pipe(("unit_conversion", {"target": {"name": "other", "type": "delta"}}))
    (made,) = pipe.give(at(0, 7))
    assert (made.meter, made.type, made.volume) == ("other", "delta", 7)


def test_a_bound() -> None:
    pipe = Pipe(("unit_conversion", {"target": {"scale": 2, "max": 10}}))
    assert shown(pipe.give(at(0, 4), at(1, 6))) == [(8, "%"), (10, "%")]


def test_an_expression_without_a_value_leaves_the_sample_out() -> None:
    pipe = Pipe(("unit_conversion", {"target": {"scale": "volume / resource_metadata.n"}}))
    assert shown(pipe.give(at(0, 4), at(1, 6, metadata={"n": 2}))) == [(3, "%")]
    assert pipe.unusable == 1


def test_equal_samples_give_equal_ids_and_others_others() -> None:
    pipe, sample = Pipe(("unit_conversion", {"target": {"scale": 2}})), at(0, 4)
    (one,), (again,) = pipe.give(sample), pipe.give(sample)
    assert one.message_id == again.message_id != sample.message_id
