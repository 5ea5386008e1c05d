"""The real python-ceilometerclient makes, shows, changes and deletes alarms."""

from typing import Any

import pytest
from ceilometerclient import exc
from ceilometerclient.apiclient import exceptions

from alarms.models import Alarm
from tests.alarms.sent import THRESHOLD
from tests.ceilometer import Access, pairs, table

# It announces its own end at every start, and that of its alarms again.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:ceilometerclient is now deprecated"),
    pytest.mark.filterwarnings("ignore:Alarm commands are deprecated"),
    pytest.mark.filterwarnings("ignore:alarm without type set is deprecated"),
]
METRIC = ("--threshold", "5", "--aggregation-method", "mean", "--granularity", "60")
OF_TYPES = {
    "threshold": ("-m", "cpu_util", "--threshold", "80", "-q", "resource_id=vm-1"),
    "event": ("--event-type", "compute.*", "-q", "traits.state=string::error"),
    "gnocchi-resources-threshold": (
        "-m", "cpu_util", "--resource-id", "vm-1", "--resource-type", "instance", *METRIC,
    ),
    "gnocchi-aggregation-by-metrics-threshold": ("-m", "a", "-m", "b", *METRIC),
    "gnocchi-aggregation-by-resources-threshold": (
        "-m", "cpu_util", "--resource-type", "instance", "--query", '{"=": {"id": "x"}}', *METRIC,
    ),
}  # fmt: skip


def make(access: Access, kind: str = "threshold", *words: str) -> dict[str, str]:
    """What a command that makes an alarm prints."""
    given = ("--name", "busy", *OF_TYPES[kind], *words)
    return pairs(access.run(f"alarm-{kind}-create", *given))


@pytest.mark.parametrize("kind", OF_TYPES)
def test_the_program_makes_changes_and_deletes_alarms_of_each_type(
    access: Access, kind: str
) -> None:
    made = make(access, kind, "--severity", "critical")
    assert (made["name"], made["type"]) == ("busy", kind.replace("-", "_"))
    alarm_id = made["alarm_id"]
    assert pairs(access.run("alarm-show", alarm_id)) == made
    changed = pairs(access.run(f"alarm-{kind}-update", alarm_id, "--enabled", "False"))
    assert changed == {**made, "enabled": "False"}
    access.run("alarm-delete", alarm_id)
    assert not Alarm.objects.exists()


def test_the_program_prints_a_rule_in_its_own_words(access: Access) -> None:
    made = make(access, "threshold", "--comparison-operator", "gt")
    assert made["threshold"] == "80.0"
    assert made["query"] == "resource_id == vm-1"
    assert made["description"] == "Alarm when cpu_util is gt a avg of 80.0 over 60 seconds"
    assert (made["period"], made["statistic"]) == ("60", "avg")


def test_the_program_combines_alarms(access: Access) -> None:
    one, two = make(access)["alarm_id"], make(access)["alarm_id"]
    words = ("--name", "both", "--alarm_ids", one, "--alarm_ids", two)
    made = pairs(access.run("alarm-combination-create", *words))
    assert (made["type"], made["operator"]) == ("combination", "and")
    changed = access.run("alarm-combination-update", made["alarm_id"], "--operator", "or")
    assert pairs(changed)["operator"] == "or"


def test_the_program_speaks_the_older_commands(access: Access) -> None:
    metadata = ("--matching-metadata", "metadata.metering.stack=s1")
    words = ("--name", "busy", "-m", "cpu_util", "--threshold", "80", *metadata)
    made = pairs(access.run("alarm-create", *words))
    assert "metadata.metering.stack == s1" in made["query"]
    changed = access.run("alarm-update", made["alarm_id"], "--threshold", "5", "--period", "120")
    assert (pairs(changed)["threshold"], pairs(changed)["period"]) == ("5.0", "120")


def test_the_program_shows_and_sets_states(access: Access) -> None:
    alarm_id = make(access)["alarm_id"]
    assert pairs(access.run("alarm-state-set", alarm_id, "--state", "alarm")) == {"state": "alarm"}
    assert pairs(access.run("alarm-state-get", alarm_id)) == {"state": "alarm"}


