"""What the demo measures, as samples."""

from datetime import UTC, datetime

import pytest

from telemetry_site.demo.stream import Owned, Plan, Stream

NOON = datetime(2026, 3, 1, 12, 7, 30, tzinfo=UTC)
PLAN = Plan.until(NOON, seed="1", step=600, days=2)


def moment(step: int) -> datetime:
    return datetime.fromtimestamp(step * PLAN.step, UTC)


def test_a_plan_ends_at_the_last_step_and_is_as_long_as_its_days() -> None:
    assert len(PLAN.steps) == 2 * 144
    assert moment(PLAN.steps[-1]) == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_a_day_must_be_made_of_whole_steps() -> None:
    with pytest.raises(ValueError, match="A day cannot be cut into steps of 7 seconds"):
        Plan.until(NOON, seed="1", step=7, days=1)


def test_hours_are_the_steps_at_which_one_begins() -> None:
    hours = PLAN.hourly(PLAN.steps)
    assert len(hours) == 48
    assert {moment(at).minute for at in hours} == {0}
    assert moment(hours[-1]) == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_every_step_is_hourly_where_steps_are_longer() -> None:
    plan = Plan.until(NOON, seed="1", step=7200, days=1)
    assert plan.hourly(plan.steps) == plan.steps


def test_a_stream_makes_the_same_samples_each_time() -> None:
    owned = Owned("r", "p", "u", b'{"a":"1"}')
    stream = Stream("m", "gauge", "B", owned, 600, PLAN.steps[:2], lambda steps: [5.0] * len(steps))
    first, second = stream.samples()
    assert [first, second] == list(stream.samples())
    assert (first.meter, first.type, first.unit, first.volume) == ("m", "gauge", "B", 5.0)
    assert (first.resource, first.project, first.user, first.source) == ("r", "p", "u", "demo")
    assert (second.timestamp - first.timestamp).total_seconds() == 600
    assert first.message_id != second.message_id
