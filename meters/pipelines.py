"""The one door that every sample goes through, whatever made it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from meters.samples import Sample
from meters.storage.store import store
from telemetry_site.core.transactions import in_transaction

T = TypeVar("T")


def publish(
    samples: Sequence[Sample],
    opening: Callable[[], None] = lambda: None,
    closing: Callable[[], None] = lambda: None,
) -> int:
    """Store the samples in one transaction, between `opening` and `closing`; how many were new.

    Both write what must be true exactly when the samples are stored: `opening` what says that
    they come for the first time, such as the key of a POST, `closing` such as the end of the
    poll that made them. What either raises undoes everything.
    """

    def work() -> int:
        opening()
        stored = deliver(samples)
        closing()
        return stored

    prepare(samples)
    return in_transaction(work)


def prepare(samples: Sequence[Sample]) -> None:
    """What is to be done, outside of a transaction, before these samples are delivered."""
    store().prepare(samples)


def deliver(samples: Sequence[Sample]) -> int:
    """Store the samples in the caller's transaction; how many were new."""
    return store().record(samples)
