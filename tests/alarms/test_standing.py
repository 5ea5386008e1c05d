"""How it goes with actions, in numbers and words."""

from datetime import timedelta

import pytest

from alarms.standing import standing
from tests.alarms.owed import make_delivery
from tests.factories import MOMENT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("ago", "words"), [(30, "On time"), (31, "Behind")])
def test_it_is_behind_when_one_waits_for_long(ago: int, words: str) -> None:
    make_delivery(made_at=MOMENT - timedelta(seconds=ago))
    make_delivery(made_at=MOMENT)
    make_delivery(status="failed", made_at=MOMENT - timedelta(days=1))
    found = standing(MOMENT)
    assert (found.waiting, found.failed, found.lag, found.words) == (2, 1, ago, words)
    assert found.since == MOMENT - timedelta(seconds=ago)


def test_it_is_on_time_where_there_is_nothing() -> None:
    found = standing(MOMENT)
    assert (found.waiting, found.failed, found.since, found.lag) == (0, 0, None, 0)
    assert found.words == "On time"
