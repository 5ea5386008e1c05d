"""A stream of samples, stored in batches."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from meters import queries
from meters.cli.lines import BadLine
from meters.cli.sending import Interrupted, Sent, send
from meters.samples import Sample
from meters.selection import SampleQuery
from telemetry_site.core.identity.caller import ADMIN
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db


def numbered(count: int) -> list[tuple[int, Sample]]:
    return [(n, make_sample(timestamp=MOMENT + timedelta(seconds=n))) for n in range(1, count + 1)]


def stored() -> int:
    return len(list(queries.samples(SampleQuery(), ADMIN)))


def test_it_stores_all_of_them_and_says_how_far_it_is() -> None:
    seen: list[Sent] = []
    assert send(numbered(5), seen.append, at_once=2) == Sent(stored=5, known=0, line=5)
    assert [sent.stored for sent in seen] == [2, 4, 5]
    assert stored() == 5


def test_it_counts_what_was_there_already() -> None:
    samples = numbered(3)
    send(samples[:2], lambda _: None, at_once=2)
    assert send(samples, lambda _: None, at_once=2) == Sent(stored=1, known=2, line=3)
    assert stored() == 3


def test_a_bad_line_stops_it_and_its_batch_is_not_stored() -> None:
    def stream() -> Iterator[tuple[int, Sample]]:
        yield from numbered(3)
        raise BadLine(4, "it is bad.")

    with pytest.raises(Interrupted) as caught:
        send(stream(), lambda _: None, at_once=2)
    assert str(caught.value) == (
        "Line 4: it is bad. Before that: 2 samples stored, 0 were there already."
    )
    assert stored() == 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (Sent(1, 0), "1 sample stored, 0 were there already."),
        (Sent(12345, 1), "12,345 samples stored, 1 was there already."),
    ],
)
def test_it_says_what_it_did(sent: Sent, words: str) -> None:
    assert str(sent) == words
