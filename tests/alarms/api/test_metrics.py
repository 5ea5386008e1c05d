"""What evaluations have found, over HTTP."""

import pytest
from django.conf import LazySettings

from alarms.models import EvaluationCount
from tests.alarms import sent
from tests.alarms.sent import created
from tests.callers import ADMIN, MEMBER, STRANGER, Api

pytestmark = pytest.mark.django_db


def test_it_is_disabled_unless_somebody_wants_it(api: Api) -> None:
    expected = (403, "Client", "metrics endpoint is disabled")
    assert api.fault("/v2/metrics", ADMIN) == api.fault("/v2/metrics", MEMBER) == expected


def test_it_shows_the_states_that_were_found_of_each_alarm(
    api: Api, settings: LazySettings
) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "EVALUATION_METRICS": True}
    mine, foreign = created(), created(sent.STRANGER)
    created(name="never evaluated")
    EvaluationCount.objects.create(alarm=mine, ok=20, in_alarm=10, insufficient_data=5)
    EvaluationCount.objects.create(alarm=foreign, ok=1)
    counted = {
        "alarm_id": mine.alarm_id,
        "project_id": "p1",
        "state_counters": {"ok": 20, "alarm": 10, "insufficient data": 5},
    }
    assert api.get("/v2/metrics", MEMBER) == {"evaluation_results": [counted]}
    assert api.get("/v2/metrics?all_projects=false", MEMBER) == {"evaluation_results": [counted]}
    for path in ("/v2/metrics", "/v2/metrics?all_projects=true"):
        found = api.get(path, ADMIN)["evaluation_results"]
        assert sorted(one["project_id"] for one in found) == ["p1", "p2"]
    assert api.fault("/v2/metrics?all_projects=true", STRANGER) == (
        403, "Client", "RBAC Authorization Failed",
    )  # fmt: skip
