from datetime import UTC, datetime, timedelta

import pytest

from alarms import rows
from alarms.models import Alarm, AlarmChange
from alarms.rows import Standing
from tests.alarms.made import MADE, make_alarm
from tests.statements import sent

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
COLUMNS = (
    "event_id", "alarm_id", "type", "detail", "on_behalf_of", "timestamp", "severity", "state",
    "reason_data",
)  # fmt: skip


def test_it_inserts_rows_in_one_statement() -> None:
    given = [
        (f"e{number}", "a", "creation", '{"name": "ü \\"x\\""}', None, LATER, "low", "", "{}")
        for number in range(50)
    ]
    with sent() as statements:
        rows.insert(AlarmChange, COLUMNS, given)
    assert len(statements) == 1
    found = AlarmChange.objects.order_by("id").values_list(*COLUMNS)
    assert list(found) == given


def test_it_inserts_nothing_without_a_statement() -> None:
    with sent() as statements:
        rows.insert(AlarmChange, COLUMNS, [])
        assert rows.update([]) == set()
    assert statements == []


def test_it_writes_states_in_one_statement() -> None:
    made = [make_alarm(name=str(number)) for number in range(20)]
    with sent() as statements:
        kept = rows.update(
            [
                Standing(
                    one.pk, 0, "ok", f"it's {one.name}", LATER, "alarm", 2, "insufficient data"
                )
                for one in made
            ]
        )
    assert len(statements) == 1
    assert kept == {one.pk for one in made}
    alarm = Alarm.objects.get(pk=made[7].pk)
    assert (alarm.state, alarm.state_reason) == ("ok", "it's 7")
    assert alarm.state_timestamp == LATER
    assert (alarm.coming_state, alarm.coming_rounds, alarm.generation) == ("alarm", 2, 0)
    assert alarm.timestamp == MADE


@pytest.mark.parametrize(
    ("generation", "was"), [(1, "insufficient data"), (0, "ok")], ids=["changed", "other state"]
)
def test_it_leaves_alone_what_somebody_has_changed(generation: int, was: str) -> None:
    made = make_alarm()
    row = Standing(made.pk, generation, "alarm", "why", LATER + timedelta(1), "", 0, was)
    assert rows.update([row]) == set()
    assert Alarm.objects.get(pk=made.pk).state == "insufficient data"
