"""How often the evaluations of each alarm have found each state."""

from typing import Any

from alarms.models import EvaluationCount
from alarms.states import ALARM, OK, UNKNOWN

COLUMNS = ("ok", "in_alarm", "insufficient_data")


def evaluation_results(project: str | None) -> list[dict[str, Any]]:
    """The counts of each alarm of the project, or of all; as the API shows them."""
    counts = EvaluationCount.objects.order_by("alarm_id")
    if project is not None:
        counts = counts.filter(alarm__project_id=project)
    rows = counts.values_list("alarm_id", "alarm__project_id", *COLUMNS)
    return [
        {
            "alarm_id": alarm_id,
            "project_id": its_project,
            "state_counters": dict(zip((OK, ALARM, UNKNOWN), numbers, strict=True)),
        }
        for alarm_id, its_project, *numbers in rows
    ]
