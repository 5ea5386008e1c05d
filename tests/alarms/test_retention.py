"""What is past its time to live goes."""

from datetime import timedelta

import pytest

from alarms import retention
from alarms.models import AlarmChange, Delivery, Silence
from tests.alarms.owed import make_delivery
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_change(number: int, days: int) -> None:
    AlarmChange.objects.create(
        event_id=str(number), alarm_id="a-1", type="creation", detail="{}", severity="low",
        timestamp=MOMENT - days * DAY,
    )  # fmt: skip


def make_silence(name: str, days: int) -> None:
    Silence.objects.create(
        silence_id=name, alarm_id="a-1", reason="r", made_at=MOMENT - 9 * DAY,
        ends_at=MOMENT - days * DAY,
    )  # fmt: skip


def test_it_takes_away_what_is_old_and_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "CHUNK", 2)
    for number, days in enumerate((1, 2, 3, 4, 5)):
        make_change(number, days)
    old = MOMENT - 5 * DAY
    waiting = make_delivery(made_at=old)
    fresh = make_delivery(status=Delivery.ARRIVED, made_at=MOMENT - DAY)
    for status in (Delivery.ARRIVED, Delivery.FAILED, Delivery.SILENCED):
        make_delivery(status=status, made_at=old)
    make_silence("over", 5)
    make_silence("in force", -5)
    assert retention.expire(MOMENT - 2 * DAY) == 3 + 3 + 1
    assert sorted(AlarmChange.objects.values_list("event_id", flat=True)) == ["0", "1"]
    assert list(Delivery.objects.order_by("pk")) == [waiting, fresh]
    assert Silence.objects.get().pk == "in force"
