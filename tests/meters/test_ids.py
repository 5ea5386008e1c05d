"""Message ids that are derived, and those that only grow."""

from datetime import UTC, datetime
from uuid import UUID

from meters.ids import IdMaker, derived_id, fresh_ids

MOMENT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def test_it_lays_out_time_version_counter_and_variant() -> None:
    """0x019cA957007B is 1772366400123, the milliseconds of MOMENT."""
    counter = (0x5A5 << 62) | 7
    (made,) = IdMaker(lambda: counter).take(1, MOMENT)
    assert made.int >> 80 == 1772366400123
    assert str(made)[14:] == "75a5-8000-000000000007"


def test_it_only_grows_within_a_process_also_when_the_clock_goes_back() -> None:
    maker = IdMaker(iter((5, 1 << 72, 3)).__next__)
    made = maker.take(3, MOMENT) + maker.take(3, MOMENT) + maker.take(3, MOMENT)
    assert made == sorted(made)
    assert len(set(made)) == 9


def test_it_carries_from_the_low_bits_into_the_high_ones() -> None:
    first, second = IdMaker(lambda: (1 << 62) - 1).take(2, MOMENT)
    assert str(first)[14:] == "7000-bfff-ffffffffffff"
    assert str(second)[14:] == "7001-8000-000000000000"


def test_it_makes_ids_like_any_other() -> None:
    (made,) = fresh_ids(1, MOMENT)
    again = UUID(str(made))
    assert (made, hash(made), made.version, made.variant) == (
        again,
        hash(again),
        7,
        again.variant,
    )


def test_equal_parts_derive_equal_ids() -> None:
    assert derived_id("a", "b") == derived_id("a", "b")
    assert len({derived_id("a", "b"), derived_id("ab"), derived_id("a", "b", "")}) == 3
