"""How a source is doing, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pollsters.models import PollJob
from pollsters.standing import standing

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SOON, AGO = NOON + timedelta(seconds=30), NOON - timedelta(seconds=90)


@pytest.mark.parametrize(
    ("values", "state", "words"),
    [
        ({"last_ok": NOON}, "good", "Working"),
        ({}, "busy", "Waiting for its first poll"),
        ({"last_ok": NOON, "lease_until": SOON}, "busy", "Being polled"),
        ({"last_ok": NOON, "last_error": "x"}, "partly", "Working, but not everything could be "
         "read"),
        ({"last_ok": NOON, "unavailable": "x"}, "good", "Working"),
        ({"failures": 1}, "bad", "Failing: it brought nothing, once"),
        ({"failures": 3, "last_ok": AGO}, "bad", "Failing: it brought nothing, 3 times in a row"),
        ({"lost": 3}, "bad", "A poll began and never ended, 3 times in a row"),
        ({"next_due": AGO}, "bad", "Overdue: are the worker and beat running?"),
        ({"next_due": AGO, "lease_until": SOON}, "busy", "Being polled"),
        ({"enabled": False, "next_due": AGO}, "off", "Switched off"),
        ({"listed": False, "failures": 1}, "off", "No longer in the polling plan"),
    ],
)  # fmt: skip
def test_it_says_how_a_source_is_doing(values: dict[str, Any], state: str, words: str) -> None:
    found = standing(PollJob(source="host", interval=60, **{"next_due": SOON, **values}), NOON)
    assert (found.state, found.words) == (state, words)
