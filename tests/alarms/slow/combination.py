"""What a combination of alarms finds in the states they are in."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.alarms.slow.findings import ALARM, OK, UNKNOWN, Finding, Rule


def finding(rule: Rule, states: Mapping[str, str]) -> Finding:
    """The finding over the states of other alarms; an alarm that is not there is unknown."""
    ids = list(dict.fromkeys(rule["alarm_ids"]))
    found = {one: states.get(one, UNKNOWN) for one in ids}
    unknown = [one for one in ids if found[one] == UNKNOWN]
    ringing = [one for one in ids if found[one] == ALARM]
    if unknown and not (rule["operator"] == "or" and ringing):
        text = f"Alarms {','.join(unknown)} are in unknown state"
        return Finding(UNKNOWN, text, text, _data(unknown))
    rings = bool(ringing) if rule["operator"] == "or" else ringing == ids
    state = ALARM if rings else OK
    causes = [one for one in ids if found[one] == state]
    tail = f"due to alarms {','.join(causes)} in state {state}"
    return Finding(
        state, f"Transition to {state} {tail}", f"Remaining as {state} {tail}", _data(causes)
    )


def _data(ids: Sequence[str]) -> dict[str, Any]:
    return {"type": "combination", "alarm_ids": list(ids)}
