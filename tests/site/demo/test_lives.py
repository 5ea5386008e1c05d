"""Which instances the demo cloud has, and when."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from telemetry_site.demo.fleet import LARGE, OFFICE, SMALL, Group
from telemetry_site.demo.lives import BEGINNING, instances
from telemetry_site.demo.stream import Plan

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAN = Plan.until(NOON, seed="1", step=3600, days=30)
STAYS = Group("p", "u", "stays", 1, SMALL, OFFICE, 1, 1)
GOES = replace(STAYS, name="goes", days=4)
GROWS = replace(GOES, name="grows", grows=LARGE)


def test_instances_come_and_go_within_the_month() -> None:
    lives = list(instances(GOES, 1, PLAN))
    assert 7 <= len(lives) <= 9
    assert all(before.steps.stop < after.steps.start for before, after in pairwise(lives))
    assert [life.name for life in lives[:2]] == [
        f"goes-1-{lives[0].generation}", f"goes-1-{lives[0].generation + 1}",
    ]  # fmt: skip


def test_instances_without_days_stay() -> None:
    (life,) = instances(STAYS, 1, PLAN)
    assert (life.name, life.born, life.died) == ("stays-1", BEGINNING // 3600, None)
    assert life.steps == range(BEGINNING // 3600, PLAN.steps.stop)


def test_one_that_grows_has_its_second_half_in_another_size() -> None:
    lives = [life for life in instances(GROWS, 1, PLAN) if life.steps.stop < PLAN.steps.stop]
    whole = {life.generation for life in lives if life.flavor == LARGE}
    for generation in whole:
        halves = [life for life in lives if life.generation == generation]
        if len(halves) == 2:
            small, large = halves
            assert (small.flavor, large.flavor) == (SMALL, LARGE)
            assert small.steps.stop == large.steps.start
            assert abs(len(small.steps) - len(large.steps)) <= 1
            assert (small.born, large.died) == (small.steps.start, large.steps.stop)
    assert len(whole) >= 6


@pytest.mark.parametrize("group", [STAYS, GOES, GROWS])
def test_a_later_run_finds_the_same_lives(group: Group) -> None:
    later = replace(PLAN, steps=range(PLAN.steps.start + 50, PLAN.steps.stop + 50))
    found = {(life.name, life.flavor): life for life in instances(group, 1, later)}
    for life in instances(group, 1, PLAN):
        other = found.get((life.name, life.flavor))
        if other:
            assert other.steps.start == life.steps.start
            assert life.steps.stop == min(other.steps.stop, PLAN.steps.stop)
