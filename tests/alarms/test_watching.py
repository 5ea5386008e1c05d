from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from alarms import watching
from alarms.models import Alarm, EventAlarms, Hit
from events.records import Event
from tests.alarms.made import make_event_alarm
from tests.events.made import make_event
from tests.statements import sent

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    watching.forget()


class Arrived(NamedTuple):
    event: Event

    @property
    def event_type(self) -> str:
        return self.event.event_type

    def read(self) -> Event:
        return self.event


class Unreadable(NamedTuple):
    event_type: str

    def read(self) -> Event:
        raise AssertionError("nobody waits for it")


def note(*events: Event) -> list[str]:
    """The alarms that are hit."""
    watching.note([Arrived(one) for one in events], NOW)
    return list(Hit.objects.order_by("id").values_list("alarm_id", flat=True))


def test_it_notes_what_an_alarm_waits_for() -> None:
    alarm = make_event_alarm("volume.create.*")
    make_event_alarm("volume.delete.*")
    assert note(make_event(), make_event(2, "image.create")) == [alarm.pk]


def test_it_notes_each_alarm_and_each_event() -> None:
    first = make_event_alarm("volume.create.end")
    second = make_event_alarm("*")
    found = note(make_event(1), make_event(2, "image.create"))
    assert sorted(found) == sorted([first.pk, second.pk, second.pk])


@pytest.mark.parametrize(
    ("project", "traits", "hit"),
    [
        ("p1", {}, True),
        ("p2", {}, False),
        ("p2", {"tenant_id": "p2"}, True),
        ("p1", {"tenant_id": "p2"}, False),
        (None, {"project_id": ""}, True),
        ("p1", {"project_id": ""}, False),
        (None, {}, False),
    ],
)
def test_an_event_is_for_alarms_of_its_project(
    project: str | None, traits: dict[str, Any], hit: bool
) -> None:
    make_event_alarm(project_id=project)
    assert bool(note(make_event(1, **traits))) is hit


def test_it_reads_no_event_that_nobody_waits_for() -> None:
    make_event_alarm("volume.*")
    assert watching.note([Unreadable("image.create")], NOW) == 0


def test_without_alarms_it_costs_one_statement() -> None:
    with sent() as statements:
        assert watching.note([Unreadable("image.create")] * 100, NOW) == 0
        watching.note([Unreadable("image.create")] * 100, NOW)
    assert len(statements) == 3  # the generation, and once the alarms


@pytest.mark.parametrize(
    ("state", "repeats", "hit"),
    [("ok", False, True), ("alarm", False, False), ("alarm", True, True)],
)
def test_what_has_fired_is_passed_over(state: str, repeats: bool, hit: bool) -> None:
    make_event_alarm(state=state, repeat_actions=repeats)
    assert bool(note(make_event())) is hit


def test_it_sees_a_change_at_once() -> None:
    assert note(make_event()) == []
    first = make_event_alarm()
    assert note(make_event()) == [first.pk]
    Alarm.objects.all().delete()
    EventAlarms.objects.update(generation=99)
    assert len(note(make_event())) == 1


def test_a_rule_that_fails_keeps_no_event_from_others(caplog: pytest.LogCaptureFixture) -> None:
    condition = {"field": "traits.size", "op": "no such", "value": "3", "type": "integer"}
    bad = make_event_alarm("*", [condition])
    good = make_event_alarm("*")
    assert note(make_event(size=1)) == [good.pk]
    assert bad.pk in caplog.text


def rows(count: int) -> Sequence[Arrived]:
    return [Arrived(make_event(number)) for number in range(count)]


def test_many_events_take_as_many_statements_as_one() -> None:
    make_event_alarm(repeat_actions=True)
    watching.watch()

    def statements(count: int) -> int:
        with sent() as found:
            assert watching.note(rows(count), NOW) == count
        return len(found)

    assert statements(1) == statements(200)
