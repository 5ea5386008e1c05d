"""GET /v2/meters and GET /v2/meters/{name}."""

from datetime import timedelta

import pytest

from meters.pipelines import publish
from tests.callers import Api
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db

LATER = MOMENT + timedelta(minutes=1)
CPU = {
    "name": "cpu_util",
    "type": "gauge",
    "unit": "%",
    "resource_id": "vm-1",
    "project_id": "p1",
    "user_id": "u1",
    "source": "openstack",
    "meter_id": "dm0tMStjcHVfdXRpbA==",  # base64 of vm-1+cpu_util
}


def test_it_lists_each_meter_of_each_resource(api: Api) -> None:
    publish([make_sample(), make_sample(), make_sample(resource="vm-2"), make_sample(meter="disk")])
    found = api.get("/v2/meters")
    assert found[0] == CPU
    assert list(found[0]) == list(CPU)
    pairs = sorted((meter["name"], meter["resource_id"]) for meter in found)
    assert pairs == [("cpu_util", "vm-1"), ("cpu_util", "vm-2"), ("disk", "vm-1")]


def test_it_names_the_owner_of_the_latest_sample(api: Api) -> None:
    publish([make_sample(project="p2", user=None, timestamp=LATER), make_sample()])
    assert api.get("/v2/meters") == [{**CPU, "project_id": "p2", "user_id": None}]
    assert api.get("/v2/meters?q.field=project&q.value=p1") == []
    assert len(api.get("/v2/meters?q.field=project_id&q.value=p2")) == 1
    assert len(api.get("/v2/meters?q.field=user&q.value=None")) == 1


@pytest.mark.parametrize("word", ["True", "1", "yes", "ON", "t", "y"])
def test_it_lists_each_meter_once(api: Api, word: str) -> None:
    publish([make_sample(), make_sample(resource="vm-2"), make_sample(unit=None)])
    found = api.get(f"/v2/meters?unique={word}")
    none = {"resource_id": None, "project_id": None, "user_id": None, "source": None}
    unique = {**CPU, **none, "meter_id": "Tm9uZStjcHVfdXRpbA=="}  # None+cpu_util
    assert found == [unique, {**unique, "unit": None}]


@pytest.mark.parametrize("word", ["", "false", "no", "nonsense"])
def test_it_takes_every_other_unique_for_false(api: Api, word: str) -> None:
    publish([make_sample()])
    assert api.get(f"/v2/meters?unique={word}") == [CPU]


@pytest.mark.parametrize("path", ["meters", "meters/cpu_util", "samples", "resources"])
def test_it_limits_every_list(api: Api, path: str) -> None:
    publish([make_sample(resource=f"vm-{n}") for n in range(101)])
    assert len(api.get(f"/v2/{path}")) == 100
    assert len(api.get(f"/v2/{path}?limit=3")) == 3
    assert len(api.get(f"/v2/{path}?limit={'9' * 30}")) == 101


def test_it_filters_by_metadata_of_the_last_sample(api: Api) -> None:
    publish([make_sample(metadata={"a": "x"}), make_sample(metadata={"a": "y"}, timestamp=LATER)])
    assert api.get("/v2/meters?q.field=metadata.a&q.value=x") == []
    assert len(api.get("/v2/meters?q.field=metadata.a&q.value=y")) == 1


def test_it_lists_samples_newest_first_and_equal_ones_as_they_came(api: Api) -> None:
    volumes = [(1.0, MOMENT), (2.0, LATER), (3.0, MOMENT), (4.0, MOMENT)]
    for volume, moment in volumes:
        publish([make_sample(volume, moment)])
    found = [sample["counter_volume"] for sample in api.get("/v2/meters/cpu_util")]
    assert found == [2.0, 1.0, 3.0, 4.0]


def test_it_shows_an_old_sample(api: Api) -> None:
    half = MOMENT + timedelta(microseconds=500_000)
    sample = make_sample(3, half, {"a": {"b": 1}}, unit=None, user=None)
    publish([sample])
    (found,) = api.get("/v2/meters/cpu_util")
    assert found.pop("recorded_at")
    assert found == {
        "source": "openstack",
        "counter_name": "cpu_util",
        "counter_type": "gauge",
        "counter_unit": None,
        "counter_volume": 3.0,
        "user_id": None,
        "project_id": "p1",
        "resource_id": "vm-1",
        "timestamp": "2026-03-01T12:00:00.500000",
        "resource_metadata": {"a.b": "1"},
        "message_id": str(sample.message_id),
    }


def test_it_writes_a_whole_volume_with_a_point(api: Api) -> None:
    publish([make_sample(1)])
    assert b'"counter_volume":1.0,' in api.send("GET", "/v2/meters/cpu_util").content


@pytest.mark.parametrize("name", ["a.jpg", "cpu%20util", "naïve", "x:y", "%25"])
def test_it_takes_a_name_as_it_is(api: Api, name: str) -> None:
    publish([make_sample(meter={"cpu%20util": "cpu util", "%25": "%"}.get(name, name))])
    assert len(api.get(f"/v2/meters/{name}")) == 1


def test_it_lists_nothing_of_an_unknown_meter(api: Api) -> None:
    assert api.get("/v2/meters/unknown") == []


def test_it_lets_the_path_name_the_meter(api: Api) -> None:
    publish([make_sample()])
    assert len(api.get("/v2/meters/cpu_util?q.field=meter&q.value=other")) == 1
    assert len(api.get("/v2/meters/cpu_util/statistics?q.field=meter&q.value=other")) == 1
