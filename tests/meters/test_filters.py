"""What the lists can be narrowed by."""

import pytest

from meters.filters import MeterFilter, ResourceFilter
from meters.models import Series
from meters.pipelines import publish
from tests.factories import make_sample

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _series() -> None:
    publish(
        [
            make_sample(),
            make_sample(meter="cpu", type="cumulative", unit="ns", project="P2", user="u2"),
            make_sample(meter="memory", unit="MB", resource="vm-2", project=None, user=None),
        ]
    )


@pytest.mark.parametrize(
    ("params", "meters"),
    [
        ({}, {"cpu_util", "cpu", "memory"}),
        ({"name": "CPU"}, {"cpu_util", "cpu"}),
        ({"type": "cumulative"}, {"cpu"}),
        ({"unit": "mb"}, {"memory"}),
        ({"unit": "%"}, {"cpu_util"}),
        ({"resource": "vm-1"}, {"cpu_util", "cpu"}),
        ({"project": "p"}, {"cpu_util", "cpu"}),
        ({"name": "cpu", "project": "p2"}, {"cpu"}),
        ({"name": "%"}, set()),
        ({"sort": "name", "page": "2"}, {"cpu_util", "cpu", "memory"}),
    ],
)
def test_it_narrows_the_meters(params: dict[str, str], meters: set[str]) -> None:
    found = MeterFilter(params, queryset=Series.objects.all()).found()
    assert {one.meter for one in found} == meters


@pytest.mark.parametrize(
    ("params", "resources"),
    [
        ({"resource": "2"}, {"vm-2"}),
        ({"project": "p2"}, {"vm-1"}),
        ({"user": "U1"}, {"vm-1"}),
        ({"meter": "mem"}, {"vm-2"}),
    ],
)
def test_it_narrows_the_resources(params: dict[str, str], resources: set[str]) -> None:
    found = ResourceFilter(params, queryset=Series.objects.all()).found()
    assert {one.resource for one in found} == resources


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"type": "rate"}, "Type: Select a valid choice. rate is not"),
        ({"name": "a\0b"}, "Name: Null characters are not allowed."),
    ],
)
def test_it_says_what_it_cannot_look_for_and_finds_nothing(
    params: dict[str, str], words: str
) -> None:
    found = MeterFilter(params, queryset=Series.objects.all())
    (problem,) = found.problems()
    assert words in problem
    assert not found.found().exists()
