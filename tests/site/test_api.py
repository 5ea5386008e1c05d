"""The version document and the capabilities."""

import json

import pytest
from django.test import Client

from tests.callers import ADMIN, STRANGER, Api

pytestmark = pytest.mark.django_db

VERSIONS = {
    "versions": {
        "values": [
            {
                "id": "v2",
                "status": "stable",
                "updated": "2013-02-13T00:00:00Z",
                "links": [
                    {"href": "http://testserver/v2", "rel": "self"},
                    {
                        "href": "http://docs.openstack.org/",
                        "rel": "describedby",
                        "type": "text/html",
                    },
                ],
                "media-types": [
                    {
                        "base": "application/json",
                        "type": "application/vnd.openstack.telemetry-v2+json",
                    },
                    {
                        "base": "application/xml",
                        "type": "application/vnd.openstack.telemetry-v2+xml",
                    },
                ],
            }
        ]
    }
}


def test_it_tells_the_versions(api: Api) -> None:
    response = api.send("GET", "/")
    assert response["Content-Type"] == "application/json; charset=UTF-8"
    assert json.loads(response.content) == VERSIONS
    assert b'"base": "application/json"' in response.content


def test_it_tells_the_address_it_is_mounted_at(api: Api) -> None:
    response = api.client.get("/", headers=ADMIN, SCRIPT_NAME="/metering-api")
    links = json.loads(response.content)["versions"]["values"][0]["links"]
    assert links[0]["href"] == "http://testserver/metering-api/v2"


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/json", "TEXT/HTML;q=0.9"])
def test_it_sends_a_browser_to_the_pages(client: Client, accept: str) -> None:
    response = client.get("/", headers={"Accept": accept})
    assert (response.status_code, response["Location"]) == (302, "/metering/")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json,text/html"},
        {"Accept": "*/*"},
        {"Accept": "text/html,*/*", "X-Auth-Token": "wrong"},
        {"Accept": "text/html,*/*", "X-Roles": "admin"},
        {},
    ],
)
def test_it_asks_everybody_else_for_a_token(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/", headers=headers).status_code == 401


@pytest.mark.parametrize("caller", [ADMIN, STRANGER])
def test_it_tells_everybody_what_it_can_do(api: Api, caller: dict[str, str]) -> None:
    found = api.get("/v2/capabilities", caller)
    assert list(found) == ["api", "storage", "event_storage", "alarm_storage"]
    ready = {"storage:production_ready": True}
    assert [found[name] for name in list(found)[1:]] == [ready] * 3
    assert set(found["api"].values()) == {True}
    assert sorted(found["api"]) == [
        "alarms:history:query:complex",
        "alarms:history:query:simple",
        "alarms:query:complex",
        "alarms:query:simple",
        "events:query:simple",
        "meters:query:metadata",
        "meters:query:simple",
        "resources:query:metadata",
        "resources:query:simple",
        "samples:query:complex",
        "samples:query:metadata",
        "samples:query:simple",
        "statistics:aggregation:selectable:avg",
        "statistics:aggregation:selectable:cardinality",
        "statistics:aggregation:selectable:count",
        "statistics:aggregation:selectable:max",
        "statistics:aggregation:selectable:min",
        "statistics:aggregation:selectable:stddev",
        "statistics:aggregation:selectable:sum",
        "statistics:aggregation:standard",
        "statistics:groupby",
        "statistics:query:metadata",
        "statistics:query:simple",
    ]


def test_it_serves_its_own_description(client: Client) -> None:
    assert client.get("/metering/api/schema").status_code == 200
    page = client.get("/metering/api/").content.decode()
    assert "drf_spectacular_sidecar" in page
    assert "cdn" not in page
