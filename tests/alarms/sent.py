"""Alarms as clients send them, and as they are stored."""

from typing import Any

from alarms import definition, services
from alarms.models import Alarm
from telemetry_site.core.identity.caller import Caller
from tests.factories import MOMENT

ADMIN = Caller("root", "admin", frozenset({"admin"}))
MEMBER = Caller("u1", "p1", frozenset({"member"}))
COLLEAGUE = Caller("u3", "p1", frozenset({"member"}))
STRANGER = Caller("u2", "p2", frozenset({"member"}))

THRESHOLD = {"meter_name": "cpu_util", "threshold": 80, "comparison_operator": "gt"}
EVENT = {"event_type": "compute.instance.*"}


def body(**named: Any) -> dict[str, Any]:
    """The threshold alarm `busy`, or one of the type whose rule is named; None leaves a key out."""
    rule = next((name for name in named if name.endswith("_rule")), "threshold_rule")
    said = {"name": "busy", "type": rule.removesuffix("_rule"), rule: THRESHOLD, **named}
    return {name: value for name, value in said.items() if value is not None}


def created(caller: Caller = MEMBER, **named: Any) -> Alarm:
    """A stored alarm; keywords as for `body`."""
    return services.create(definition.read(body(**named)), caller, MOMENT)
