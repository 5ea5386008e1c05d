"""What follows from the states of other alarms."""

from collections.abc import Mapping, Sequence
from typing import Literal

from alarms.states import ALARM, OK, UNKNOWN, Decision, Standing, State, settled, word


def decide(
    operator: Literal["and", "or"],
    alarm_ids: Sequence[str],
    states: Mapping[str, State],
    standing: Standing,
) -> Decision | None:
    """What is to be done about a combination of alarms; None: nothing.

    One that is not there counts as one without data. As from Liberty on, `or` needs no more than
    one in alarm; for everything else all must be known.
    """
    found = {one: states.get(one, UNKNOWN) for one in alarm_ids}
    unknown = [one for one, state in found.items() if state == UNKNOWN]
    in_alarm = [one for one, state in found.items() if state == ALARM]
    if unknown and not (operator == "or" and in_alarm):
        return _unknown(unknown, standing)
    state: State = ALARM if (any if operator == "or" else all)(_each(found)) else OK
    if settled(standing, state):
        return None
    causes = [one for one, its in found.items() if its == state]
    reason = f"{word(standing, state)} {state} due to alarms {','.join(causes)} in state {state}"
    return Decision(state, reason, {"type": "combination", "alarm_ids": causes})


def _each(found: Mapping[str, State]) -> list[bool]:
    return [state == ALARM for state in found.values()]


def _unknown(ids: Sequence[str], standing: Standing) -> Decision | None:
    if settled(standing, UNKNOWN):
        return None
    reason = f"Alarms {','.join(ids)} are in unknown state"
    return Decision(UNKNOWN, reason, {"type": "combination", "alarm_ids": list(ids)})
