"""The wire format, byte by byte."""

import pytest

from meters.publishers.protobuf import double, inner, integer, message, text


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "1000"),
        (127, "107f"),
        (128, "108001"),
        (300, "10ac02"),
        (-1, "10ffffffffffffffffff01"),
        (-(2**63), "1080808080808080808001"),
    ],
)
def test_whole_numbers(number: int, written: str) -> None:
    assert integer(2, number).hex() == written


def test_the_other_kinds() -> None:
    assert double(1, 1.0).hex() == "09000000000000f03f"
    assert text(1, "ä").hex() == "0a02c3a4"
    assert inner(3, message(text(1, "a"), b"")).hex() == "1a030a0161"
    assert inner(1, bytes(200))[:3].hex() == "0ac801"
