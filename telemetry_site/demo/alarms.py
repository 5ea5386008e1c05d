"""The alarms of the demo cloud, with the history that the last day would have made."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec

from alarms import definition, rows, services, silences
from alarms.models import Alarm, AlarmChange
from alarms.preview import Move, preview
from telemetry_site.core.identity.caller import ADMIN

SHOP, ANALYTICS = "webshop", "analytics"
TRANSITION = "state transition"
CHANGE = (
    "event_id", "alarm_id", "type", "detail", "on_behalf_of", "timestamp", "severity", "state",
    "reason_data",
)  # fmt: skip


def _threshold(project: str, name: str, meter: str, above: float, **more: Any) -> dict[str, Any]:
    """Above a threshold for ten minutes."""
    rule = {
        "meter_name": meter, "comparison_operator": "gt", "threshold": above, "period": 600,
        "statistic": "avg", **more.pop("rule", {}),
    }  # fmt: skip
    return {
        "name": name, "type": "threshold", "threshold_rule": rule, "project_id": project, **more,
    }  # fmt: skip


BUSY = _threshold(
    SHOP, "shop: too busy", "cpu_util", 35, description="Time for another web server.",
    severity="moderate", rule={"evaluation_periods": 2},
)  # fmt: skip
FULL = _threshold(
    SHOP, "shop: memory nearly full", "memory.usage", 3_000, severity="critical", hold_rounds=3
)
NIGHTLY = _threshold(
    ANALYTICS, "nightly jobs run late", "cpu_util", 30,
    time_constraints=[{"name": "morning", "start": "0 7 * * *", "duration": 14_400}],
)  # fmt: skip
GONE = {
    "name": "an instance is deleted", "type": "event", "project_id": SHOP, "severity": "moderate",
    "event_rule": {"event_type": "compute.instance.delete.end"},
}  # fmt: skip
SILENCED = _threshold(ANALYTICS, "archive: disks", "disk.write.bytes.rate", 1e6)
SILENCE = ("The disks are replaced this week.", timedelta(days=4))


def make(now: datetime) -> int:
    """Make those that are not there yet; how many."""
    made = [*_made((BUSY, FULL, NIGHTLY, GONE, SILENCED), now)]
    both = {"operator": "and", "alarm_ids": [one.alarm_id for one in made[:2]]}
    if len(both["alarm_ids"]) == 2:
        body = {
            "name": "shop: busy and nearly full", "type": "combination", "project_id": SHOP,
            "combination_rule": both, "severity": "critical",
        }  # fmt: skip
        made += _made((body,), now)
    for alarm in made:
        if alarm.name == SILENCED["name"]:
            why, long = SILENCE
            silences.create(ADMIN, now, now + long, why, alarm_id=alarm.alarm_id)
    return len(made)


def _made(bodies: tuple[Mapping[str, Any], ...], now: datetime) -> Iterator[Alarm]:
    for body in bodies:
        if Alarm.objects.filter(name=body["name"], project_id=body["project_id"]).exists():
            continue
        read = definition.read(body)
        before = preview(read, ADMIN, now)
        alarm = services.create(read, ADMIN, before.start - timedelta(seconds=before.interval))
        _remember(alarm, before.moves)
        yield alarm


def _remember(alarm: Alarm, moves: list[Move]) -> None:
    """Leave the history that it would have, and the state it would be in."""
    lines = []
    for one in moves:
        detail = {"state": one.current, "transition_reason": one.reason}
        lines.append(
            (
                str(uuid4()), alarm.alarm_id, TRANSITION, msgspec.json.encode(detail).decode(),
                alarm.project_id, one.timestamp, alarm.severity, one.current, "",
            )
        )  # fmt: skip
    rows.insert(AlarmChange, CHANGE, lines)
    if moves:
        last = moves[-1]
        Alarm.objects.filter(pk=alarm.pk).update(
            state=last.current, state_reason=last.reason, state_timestamp=last.timestamp
        )
