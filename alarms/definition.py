"""The whole alarm as a client sends it, read in the words of the original's API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alarms import attributes
from alarms.actions.checking import check
from alarms.attributes import Attribute, anything, boolean, integer, listed, one_of, text
from alarms.constraints import cron, zone
from alarms.ownership import Owners
from alarms.rules.registry import REFUSED, RULES
from alarms.rules.rule import Rule
from alarms.states import NO_DATA, STATES, UNKNOWN, State
from telemetry_site.core.errors import BadRequest, InvalidInput

ACTIONS = ("ok_actions", "alarm_actions", "insufficient_data_actions")
SEVERITIES = ("low", "moderate", "critical")
MOST_ROUNDS = 10_000
# What a client that changes an alarm sends back with the rest.
READ_ONLY = ("alarm_id", "timestamp", "state_timestamp", "state_reason", "evaluate_timestamp")
SUFFIX = "_rule"


def _cron(name: str, value: Any) -> str:
    found = text(name, value)
    try:
        cron(found)
    except ValueError as error:
        raise InvalidInput(name, value, str(error)) from error
    return found


CONSTRAINT = (
    Attribute("name", text, mandatory=True),
    Attribute("description", text),
    Attribute("start", _cron, mandatory=True),
    Attribute("duration", integer(0), mandatory=True),
    Attribute("timezone", text, ""),
)


def _constraint(name: str, value: Any) -> dict[str, Any]:
    found = attributes.read(value, CONSTRAINT, f"data.{name}")
    try:
        zone(found["timezone"])
    except ValueError as error:
        raise BadRequest(f"Timezone {found['timezone']} is not valid") from error
    start, duration = found["start"], found["duration"]
    default = f"Time constraint at {start} lasting for {duration} seconds"
    return {**found, "description": found["description"] or default}


def _type(name: str, value: Any) -> str:
    found: str = one_of(*RULES, *REFUSED)(name, value)
    if found in REFUSED:
        raise BadRequest(REFUSED[found])
    return found


def _actions(name: str, value: Any) -> list[str]:
    """Without what stands there before."""
    return list(dict.fromkeys(listed(text)(name, value)))


ALARM = (
    Attribute("name", text, mandatory=True),
    Attribute("type", _type, mandatory=True),
    Attribute("description", text),
    Attribute("enabled", boolean, True),
    *(Attribute(name, _actions, []) for name in ACTIONS),
    Attribute("repeat_actions", boolean, False),
    Attribute("time_constraints", listed(_constraint), []),
    Attribute("user_id", text),
    Attribute("project_id", text),
    Attribute("state", one_of(*STATES), UNKNOWN),
    Attribute("severity", one_of(*SEVERITIES), SEVERITIES[0]),
    Attribute("no_data", one_of(*NO_DATA), UNKNOWN),
    Attribute("hold_rounds", integer(1, MOST_ROUNDS), 1),
    *(Attribute(name, anything) for name in READ_ONLY),
    *(Attribute(f"{type_}{SUFFIX}", anything) for type_ in (*RULES, *REFUSED)),
)


@dataclass(frozen=True, slots=True)
class Definition:
    """What an alarm is to be; of its owners what is said, None for the rest.

    A list of actions may be None: that is shown as it was sent.
    """

    name: str
    type: str
    rule: Rule
    description: str
    enabled: bool
    ok_actions: Sequence[str] | None
    alarm_actions: Sequence[str] | None
    insufficient_data_actions: Sequence[str] | None
    repeat_actions: bool
    time_constraints: Sequence[Mapping[str, Any]]
    state: State
    severity: str
    no_data: str
    hold_rounds: int
    owners: Owners

    def check_actions(self, most: int, *, is_admin: bool) -> None:
        """Refuse actions that cannot be run, or not for this caller, or too many for a state.

        Raises BadRequest, NotAuthorizedAction. Below one, `most` is any number.
        """
        for name in ACTIONS:
            actions = getattr(self, name) or ()
            if 0 < most < len(actions):
                raise BadRequest(f"{name} count exceeds maximum value {most}")
            for action in actions:
                check(action, is_admin)


def read(body: Any) -> Definition:
    """What the body of a POST or PUT says. Raises BadRequest and its kin."""
    if body is None:
        raise BadRequest('Missing argument: "data"')
    found = attributes.read(body, ALARM, "data")
    rule = _rule(found)
    _check_constraints(found["time_constraints"])
    lists = {name: None if _is_null(body, name) else found[name] for name in ACTIONS}
    said = {
        name: found[name]
        for name in Definition.__dataclass_fields__
        if name in found and name not in ACTIONS
    }
    return Definition(
        **{**said, **lists, "description": found["description"] or rule.description()},
        rule=rule,
        owners=Owners(found["user_id"], found["project_id"]),
    )


def _is_null(body: Mapping[str, Any], name: str) -> bool:
    return name in body and body[name] is None


def _rule(found: Mapping[str, Any]) -> Rule:
    """The rule of the alarm's type, and no other. Raises BadRequest and its kin."""
    type_ = found["type"]
    name = f"{type_}{SUFFIX}"
    given = found[name]
    if given is None:
        raise BadRequest(f"{name} must be set for {type_} type alarm")
    for other in (*RULES, *REFUSED):
        if other != type_ and found[f"{other}{SUFFIX}"]:
            raise BadRequest(f"{name} and {other}{SUFFIX} cannot be set at the same time")
    if not isinstance(given, Mapping):
        raise InvalidInput(name, given, "Value not a valid dict")
    return RULES.get(type_).read(given)


def _check_constraints(constraints: Sequence[Mapping[str, Any]]) -> None:
    names = [one["name"] for one in constraints]
    if len(set(names)) < len(names):
        raise BadRequest("Time constraint names must be unique for a given alarm.")
