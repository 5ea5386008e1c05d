"""Who may do what: the table of actions, which a file of rules may take the place of."""

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from django.conf import settings

from telemetry_site.core.errors import Forbidden
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.identity.rules import Check, Facts, parse

# What a file of rules need not repeat: it is never everybody's for want of a rule.
ADMINS: Mapping[str, str] = {
    "telemetry:get_alarms:all_projects": "rule:context_is_admin",
    "telemetry:update_quotas": "rule:context_is_admin",
    "telemetry:delete_quotas": "rule:context_is_admin",
    "telemetry:get_metrics:all_projects": "rule:context_is_admin",
}
RULES: Mapping[str, str] = {
    "context_is_admin": "role:admin",
    "segregation": "rule:context_is_admin",
    "telemetry:get_samples": "",
    "telemetry:get_sample": "",
    "telemetry:query_sample": "",
    "telemetry:create_samples": "",
    "telemetry:compute_statistics": "",
    "telemetry:get_meters": "",
    "telemetry:get_resource": "",
    "telemetry:get_resources": "",
    "telemetry:create_events": "",
    "telemetry:events:index": "",
    "telemetry:events:show": "",
    "telemetry:get_alarm": "",
    "telemetry:get_alarms": "",
    "telemetry:query_alarm": "",
    "telemetry:create_alarm": "",
    "telemetry:change_alarm": "",
    "telemetry:delete_alarm": "",
    "telemetry:get_alarm_state": "",
    "telemetry:change_alarm_state": "",
    "telemetry:alarm_history": "",
    "telemetry:query_alarm_history": "",
    "telemetry:get_quotas": "",
    "telemetry:get_metrics": "",
    "telemetry:get_silences": "",
    "telemetry:create_silence": "",
    "telemetry:delete_silence": "",
    **ADMINS,
}


class Policy:
    """A set of rules by name."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        """Read the rules. Raises ValueError when one cannot be read."""
        self._rules: dict[str, Check] = {name: parse(text) for name, text in rules.items()}

    def allows(self, roles: Collection[str], action: str) -> bool:
        """Whether the action is allowed; one without any rule, `default` neither, is."""
        if action not in self._rules and "default" not in self._rules:
            return True
        return Facts(roles, self._rules).holds(action)

    def sees_all(self, roles: Collection[str]) -> bool:
        """Whether a caller with these roles is confined to no project."""
        name = "segregation" if "segregation" in self._rules else "context_is_admin"
        return Facts(roles, self._rules).holds(name)


@cache
def load(path: Path | None) -> Policy:
    """The policy in the file, or ours without one.

    Raises ValueError with a sentence when the file cannot be used.
    """
    if path is None:
        return Policy(RULES)
    rules = json.loads(path.read_text())
    if not isinstance(rules, dict) or not all(isinstance(rule, str) for rule in rules.values()):
        raise ValueError(f"{path} must hold one JSON object of texts")
    return Policy({**ADMINS, **rules})


def current() -> Policy:
    """The policy of this installation."""
    return load(settings.TELEMETRY["POLICY_FILE"])


def allows(caller: Caller, action: str) -> bool:
    """Whether the caller may do something such as telemetry:get_samples."""
    return current().allows(caller.roles, action)


def require(caller: Caller, action: str) -> None:
    """Let an action pass, or raise Forbidden."""
    if not allows(caller, action):
        raise Forbidden
