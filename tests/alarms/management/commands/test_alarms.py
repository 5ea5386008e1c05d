import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError

from alarms.models import Alarm, AlarmChange, Silence
from tests.alarms.made import make_alarm
from tests.alarms.owed import make_delivery
from tests.commands import give_input, objects, printed, rows

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def alarms(*words: str) -> str:
    return printed("alarms", *words)


def refused(*words: str) -> str:
    with pytest.raises(CommandError) as error:
        alarms(*words)
    return str(error.value)


def test_it_makes_an_alarm_by_options() -> None:
    made = alarms(
        "create", "--name", "busy", "--meter", "cpu_util", "--at-least", "70", "--period", "120",
        "--periods", "3", "--statistic", "max", "-q", "resource_id=vm-1;metadata.size=integer::5",
        "--alarm-action", "http://a.example/", "--alarm-action", "https://b.example/", "--repeat",
        "--no-data", "keep", "--hold-rounds", "2", "--severity", "critical", "--enabled", "false",
        "--project", "p1",
    ).strip()  # fmt: skip
    alarm = Alarm.objects.get(pk=made)
    assert json.loads(alarm.rule) == {
        "meter_name": "cpu_util",
        "query": [
            {"field": "resource_id", "op": "eq", "value": "vm-1"},
            {"field": "metadata.size", "op": "eq", "value": "5", "type": "integer"},
            {"field": "project_id", "op": "eq", "value": "p1"},
        ],
        "period": 120,
        "evaluation_periods": 3,
        "comparison_operator": "ge",
        "threshold": 70.0,
        "statistic": "max",
        "exclude_outliers": False,
    }
    assert alarm.alarm_actions == ["http://a.example/", "https://b.example/"]
    assert (alarm.repeat_actions, alarm.enabled, alarm.no_data) == (True, False, "keep")
    assert (alarm.hold_rounds, alarm.severity) == (2, "critical")
    assert (alarm.project_id, alarm.confined_to) == ("p1", "p1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "alarm.yaml"
    path.write_text(
        "name: from a file\ntype: event\nevent_rule: {event_type: 'volume.*'}\nseverity: low\n"
    )
    return path


def test_it_makes_one_of_a_file_and_options(file: Path) -> None:
    made = alarms("create", "--file", str(file), "--severity", "moderate").strip()
    alarm = Alarm.objects.get(pk=made)
    assert (alarm.name, alarm.type, alarm.severity) == ("from a file", "event", "moderate")
    assert alarm.project_id is None


def test_it_makes_one_of_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    give_input(monkeypatch, '{"name": "x", "type": "event", "event_rule": {}}')
    made = alarms("create", "--file", "-").strip()
    assert Alarm.objects.get(pk=made).name == "x"


def test_it_lists_them() -> None:
    first, second = make_alarm(name="one", state="ok"), make_alarm(name="two", project_id="p2")
    listed = [one["alarm_id"] for one in objects("alarms", "list")]
    assert listed == sorted([first.pk, second.pk], reverse=True)  # both were made at once
    assert [one["name"] for one in objects("alarms", "list", "--state", "ok")] == ["one"]
    assert [one["name"] for one in objects("alarms", "list", "--project", "p2")] == ["two"]
    assert [one["name"] for one in objects("alarms", "list", "--name", "ON")] == ["one"]
    assert objects("alarms", "list", "--disabled") == []


def test_it_shows_one_by_its_name_or_id() -> None:
    made = make_alarm(name="busy")
    for word in ("busy", made.pk):
        found = dict(rows("alarms", "show", word)[1:])
        assert found["rule in words"] == "The average of cpu_util is above 70 over 1 minute."
        assert json.loads(found["threshold_rule"])["threshold"] == 70.0


def test_it_needs_one_alarm_of_a_name() -> None:
    make_alarm(name="busy")
    make_alarm(name="busy")
    assert refused("show", "busy") == "Several alarms are called busy: name one by its id"
    assert refused("show", "idle") == "Alarm idle not found"


def test_a_project_sees_its_own() -> None:
    make_alarm(name="busy")
    assert "not found" in refused("show", "busy", "--project", "p2")
    assert "not found" in refused("delete", "busy", "--project", "p2")
    assert "not found" in refused("update", "busy", "--above", "5", "--project", "p2")
    assert "not found" in refused("set-state", "busy", "ok", "--project", "p2")
    assert "not found" in refused(
        "silence", "busy", "--for", "1 hour", "--reason", "x", "--project", "p2"
    )
    assert objects("alarms", "history", "--project", "p2") == []


def test_it_changes_what_is_said() -> None:
    made = make_alarm(name="busy", alarm_actions=["http://a.example/"], state="ok")
    alarms("update", "busy", "--above", "95", "--ok-action", "log://", "--severity", "critical")
    made.refresh_from_db()
    assert json.loads(made.rule)["threshold"] == 95.0
    assert made.alarm_actions == ["http://a.example/"]
    assert (made.ok_actions, made.severity, made.state) == (["log://"], "critical", "ok")
    alarms("update", "busy", "--alarm-action", "")
    made.refresh_from_db()
    assert made.alarm_actions == []


def test_it_deletes_and_keeps_the_history() -> None:
    made = make_alarm(name="busy")
    alarms("delete", "busy")
    assert not Alarm.objects.exists()
    (line,) = objects("alarms", "history", made.pk)
    assert (line["type"], line["what"]) == ("deletion", "busy (threshold)")


def test_it_sets_a_state() -> None:
    made = make_alarm(name="busy")
    alarms("set-state", "busy", "alarm")
    made.refresh_from_db()
    assert (made.state, made.state_reason) == ("alarm", "Manually set via API")


def test_the_history_says_what_became_of_actions() -> None:
    made = make_alarm(name="busy")
    AlarmChange.objects.create(
        event_id="e1", alarm_id=made.pk, type="state transition", state="alarm", severity="low",
        detail='{"state": "alarm", "transition_reason": "it is hot"}', timestamp=NOON,
    )  # fmt: skip
    make_delivery(
        alarm_id=made.pk, change="e1", action="http://u:secret@a.example/x?token=1",
        status="failed", answer="it answered 404",
    )  # fmt: skip
    (line,) = objects("alarms", "history", "busy")
    assert line["what"] == "alarm: it is hot"
    assert line["actions"].endswith("failed it answered 404")
    assert "secret" not in line["actions"]
    assert "token" not in line["actions"]


def test_it_silences_and_ends_that() -> None:
    make_alarm(name="web-1")
    with time_machine.travel(NOON, tick=False):
        made = alarms(
            "silence", "--names", "web-*", "--for", "2 hours", "--reason", "repairs"
        ).strip()
        (found,) = objects("alarms", "list")
        assert found["silenced"] == "until 2026-03-01T14:00:00: repairs"
        assert rows("alarms", "silences")[1][:2] == [made, "2026-03-01T14:00:00"]
        assert dict(rows("alarms", "show", "web-1")[1:])["silenced"].endswith("repairs")
        alarms("unsilence", made)
        assert objects("alarms", "silences") == []
    assert Silence.objects.get().reason == "repairs"


@pytest.mark.parametrize("length", ["2", "soon", "0 hours", "-1 hours", "2 years"])
def test_it_says_how_a_length_of_time_is_written(length: str) -> None:
    said = refused("silence", "--names", "x", f"--for={length}", "--reason", "x")
    assert said == f"{length} is no length of time: write it as '30 minutes' or '2 hours'"


def test_it_shows_what_would_have_been() -> None:
    out = alarms("preview", "--name", "x", "--meter", "cpu_util", "--above", "70")
    assert out.splitlines()[-1] == "insufficient data: 1 day, 0:00:00, actions 0 times"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--meter", "x"], "threshold. Value: 'None'. Mandatory field missing."),
        (["--above", "1", "--below", "2"], "An alarm has one threshold: --above or --below"),
        (["--file", "/nowhere"], "/nowhere cannot be read: "),
        (["--meter", "x", "--above", "1", "-q", "a"], "'a' is no condition"),
        (["--type"], ""),
    ],
)
def test_it_says_what_is_wrong(words: list[str], says: str) -> None:
    assert says in refused("create", "--name", "x", *words)


def test_a_file_must_hold_one_alarm(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text("[]")
    assert "holds no alarm" in refused("create", "--file", str(path))
    path.write_text("a: [")
    assert "cannot be read" in refused("create", "--file", str(path))


def test_what_it_makes_is_known_to_the_api(api: Any) -> None:
    made = alarms("create", "--name", "busy", "--meter", "cpu_util", "--above", "70").strip()
    assert api.get(f"/v2/alarms/{made}")["threshold_rule"]["threshold"] == 70.0
