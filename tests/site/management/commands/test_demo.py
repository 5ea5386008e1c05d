"""manage.py demo, as it is typed."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError

from events.models import StoredEvent
from meters.pipelines import publish
from tests.commands import objects, printed
from tests.factories import make_sample

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = ("--days", "1", "--interval", "7200")


def numbers(said: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", said)]


def test_it_fills_a_store_with_a_cloud_that_ends_now() -> None:
    with time_machine.travel(NOON, tick=False):
        stored, sent, events, told, alarms = numbers(printed("demo", *DAY))
    assert (stored, events, alarms) == (sent, told, 6)
    # 36 to 40 instances with 14 meters and 33 other things, at 12 steps of two hours.
    assert 12 * (33 + 14 * 30) < stored < 12 * (33 + 14 * 45)
    assert [row["timestamp"] for row in objects("samples", "-l", "1")] == ["2026-03-04T12:00:00"]
    assert StoredEvent.objects.count() == events
    # At midnight the 22 that stay exist, and those of the 18 other places that are taken then.
    exists = objects("events", "-q", "event_type=compute.instance.exists", "-l", "99")
    there = objects(
        "samples", "vcpus", "-q", "timestamp>=2026-03-04", "-q", "timestamp<=2026-03-04"
    )
    assert len(exists) == len(there) > 22
    found = objects("statistics", "vcpus", "-g", "project_id", "-a", "max")
    assert {row["groupby"]["project_id"]: row["max"] for row in found} == {
        "analytics": 8.0, "archive": 1.0, "build": 2.0, "intranet": 2.0, "research": 4.0,
        "webshop": 4.0,
    }  # fmt: skip


def test_a_second_run_adds_what_is_new() -> None:
    with time_machine.travel(NOON, tick=False):
        first, *_ = numbers(printed("demo", *DAY))
        events = StoredEvent.objects.count()
        assert numbers(printed("demo", *DAY)) == [0, first, 0, events, 0]
    with time_machine.travel(datetime(2026, 3, 4, 14, 30, tzinfo=UTC), tick=False):
        added, _, told, _, _ = numbers(printed("demo", *DAY))
    assert 0 < added < first / 8
    assert StoredEvent.objects.count() == events + told


def test_it_does_not_mix_with_others_unless_told_to() -> None:
    publish([make_sample()])
    with pytest.raises(CommandError, match="The store holds other samples, of cpu_util for one"):
        printed("demo", *DAY)
    assert numbers(printed("demo", *DAY, "--force"))[0] > 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--interval", "7"), "A day cannot be cut into steps of 7 seconds."),
        (("--days", "0"), "Days and interval must be whole numbers above zero."),
    ],
)
def test_a_bad_command_gets_one_sentence(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        printed("demo", *words)


def test_its_alarms_have_a_history() -> None:
    with time_machine.travel(NOON, tick=False):
        printed("demo", "--days", "2")
        found = {row["name"]: row for row in objects("alarms", "list")}
        assert "disks are replaced" in found["archive: disks"]["silenced"]
    assert {row["type"] for row in found.values()} == {"threshold", "event", "combination"}
    lines = objects("alarms", "history", "shop: too busy")
    assert [row["type"] for row in lines][-1] == "creation"
    assert lines[0]["what"].startswith(f"{found['shop: too busy']['state']}: Transition to")
    assert len(lines) > 3
