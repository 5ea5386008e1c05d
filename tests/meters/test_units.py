"""Numbers as people read them."""

import pytest

from meters.units import Scale, duration, number, quantity, scale


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "B", "0 B"),
        (1023.0, "B", "1,023 B"),
        (1024.0, "B", "1 KiB"),
        (1536.0 * 1024, "B", "1.5 MiB"),
        (-2048.0, "B", "-2 KiB"),
        (2048.0, "B/s", "2 KiB/s"),
        (2048.0, "MB", "2 GB"),
        (512.0, "GB", "512 GB"),
        (1_500.0, "ns", "1.5 µs"),
        (90e9, "ns", "1.5 min"),
        (2 * 86400e9, "ns", "2 d"),
        (250.0, "ms", "250 ms"),
        (12.5, "%", "12.5 %"),
        (999_999.0, "packet", "999,999 packet"),
        (1_234_567.0, "packet", "1.235 M packet"),
        (82_197_080_346.0, "1", "82.2 G"),
        (5e6, "h", "5,000,000 h"),
        (3.0, None, "3"),
        (3.0, "", "3"),
        (0.5, "1", "0.5"),
        (None, "B", "–"),
    ],
)
def test_it_chooses_the_multiple_that_reads_best(
    value: float | None, unit: str | None, text: str
) -> None:
    assert quantity(value, unit) == text


def test_it_counts_in_the_multiple_it_names() -> None:
    assert scale(3 * 2**30, "B") == Scale(2.0**30, "GiB")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (100.0, "100"),
        (99.96, "99.96"),
        (99.999, "100"),
        (0.1, "0.1"),
        (-0.25, "-0.25"),
        (1e-9, "1e-09"),
        (1e16, "1e+16"),
        (float("inf"), "inf"),
    ],
)
def test_it_writes_four_digits_at_most_behind_the_first(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "1 s"),
        (90, "90 s"),
        (600, "10 min"),
        (3600, "1 h"),
        (86400, "1 day"),
        (172800, "2 days"),
    ],
)
def test_it_says_a_length_of_time_in_its_largest_whole_unit(seconds: int, text: str) -> None:
    assert duration(seconds) == text
