"""Meters: the owner its last sample names, filters on that sample, order of first insertion."""

from datetime import timedelta

import pytest

from meters.samples import Meter
from meters.selection import MeterQuery
from meters.storage.store import store
from telemetry_site.core.query.tree import EVERYTHING, Compare, Node, Not
from tests.factories import MOMENT, make_sample
from tests.keeping import keep
from tests.statements import sent

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def owners(where: Node = EVERYTHING) -> list[tuple[str | None, str | None]]:
    return [(m.resource, m.project) for m in store().meters(MeterQuery(where))]


@pytest.fixture
def moved() -> None:
    """vm-2 came second, and moved from p1 to p2 and back in time to p3."""
    keep([make_sample(resource="vm-9", metadata={"size": "big"})])
    keep([make_sample(resource="vm-2", project="p1", metadata={"size": "big"})])
    keep([make_sample(1, MOMENT + HOUR, {"size": "small"}, resource="vm-2", project="p2")])
    keep([make_sample(1, MOMENT - HOUR, {"size": "big"}, resource="vm-2", project="p3")])


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (EVERYTHING, [("vm-9", "p1"), ("vm-2", "p2")]),
        (Compare("project", "=", "p1"), [("vm-9", "p1")]),
        (Compare("project", "=", "p2"), [("vm-2", "p2")]),
        (Compare("project", "=", "p3"), []),
        (Compare("project", "=", None), []),
        (Compare("resource", "=", "vm-2"), [("vm-2", "p2")]),
        (Compare("source", "=", "openstack"), [("vm-9", "p1"), ("vm-2", "p2")]),
        (Compare("metadata", "=", "big", ("size",)), [("vm-9", "p1")]),
        (Compare("metadata", "=", "small", ("size",)), [("vm-2", "p2")]),
        (Not(Compare("metadata", "=", "small", ("size",))), [("vm-9", "p1")]),
        (Compare("metadata", "=", "x", ("nothing",)), []),
    ],
)
@pytest.mark.usefixtures("moved")
def test_it_asks_the_last_sample(where: Node, expected: list[tuple[str, str]]) -> None:
    assert owners(where) == expected


def test_of_equal_times_the_one_recorded_last_tells_the_owner() -> None:
    for project in ("p2", "p1", None):
        keep([make_sample(project=project)])
    assert owners() == [("vm-1", None)]


def test_it_lists_each_definition_of_a_resource() -> None:
    keep([make_sample(unit=unit) for unit in ("B", None, "")])
    keep([make_sample(unit="B", type="delta"), make_sample(unit="B", meter="disk")])
    found = [(m.name, m.type, m.unit) for m in store().meters(MeterQuery())]
    assert found == [
        ("cpu_util", "gauge", "B"),
        ("cpu_util", "gauge", None),
        ("cpu_util", "gauge", ""),
        ("cpu_util", "delta", "B"),
        ("disk", "gauge", "B"),
    ]


@pytest.mark.usefixtures("moved")
def test_unique_gives_each_definition_once() -> None:
    keep([make_sample(unit="B")])
    assert store().meters(MeterQuery(unique=True)) == [
        Meter(name="cpu_util", type="gauge", unit="%"),
        Meter(name="cpu_util", type="gauge", unit="B"),
    ]
    own = Compare("project", "=", "p2")
    assert len(store().meters(MeterQuery(own, unique=True))) == 1


@pytest.mark.usefixtures("moved")
def test_a_limit_keeps_the_first() -> None:
    assert [m.resource for m in store().meters(MeterQuery(limit=1))] == ["vm-9"]


def test_it_needs_no_samples_where_each_meter_has_one_owner() -> None:
    keep([make_sample(resource=f"vm-{n}") for n in range(9)])
    with sent() as statements:
        assert len(store().meters(MeterQuery())) == 9
    assert len(statements) == 2
