"""manage.py events: filters, order, forms."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from events.storage.writing import record
from tests.events.made import MOMENT, make_event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three(db: None) -> None:
    hour = timedelta(hours=1)
    with transaction.atomic():
        record(
            [
                make_event(1, size=8),
                make_event(2, "volume.delete.end", MOMENT + hour, size=16, project_id="p2"),
                make_event(3, generated=MOMENT + 2 * hour, project_id="", user_id=""),
            ]
        )


def listed(*words: str) -> list[int]:
    out = StringIO()
    call_command("events", "-f", "json", *words, stdout=out)
    found: list[dict[str, Any]] = json.loads(out.getvalue())
    return [int(event["message_id"][-2:]) for event in found]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), [1, 2, 3]),
        (("--newest", "--limit", "2"), [3, 2]),
        (("--type", "volume.create.end"), [1, 3]),
        (("--since", "2026-03-04T06:06:07"), [2, 3]),
        (("--until", "2026-03-04T06:06:07"), [1, 2]),
        (("-q", "size>integer::8"), [2]),
        (("-q", "project_id=p1;user_id=u1"), [1]),
        (("-q", "project_id!=p1"), [2]),
    ],
)
def test_filters(words: tuple[str, ...], found: list[int]) -> None:
    assert listed(*words) == found


def test_it_prints_a_table() -> None:
    out = StringIO()
    call_command("events", "--type", "volume.delete.end", stdout=out)
    head, row = out.getvalue().splitlines()
    assert head.split() == ["generated", "event_type", "message_id", "traits"]
    assert row.split()[:2] == ["2026-03-04T06:06:07", "volume.delete.end"]
    assert row.endswith("project_id=p2 size=16 user_id=u1")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--since", "soon"), "Unable to convert the value soon"),
        (("--limit", "many"), "unable to convert to int"),
        (("--limit", "-1"), "should be a positive integer"),
        (("-q", "size>integer::x"), "Unable to convert the value x"),
        (("-q", "what"), "is no condition"),
    ],
)
def test_it_says_what_is_wrong(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        listed(*words)
