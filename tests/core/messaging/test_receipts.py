"""Each id is taken once, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from telemetry_site.core.messaging import receipts
from telemetry_site.core.messaging.models import Receipt
from telemetry_site.core.transactions import in_transaction

NOW = datetime(2026, 3, 4, tzinfo=UTC)
IDS = [UUID(int=number) for number in range(1, 6)]


@pytest.mark.django_db
def test_what_came_before_is_not_taken_again() -> None:
    assert receipts.take(IDS[:3], NOW) == set(IDS[:3])
    assert receipts.take([*IDS, IDS[4]], NOW) == set(IDS[3:])
    assert receipts.take([], NOW) == set()
    assert set(Receipt.objects.values_list("pk", flat=True)) == set(IDS)


@pytest.mark.django_db
def test_many_are_taken_at_once() -> None:
    many = [uuid4() for _ in range(2_500)]
    assert receipts.take(many, NOW) == set(many)
    assert receipts.take(many, NOW) == set()


@pytest.mark.django_db
def test_old_ones_are_forgotten() -> None:
    receipts.take(IDS[:2], NOW - timedelta(days=4))
    receipts.take(IDS[2:], NOW)
    assert receipts.expire(NOW - timedelta(days=3)) == 2
    assert set(Receipt.objects.values_list("pk", flat=True)) == set(IDS[2:])


@pytest.mark.django_db
def test_a_rollback_gives_them_back() -> None:
    with pytest.raises(ValueError), transaction.atomic():
        receipts.take(IDS, NOW)
        raise ValueError
    assert receipts.take(IDS, NOW) == set(IDS)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_takes_each() -> None:
    together = Barrier(4)

    def take(shift: int) -> list[UUID]:
        try:
            together.wait(10)
            order = IDS[shift:] + IDS[:shift]
            return sorted(in_transaction(lambda: receipts.take(order, NOW)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        found = [one for some in pool.map(take, range(4)) for one in some]
    assert sorted(found) == IDS
