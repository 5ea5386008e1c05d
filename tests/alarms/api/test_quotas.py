"""Quotas over HTTP."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import LazySettings

from alarms.models import Quota
from tests.callers import ADMIN, MEMBER, STRANGER, Api, fault

pytestmark = pytest.mark.django_db
FORBIDDEN = (403, "Client", "RBAC Authorization Failed")


def quotas(project: str | None, limit: int) -> Any:
    """As they are answered and sent."""
    return {"project_id": project, "quotas": [{"resource": "alarms", "limit": limit}]}


def post(api: Api, sent: Any, caller: Mapping[str, str] = ADMIN) -> Any:
    return api.send("POST", "/v2/quotas", sent, caller)


def test_it_shows_the_quota_of_all_where_a_project_has_none(
    api: Api, settings: LazySettings
) -> None:
    assert api.get("/v2/quotas", MEMBER) == quotas("p1", -1)
    settings.TELEMETRY = {**settings.TELEMETRY, "ALARM_PROJECT_QUOTA": 7}
    assert api.get("/v2/quotas", MEMBER) == quotas("p1", 7)
    assert api.get("/v2/quotas?project_id=p9") == quotas("p9", 7)
    assert api.get("/v2/quotas", {}) == quotas(None, 7)
    assert not Quota.objects.exists()


def test_an_admin_sets_and_deletes_them(api: Api) -> None:
    for limit in (5, 0, -1):
        response = post(api, quotas("p1", limit))
        assert (response.status_code, json.loads(response.content)) == (201, quotas("p1", limit))
        assert api.get("/v2/quotas", MEMBER) == quotas("p1", limit)
    assert api.get("/v2/quotas?project_id=p2") == quotas("p2", -1)
    post(api, quotas("p1", 3))
    for _ in range(2):
        assert api.send("DELETE", "/v2/quotas/p1").status_code == 204
    assert api.get("/v2/quotas", MEMBER) == quotas("p1", -1)


@pytest.mark.parametrize("sent", [{"project_id": "p1"}, {"project_id": "p1", "quotas": []}])
def test_none_may_be_set(api: Api, sent: Any) -> None:
    post(api, quotas("p1", 5))
    assert json.loads(post(api, sent).content) == quotas("p1", 5)


def test_others_see_their_own_and_set_none(api: Api) -> None:
    post(api, quotas("p1", 5))
    assert api.get("/v2/quotas?project_id=p1", MEMBER) == quotas("p1", 5)
    assert api.fault("/v2/quotas?project_id=p1", STRANGER) == FORBIDDEN
    assert fault(post(api, quotas("p1", 9), MEMBER)) == FORBIDDEN
    assert fault(api.send("DELETE", "/v2/quotas/p1", caller=MEMBER)) == FORBIDDEN
    assert api.get("/v2/quotas", MEMBER) == quotas("p1", 5)


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (b"", 'Missing argument: "body"'),
        (b"[", "Request is not in valid JSON format"),
        ({}, "field/attribute project_id. Value: 'None'. Mandatory field missing."),
        (
            quotas("p1", -2),
            "field/attribute limit. Value: '-2'. Value should be greater or equal to -1",
        ),
        (quotas("p1", 2**31), "field/attribute limit. Value: '2147483648'. Value should be lower"),
        ({**quotas("p1", 1), "x": 1}, "Unknown attribute for argument body: x"),
        (
            {"project_id": "p1", "quotas": [{"resource": "beds", "limit": 1}]},
            "field/attribute resource. Value: 'beds'. Value should be one of: alarms",
        ),
        (
            {"project_id": "p1", "quotas": [{"resource": "alarms"}]},
            "field/attribute limit. Value: 'None'. Mandatory field missing.",
        ),
    ],
)
def test_it_refuses_what_is_no_quota(api: Api, sent: Any, text: str) -> None:
    status, code, said = fault(post(api, sent))
    assert (status, code) == (400, "Client")
    assert text in said
