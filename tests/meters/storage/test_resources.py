"""Resources: ends in time, the last matching sample, names of meters, limits."""

from datetime import timedelta

import pytest

from meters.samples import Resource
from meters.selection import Bound, ResourceQuery, Selection
from meters.storage import resources
from meters.storage.store import store
from telemetry_site.core.query.tree import And, Compare, Not, Or
from tests.factories import MOMENT, make_sample
from tests.keeping import keep

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OF_A = Compare("resource", "=", "a")
BIG = Compare("metadata", "=", "big", ("size",))


def find(query: ResourceQuery) -> list[tuple[str, str | None, int, int]]:
    """Name, project, and the two ends in hours from MOMENT."""
    return [
        (r.resource, r.project, (r.first_sample - MOMENT) // HOUR, (r.last_sample - MOMENT) // HOUR)
        for r in store().resources(query)
    ]


@pytest.fixture
def moved() -> None:
    keep(
        [
            make_sample(1, MOMENT, {"size": "big"}, resource="b"),
            make_sample(1, MOMENT + 9 * HOUR, resource="b", project="p2", meter="disk"),
            make_sample(1, MOMENT + 3 * HOUR, {"size": "big"}, resource="b", project="p3"),
            make_sample(1, MOMENT + HOUR, {"size": 3}, resource="a", project=None),
            make_sample(1, MOMENT + 900 * HOUR, resource="C"),
        ]
    )


@pytest.mark.usefixtures("moved")
def test_it_tells_all_of_a_resource() -> None:
    query = ResourceQuery(Selection(Compare("resource", "=", "a")))
    assert store().resources(query) == [
        Resource(
            resource="a",
            project=None,
            user="u1",
            source="openstack",
            first_sample=MOMENT + HOUR,
            last_sample=MOMENT + HOUR,
            metadata=b'{"size":3}',
            meters=("cpu_util",),
        )
    ]


def after(hours: int, *, inclusive: bool = True) -> Bound:
    return Bound(MOMENT + hours * HOUR, inclusive)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), [("C", "p1", 900, 900), ("a", None, 1, 1), ("b", "p2", 0, 9)]),
        (Selection(start=after(3)), [("C", "p1", 900, 900), ("b", "p2", 3, 9)]),
        (Selection(start=after(3, inclusive=False)), [("C", "p1", 900, 900), ("b", "p2", 9, 9)]),
        (Selection(end=after(9, inclusive=False)), [("a", None, 1, 1), ("b", "p3", 0, 3)]),
        (Selection(start=after(1), end=after(2)), [("a", None, 1, 1)]),
        (Selection(start=after(2), end=after(1)), []),
        (Selection(Compare("project", "=", "p3")), [("b", "p3", 3, 3)]),
        (Selection(Compare("project", "=", None)), [("a", None, 1, 1)]),
        (Selection(BIG), [("b", "p3", 0, 3)]),
        (Selection(BIG, start=after(1)), [("b", "p3", 3, 3)]),
        (Selection(And((BIG, Compare("project", "=", "p1")))), [("b", "p1", 0, 0)]),
        (Selection(Or((BIG, OF_A))), [("a", None, 1, 1), ("b", "p3", 0, 3)]),
        (Selection(Not(Compare("metadata", "=", 4, ("size",)))), [("a", None, 1, 1)]),
        (Selection(Compare("resource", "=", "none")), []),
    ],
)
@pytest.mark.usefixtures("moved")
def test_it_finds_what_has_a_sample_in_the_selection(
    selection: Selection, expected: list[tuple[str, str | None, int, int]]
) -> None:
    assert find(ResourceQuery(selection)) == expected


@pytest.mark.parametrize("where", [And(), BIG])
def test_limits_and_pages_keep_the_order(
    monkeypatch: pytest.MonkeyPatch, where: And | Compare
) -> None:
    monkeypatch.setattr(resources, "AT_ONCE", 2)
    monkeypatch.setattr(resources, "AT_ONCE_SEARCHED", 2)
    names = [f"vm-{n:02}" for n in (7, 3, 9, 1, 5)]
    keep([make_sample(resource=name, metadata={"size": "big"}) for name in names])
    for limit in (None, 1, 2, 3, 5, 9):
        found = [r[0] for r in find(ResourceQuery(Selection(where), limit=limit))]
        assert found == sorted(names)[:limit]


def test_it_names_each_definition_of_a_meter() -> None:
    keep([make_sample(unit="B", meter="net"), make_sample(unit="GB", meter="net")])
    keep([make_sample(meter="net", unit="B", project="p2"), make_sample(meter="disk")])
    (found,) = store().resources(ResourceQuery())
    assert found.meters == ("net", "net", "disk")
    (found,) = store().resources(ResourceQuery(meters=False))
    assert found.meters == ()


def test_an_owner_learns_of_no_meter_of_another() -> None:
    keep([make_sample(meter="net"), make_sample(meter="secret", project="p2")])
    (found,) = store().resources(ResourceQuery(Selection(Compare("project", "=", "p1"))))
    assert found.meters == ("net",)


def test_of_equal_times_the_one_recorded_last_tells_owner_and_metadata() -> None:
    for user in ("u3", "u1", "u2"):
        keep([make_sample(user=user, metadata={"by": user})])
    (found,) = store().resources(ResourceQuery())
    assert (found.user, found.metadata) == ("u2", b'{"by":"u2"}')
