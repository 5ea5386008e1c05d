"""Counts the states that evaluations find, for those who ask for it."""

from collections.abc import Mapping

from django.db.models import F

from alarms.models import EvaluationCount
from alarms.states import ALARM, OK, UNKNOWN, State

COLUMNS: Mapping[State, str] = {
    OK: "ok", ALARM: "in_alarm", UNKNOWN: "insufficient_data",
}  # fmt: skip


def count(found: Mapping[str, State]) -> None:
    """Count these, by alarm, in the caller's transaction."""
    EvaluationCount.objects.bulk_create(
        [EvaluationCount(alarm_id=alarm_id) for alarm_id in sorted(found)], ignore_conflicts=True
    )
    for state, column in COLUMNS.items():
        some = [alarm_id for alarm_id, its in found.items() if its == state]
        EvaluationCount.objects.filter(alarm_id__in=some).update(**{column: F(column) + 1})
