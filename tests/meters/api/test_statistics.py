"""GET /v2/meters/{name}/statistics, against numbers worked out by hand."""

from datetime import timedelta
from typing import Any

import pytest

from meters.pipelines import publish
from tests.callers import Api
from tests.factories import MOMENT, make_sample

pytestmark = pytest.mark.django_db

PATH = "/v2/meters/cpu_util/statistics"
NOON = "2026-03-01T12:00:00"
STANDARD = ("min", "max", "avg", "sum", "count")


def at(seconds: int) -> Any:
    return MOMENT + timedelta(seconds=seconds)


@pytest.fixture
def five() -> None:
    """2, 2 and 5 of u1 at 0, 30 and 60 s; 10 and 20 of u2 at 150 and 180 s."""
    publish(
        [
            make_sample(2, at(0), {"instance_type": "m1"}),
            make_sample(2, at(30), {"instance_type": "m1"}),
            make_sample(5, at(60), {"instance_type": "m2"}, resource="vm-2"),
            make_sample(10, at(150), user="u2", source="s2"),
            make_sample(20, at(180), user="u2", project=None),
        ]
    )


def asked(api: Api, query: str = "") -> Any:
    return api.get(f"{PATH}?{query}")


def bounds(**named: str) -> str:
    """Bounds of time as q, each a time of the day."""
    items = [("timestamp", op, f"2026-03-01T{text}") for op, text in named.items()]
    return "&".join(f"q.field={field}&q.op={op}&q.value={value}" for field, op, value in items)


@pytest.mark.usefixtures("five")
def test_it_sums_up_all_samples(api: Api) -> None:
    expected = {
        "groupby": None,
        "unit": "%",
        "min": 2.0,
        "max": 20.0,
        "avg": 7.8,
        "sum": 39.0,
        "count": 5,
        "duration": 180.0,
        "duration_start": NOON,
        "duration_end": "2026-03-01T12:03:00",
        "period": 0,
        "period_start": NOON,
        "period_end": "2026-03-01T12:03:00",
    }
    (found,) = asked(api)
    assert found == expected
    assert list(found) == list(expected)
    assert asked(api, "period=0") == [expected]


def test_it_writes_floats_with_a_point_and_counts_without(api: Api) -> None:
    publish([make_sample(2)])
    content = api.send("GET", f"{PATH}?aggregate.func=count&aggregate.func=min").content
    assert b'"min":2.0,"count":1,"aggregate":{"count":1.0,"min":2.0},"duration":0.0' in content


@pytest.mark.usefixtures("five")
def test_it_cuts_time_from_the_first_sample_on(api: Api) -> None:
    found = asked(api, "period=60")
    rows = [(row["period_start"][11:], row["period_end"][11:], row["sum"]) for row in found]
    assert rows == [
        ("12:00:00", "12:01:00", 4.0),
        ("12:01:00", "12:02:00", 5.0),
        ("12:02:00", "12:03:00", 10.0),
        ("12:03:00", "12:04:00", 20.0),
    ]
    assert found[0]["duration_end"] == "2026-03-01T12:00:30"
    assert {row["period"] for row in found} == {60}


@pytest.mark.usefixtures("five")
def test_it_cuts_time_from_the_lower_bound_on_and_leaves_empty_periods_out(api: Api) -> None:
    found = asked(api, bounds(ge="11:59:40", lt="12:02:40") + "&period=40")
    rows = [(row["period_start"][11:], row["period_end"][11:], row["sum"]) for row in found]
    assert rows == [
        ("11:59:40", "12:00:20", 2.0),
        ("12:00:20", "12:01:00", 2.0),
        ("12:01:00", "12:01:40", 5.0),
        ("12:02:20", "12:03:00", 10.0),
    ]


def test_it_keeps_a_single_sample_with_a_period(api: Api) -> None:
    publish([make_sample(2)])
    (row,) = asked(api, "period=60")
    assert (row["count"], row["period_start"], row["period_end"]) == (1, NOON, NOON[:-4] + "1:00")


@pytest.mark.usefixtures("five")
def test_it_starts_periods_at_the_same_time_for_all_groups(api: Api) -> None:
    found = asked(api, "period=100&groupby=user_id")
    rows = {(row["groupby"]["user_id"], row["period_start"][11:], row["sum"]) for row in found}
    assert rows == {("u1", "12:00:00", 9.0), ("u2", "12:01:40", 30.0)}


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("groupby=user_id", [({"user_id": "u1"}, 9.0), ({"user_id": "u2"}, 30.0)]),
        ("groupby=project_id", [({"project_id": None}, 20.0), ({"project_id": "p1"}, 19.0)]),
        ("groupby=source", [({"source": "openstack"}, 29.0), ({"source": "s2"}, 10.0)]),
        ("groupby=resource_id&groupby=resource_id",
         [({"resource_id": "vm-1"}, 34.0), ({"resource_id": "vm-2"}, 5.0)]),
        ("groupby=user_id&groupby=resource_id",
         [({"user_id": "u1", "resource_id": "vm-1"}, 4.0),
          ({"user_id": "u1", "resource_id": "vm-2"}, 5.0),
          ({"user_id": "u2", "resource_id": "vm-1"}, 30.0)]),
        ("groupby=resource_metadata.instance_type",
         [({"resource_metadata.instance_type": "m1"}, 4.0),
          ({"resource_metadata.instance_type": "m2"}, 5.0)]),
    ],
)  # fmt: skip
def test_it_groups(api: Api, query: str, expected: Any) -> None:
    assert [(row["groupby"], row["sum"]) for row in asked(api, query)] == expected


