"""How pages write states."""

from alarms.states import STATES
from alarms.templatetags.alarming import kind


def test_each_state_has_its_colour() -> None:
    assert [kind(state) for state in STATES] == ["good", "bad", ""]
