from collections.abc import Sequence
from datetime import timedelta

import pytest

from alarms.listing import NEWEST, Key, Listing, page
from alarms.models import Alarm
from telemetry_site.core.errors import BadRequest
from tests.alarms.made import MADE, make_alarm

pytestmark = pytest.mark.django_db

# id, name, severity, minutes after the first, project
ROWS = [
    ("a", "x", "critical", 0, "p1"),
    ("b", "y", "low", 1, None),
    ("c", "x", "moderate", 1, "p2"),
    ("d", "y", "low", 2, "p1"),
    ("e", "x", "low", 2, None),
]


@pytest.fixture(autouse=True)
def _rows() -> None:
    for alarm_id, name, severity, minutes, project in ROWS:
        make_alarm(
            alarm_id=alarm_id, name=name, severity=severity, project_id=project,
            timestamp=MADE + timedelta(minutes=minutes),
        )  # fmt: skip


def ids(order: Sequence[Key], limit: int | None = None, marker: str = "") -> str:
    found = page(Alarm.objects.all(), Listing(order, limit, marker), "alarm_id")
    return "".join(found.values_list("alarm_id", flat=True))


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (NEWEST, "edcba"),
        ((Key("name"),), "acebd"),
        ((Key("name", downwards=True),), "dbeca"),
        ((Key("severity"),), "bdeca"),
        ((Key("severity", downwards=True), Key("name")), "acebd"),
        ((Key("project_id"), Key("alarm_id", downwards=True)), "ebdac"),
        ((Key("enabled"),), "abcde"),
        ((Key("severity"), Key("severity", downwards=True), Key("name")) * 300, "ebdca"),
    ],
)
def test_it_walks_every_order_page_by_page(order: Sequence[Key], found: str) -> None:
    assert ids(order) == found
    for size in (1, 2, 3):
        walked = ""
        while part := ids(order, size, walked[-1:]):
            walked += part
        assert walked == found


def test_a_marker_must_be_there() -> None:
    with pytest.raises(BadRequest) as error:
        ids(NEWEST, marker="z")
    assert str(error.value) == "Marker z not found."
