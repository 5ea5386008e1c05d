"""What is drawn of an alarm."""

from datetime import datetime, timedelta

import pytest

from alarms.charts import HEIGHT, LEAST, WIDTH, chart, shares, stretches
from alarms.states import State
from tests.factories import MOMENT

MINUTE = timedelta(minutes=1)
END = MOMENT + 100 * MINUTE


def at(minute: int, state: State) -> tuple[datetime, State]:
    return MOMENT + minute * MINUTE, state


def test_it_puts_each_value_at_its_round() -> None:
    found = chart([(MOMENT + MINUTE, 5.0), (MOMENT + 3 * MINUTE, 7.0)], 6.0, MOMENT,
                  MOMENT + 4 * MINUTE, 60, "%")  # fmt: skip
    start = 1_772_366_400  # noon of the first of March 2026
    assert found.as_json() == {
        "start": start,
        "end": start + 240,
        "period": 60,
        "unit": "%",
        "times": [start, start + 60, start + 120, start + 180, start + 240],
        "lines": [{"label": "Value", "values": [None, 5.0, None, 7.0, None], "joined": 1}],
        "threshold": 6.0,
    }


def test_it_draws_the_states_between_two_moments() -> None:
    """A minute is a hundredth of the width; what was before and what comes after is cut off."""
    moves = [at(-50, "ok"), at(20, "alarm"), at(70, "insufficient data"), at(120, "ok")]
    found = stretches(moves, MOMENT, END)
    assert [(one.state, one.x, one.width) for one in found] == [
        ("insufficient data", 700, 300),
        ("ok", 0, 200),
        ("alarm", 200, 500),
    ]
    assert [(one.start, one.end) for one in found if one.state == "ok"] == [
        (MOMENT, MOMENT + 20 * MINUTE)
    ]
    assert shares(found) == {"alarm": 50, "insufficient data": 30, "ok": 20}


def test_heights_tell_the_states_apart() -> None:
    found = stretches([at(0, "ok"), at(10, "alarm"), at(20, "insufficient data")], MOMENT, END)
    assert len({one.height for one in found}) == 3
    assert all(one.y + one.height == HEIGHT for one in found)


def test_a_state_that_follows_itself_is_one_stretch() -> None:
    (found,) = stretches([at(0, "ok"), at(30, "ok"), at(60, "ok")], MOMENT, END)
    assert (found.x, found.width) == (0, WIDTH)


@pytest.mark.parametrize("minute", [50, 99])
def test_what_is_short_can_be_seen_and_covers_the_rest(minute: int) -> None:
    moves = [at(0, "ok"), (MOMENT + minute * MINUTE, "alarm"), at(100, "ok")]
    moves.insert(2, (MOMENT + minute * MINUTE + timedelta(seconds=1), "ok"))
    found = stretches(moves, MOMENT, END)
    assert (found[-1].state, found[-1].width) == ("alarm", LEAST)
    assert found[-1].x + found[-1].width <= WIDTH


def test_before_the_first_state_nothing_is_known() -> None:
    assert stretches([], MOMENT, END) == []
    assert shares([]) == {}
    (found,) = stretches([at(75, "ok")], MOMENT, END)
    assert (found.x, found.width) == (750, 250)
