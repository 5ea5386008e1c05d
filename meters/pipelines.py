"""The one door that every sample goes through, whatever made it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from meters.samples import Sample
from meters.storage.store import store
from telemetry_site.core.transactions import in_transaction

T = TypeVar("T")


def publish(samples: Sequence[Sample], closing: Callable[[], None] = lambda: None) -> int:
    """Store the samples in one transaction and run `closing` in it; how many were new.

    `closing` writes what must be true exactly when the samples are stored, such as the end of
    the poll that made them; what it raises undoes both.
    """

    def work() -> int:
        stored = store().record(samples)
        closing()
        return stored

    store().prepare(samples)
    return in_transaction(work)
