"""The wake-ups."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from alarms import sending, tasks
from alarms.actions import memory
from alarms.models import Delivery
from telemetry_site.core import clock
from tests.alarms.owed import make_delivery

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_runs_actions() -> None:
    make_delivery()
    tasks.send_actions()
    assert sending.settle(30)
    assert len(memory.kept("test://kept")) == 1
    memory.forget()


@pytest.mark.parametrize(("kept", "left"), [(None, 1), (timedelta(days=1), 0)])
def test_it_keeps_history_for_ever_unless_told_otherwise(
    settings: LazySettings, kept: timedelta | None, left: int
) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "ALARM_HISTORY_TTL": kept}
    make_delivery(status=Delivery.ARRIVED, made_at=clock.now() - timedelta(days=2))
    tasks.expire_history()
    assert Delivery.objects.count() == left
