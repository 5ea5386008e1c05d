"""What the parts about alarms measure on: groups of twenty resources, and alarms over them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from alarms.models import Alarm
from meters.ids import fresh_ids
from meters.samples import Sample, encode_metadata
from telemetry_site.core.clock import now
from tests.bench import dataset, workload
from tests.bench.dataset import Span
from tests.bench.run import Run

GROUPS, PER_GROUP = 1_000, 20
PERIOD, PERIODS = 60, 3
STEP = timedelta(seconds=20)
METER = "cpu_util"


def store(run: Run) -> tuple[BaseDatabaseWrapper, Span]:
    """A sample of each of 20,000 resources every 20 seconds, in the last hours of a day."""
    made = run.databases.migrated("watched")
    end = run.week.end
    span = Span(end - run.size.watched, end)
    dataset.begin(_first(span.start), span)
    dataset.fill(span.start, span, STEP, (METER,))
    dataset.settle()
    return made, span


def _first(at: datetime) -> Iterable[Sample]:
    ids = iter(fresh_ids(GROUPS * PER_GROUP, now()))
    for number in range(GROUPS * PER_GROUP):
        group = number % GROUPS
        metadata = {**workload.metadata(number), "user_metadata": {"stack": stack(group)}}
        yield Sample(
            METER, "gauge", "%", 50.0, workload.resource(number), project(group),
            workload.user(group), "openstack", at, next(ids), encode_metadata(metadata),
        )  # fmt: skip


def project(group: int) -> str:
    """The project that a group is all of."""
    return workload.project(group, GROUPS)


def stack(group: int) -> str:
    """What the metadata of its resources say of a group."""
    return f"stack-{group:04}"


def watch(queries: Iterable[Sequence[Mapping[str, str]]], name: str) -> int:
    """Make an alarm for each of the queries, whose average is above 50 for three minutes."""
    rules = (
        {
            "meter_name": METER, "query": list(query), "period": PERIOD,
            "evaluation_periods": PERIODS, "comparison_operator": "gt", "threshold": 50.0,
            "statistic": "avg", "exclude_outliers": False,
        }
        for query in queries
    )  # fmt: skip
    made = [
        _alarm(number, f"{name} {number}", "threshold", one) for number, one in enumerate(rules)
    ]
    Alarm.objects.bulk_create(made, batch_size=1_000)
    return len(made)


def watch_events(count: int) -> None:
    """Make so many alarms that each wait for one volume to go, and repeat."""
    made = []
    for number in range(count):
        condition = item("traits.display_name", f"thing-{number}")
        rule = {"event_type": "volume.delete.start", "query": [condition]}
        made.append(_alarm(number, f"thing {number}", "event", rule, repeat_actions=True))
    Alarm.objects.bulk_create(made, batch_size=1_000)


def _alarm(number: int, name: str, kind: str, rule: Any, **more: Any) -> Alarm:
    moment = now()
    return Alarm(
        alarm_id=str(UUID(int=number + 1)), name=name, type=kind, rule=json.dumps(rule),
        project_id="watched", timestamp=moment, state_timestamp=moment, evaluate_timestamp=moment,
        alarm_actions=["log://"], **more,
    )  # fmt: skip


def item(field: str, value: str) -> dict[str, str]:
    """A condition of a query."""
    return {"field": field, "op": "eq", "value": value, "type": "string"}
