"""The real python-aodhclient makes, shows, changes and deletes alarms."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aodhclient import exceptions
from django.conf import LazySettings
from pytest_django.live_server_helper import LiveServer

from alarms.models import Alarm, EvaluationCount
from tests import aodh
from tests.alarms.sent import THRESHOLD, body
from tests.aodh import Aodh, CommandFailed
from tests.ceilometer import Access

# What it imports warns of its own end.
pytestmark = pytest.mark.django_db(transaction=True)
METRIC = ("--threshold", "5", "--aggregation-method", "mean", "--granularity", "60")
OF_TYPES = {
    "threshold": ("-m", "cpu_util", "--threshold", "80", "--query", "resource_id=vm-1",
                  "--statistic", "max", "--period", "60", "--evaluation-periods", "3"),
    "event": ("--event-type", "compute.*", "--query", "traits.state=string::error"),
    "composite": ("--composite-rule", json.dumps({"or": [{"type": "threshold", **THRESHOLD}]})),
    "prometheus": ("--query", "up", "--threshold", "5"),
    "gnocchi_resources_threshold": (
        "--metric", "cpu_util", "--resource-id", "vm-1", "--resource-type", "instance", *METRIC,
    ),
    "gnocchi_aggregation_by_metrics_threshold": ("--metric", "a", "--metric", "b", *METRIC),
    "gnocchi_aggregation_by_resources_threshold": (
        "--metric", "cpu_util", "--resource-type", "instance", "--query", '{"=": {"id": "x"}}',
        *METRIC,
    ),
}  # fmt: skip


@pytest.fixture
def admin(access: Access) -> Aodh:
    """With a token of an admin."""
    return aodh.by_token(access.url, access.token)


@pytest.fixture
def noauth(live_server: LiveServer, settings: LazySettings) -> str:
    """The address of a server that believes identity headers."""
    settings.TELEMETRY = {**settings.TELEMETRY, "AUTH": "noauth"}
    return str(live_server.url)


@pytest.fixture
def member(noauth: str) -> Iterator[Aodh]:
    """A member of p1."""
    client = aodh.by_headers(noauth, "u1", "p1", "member")
    yield client
    aodh.hang_up(client.library)


def make(client: Aodh, type_: str = "threshold", *words: str) -> Any:
    """What `aodh alarm create` prints."""
    given = ("--name", "busy", "--type", type_, *OF_TYPES[type_], *words)
    return client.run("alarm", "create", *given)


@pytest.mark.parametrize("type_", OF_TYPES)
def test_the_program_makes_changes_and_deletes_alarms_of_each_type(noauth: str, type_: str) -> None:
    """A member, but for what only an admin may make."""
    role = "admin" if type_ == "prometheus" else "member"
    client = aodh.by_headers(noauth, "u1", "p1", role)
    made = make(client, type_)
    assert (made["name"], made["type"], made["project_id"]) == ("busy", type_, "p1")
    alarm_id = made["alarm_id"]
    assert client.run("alarm", "show", alarm_id) == made
    changed = client.run("alarm", "update", alarm_id, "--severity", "critical", "--enabled", "no")
    assert changed == {**made, "severity": "critical", "enabled": False,
                       "timestamp": changed["timestamp"]}  # fmt: skip
    assert client.run("alarm", "delete", alarm_id) is None
    assert not Alarm.objects.exists()
    with pytest.raises(CommandFailed, match=f"Alarm {alarm_id} not found"):
        client.run("alarm", "show", alarm_id)
    aodh.hang_up(client.library)


def test_a_member_makes_no_alarm_of_prometheus(member: Aodh) -> None:
    with pytest.raises(CommandFailed, match="only admins may make such an alarm"):
        make(member, "prometheus")


def test_the_program_sends_everything_an_alarm_may_have(member: Aodh) -> None:
    made = make(
        member, "threshold", "--description", "too much", "--state", "ok", "--severity",
        "moderate", "--enabled", "true", "--alarm-action", "http://a", "--alarm-action",
        "http://b", "--ok-action", "", "--insufficient-data-action", "http://c",
        "--repeat-actions", "True", "--time-constraint",
        "name=night;start='0 23 * * *';duration=60;timezone=Europe/Ljubljana",
    )  # fmt: skip
    assert made["alarm_actions"] == ["http://a", "http://b"]
    assert made["insufficient_data_actions"] == ["http://c"]
    assert (made["description"], made["state"]) == ("too much", "ok")
    assert (made["severity"], made["repeat_actions"]) == ("moderate", True)
    assert json.loads(made["time_constraints"]) == [
        {
            "name": "night",
            "description": "Time constraint at 0 23 * * * lasting for 60 seconds",
            "start": "0 23 * * *",
            "duration": 60,
            "timezone": "Europe/Ljubljana",
        }
    ]
    assert (made["meter_name"], made["threshold"], made["statistic"]) == ("cpu_util", 80.0, "max")
    assert made["query"] == "resource_id = vm-1 AND\nproject_id = p1"


def test_the_program_changes_rules_and_types(member: Aodh) -> None:
    alarm_id = make(member)["alarm_id"]
    changed = member.run("alarm", "update", alarm_id, "--threshold", "5")
    assert (changed["threshold"], changed["period"]) == (5.0, 60)
    changed = member.run("alarm", "update", alarm_id, "--type", "event", *OF_TYPES["event"])
    assert (changed["type"], changed["event_type"]) == ("event", "compute.*")
    assert "meter_name" not in changed


def test_the_program_shows_and_sets_states(member: Aodh) -> None:
    alarm_id = make(member)["alarm_id"]
    for state in ("ok", "alarm", "insufficient data"):
        assert member.run("alarm", "state", "set", alarm_id, "--state", state) == {"state": state}
        assert member.run("alarm", "state", "get", alarm_id) == {"state": state}


def test_the_program_finds_alarms_by_name(member: Aodh) -> None:
    made = make(member)
    assert member.run("alarm", "show", "busy") == member.run("alarm", "show", "--name", "busy")
    assert member.run("alarm", "state", "set", "busy", "--state", "ok") == {"state": "ok"}
    assert member.run("alarm", "state", "get", "--name", "busy") == {"state": "ok"}
    changed = member.run("alarm", "update", "busy", "--severity", "critical")
    assert (changed["alarm_id"], changed["state"]) == (made["alarm_id"], "ok")
    make(member)
    with pytest.raises(CommandFailed, match="Multiple alarms matches found for 'busy'"):
        member.run("alarm", "delete", "--name", "busy")
    with pytest.raises(CommandFailed, match="Alarm idle not found"):
        member.run("alarm", "delete", "idle")


def test_the_program_lists_alarms(noauth: str, member: Aodh) -> None:
    first, second = make(member)["alarm_id"], make(member, "event")["alarm_id"]
    stranger = aodh.by_headers(noauth, "u2", "p2", "member")
    admin = aodh.by_headers(noauth, "root", "admin", "admin")
    third = make(stranger)["alarm_id"]

    def listed(client: Aodh, *words: str) -> list[str]:
        return [row["alarm_id"] for row in client.run("alarm", "list", *words)]

    assert listed(member) == [second, first]
    assert listed(stranger) == [third]
    assert listed(admin) == listed(admin, "--filter", "all_projects=true") == [third, second, first]
    assert listed(member, "--filter", "type=event", "--filter", "enabled=True") == [second]
    assert listed(member, "--sort", "type:desc", "--limit", "1") == [first]
    assert listed(member, "--limit", "1", "--marker", second) == [first]
    assert listed(member, "--query", "type=event or name=nothing") == [second]
    with pytest.raises(CommandFailed, match="RBAC Authorization Failed"):
        listed(member, "--filter", "all_projects=true")


def test_the_program_shows_the_history(member: Aodh) -> None:
    alarm_id = make(member)["alarm_id"]
    member.run("alarm", "update", alarm_id, "--severity", "critical")
    member.run("alarm", "state", "set", alarm_id, "--state", "ok")
    member.run("alarm", "delete", alarm_id)
    whole = ["deletion", "state transition", "rule change", "creation"]

    def told(*words: str) -> list[str]:
        return [row["type"] for row in member.run("alarm-history", *words)]

    assert told("show", alarm_id) == told("search") == whole
    assert told("show", alarm_id, "--limit", "2", "--sort", "timestamp:asc") == whole[:1:-1]
    assert told("search", "--query", f"alarm_id={alarm_id} and type=creation") == ["creation"]
    last = member.run("alarm-history", "show", alarm_id)[0]["event_id"]
    assert told("show", alarm_id, "--marker", last) == whole[1:]


def test_the_program_speaks_with_a_token_with_headers_and_without(
    admin: Aodh, live_server: LiveServer, settings: LazySettings
) -> None:
    made = make(admin)
    assert (made["user_id"], made["project_id"], made["query"]) == (
        "root", "admin", "resource_id = vm-1",
    )  # fmt: skip
    with pytest.raises(CommandFailed, match="HTTP 401"):
        aodh.by_token(live_server.url, "wrong").run("alarm", "show", made["alarm_id"])
    settings.TELEMETRY = {**settings.TELEMETRY, "AUTH": "noauth"}
    nobody = aodh.unnamed(live_server.url)
    unowned = make(nobody)
    assert (unowned["user_id"], unowned["project_id"]) == (None, None)
    changed = nobody.run("alarm", "update", unowned["alarm_id"], "--severity", "critical")
    assert (changed["severity"], changed["project_id"]) == ("critical", None)


def test_the_program_shows_what_the_service_can_do(member: Aodh) -> None:
    found = member.run("capabilities", "list")
    assert found["alarm_storage"] == {"storage:production_ready": True}
    for name in ("simple", "complex"):
        assert found["api"][f"alarms:query:{name}"] is True
        assert found["api"][f"alarms:history:query:{name}"] is True


def test_the_program_shows_metrics(member: Aodh, settings: LazySettings) -> None:
    made = make(member)
    with pytest.raises(CommandFailed, match="metrics endpoint is disabled"):
        member.run("alarm", "metrics")
    settings.TELEMETRY = {**settings.TELEMETRY, "EVALUATION_METRICS": True}
    EvaluationCount.objects.create(alarm_id=made["alarm_id"], ok=3, in_alarm=2, insufficient_data=1)
    assert [row["value"] for row in member.run("alarm", "metrics")] == [3, 2, 1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--alarm-action", "ftp://a"), "Unsupported action ftp://a (HTTP 400)"),
        (("--alarm-action", "log://"), "not authorized to create action: log:// (HTTP 401)"),
        (("--query", "colour=red"), 'Unknown argument: "colour"'),
    ],
)
def test_the_program_prints_our_refusals(member: Aodh, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandFailed) as caught:
        make(member, "threshold", *words)
    assert said in str(caught.value)


def test_the_library_makes_changes_and_deletes_alarms(member: Aodh) -> None:
    alarms = member.library.alarm
    made = alarms.create(body(alarm_actions=["http://a"]))
    assert alarms.get(made["alarm_id"]) == made
    assert alarms.list() == [made]
    changed = alarms.update(made["alarm_id"], {"threshold_rule": {"threshold": 5}, "name": "less"})
    assert (changed["name"], changed["threshold_rule"]["threshold"]) == ("less", 5.0)
    assert changed["alarm_actions"] == ["http://a"]
    assert alarms.set_state(made["alarm_id"], "alarm") == "alarm"
    assert alarms.get_state(made["alarm_id"]) == "alarm"
    alarms.delete(made["alarm_id"])
    with pytest.raises(exceptions.NotFound, match=f"Alarm {made['alarm_id']} not found"):
        alarms.get(made["alarm_id"])
    assert not Alarm.objects.exists()


def test_heat_suspends_and_resumes_an_alarm(member: Aodh) -> None:
    """By the whole alarm, with `enabled` changed."""
    alarms = member.library.alarm
    made = alarms.create(body(alarm_actions=["http://h/v1/signal/a?Signature=b%2Fc&d=e"]))
    for enabled in (False, True):
        changed = alarms.update(made["alarm_id"], {"enabled": enabled})
        assert changed == {**made, "enabled": enabled, "timestamp": changed["timestamp"]}


def test_the_library_shows_and_sets_quotas(noauth: str, member: Aodh) -> None:
    admin = aodh.by_headers(noauth, "root", "admin", "admin")
    limit = {"resource": "alarms", "limit": 1}
    assert member.library.quota.list() == {
        "project_id": "p1", "quotas": [{"resource": "alarms", "limit": -1}],
    }  # fmt: skip
    set_ = admin.library.quota.create("p1", [limit])
    assert set_ == admin.library.quota.list("p1") == {"project_id": "p1", "quotas": [limit]}
    member.library.alarm.create(body())
    with pytest.raises(exceptions.Forbidden, match="Alarm quota exceeded for user u1 on project"):
        member.library.alarm.create(body())
    with pytest.raises(exceptions.Forbidden, match="RBAC Authorization Failed"):
        member.library.quota.create("p1", [])
    aodh.hang_up(admin.library)


def test_the_library_reads_every_refusal(member: Aodh) -> None:
    """It would fall over one that is a plain string."""
    alarms = member.library.alarm
    with pytest.raises(exceptions.NotFound, match="could not be found"):
        alarms.get("x/nothing/here")
    with pytest.raises(exceptions.BadRequest, match="Mandatory field missing"):
        alarms.create({"type": "threshold", "threshold_rule": {}})
    with pytest.raises(exceptions.Unauthorized, match="Not Authorized to access user u9"):
        alarms.create(body(user_id="u9"))
