"""What stands between neighbours in time, found the slow way."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from meters.samples import Sample
from tests.factories import make_sample
from tests.pipes import seconds

Row = tuple[str, float, float]  # resource, seconds, volume


def in_time(samples: Sequence[Sample]) -> list[Sample]:
    """By time, equal times by their ids."""
    return sorted(samples, key=lambda one: (one.timestamp, one.message_id.bytes))


def rate(before: Sample, after: Sample) -> float | None:
    """The change per second, of a counter that may begin again."""
    assert before.volume is not None
    assert after.volume is not None
    grown = after.volume - before.volume if after.volume >= before.volume else after.volume
    passed = (after.timestamp - before.timestamp).total_seconds()
    return grown / passed if passed else 0.0


def growth(before: Sample, after: Sample) -> float | None:
    """The change where it is none downwards."""
    assert before.volume is not None
    assert after.volume is not None
    return after.volume - before.volume if after.volume >= before.volume else None


def one_pass(
    samples: Sequence[Sample], between: Callable[[Sample, Sample], float | None]
) -> list[Sample]:
    """What stands between neighbours of one resource, as samples that keep the later one's id."""
    found = []
    for resource in sorted({one.resource for one in samples}):
        for before, after in pairwise(in_time([s for s in samples if s.resource == resource])):
            volume = between(before, after)
            if volume is not None:
                made = make_sample(
                    volume, after.timestamp, None, after.message_id,
                    resource=resource, type="cumulative",
                )  # fmt: skip
                found.append(made)
    return found


def rows(samples: Sequence[Sample]) -> list[Row]:
    """What is compared."""
    return sorted((one.resource, seconds(one), one.volume or 0.0) for one in samples)
