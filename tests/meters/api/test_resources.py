"""GET /v2/resources and GET /v2/resources/{id}."""

from datetime import timedelta
from typing import Any

import pytest

from meters.pipelines import publish
from tests.callers import ADMIN, Api
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SELF = {"href": "http://testserver/v2/resources/vm-1", "rel": "self"}


def link(meter: str) -> dict[str, str]:
    query = "q.field=resource_id&q.value=vm-1"
    return {"href": f"http://testserver/v2/meters/{meter}?{query}", "rel": meter}


@pytest.fixture
def moved() -> None:
    """vm-1 is first of p1, then, two minutes on, of p2; vm-2 has one sample between."""
    publish(
        [
            make_sample(1, MOMENT, {"state": "new"}),
            make_sample(2, MOMENT + 2 * MINUTE, {"state": "old"}, project="p2", meter="disk"),
            make_sample(3, MOMENT + MINUTE, resource="vm-2"),
        ]
    )


@pytest.mark.usefixtures("moved")
def test_it_shows_a_resource_as_its_last_sample_does(api: Api) -> None:
    expected = {
        "resource_id": "vm-1",
        "project_id": "p2",
        "user_id": "u1",
        "first_sample_timestamp": "2026-03-01T12:00:00",
        "last_sample_timestamp": "2026-03-01T12:02:00",
        "metadata": {"state": "old"},
        "links": [SELF, link("cpu_util"), link("disk")],
        "source": "openstack",
    }
    found = api.get("/v2/resources/vm-1")
    assert found == expected
    assert list(found) == list(expected)
    assert api.get("/v2/resources")[0] == expected


@pytest.mark.usefixtures("moved")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["vm-1", "vm-2"]),
        ("q.field=resource&q.value=vm-2", ["vm-2"]),
        ("q.field=project&q.value=p2", ["vm-1"]),
        ("q.field=metadata.state&q.value=new", ["vm-1"]),
        ("q.field=timestamp&q.op=gt&q.value=2026-03-01T12:01:00", ["vm-1"]),
        ("q.field=timestamp&q.op=le&q.value=2026-03-01T11:59:00", []),
        (
            "q.field=timestamp&q.op=le&q.value=2026-03-01T11:59:00"
            "&q.field=search_offset&q.op=eq&q.value=1",
            ["vm-1"],
        ),
        ("q.field=user&q.value=nobody", []),
    ],
)
def test_it_finds_resources_with_a_sample_that_matches(
    api: Api, query: str, expected: list[str]
) -> None:
    assert [found["resource_id"] for found in api.get(f"/v2/resources?{query}")] == expected


@pytest.mark.usefixtures("moved")
def test_it_tells_of_the_samples_that_match(api: Api) -> None:
    (found,) = api.get("/v2/resources?q.field=project&q.value=p1&q.field=resource&q.value=vm-1")
    assert found["project_id"] == "p1"
    assert found["last_sample_timestamp"] == "2026-03-01T12:00:00"
    assert found["metadata"] == {"state": "new"}


@pytest.mark.usefixtures("moved")
@pytest.mark.parametrize(("word", "count"), [("0", 1), ("1", 3), ("2", 3), ("-1", 3)])
def test_it_leaves_links_to_meters_out(api: Api, word: str, count: int) -> None:
    found = api.get(f"/v2/resources?meter_links={word}")
    assert len(found[0]["links"]) == count
    assert found[0]["links"][0] == SELF


def test_it_links_a_meter_for_each_of_its_units(api: Api) -> None:
    publish([make_sample(unit="%"), make_sample(unit="ns")])
    assert api.get("/v2/resources/vm-1")["links"] == [SELF, link("cpu_util"), link("cpu_util")]


@pytest.mark.parametrize(
    ("path", "name"), [("a%252Fb", "a/b"), ("a%2520b", "a b"), ("a.b", "a.b"), ("%25C3%25A9", "é")]
)
def test_it_decodes_an_id_once_more(api: Api, path: str, name: str) -> None:
    publish([make_sample(resource=name)])
    found: Any = api.get(f"/v2/resources/{path}")
    assert found["resource_id"] == name


def test_it_says_which_resource_is_not_there(api: Api) -> None:
    expected = (404, "Client", "Resource nosirnothere Not Found")
    assert api.fault("/v2/resources/nosirnothere") == expected


def test_it_links_to_where_it_is_mounted(api: Api) -> None:
    publish([make_sample()])
    found = api.client.get("/v2/resources/vm-1", headers=ADMIN, SCRIPT_NAME="/m").json()
    assert found["links"][0]["href"] == "http://testserver/m/v2/resources/vm-1"
