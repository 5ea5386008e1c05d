"""What the shared ground forgets in time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import LazySettings

from telemetry_site.core import clock
from telemetry_site.core.messaging.models import Attempt, Receipt
from telemetry_site.core.tasks import forget_receipts

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _rows() -> None:
    now = clock.now()
    for days in (1, 2, 4, 5):
        Receipt.objects.create(message_id=uuid4(), received_at=now - days * DAY)
        Attempt.objects.create(digest=bytes([days] * 16), count=1, begun_at=now - days * DAY)


def test_receipts_and_attempts_go_after_three_days() -> None:
    forget_receipts()
    assert (Receipt.objects.count(), Attempt.objects.count()) == (2, 2)


def test_they_are_kept_for_ever_where_the_setting_says_so(settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "RECEIPT_TTL": None}
    forget_receipts()
    assert (Receipt.objects.count(), Attempt.objects.count()) == (4, 4)
