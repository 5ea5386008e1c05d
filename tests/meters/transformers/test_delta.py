"""delta: the original's worked example, and what growth alone means for what comes late."""

from tests.pipes import Pipe, at, seconds

GROWTH = {"target": {"name": "grown", "unit": "ignored"}, "growth_only": True}


def test_the_original_s_example() -> None:
    pipe = Pipe(("delta", GROWTH))
    assert pipe.give(at(0, 5)) == []
    (made,) = pipe.give(at(10, 9))
    assert (made.meter, made.unit, made.type, made.volume) == ("grown", "%", "delta", 4)
    assert pipe.give(at(20, 7)) == []
    assert [sample.volume for sample in pipe.give(at(30, 8))] == [1]


def test_without_growth_only_it_may_be_negative() -> None:
    pipe = Pipe(("delta", {}))
    pipe.give(at(0, 9))
    (made,) = pipe.give(at(10, 7))
    assert (made.meter, made.volume) == ("cpu_util", -2)


def test_what_should_not_have_been_made_is_withdrawn() -> None:
    pipe = Pipe(("delta", GROWTH))
    pipe.give(at(0, 5))
    (grown,) = pipe.give(at(20, 8))
    (unit,) = pipe.feed([at(10, 9)])
    assert [(seconds(one), one.volume) for one in unit.fresh] == [(10, 4)]
    assert [one.message_id for one in unit.withdrawn] == [grown.message_id]
    (unit,) = pipe.feed([at(15, 7)])  # now the one at 20 has grown by 1 again
    assert [(seconds(one), one.volume) for one in unit.fresh] == [(20, 1)]


def test_within_one_delivery_only_the_end_counts() -> None:
    pipe = Pipe(("delta", GROWTH))
    (unit,) = pipe.feed([at(0, 5), at(20, 8), at(10, 9), at(15, 7)])
    assert sorted((seconds(one), one.volume) for one in unit.fresh) == [(10, 4), (20, 1)]
    assert not unit.replaced
    assert not unit.withdrawn


def test_a_delta_of_a_rate_follows_its_corrections() -> None:
    pipe = Pipe(("rate_of_change", {}), ("delta", {}))
    pipe.give(at(0, 0))
    pipe.give(at(20, 40))  # a rate of 2
    (second,) = pipe.give(at(30, 90))  # a rate of 5
    assert second.volume == 3
    (unit,) = pipe.feed([at(10, 10)])  # rates are 1, 3 and 5 now
    assert [(seconds(one), one.volume) for one in unit.fresh] == [(20, 2)]
    assert [(seconds(one), one.volume) for one in unit.replaced] == [(30, 2)]
