"""Silences: which alarms they fit, who makes and sees and ends them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from alarms import silences
from alarms.models import Alarm, Silence
from telemetry_site.core.errors import (
    BadRequest,
    Forbidden,
    NotAuthorized,
    NotFound,
    TelemetryError,
)
from telemetry_site.core.identity.caller import ADMIN, Caller
from tests.factories import MOMENT
from tests.statements import sent

pytestmark = pytest.mark.django_db

MEMBER = Caller("u1", "p1", frozenset({"member"}))
STRANGER = Caller("u2", "p2", frozenset({"member"}))
HOUR = timedelta(hours=1)


class Subject(NamedTuple):
    """What is asked of an alarm."""

    alarm_id: str = "a-1"
    project_id: str | None = "p1"
    name: str = "cpu too hot"


def make_alarm(alarm_id: str = "a-1", project: str = "p1", name: str = "cpu too hot") -> None:
    Alarm.objects.create(
        alarm_id=alarm_id, project_id=project, name=name, type="event", rule="{}",
        timestamp=MOMENT, state_timestamp=MOMENT, evaluate_timestamp=MOMENT,
    )  # fmt: skip


def make_silence(caller: Caller = ADMIN, hours: float = 1, **named: str) -> Silence:
    return silences.create(caller, MOMENT, MOMENT + hours * HOUR, "maintenance", **named)


def fits(subject: Subject) -> bool:
    return bool(silences.matching([subject], MOMENT))


@pytest.mark.parametrize(
    ("pattern", "name", "fitting"),
    [
        ("cpu*", "cpu too hot", True),
        ("CPU*", "cpu too hot", False),
        ("*hot", "cpu too hot", True),
        ("cpu", "cpu too hot", False),
        ("vm-?[0-3]", "vm-12", True),
        ("vm-?[0-3]", "vm-14", False),
        ("*", "", True),
    ],
)
def test_it_fits_names_as_files_are_named(pattern: str, name: str, fitting: bool) -> None:
    make_silence(name_pattern=pattern)
    assert fits(Subject(name=name)) is fitting


def test_it_fits_where_all_that_is_set_does() -> None:
    make_alarm()
    make_silence(alarm_id="a-1", project_id="p1", name_pattern="cpu*")
    assert fits(Subject())
    assert not fits(Subject(alarm_id="a-2"))
    assert not fits(Subject(project_id="p2"))
    assert not fits(Subject(project_id=None))
    assert not fits(Subject(name="disk full"))


def test_it_is_confined_to_the_project_of_who_made_it() -> None:
    make_silence(MEMBER, name_pattern="*")
    assert fits(Subject())
    assert not fits(Subject(project_id="p2"))
    assert not fits(Subject(project_id=None))


def test_it_is_over_at_its_end() -> None:
    make_silence(name_pattern="*")
    assert silences.matching([Subject()], MOMENT + HOUR) == {}


def test_it_finds_those_of_many_alarms_in_one_question_the_last_to_end() -> None:
    make_alarm()
    short = make_silence(name_pattern="cpu*")
    named = make_silence(alarm_id="a-1", hours=2)
    alarms = [Subject(alarm_id=f"a-{number}") for number in range(500)] + [Subject("b", name="b")]
    with sent() as statements:
        found = silences.matching(alarms, MOMENT)
    assert len(statements) == 1
    assert found == {f"a-{number}": named if number == 1 else short for number in range(500)}


def test_it_is_made_with_all_that_is_known() -> None:
    make_alarm()
    made = silences.create(MEMBER, MOMENT, MOMENT + HOUR, " patching \n", alarm_id="a-1")
    row = Silence.objects.get()
    assert row == made
    assert (row.alarm_id, row.owner, row.made_by, row.made_at) == ("a-1", "p1", "u1", MOMENT)
    assert (row.reason, row.ends_at) == ("patching", MOMENT + HOUR)


BAD: list[tuple[type[TelemetryError], Caller, dict[str, Any]]] = [
    (BadRequest, ADMIN, {"ends_at": MOMENT}),
    (BadRequest, ADMIN, {"reason": " "}),
    (BadRequest, ADMIN, {"name_pattern": ""}),
    (NotAuthorized, MEMBER, {"project_id": "p2"}),
    (NotFound, MEMBER, {"alarm_id": "of another"}),
    (NotFound, ADMIN, {"alarm_id": "nowhere"}),
    (Forbidden, Caller("u", None), {}),
]


@pytest.mark.parametrize(("error", "caller", "changes"), BAD)
def test_it_is_not_made_otherwise(
    error: type[TelemetryError], caller: Caller, changes: dict[str, Any]
) -> None:
    make_alarm("of another", "p2")
    given = {"ends_at": MOMENT + HOUR, "reason": "r", "name_pattern": "*", **changes}
    with pytest.raises(error):
        silences.create(caller, MOMENT, **given)
    assert Silence.objects.count() == 0


def test_it_is_seen_by_those_whom_it_concerns() -> None:
    make_alarm()
    mine = make_silence(MEMBER, hours=1, name_pattern="mine")
    other = make_silence(STRANGER, hours=2, name_pattern="*")
    fitting = make_silence(ADMIN, hours=3, name_pattern="cpu*")
    distant = make_silence(ADMIN, hours=4, name_pattern="disk*")
    make_silence(ADMIN, hours=0.5, name_pattern="*")
    now = MOMENT + timedelta(minutes=45)
    assert silences.active(ADMIN, now) == [distant, fitting, other, mine]
    assert silences.active(MEMBER, now) == [fitting, mine]
    assert silences.active(STRANGER, now) == [other]


@pytest.mark.parametrize("made", [lambda: make_silence(STRANGER, name_pattern="*"),
                                  lambda: make_silence(ADMIN, name_pattern="*")])  # fmt: skip
def test_it_is_ended_by_its_owner_or_an_admin(made: Callable[[], Silence]) -> None:
    make_alarm()
    silence = made()
    with pytest.raises(NotFound):
        silences.end(silence.pk, MEMBER, MOMENT)
    assert fits(Subject(project_id="p2"))
    silences.end(silence.pk, ADMIN, MOMENT)
    assert not fits(Subject(project_id="p2"))


def test_what_is_over_keeps_its_end() -> None:
    silence = make_silence(MEMBER, name_pattern="*")
    silences.end(silence.pk, MEMBER, MOMENT + 2 * HOUR)
    assert Silence.objects.get().ends_at == MOMENT + HOUR
    with pytest.raises(NotFound):
        silences.end("nowhere", MEMBER, MOMENT)
