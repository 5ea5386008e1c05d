"""How alarms stand, in a few numbers and their newest changes of state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alarms import history, lists, queries, silences
from alarms.history import Line
from alarms.lists import Tally
from alarms.services import STATE_TRANSITION
from telemetry_site.core.identity.caller import Caller

NEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Overview:
    """How many alarms are in which state, how many silences there are, and what changed last."""

    tallies: Sequence[Tally]
    silences: int
    newest: Sequence[Line]


def overview(caller: Caller, now: datetime) -> Overview:
    """What the caller may see of it."""
    changes = queries.history(caller).filter(type=STATE_TRANSITION).order_by("-timestamp", "-id")
    return Overview(
        lists.tallies(queries.alarms(caller)),
        len(silences.active(caller, now)),
        history.lines(list(changes[:NEWEST]), caller),
    )
