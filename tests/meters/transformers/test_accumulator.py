"""accumulator: the original's worked example."""

from tests.pipes import Pipe, at


def test_the_original_s_example() -> None:
    pipe = Pipe(("accumulator", {"size": 2}))
    one, two = at(0, 1), at(1, 2)
    assert pipe.give(one) == []
    assert pipe.give(two) == [one, two]
    assert pipe.give(one) == []


def test_more_than_its_size_goes_together() -> None:
    pipe = Pipe(("accumulator", {"size": 2}))
    three = [at(n, n) for n in range(3)]
    assert pipe.give(*three) == three


def test_units_of_one_batch_are_let_go_one_by_one() -> None:
    pipe = Pipe(("accumulator", {"size": 2}))
    one, two, three = at(0, 0), at(1, 1), at(2, 2)
    assert [list(unit.fresh) for unit in pipe.feed([one], [two], [three])] == [[], [one, two], []]
    assert pipe.give(at(3, 3))[0] == three


def test_a_size_below_one_holds_nothing_back() -> None:
    sample = at(0, 1)
    assert Pipe(("accumulator", {"size": 0})).give(sample) == [sample]


def test_its_size_is_one_where_nothing_is_said() -> None:
    sample = at(0, 1)
    assert Pipe(("accumulator", {})).give(sample) == [sample]
