"""Names are deleted while nobody writes, and writers notice."""

from functools import partial

import pytest

from meters.models import Series, StoredSample
from meters.storage.forgetting import forget_series, forget_snapshots
from meters.storage.store import store
from tests.factories import make_sample
from tests.keeping import keep
from tests.stopping import Stoppable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.postgres
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_writer_at_any_statement_keeps_its_names(number: int) -> None:
    """It knows the series from before; with that deleted, its sample would belong to none."""
    keep([make_sample(metadata={"a": "1"})])
    StoredSample.objects.all().delete()
    sample = make_sample(2.0, metadata={"a": "1"})
    writer = Stoppable(partial(keep, [sample]), number)
    writer.start()
    forget_series()
    forget_snapshots(store().used_snapshots)
    writer.finish()
    stored = StoredSample.objects.select_related("series", "metadata").get()
    assert (stored.series.resource, stored.metadata.body) == ("vm-1", {"a": "1"})


def test_only_what_is_unused_goes() -> None:
    keep([make_sample(resource="a", metadata={"a": "1"}), make_sample(resource="b")])
    StoredSample.objects.filter(series__resource="a").delete()
    assert (forget_series(), forget_snapshots(store().used_snapshots)) == (1, 1)
    assert (forget_series(), forget_snapshots(store().used_snapshots)) == (0, 0)
    assert Series.objects.get().resource == "b"
