"""The bodies of requests about alarms that are no alarms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from rest_framework.request import Request

from alarms import attributes
from alarms.attributes import Attribute, integer, listed, one_of, text
from alarms.quotas import RESOURCE
from alarms.states import STATES, State
from telemetry_site.core.api.body import body_of, json_of
from telemetry_site.core.clock import utc
from telemetry_site.core.errors import BadRequest, InvalidInput

MOST = 2**31 - 1  # that the table can keep


def json_body(request: Request, argument: str = "data") -> Any:
    """What the body says. Raises BadRequest where there is none, or no JSON."""
    sent = body_of(request)
    if not sent or (said := json_of(sent)) is None:
        raise BadRequest(f'Missing argument: "{argument}"')
    return said


def state(request: Request) -> State:
    """A state, as a bare JSON string. Raises BadRequest."""
    said = json_body(request, "state")
    if said not in STATES:
        raise BadRequest("state invalid")
    return cast(State, said)


def _quota(name: str, value: Any) -> dict[str, Any]:
    return attributes.read(value, QUOTA, f"body.{name}")


def _moment(name: str, value: Any) -> datetime:
    try:
        return utc(text(name, value))
    except (ValueError, OverflowError) as error:
        raise InvalidInput(name, value, "invalid timestamp format") from error


QUOTA = (
    Attribute("resource", one_of(RESOURCE), mandatory=True),
    Attribute("limit", integer(-1, MOST), mandatory=True),
)
QUOTAS = (
    Attribute("project_id", text, mandatory=True),
    Attribute("quotas", listed(_quota), []),
)
SILENCE = (
    Attribute("alarm_id", text, ""),
    Attribute("project_id", text, ""),
    Attribute("name_pattern", text, ""),
    Attribute("ends_at", _moment, mandatory=True),
    Attribute("reason", text, mandatory=True),
)


def quotas(request: Request) -> tuple[str, list[int]]:
    """A project, and the limits it is given, of which the last counts. Raises BadRequest."""
    found = attributes.read(json_body(request, "body"), QUOTAS, "body")
    return found["project_id"], [one["limit"] for one in found["quotas"]]


def silence(request: Request) -> Mapping[str, Any]:
    """What is to be silenced, until when, and why. Raises BadRequest."""
    return attributes.read(json_body(request), SILENCE, "data")
