"""log://: a line in the log of this service."""

import logging
from collections.abc import Mapping
from typing import Any

from alarms.actions.action import Call, one_line
from alarms.actions.addresses import shown

logger = logging.getLogger(__name__)

LINE = "Alarm %s (%s) of %s severity: from %s to %s, action %s, because %s"


class Log:
    """One line at the level INFO."""

    def __init__(self, telemetry: Mapping[str, Any]) -> None:
        pass

    def run(self, call: Call) -> str:
        """See Action.run."""
        told = call.told
        logger.info(
            LINE, one_line(told.alarm_name), told.alarm_id, told.severity, told.previous,
            told.current, shown(call.action), one_line(told.reason),
        )  # fmt: skip
        return "logged"
