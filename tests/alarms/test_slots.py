"""Slots: a slow target takes them from nobody but itself."""

from threading import Thread

from alarms.slots import REMEMBERED, Room, Slots


def known(slots: Slots, *targets: str) -> Slots:
    """With targets whose last call was quick."""
    for target in targets:
        assert slots.take(target)
        slots.give_back(target, 0.1)
    return slots


def test_it_gives_a_target_its_few() -> None:
    slots = Slots(most=8, of_one=2)
    assert [slots.take("a") for _ in range(3)] == [True, True, False]
    assert slots.room() == Room(["a"], None)
    slots.give_back("a", 0.1)
    assert slots.take("a")


def test_it_gives_no_more_than_there_are() -> None:
    slots = known(Slots(most=4, of_one=4), "a")
    assert [slots.take("a") for _ in range(5)] == [True] * 4 + [False]
    assert slots.room() is None


def test_it_gives_half_to_those_that_nobody_knows() -> None:
    slots = known(Slots(most=4), "quick")
    assert [slots.take(name) for name in ("b", "c", "d")] == [True, True, False]
    assert slots.room() == Room([], ["quick"])
    assert slots.take("quick")
    assert slots.take("quick")


def test_it_gives_half_to_those_that_were_slow() -> None:
    slots = known(Slots(most=4), "a", "b", "c", "quick")
    for name in ("a", "b", "c"):
        assert slots.take(name)
    for name in ("a", "b", "c"):
        slots.give_back(name, 10.0)
    assert [slots.take(name) for name in ("a", "b", "c")] == [True, True, False]
    assert slots.take("quick")


def test_it_trusts_a_slow_one_again_once_it_is_quick() -> None:
    slots = known(Slots(most=2), "a")
    slots.take("a")
    slots.give_back("a", 10.0)
    assert slots.take("b")
    assert not slots.take("a")
    slots.give_back("b")
    known(slots, "a")
    slots.take("b")
    assert slots.take("a")


def test_it_learns_nothing_of_a_call_that_was_not_made() -> None:
    slots = Slots(most=2)
    slots.take("a")
    slots.give_back("a")
    assert slots.ended == 0
    assert slots.take("b")
    assert not slots.take("a")


def test_it_forgets_those_that_were_called_longest_ago() -> None:
    slots = known(Slots(), *map(str, range(REMEMBERED)), "0", "new")
    for number in range(16):
        assert slots.take(f"unknown {number}")
    room = slots.room()
    assert room is not None
    assert room.only is not None
    assert len(room.only) == REMEMBERED
    assert {"0", "new"} <= set(room.only)
    assert "1" not in room.only


def test_it_waits_for_an_end() -> None:
    slots = Slots()
    slots.take("a")
    assert not slots.another_ends(0, 0.01)
    assert not slots.are_free(0.01)
    ending = Thread(target=lambda: slots.give_back("a", 0.1))
    ending.start()
    assert slots.another_ends(0, 10)
    assert slots.are_free(10)
    ending.join()
    assert not slots.another_ends(1, 10)  # there is nothing to wait for
