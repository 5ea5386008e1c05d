"""Samples put straight into the store, past the pipelines."""

from collections.abc import Callable, Sequence

from meters.samples import Sample
from meters.storage.store import store
from telemetry_site.core.transactions import in_transaction


def keep(samples: Sequence[Sample], closing: Callable[[], None] = lambda: None) -> int:
    """Store them in a transaction of their own, that `closing` ends; how many were new."""

    def work() -> int:
        stored = store().record(samples)
        closing()
        return stored

    store().prepare(samples)
    return in_transaction(work)
