"""Many selectors asked at once: values worked out by hand, and who may see them."""

from datetime import UTC, datetime, timedelta

import pytest

from meters.queries import Selector, points, summaries
from meters.windows import Point, Stretch, Summary
from telemetry_site.core.clock import EPOCH
from telemetry_site.core.errors import NotAuthorized
from telemetry_site.core.identity.caller import ADMIN, Caller
from telemetry_site.core.query.tree import EVERYTHING, And, Compare, Node, Or
from tests.factories import MOMENT, make_sample
from tests.keeping import keep

pytestmark = pytest.mark.django_db

FIRST = Caller(user="u1", project="p1")
SECOND = Caller(user="u2", project="p2")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
THREE_MINUTES = Stretch(NOON, NOON + timedelta(minutes=3), 60, NOON)
CPU = Compare("meter", "=", "cpu_util")
VM = Compare("resource", "=", "vm-1")


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def brief(found: list[Summary]) -> list[tuple[float, int, float, float, float, float]]:
    """Seconds after noon, then the numbers."""
    return [((one.start - NOON).total_seconds(), *one[2:7]) for one in found]


def test_it_cuts_the_stretch_into_buckets_from_its_origin() -> None:
    keep(
        [
            make_sample(99, after(-0.000001)),
            make_sample(1, after(0)),
            make_sample(4, after(59.999999)),
            make_sample(0.125, after(60)),
            make_sample(99, after(180)),
        ]
    )
    (found,) = summaries([(And((CPU, VM)), FIRST)], THREE_MINUTES)
    assert brief(found) == [(0, 2, 5, 1, 4, 4.5), (60, 1, 0.125, 0.125, 0.125, 0)]
    assert {one.resource for one in found} == {None}


def test_buckets_of_another_origin_are_cut_off_and_named_by_their_own_beginning() -> None:
    keep([make_sample(n, after(n)) for n in (29, 30, 59, 60, 89, 90)])
    stretch = Stretch(after(30), after(90), 60, EPOCH)
    (found,) = summaries([(CPU, FIRST)], stretch)
    assert brief(found) == [(0, 2, 89, 30, 59, 420.5), (60, 2, 149, 60, 89, 420.5)]


def test_units_and_owners_share_a_bucket_and_samples_without_a_volume_do_not_count() -> None:
    keep(
        [
            make_sample(1, after(1), unit="%"),
            make_sample(2, after(2), unit=None),
            make_sample(6, after(3), user="u9", source="x"),
            make_sample(None, after(4)),
            make_sample(None, after(61)),
        ]
    )
    assert [brief(found) for found in summaries([(CPU, FIRST)], THREE_MINUTES)] == [
        [(0, 3, 9, 1, 6, 14)]
    ]
    assert points([(CPU, FIRST)], NOON, after(180)) == [
        [Point("vm-1", after(n), volume) for n, volume in ((1, 1.0), (2, 2.0), (3, 6.0))]
    ]


def test_resources_are_told_apart_where_that_is_asked_for() -> None:
    keep(
        [
            make_sample(n, after(second), resource=name)
            for n, (name, second) in enumerate((("b", 1), ("B", 2), ("b", 61), ("ä", 3), ("b", 4)))
        ]
    )
    (found,) = summaries([(CPU, FIRST)], THREE_MINUTES, by_resource=True)
    assert [(one.resource, one.start, one.samples, one.total) for one in found] == [
        ("B", after(0), 1, 1),
        ("b", after(0), 2, 4),
        ("b", after(60), 1, 2),
        ("ä", after(0), 1, 3),
    ]
    (listed,) = points([(CPU, FIRST)], NOON, after(62))
    assert [(one.resource, one.volume) for one in listed] == [
        ("B", 1),
        ("b", 0),
        ("b", 4),
        ("b", 2),
        ("ä", 3),
    ]


def test_every_selector_has_its_answer_in_its_place() -> None:
    keep([make_sample(n, after(n), resource=f"vm-{n}") for n in range(1, 4)])
    named = [And((CPU, Compare("resource", "=", f"vm-{n}"))) for n in (3, 1, 7, 3)]
    wheres: list[Node] = [*named, CPU, EVERYTHING]
    asked = [(where, FIRST) for where in wheres]
    found = summaries(asked, THREE_MINUTES)
    assert [[one.total for one in some] for some in found] == [[3], [1], [], [3], [6], [6]]
    assert found[0] is not found[3]
    assert [[one.volume for one in some] for some in points(asked, NOON, after(3))] == [
        [],
        [1],
        [],
        [],
        [1, 2],
        [1, 2],
    ]


def test_nothing_asked_or_no_time_is_nothing_found() -> None:
    keep([make_sample(timestamp=NOON)])
    assert summaries([], THREE_MINUTES) == []
    assert points([], NOON, after(1)) == []
    assert summaries([(CPU, FIRST)], Stretch(NOON, NOON, 60, NOON)) == [[]]
    assert points([(CPU, FIRST)], after(1), NOON) == [[]]


def test_each_caller_sees_its_own_project() -> None:
    keep([make_sample(n, after(n), project=f"p{n}") for n in (1, 2)])
    foreign = Compare("metadata", "=", "x", ("a",))
    wheres: tuple[Node, ...] = (CPU, VM, EVERYTHING, Or((CPU, Compare("project", "=", "p2"))))
    asked: list[Selector] = [
        *((where, SECOND) for where in wheres),
        (foreign, SECOND),
        (CPU, FIRST),
        (CPU, ADMIN),
    ]
    found = summaries(asked, THREE_MINUTES, by_resource=True)
    assert [[one.total for one in some] for some in found] == [[2]] * 4 + [[], [1], [3]]
    listed = points(asked, NOON, after(60))
    assert [[one.volume for one in some] for some in listed] == [[2]] * 4 + [[], [1], [1, 2]]


def test_another_project_is_refused() -> None:
    asked = [(CPU, FIRST), (Compare("project", "=", "p2"), FIRST)]
    with pytest.raises(NotAuthorized):
        summaries(asked, THREE_MINUTES)
    with pytest.raises(NotAuthorized):
        points(asked, NOON, after(1))


@pytest.mark.parametrize("period", [1, 10**9, 10**15, 10**30])
def test_no_period_is_too_much(period: int) -> None:
    keep([make_sample(n, MOMENT + timedelta(seconds=n)) for n in range(2)])
    stretch = Stretch(MOMENT, MOMENT + timedelta(seconds=2), period, MOMENT)
    (found,) = summaries([(CPU, FIRST)], stretch)
    assert sum(one.samples for one in found) == 2