def test_it_keeps_units_apart(api: Api) -> None:
    publish([make_sample(1), make_sample(2, unit="ns"), make_sample(4, unit=None)])
    assert {row["unit"]: row["sum"] for row in asked(api)} == {"%": 1.0, "ns": 2.0, None: 4.0}


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "top", "aggregate"),
    [
        ("aggregate.func=max", {"max": 20.0}, {"max": 20.0}),
        ("aggregate.func=count&aggregate.func=avg", {"count": 5, "avg": 7.8},
         {"count": 5.0, "avg": 7.8}),
        ("aggregate.func=max&aggregate.func=max", {"max": 20.0}, {"max": 20.0}),
        ("aggregate.func=cardinality&aggregate.param=resource_id", {},
         {"cardinality/resource_id": 2.0}),
        ("aggregate.func=cardinality&aggregate.func=cardinality&aggregate.func=sum"
         "&aggregate.param=user_id&aggregate.param=source",
         {"sum": 39.0}, {"cardinality/user_id": 2.0, "cardinality/source": 2.0, "sum": 39.0}),
        ("aggregate.func=cardinality&aggregate.param=project_id", {},
         {"cardinality/project_id": 1.0}),
    ],
)  # fmt: skip
def test_it_gives_the_aggregates_that_are_selected(
    api: Api, query: str, top: Any, aggregate: Any
) -> None:
    (row,) = asked(api, query)
    assert {name: row[name] for name in STANDARD if name in row} == top
    assert row["aggregate"] == pytest.approx(aggregate)


def test_it_gives_the_deviation_of_the_population(api: Api) -> None:
    publish([make_sample(2), make_sample(2), make_sample(5), make_sample(7, unit="ns")])
    found = {row["unit"]: row["aggregate"] for row in asked(api, "aggregate.func=stddev")}
    assert found["%"]["stddev"] == pytest.approx(2**0.5)
    assert found["ns"] == {"stddev": 0.0}


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "duration"),
    [
        (bounds(ge="12:00:10", lt="12:02:50"), (120.0, "12:00:30", "12:02:30")),
        (bounds(gt="11:00:00"), (180.0, "12:00:00", "12:03:00")),
    ],
)
def test_it_measures_between_the_samples(api: Api, query: str, duration: Any) -> None:
    (row,) = asked(api, query)
    start, end = row["duration_start"][11:], row["duration_end"][11:]
    assert (row["duration"], start, end) == duration


@pytest.mark.usefixtures("five")
def test_it_cuts_the_duration_to_the_bounds_as_they_were_asked_for(api: Api) -> None:
    offset = "&q.field=search_offset&q.op=eq&q.value=1"
    (row,) = asked(api, bounds(ge="12:01:00", le="12:02:00") + offset)
    assert row["count"] == 5
    assert (row["duration_start"][11:], row["duration_end"][11:]) == ("12:01:00", "12:02:00")
    assert (row["duration"], row["period_end"][11:]) == (60.0, "12:03:00")


@pytest.mark.usefixtures("five")
def test_it_has_no_duration_where_all_samples_are_outside_of_the_bounds(api: Api) -> None:
    offset = "&q.field=search_offset&q.op=eq&q.value=5"
    (row,) = asked(api, bounds(ge="12:05:00", le="12:06:00") + offset)
    assert row["count"] == 5
    assert row["duration"] is row["duration_start"] is row["duration_end"] is None


@pytest.mark.parametrize("query", ["", "period=60", "groupby=user_id", "aggregate.func=stddev"])
def test_it_answers_nothing_where_nothing_matches(api: Api, query: str) -> None:
    assert asked(api, query) == []


FUNCTION = "Invalid aggregation function: {}"
CARDINALITY = "Bad aggregate: cardinality.{}"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("period=-1", "Period must be positive."),
        ("period=10000000000000", "Invalid period 10000000000000: date value out of range"),
        (f"period={10**30}", f"Invalid period {10**30}: date value out of range"),
        ("groupby=wtf", "Unknown argument: \"{'wtf'}\": Invalid groupby fields"),
        ("groupby=user_id&groupby=user", "Unknown argument: \"{'user'}\": Invalid groupby fields"),
        ("aggregate.func=mmm", FUNCTION.format("mmm")),
        ("aggregate.func=max&aggregate.func=mmm", FUNCTION.format("mmm")),
        ("aggregate.param=resource_id", FUNCTION.format("Unset")),
        ("aggregate.func=cardinality", CARDINALITY.format("None")),
        ("aggregate.func=cardinality&aggregate.param=injection_attack",
         CARDINALITY.format("injection_attack")),
        ("aggregate.func=max&aggregate.func=cardinality&aggregate.param=resource_id",
         CARDINALITY.format("None")),
    ],
)  # fmt: skip
def test_it_words_what_cannot_be_asked(api: Api, query: str, text: str) -> None:
    assert api.fault(f"{PATH}?{query}") == (400, "Client", text)


@pytest.mark.usefixtures("five")
def test_it_takes_a_period_from_the_beginning_of_time(api: Api) -> None:
    query = "q.field=timestamp&q.op=ge&q.value=0001-01-01&period=86400"
    assert [row["count"] for row in asked(api, query)] == [5]
