"""GET /v2/samples and GET /v2/samples/{id}, and the simple queries that both lists take."""

from datetime import timedelta
from typing import Any

import pytest

from meters.pipelines import publish
from telemetry_site.core.api import lists
from tests.callers import ADMIN, Api, whole
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db


def volumes(found: Any) -> list[float]:
    return [sample["volume"] for sample in found]


@pytest.fixture
def three() -> None:
    """1, 2 and 3, a minute apart; the owner, source and metadata of 3 are others."""
    minute = timedelta(minutes=1)
    publish(
        [
            make_sample(1, MOMENT, {"size": "5", "deep": {"er": "x"}}),
            make_sample(2, MOMENT + minute, {"size": 5, "ok": True}),
            make_sample(3, MOMENT + 2 * minute, {"size": 5.0, "no": None}, project=None,
                        user="u2", source="s2", resource="vm/2"),
        ]
    )  # fmt: skip


def test_it_shows_a_sample(api: Api) -> None:
    sample = make_sample(3, metadata={"a": "b"}, project=None)
    publish([sample])
    (found,) = api.get("/v2/samples")
    assert api.get(f"/v2/samples/{sample.message_id}") == found
    assert found.pop("recorded_at")
    assert found == {
        "id": str(sample.message_id),
        "meter": "cpu_util",
        "type": "gauge",
        "unit": "%",
        "volume": 3.0,
        "user_id": "u1",
        "project_id": None,
        "resource_id": "vm-1",
        "source": "openstack",
        "timestamp": "2026-03-01T12:00:00",
        "metadata": {"a": "b"},
    }


@pytest.mark.parametrize("name", ["davesnothere", "019ca945-0a00-741c-84d9-19067e1784bc", "a b"])
def test_it_says_which_sample_is_not_there(api: Api, name: str) -> None:
    assert api.fault(f"/v2/samples/{name}") == (404, "Client", f"Sample {name} Not Found")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [3, 2, 1]),
        ("q.field=user&q.value=u2", [3]),
        ("q.field=user_id&q.op=eq&q.value=u1&q.type=", [2, 1]),
        ("q.field=project&q.value=None", [3]),
        ("q.field=project_id&q.value=p1", [2, 1]),
        ("q.field=resource&q.value=vm/2", [3]),
        ("q.field=source&q.value=s2", [3]),
        ("q.field=meter&q.value=cpu_util", [3, 2, 1]),
        ("q.field=meter&q.value=other", []),
        ("q.field=message_id&q.value=junk", []),
        ("q.field=user&q.field=source&q.op=&q.op=&q.value=u2&q.value=openstack", []),
        ("q.field=timestamp&q.op=gt&q.value=2026-03-01T12:00:00", [3, 2]),
        ("q.field=timestamp&q.op=ge&q.value=2026-03-01T12:01:00Z", [3, 2]),
        ("q.field=timestamp&q.op=lt&q.value=2026-03-01%2012:01:00", [1]),
        ("q.field=timestamp&q.op=le&q.value=2026-03-01T12:01:00%2B05:00", [2, 1]),
        ("q.field=timestamp&q.op=lt&q.value=0001-01-01", []),
        ("q.field=timestamp&q.op=gt&q.value=9999-12-31", []),
        (
            "q.field=timestamp&q.op=gt&q.value=2026-03-01T12:02:00"
            "&q.field=search_offset&q.op=eq&q.value=1",
            [3],
        ),
        (
            "q.field=timestamp&q.op=gt&q.value=2026-03-01T12:02:00"
            "&q.field=search_offset&q.op=eq&q.value=99999999999999999999",
            [3, 2, 1],
        ),
        ("q.field=metadata.size&q.value=5&q.type=string", [1]),
        ("q.field=metadata.size&q.value=5", [2]),
        ("q.field=metadata.size&q.value=5.0", [3]),
        ("q.field=metadata.size&q.value='5'", [1]),
        ("q.field=resource_metadata.size&q.value=5&q.type=float", [3]),
        ("q.field=metadata.ok&q.value=true&q.type=boolean", [2]),
        ("q.field=metadata.ok&q.value=True", [2]),
        ("q.field=metadata.ok&q.value=1", []),
        ("q.field=metadata.no&q.value=None", [3]),
        ("q.field=metadata.deep.er&q.value=x", [1]),
        ("q.field=metadata.unknown.path&q.value=x", []),
    ],
)
def test_it_answers_a_simple_query(api: Api, query: str, expected: list[float]) -> None:
    assert volumes(api.get(f"/v2/samples?{query}")) == expected


@pytest.mark.usefixtures("three")
def test_it_answers_the_same_however_the_parts_of_q_are_ordered(api: Api) -> None:
    together = "q.field=user&q.field=source&q.value=u1&q.value=openstack"
    in_turn = "q.field=user&q.value=u1&q.field=source&q.value=openstack"
    assert volumes(api.get(f"/v2/samples?{together}")) == [2, 1]
    assert volumes(api.get(f"/v2/samples?{in_turn}")) == [2, 1]


@pytest.mark.parametrize("limit", [11, 25, 1000])
def test_it_streams_a_long_list(api: Api, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(lists, "STREAMED_FROM", 10)
    monkeypatch.setattr(lists, "CHUNK", 7)
    publish([make_sample(float(n)) for n in range(40)])
    response = api.send("GET", f"/v2/samples?limit={limit}")
    assert response.streaming
    expected = [float(n) for n in range(min(limit, 40))]
    assert volumes(api.get(f"/v2/samples?limit={limit}")) == expected


def test_it_streams_an_empty_list(api: Api) -> None:
    response = api.client.get("/v2/samples?limit=10001", headers=ADMIN)
    assert (response.streaming, whole(response)) == (True, b"[]")


def test_it_refuses_before_it_streams(api: Api) -> None:
    status, _, text = api.fault("/v2/samples?limit=10001&q.field=metadata.a&q.value=[]")
    assert (status, text[:8]) == (501, "Query on")
