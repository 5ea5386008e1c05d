from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alarms.answers import Asked, answered
from alarms.models import AlarmChange
from alarms.replay import Replay, buckets, merged
from alarms.rules.rule import Points, States, Summaries
from meters.pipelines import publish
from meters.windows import Stretch, Summary
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.errors import BadRequest
from telemetry_site.core.query.tree import Compare
from tests.factories import make_sample

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CPU = Compare("meter", "=", "cpu_util")


def cell(*values: float) -> Summary:
    total, mean = sum(values), sum(values) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    return Summary("a", NOON, len(values), total, min(values), max(values), squares)


def test_buckets_are_cut_off_at_both_ends() -> None:
    start = NOON - timedelta(seconds=90)
    found = list(buckets(Stretch(start, NOON + timedelta(seconds=10), 60, EPOCH)))
    assert found == [
        (NOON - 2 * MINUTE, start, NOON - MINUTE),
        (NOON - MINUTE, NOON - MINUTE, NOON),
        (NOON, NOON, NOON + timedelta(seconds=10)),
    ]


@given(st.lists(st.lists(st.integers(-800, 800), min_size=1, max_size=5), min_size=1, max_size=5))
def test_cells_are_put_together(groups: Sequence[Sequence[int]]) -> None:
    every = [Fraction(value, 8) for one in groups for value in one]
    mean = sum(every) / len(every)
    found = merged([cell(*(value / 8 for value in one)) for one in groups])
    assert found is not None
    assert (found.samples, Fraction(found.total)) == (len(every), sum(every))
    assert Fraction(found.lowest) == min(every)
    assert Fraction(found.highest) == max(every)
    assert found.squares == pytest.approx(float(sum((v - mean) ** 2 for v in every)), abs=1e-6)


def test_no_cells_are_nothing() -> None:
    assert merged([]) is None


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_it_answers_as_rounds_would_have(data: st.DataObject) -> None:
    """Beside the store's own answers at each moment."""
    number = data.draw(st.integers(0, 10_000_000))
    meter = f"cpu_{number}"
    where = Compare("meter", "=", meter)
    samples = [
        make_sample(value / 8, NOON - timedelta(seconds=at), meter=meter, resource=resource)
        for value, at, resource in data.draw(
            st.lists(
                st.tuples(st.integers(-80, 80), st.integers(0, 900), st.sampled_from("ab")),
                max_size=25,
            )
        )
    ]
    publish(samples)
    period = data.draw(st.sampled_from([45, 60, 90, 300]))
    periods = data.draw(st.integers(1, 3))
    moments = [NOON - place * MINUTE for place in range(5, -1, -1)]
    replay = Replay(moments[0], moments[-1], 60)
    for moment in moments:
        start = moment - timedelta(seconds=period * (periods + 1))
        every: list[Asked] = [
            Asked(Summaries(where, Stretch(start, moment, period, start)), None),
            Asked(Summaries(where, Stretch(start, moment, period, EPOCH), by_resource=True), "p1"),
            Asked(Points(where, start, moment), "p1"),
        ]
        expected = answered(every)
        for one in every:
            assert _plain(replay.answer(one, moment)) == _plain(expected[one])


def _plain(rows: Any) -> list[tuple[Any, ...]]:
    """Without the deviations, which are put together from others."""
    return [(*row[:6],) if isinstance(row, Summary) else tuple(row) for row in rows]


@pytest.mark.django_db
def test_it_knows_the_states_of_the_past() -> None:
    for minute, state in ((-30, "ok"), (-20, "alarm"), (-3, "ok"), (-1, "alarm")):
        AlarmChange.objects.create(
            event_id=str(minute), alarm_id="a", type="state transition", detail="{}", state=state,
            timestamp=NOON + minute * MINUTE, severity="low",
        )  # fmt: skip
    replay = Replay(NOON - 5 * MINUTE, NOON, 60)
    asked = Asked(States(("a", "b")), None)
    found = [replay.answer(asked, NOON - minute * MINUTE) for minute in (5, 3, 2, 1, 0)]
    assert found == [{"a": "alarm"}, {"a": "ok"}, {"a": "ok"}, {"a": "alarm"}, {"a": "alarm"}]


@pytest.mark.django_db(transaction=True)
def test_it_refuses_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alarms.replay.MOST_CELLS", 5)
    publish([make_sample(timestamp=NOON - MINUTE, resource=one) for one in "abc"])
    replay = Replay(NOON - 2 * MINUTE, NOON, 60)
    stretch = Stretch(NOON - 2 * MINUTE, NOON, 60, EPOCH)
    with pytest.raises(BadRequest) as error:
        replay.answer(Asked(Summaries(CPU, stretch, by_resource=True), None), NOON)
    assert "it would look at 12 values of 3 resources" in str(error.value)
