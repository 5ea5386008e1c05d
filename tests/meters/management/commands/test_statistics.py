"""manage.py statistics, as it is typed."""

import pytest
from django.core.management import CommandError

from tests.commands import objects, printed, rows

pytestmark = pytest.mark.usefixtures("small_store")


def test_it_answers_as_the_api_does() -> None:
    assert objects("statistics", "cpu_util") == [
        {
            "groupby": None,
            "unit": "%",
            "max": 40.0,
            "min": 10.0,
            "avg": 25.0,
            "sum": 100.0,
            "count": 4,
            "duration": 3600.0,
            "duration_start": "2026-03-01T12:00:00",
            "duration_end": "2026-03-01T13:00:00",
            "period": 0,
            "period_start": "2026-03-01T12:00:00",
            "period_end": "2026-03-01T13:00:00",
        }
    ]


def test_it_cuts_into_periods() -> None:
    found = objects("statistics", "-m", "cpu_util", "--period", "3600")
    assert [(row["period_start"], row["sum"]) for row in found] == [
        ("2026-03-01T12:00:00", 80.0),
        ("2026-03-01T13:00:00", 20.0),
    ]


def test_groups_and_aggregates_are_columns() -> None:
    words = ("-g", "project_id", "-a", "max", "-a", "cardinality<-resource_id", "-a", "stddev")
    assert rows("statistics", "cpu_util", *words) == [
        ["period", "period_start", "period_end", "project_id", "unit", "max",
         "cardinality/resource_id", "stddev", "duration", "duration_start", "duration_end"],
        ["0", "2026-03-01T12:00:00", "2026-03-01T13:00:00", "p1", "%", "30.0", "2.0",
         "8.16496580927726", "3600.0", "2026-03-01T12:00:00", "2026-03-01T13:00:00"],
        ["0", "2026-03-01T12:00:00", "2026-03-01T12:00:00", "p2", "%", "40.0", "1.0", "0.0",
         "0.0", "2026-03-01T12:00:00", "2026-03-01T12:00:00"],
    ]  # fmt: skip


def test_json_keeps_them_where_the_api_has_them() -> None:
    first, _ = objects("statistics", "cpu_util", "-g", "project_id", "-a", "max")
    assert (first["groupby"], first["aggregate"]) == ({"project_id": "p1"}, {"max": 30.0})
    assert "min" not in first


def test_a_table_is_made_for_reading() -> None:
    words = ("-q", "resource=vm-1", "-a", "avg", "-a", "count")
    assert printed("statistics", "cpu_util", *words).splitlines() == [
        "period_start         period_end           unit  avg  count  duration",
        "2026-03-01T12:00:00  2026-03-01T13:00:00  %      15      2      3600",
    ]


def test_a_project_sees_its_own() -> None:
    (row,) = objects("statistics", "cpu_util", "--project", "p2")
    assert row["sum"] == 40


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "Name a meter; 'manage.py meters --unique' lists them."),
        (["cpu_util", "-p", "-1"], "Period must be positive."),
        (["cpu_util", "-g", "colour"], "Invalid groupby fields"),
        (["cpu_util", "-a", "mode"], "Invalid aggregation function: mode"),
        (["cpu_util", "-a", "cardinality"], "Bad aggregate: cardinality.None"),
    ],
)
def test_a_bad_question_gets_one_sentence(words: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        printed("statistics", *words)
