"""A part of a list of alarms, and how many are in which state."""

from datetime import timedelta

import pytest

from alarms import lists
from alarms.listing import Key
from alarms.models import Alarm
from tests.alarms.made import MADE, make_alarm

pytestmark = pytest.mark.django_db


def test_parts_lead_from_one_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    for number in range(5):
        make_alarm(alarm_id=f"a{number}", state_timestamp=MADE + number * timedelta(hours=1))
    params = {"state": "insufficient data", "name": "", "after": ""}
    seen = []
    while True:
        part = lists.part(Alarm.objects.all(), params, lists.order(""), "alarm_id")
        seen.append(([one.pk for one in part.rows], part.later))
        if not part.older:
            break
        assert part.older.startswith("?state=insufficient+data&after=a")
        params["after"] = part.older.rpartition("=")[2]
    assert seen == [(["a4", "a3"], False), (["a2", "a1"], True), (["a0"], True)]


def test_a_marker_that_is_gone_is_told() -> None:
    part = lists.part(Alarm.objects.all(), {"after": "gone"}, lists.order(""), "alarm_id")
    assert (part.rows, part.problems) == ((), ["Marker gone not found."])


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("", Key("state_timestamp", downwards=True)),
        ("since", Key("state_timestamp")),
        ("-severity", Key("severity", downwards=True)),
        ("name", Key("name")),
        ("rule; drop", Key("state_timestamp", downwards=True)),
    ],
)
def test_it_sorts_by_what_the_url_says(sort: str, key: Key) -> None:
    assert lists.order(sort) == (key,)


def test_it_counts_states() -> None:
    for state in ("ok", "ok", "alarm"):
        make_alarm(state=state)
    assert lists.tallies(Alarm.objects.all()) == [
        ("", 3),
        ("alarm", 1),
        ("insufficient data", 0),
        ("ok", 2),
    ]
