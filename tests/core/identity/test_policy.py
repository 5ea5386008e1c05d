"""Which actions are allowed, and who is confined."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings

from telemetry_site.core.errors import Forbidden
from telemetry_site.core.identity.caller import Caller
from telemetry_site.core.identity.policy import ADMINS, RULES, Policy, load, require

GET = "telemetry:get_samples"


@pytest.mark.parametrize(
    "action", [name for name in RULES if name.startswith("telemetry:") and name not in ADMINS]
)
def test_it_allows_everybody_every_action_of_ours(action: str) -> None:
    assert Policy(RULES).allows([], action)


@pytest.mark.parametrize("action", ADMINS)
@pytest.mark.parametrize("rules", ["", "{}", '{"context_is_admin": "role:boss"}'])
def test_it_keeps_for_admins_what_is_theirs(action: str, rules: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(rules)
    policy = load(path if rules else None)
    assert not policy.allows(["member"], action)
    assert policy.allows(["boss"], action) is ("boss" in rules)


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ({}, True),
        ({"other": "!"}, True),
        ({"default": "!"}, False),
        ({"default": "!", GET: ""}, True),
        ({"default": "", GET: "role:auditor"}, False),
    ],
)
def test_it_looks_for_the_action_then_for_the_default(rules: dict[str, str], allowed: bool) -> None:
    assert Policy(rules).allows(["member"], GET) is allowed


@pytest.mark.parametrize(
    ("rules", "roles", "sees_all"),
    [
        (RULES, ["ADMIN"], True),
        (RULES, ["foo", " admin"], False),
        ({"context_is_admin": "role:boss"}, ["boss"], True),
        ({"context_is_admin": "role:boss", "segregation": "role:admin"}, ["boss"], False),
        ({"default": "!"}, ["admin"], False),
        ({}, ["admin"], False),
    ],
)
def test_it_says_who_is_confined(rules: dict[str, str], roles: list[str], sees_all: bool) -> None:
    assert Policy(rules).sees_all(roles) is sees_all


def test_it_reads_a_file(tmp_path: Path, settings: LazySettings) -> None:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"default": "!", "telemetry:create_samples": ""}))
    settings.TELEMETRY = {**settings.TELEMETRY, "POLICY_FILE": path}
    caller = Caller(user=None, project=None)
    require(caller, "telemetry:create_samples")
    with pytest.raises(Forbidden, match="RBAC Authorization Failed"):
        require(caller, GET)


@pytest.mark.parametrize("text", ["junk", "[]", '{"a": 5}', '{"a": "what"}'])
def test_it_refuses_a_file_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "policy.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"."):
        load(path)
