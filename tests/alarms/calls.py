"""Calls of actions with sensible values; keywords vary them."""

import json
from typing import Any

from django.conf import settings

from alarms.actions.action import ActionError, Call
from alarms.actions.webhook import Webhook
from telemetry_site.readers import networks
from tests.factories import MOMENT

BODY = {
    "alarm_id": "a-1",
    "alarm_name": "too hot",
    "severity": "critical",
    "previous": "ok",
    "current": "alarm",
    "reason": "Transition to alarm due to 1 samples outside threshold, most recent: 99.0",
    "reason_data": {"type": "threshold", "count": 1},
}


def make_call(action: str, attempt: int = 1, **told: Any) -> Call:
    """The first try of the delivery `d-1`, at noon of the first of March."""
    body = json.dumps({**BODY, **told}).encode()
    return Call("d-1", action, body, attempt, MOMENT)


def options(**given: Any) -> dict[str, Any]:
    """Settings of this installation; 127.0.0.1 may be called unless something else is said."""
    usual = {"ACTION_ALLOW": networks("127.0.0.1/32"), "ACTION_TIMEOUT": 5.0}
    return {**settings.TELEMETRY, **usual, **given}


def run(action: str, **given: Any) -> str:
    """What the action answers."""
    return Webhook(options(**given)).run(make_call(action))


def failure(action: str, **given: Any) -> ActionError:
    """What is wrong with an action that must fail."""
    try:
        answer = run(action, **given)
    except ActionError as error:
        return error
    raise AssertionError(answer)
