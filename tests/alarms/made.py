"""Alarms with sensible values in the table; keywords vary them."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from alarms.models import Alarm, EventAlarms

MADE = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
THRESHOLD = {
    "meter_name": "cpu_util",
    "query": [],
    "period": 60,
    "evaluation_periods": 1,
    "comparison_operator": "gt",
    "threshold": 70.0,
    "statistic": "avg",
    "exclude_outliers": False,
}


def make_alarm(rule: Any = None, **named: Any) -> Alarm:
    """An alarm of project p1 that is made at 11:00: cpu_util above 70 for a minute."""
    values = {
        "alarm_id": str(uuid4()),
        "name": "cpu",
        "type": "threshold",
        "project_id": "p1",
        "user_id": "u1",
        "confined_to": named.get("project_id", "p1"),
        "timestamp": MADE,
        "state_timestamp": MADE,
        "evaluate_timestamp": MADE,
        "rule": json.dumps(THRESHOLD if rule is None else rule),
    }
    return Alarm.objects.create(**{**values, **named})


def make_threshold(**changes: Any) -> dict[str, Any]:
    """The usual rule with changes."""
    return {**THRESHOLD, **changes}


def make_event_alarm(event_type: str = "*", query: Any = (), **named: Any) -> Alarm:
    """An event alarm, known to whoever takes events in."""
    rule = {"event_type": event_type, "query": list(query)}
    made = make_alarm(rule, type="event", name=named.pop("name", "event"), **named)
    row, _ = EventAlarms.objects.get_or_create(pk=1)
    EventAlarms.objects.filter(pk=1).update(generation=row.generation + 1)
    return made
