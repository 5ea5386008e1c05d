"""What a meter's page answers."""

from datetime import UTC, datetime, timedelta

import pytest

from meters import answers
from meters.answers import answer, every_row, newest
from meters.pipelines import publish
from meters.questions import Question, read_question
from meters.samples import Meter
from telemetry_site.core.identity.caller import ADMIN, Caller
from tests.factories import make_sample

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 3, 1, tzinfo=UTC)
CPU = Meter(name="cpu_util", type="gauge", unit="%")
MEMBER = Caller(user="bob", project="p1", roles=frozenset({"member"}))


def asked(**params: str) -> Question:
    day = {"start": "2026-03-01", "end": "2026-03-01T03:00", "period": "3600"}
    return read_question(CPU, {**day, **params}, START + timedelta(days=1))[0]


def publish_some(projects: int, hours: int = 3) -> None:
    publish(
        [
            make_sample(
                float(number + 10 * hour), START + timedelta(hours=hour), project=f"p{number}"
            )
            for number in range(projects)
            for hour in range(hours)
        ]
    )


def test_it_adds_up_the_range_and_its_periods() -> None:
    publish_some(2)
    found = answer(asked(), ADMIN)
    assert [(row.count, row.min, row.max) for row in found.totals] == [(6, 0.0, 21.0)]
    assert [row.avg for row in found.rows] == [0.5, 10.5, 20.5]


def test_it_draws_the_largest_groups_and_counts_the_rest() -> None:
    publish_some(10)
    found = answer(asked(group="project"), ADMIN)
    assert [row.groupby[0] for row in found.drawn] == [f"p{n}" for n in range(9, 1, -1)]
    assert (len(found.totals), found.left_out, len(found.rows)) == (10, 2, 24)
    assert [line.label for line in found.chart().lines] == [f"p{n}" for n in range(9, 1, -1)]


def test_it_draws_a_group_without_a_name() -> None:
    publish([make_sample(7.0, START, project=None), make_sample(5.0, START)])
    found = answer(asked(group="project"), ADMIN)
    assert [row.groupby for row in found.rows] == [(None,), ("p1",)]


def test_it_takes_the_unit_of_the_definition_alone() -> None:
    publish([make_sample(7.0, START, unit=None), make_sample(5.0, START)])
    assert [row.sum for row in answer(asked(), ADMIN).totals] == [5.0]


def test_it_answers_an_empty_range_with_nothing() -> None:
    found = answer(asked(), ADMIN)
    assert (found.totals, found.rows, found.left_out) == ([], [], 0)


def test_it_reads_all_groups_in_parts_as_if_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    publish_some(10)
    at_once = list(every_row(asked(group="project"), ADMIN))
    monkeypatch.setattr(answers, "AT_ONCE", 10)
    assert list(every_row(asked(group="project"), ADMIN)) == at_once
    assert len(at_once) == 30


def test_it_shows_a_member_its_own_project() -> None:
    publish_some(3)
    assert [row.groupby for row in answer(asked(group="project"), MEMBER).totals] == [("p1",)]
    assert [row.sum for row in every_row(asked(), MEMBER)] == [1.0, 11.0, 21.0]


def test_it_finds_the_last_sample_before_an_empty_range_or_else_behind_it() -> None:
    publish([make_sample(1.0, START - timedelta(days=9)), make_sample(2.0, START)])
    before = newest(asked(start="2026-02-27", end="2026-02-28"), ADMIN)
    behind = newest(asked(start="2026-01-01", end="2026-01-02"), ADMIN)
    assert before is not None
    assert behind is not None
    assert (before.volume, behind.volume) == (1.0, 2.0)
