"""test://: keeps calls in this process, for tests."""

from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any, Final

from alarms.actions.action import Call

MOST: Final = 10_000

_kept: dict[str, deque[Call]] = defaultdict(lambda: deque(maxlen=MOST))


class Memory:
    """The last 10,000 calls of an address."""

    def __init__(self, telemetry: Mapping[str, Any]) -> None:
        pass

    def run(self, call: Call) -> str:
        """See Action.run."""
        _kept[call.action].append(call)
        return "kept"


def kept(action: str) -> list[Call]:
    """What came to this address."""
    return list(_kept[action])


def forget() -> None:
    """Empty all of them."""
    _kept.clear()
