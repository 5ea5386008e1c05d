"""Names of metrics."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meters.publishers.metric_names import name_of


@pytest.mark.parametrize(
    ("meter", "name"),
    [("a.b-c", "a_b_c"), ("1x", "_1x"), ("ä", "_"), ("a:b", "a:b"), ("", "_"), ("٣", "_")],
)
def test_what_becomes_of_names(meter: str, name: str) -> None:
    assert name_of(meter) == name


@given(st.text())
def test_every_meter_has_a_name(meter: str) -> None:
    assert re.fullmatch("[a-zA-Z_:][a-zA-Z0-9_:]*", name_of(meter))
