"""Deliveries with sensible values, as the change of an alarm leaves them."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from alarms.models import Delivery
from tests.alarms.calls import BODY
from tests.factories import MOMENT


def make_delivery(
    action: str = "test://kept", made_at: datetime = MOMENT, alarm_id: str = "a-1", **named: Any
) -> Delivery:
    """One of the alarm `too hot`, due at once."""
    values = {
        "delivery_id": str(uuid4()),
        "alarm_name": "too hot",
        "project_id": "p1",
        "body": json.dumps({**BODY, "alarm_id": alarm_id}),
        "next_try": made_at,
    }
    return Delivery.objects.create(
        alarm_id=alarm_id, action=action, made_at=made_at, **{**values, **named}
    )


def reread(row: Delivery) -> Delivery:
    """The row as it stands now."""
    return Delivery.objects.get(pk=row.pk)
