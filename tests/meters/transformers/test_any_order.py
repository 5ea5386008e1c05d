"""However samples are cut, doubled and shuffled, the same is derived as in one pass over time."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meters.samples import Sample
from meters.transformers.flow import Unit
from tests.neighbours import growth, one_pass, rate, rows
from tests.pipes import Pipe, at


class Kept:
    """What came out and was not taken back."""

    def __init__(self) -> None:
        self.samples: dict[Any, Sample] = {}

    def take(self, unit: Unit) -> None:
        """What came out for one delivery. What is new was not there, the rest was."""
        for one in unit.fresh:
            assert one.message_id not in self.samples
            self.samples[one.message_id] = one
        for one in unit.replaced:
            assert one.message_id in self.samples
            self.samples[one.message_id] = one
        for one in unit.withdrawn:
            del self.samples[one.message_id]


class Story(NamedTuple):
    """Samples, and how they arrive: batches of deliveries of indices, each at least once."""

    samples: list[Sample]
    batches: list[list[list[int]]]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Up to a dozen samples of two resources within a window, in any order and cut."""
    count = draw(st.integers(1, 12))
    samples = [
        at(
            draw(st.integers(0, 20)) * 60,
            draw(st.integers(0, 8)) / 8,
            resource=draw(st.sampled_from("ab")),
            type="cumulative",
            metadata=draw(st.sampled_from(({}, {"x": "1"}))),
        )
        for _ in range(count)
    ]
    extra = draw(st.lists(st.integers(0, count - 1), max_size=6))
    order = draw(st.permutations([*range(count), *extra]))
    deliveries = cut(order, draw(st.lists(st.integers(1, 4), max_size=18)))
    return Story(samples, cut(deliveries, draw(st.lists(st.integers(1, 3), max_size=18))))


def cut(items: Sequence[Any], sizes: Sequence[int]) -> list[list[Any]]:
    """Pieces of these sizes, and what is left."""
    pieces, start = [], 0
    for size in sizes:
        pieces.append(list(items[start : start + size]))
        start += size
    pieces.append(list(items[start:]))
    return [piece for piece in pieces if piece]


SINKS: Mapping[str, tuple[list[tuple[str, dict[str, Any]]], list[Any]]] = {
    "rate_of_change": ([("rate_of_change", {})], [rate]),
    "delta": ([("delta", {"growth_only": True})], [growth]),
    "a growth of a rate": (
        [("rate_of_change", {}), ("delta", {"growth_only": True})],
        [rate, growth],
    ),
}


@settings(max_examples=400, deadline=None)
@given(story=stories())
@pytest.mark.parametrize("name", list(SINKS))
def test_it_is_as_in_one_pass(name: str, story: Story) -> None:
    # Of equal times the order is that of ids, and those of derived samples are others.
    places = {(one.resource, one.timestamp) for one in story.samples}
    assume(len(SINKS[name][1]) == 1 or len(places) == len(story.samples))
    steps, betweens = SINKS[name]
    pipe, kept = Pipe(*steps), Kept()
    for batch in story.batches:
        for unit in pipe.feed(*[[story.samples[index] for index in unit] for unit in batch]):
            kept.take(unit)
    expected: Sequence[Sample] = story.samples
    for between in betweens:
        expected = one_pass(expected, between)
    assert rows(list(kept.samples.values())) == rows(expected)


@settings(max_examples=200, deadline=None)
@given(story=stories())
@pytest.mark.parametrize(
    "steps",
    [
        [("accumulator", {"size": 3})],
        [("aggregator", {"size": 3})],
        [("aggregator", {"retention_time": 300})],
        [("arithmetic", {"target": {"name": "m", "expr": "$(cpu_util) * 2"}})],
        [("rate_of_change", {}), ("aggregator", {"size": 2})],
    ],
)
def test_collectors_do_not_see_how_deliveries_are_batched(
    steps: list[tuple[str, dict[str, Any]]], story: Story
) -> None:
    whole, cut_up = Pipe(*steps), Pipe(*steps)
    deliveries = [[story.samples[i] for i in unit] for batch in story.batches for unit in batch]
    at_once = [one for unit in whole.feed(*deliveries) for one in unit.fresh]
    bit_by_bit = []
    for batch in story.batches:
        units = [[story.samples[index] for index in unit] for unit in batch]
        bit_by_bit += [one for unit in cut_up.feed(*units) for one in unit.fresh]
    assert bit_by_bit == at_once
