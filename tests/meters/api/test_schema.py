"""The OpenAPI schema: complete, and nothing that fits it, or nearly, is an error of ours."""

from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from meters.pipelines import publish
from telemetry_site.wsgi import application
from tests.callers import ADMIN
from tests.factories import make_sample

# A real request ends by closing its connection, which a surrounding transaction would not survive.
pytestmark = pytest.mark.django_db(transaction=True)

ROUTES = [
    ("GET", "/"),
    ("GET", "/v2/alarms"),
    ("POST", "/v2/alarms"),
    ("GET", "/v2/alarms/{alarm_id}"),
    ("PUT", "/v2/alarms/{alarm_id}"),
    ("DELETE", "/v2/alarms/{alarm_id}"),
    ("GET", "/v2/alarms/{alarm_id}/history"),
    ("GET", "/v2/alarms/{alarm_id}/state"),
    ("PUT", "/v2/alarms/{alarm_id}/state"),
    ("POST", "/v2/alarms/preview"),
    ("GET", "/v2/metrics"),
    ("GET", "/v2/quotas"),
    ("POST", "/v2/quotas"),
    ("DELETE", "/v2/quotas/{project_id}"),
    ("GET", "/v2/silences"),
    ("POST", "/v2/silences"),
    ("GET", "/v2/silences/{silence_id}"),
    ("DELETE", "/v2/silences/{silence_id}"),
    ("GET", "/v2/capabilities"),
    ("POST", "/v2/cloudevents"),
    ("GET", "/v2/event_types"),
    ("GET", "/v2/event_types/{event_type}/traits"),
    ("GET", "/v2/event_types/{event_type}/traits/{name}"),
    ("GET", "/v2/events"),
    ("GET", "/v2/events/{message_id}"),
    ("GET", "/v2/meters"),
    ("GET", "/v2/meters/{name}"),
    ("POST", "/v2/meters/{name}"),
    ("GET", "/v2/meters/{name}/statistics"),
    ("POST", "/v2/query/alarms"),
    ("POST", "/v2/query/alarms/history"),
    ("POST", "/v2/query/samples"),
    ("GET", "/v2/resources"),
    ("GET", "/v2/resources/{resource_id}"),
    ("GET", "/v2/samples"),
    ("GET", "/v2/samples/{message_id}"),
]


@pytest.fixture(scope="module")
def schema(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    # Made once for all tests here, and so before the first of them may use the database.
    with django_db_blocker.unblock():
        return schemathesis.openapi.from_wsgi("/metering/api/schema?format=json", application)


@pytest.fixture(autouse=True)
def _some_samples(settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "AUTH": "noauth"}
    publish([make_sample(metadata={"a": "b"}), make_sample(meter="m", unit=None)])


def test_it_describes_every_route(schema: Any) -> None:
    found = [
        (operation.ok().method.upper(), operation.ok().path)
        for operation in schema.get_all_operations()
    ]
    assert sorted(found) == sorted(ROUTES)


def test_it_describes_arguments_and_refusals(schema: Any) -> None:
    found = schema.raw_schema["paths"]["/v2/meters/{name}/statistics"]["get"]
    names = [parameter["name"] for parameter in found["parameters"]]
    assert names == [
        "aggregate.func", "aggregate.param", "groupby", "name", "period",
        "q.field", "q.op", "q.type", "q.value",
    ]  # fmt: skip
    assert sorted(found["responses"]) == ["200", "400", "401", "403", "405", "406", "501", "503"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_it_has_no_error_of_ours_for_what_fits_the_schema(
    schema: Any, method: str, path: str
) -> None:
    case = schema[path][method].as_strategy()
    nearly = schema[path][method].as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(case, nearly))
    def answered(case: Any) -> None:
        response = case.call(headers=ADMIN)
        assert response.status_code < 500 or response.status_code == 501, response.content

    answered()