def test_the_program_keeps_time_constraints_apart_by_name(access: Access) -> None:
    night = "name=night;start='0 23 * * *';duration=60"
    made = make(access, "threshold", "--time-constraint", night)
    noon = "name=noon;start='0 12 * * *';duration=30;timezone=Europe/Ljubljana"
    changed = access.run("alarm-threshold-update", made["alarm_id"], "--time-constraint", noon)
    assert "name: night" in changed
    assert "timezone: Europe/Ljubljana}" in changed
    words = ("--remove-time-constraint", "night")
    left = access.run("alarm-threshold-update", made["alarm_id"], *words)
    assert "night" not in left
    assert "noon" in left


def test_the_program_lists_alarms(access: Access) -> None:
    first, second = make(access)["alarm_id"], make(access, "event")["alarm_id"]

    def listed(*words: str) -> list[str]:
        return [row[0] for row in table(access.run(*words)) if row[0]]

    assert sorted(listed("alarm-list")) == sorted((first, second))  # it sorts by ids
    assert listed("alarm-list", "-q", "meter=cpu_util;enabled=True") == [first]
    assert listed("alarm-list", "-q", "type=event") == [second]
    assert listed("query-alarms", "-f", '{"=": {"type": "threshold"}}') == [first]
    words = ("query-alarms", "-o", '[{"type": "desc"}]', "-l", "1")
    assert listed(*words) == [first]


def test_the_program_shows_the_history(access: Access) -> None:
    alarm_id = make(access)["alarm_id"]
    access.run("alarm-threshold-update", alarm_id, "--threshold", "5", "--name", "less")
    access.run("alarm-state-set", alarm_id, "--state", "ok")
    access.run("alarm-delete", alarm_id)
    whole = ["deletion", "state transition", "rule change", "creation"]

    def told(*words: str) -> list[str]:
        found = [cell for row in table(access.run(*words)) for cell in row]
        return [cell for cell in found if cell in whole]

    assert told("alarm-history", alarm_id) == told("query-alarm-history") == whole
    assert told("alarm-history", alarm_id, "-q", "type=creation") == ["creation"]
    condition = f'{{"=": {{"alarm_id": "{alarm_id}"}}}}'
    assert told("query-alarm-history", "-f", condition, "-l", "3") == whole[:3]
    printed = access.run("alarm-history", alarm_id)
    for line in ("name: busy", "rule: avg(cpu_util) == 5.0 during 1 x 60s", "state: ok"):
        assert line in printed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("alarm-show nope", "Alarm not found: nope"),
        ("alarm-delete nope", "Alarm nope not found (HTTP 404)"),
        ("alarm-state-get nope", "Alarm nope not found (HTTP 404)"),
        ("alarm-threshold-create --name a -m m --threshold 1 --alarm-action ftp://a",
         "Unsupported action ftp://a"),
        ("alarm-threshold-create --name a -m m --threshold 1 -q colour=red",
         'Unknown argument: "colour"'),
    ],
)  # fmt: skip
def test_the_program_prints_our_refusals(
    access: Access, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    with pytest.raises(SystemExit):
        access.run(*words.split())
    assert said in capsys.readouterr().err


def test_the_library_makes_changes_and_deletes_alarms(access: Access) -> None:
    alarms: Any = access.library().alarms
    made = alarms.create(name="busy", type="threshold", threshold_rule=THRESHOLD)
    assert (made.rule["threshold"], made.state) == (80.0, "insufficient data")
    assert alarms.get(made.alarm_id).name == "busy"
    assert [one.alarm_id for one in alarms.list()] == [made.alarm_id]
    changed = alarms.update(made.alarm_id, threshold_rule={"threshold": 5}, name="less")
    assert (changed.name, changed.rule["threshold"], changed.rule["meter_name"]) == (
        "less", 5.0, "cpu_util",
    )  # fmt: skip
    assert alarms.set_state(made.alarm_id, "ok") == "ok"
    assert alarms.get_state(made.alarm_id) == "ok"
    alarms.delete(made.alarm_id)
    assert alarms.get(made.alarm_id) is None


def test_the_library_reads_our_refusals(access: Access) -> None:
    alarms = access.library().alarms
    with pytest.raises((exc.HTTPBadRequest, exceptions.BadRequest), match="Mandatory"):
        alarms.create(name="busy", type="threshold", threshold_rule={"threshold": 1})


def test_the_library_shows_what_the_service_can_do(access: Access) -> None:
    found = access.library().capabilities.get().to_dict()
    assert found["api"]["alarms:history:query:complex"] is True
    assert found["alarm_storage"] == {"storage:production_ready": True}
