"""The page of one meter: its chart, its numbers, and what it says to bad input."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from meters.pipelines import publish
from telemetry_site.core import clock
from tests.factories import make_sample

pytestmark = pytest.mark.django_db(transaction=True)

CPU = "/metering/meters/cpu_util/"
DAY = {"start": "2026-03-01", "end": "2026-03-02", "period": "3600"}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin"))
    return client


def text(client: Client, **params: str) -> str:
    answer = client.get(CPU, params)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_it_shows_statistics_as_they_are_asked_for(admin: Client) -> None:
    times = [datetime.fromisoformat(f"2026-03-01T{hour:02}:30Z") for hour in (1, 1, 5)]
    publish([make_sample(float(n), time) for n, time in enumerate(times, 1)])
    context = admin.get(CPU, DAY | {"aggregate": "sum"}).context
    (line,) = context["chart"].lines
    assert [value for value in line.values if value is not None] == [3.0, 3.0]
    assert (line.values[1], line.values[5], len(line.values)) == (3.0, 3.0, 24)
    assert [row.values for row in context["rows"]] == [
        (3.0, 3.0, 3.0, 3.0, 1),
        (1.5, 2.0, 1.0, 3.0, 2),
    ]


def test_it_groups_and_narrows(admin: Client) -> None:
    time = datetime.fromisoformat("2026-03-01T01:30Z")
    publish([make_sample(1.0, time), make_sample(5.0, time, resource="vm-2", project="p2")])
    lines = admin.get(CPU, DAY | {"group": "project"}).context["chart"].lines
    assert [line.label for line in lines] == ["p2", "p1"]
    context = admin.get(CPU, DAY | {"group": "resource", "project": "p1"}).context
    assert [line.label for line in context["chart"].lines] == ["vm-1"]


def test_it_says_how_many_groups_are_not_drawn(admin: Client) -> None:
    time = datetime.fromisoformat("2026-03-01T01:30Z")
    publish([make_sample(timestamp=time, resource=f"vm-{n}") for n in range(20)])
    found = text(admin, **DAY, group="resource")
    assert "The 8 largest of 20 resources are drawn" in found


@pytest.mark.parametrize(
    ("kind", "words"), [("cumulative", "It only counts up"), ("delta", "their sum is the total")]
)
def test_it_explains_the_type(admin: Client, kind: str, words: str) -> None:
    publish([make_sample(type=kind)])
    assert words in text(admin)


def test_it_offers_the_other_definitions_of_a_name(admin: Client) -> None:
    publish([make_sample(), make_sample(unit=None, type="delta")])
    assert '<a href="?type=delta">delta</a>' in text(admin)
    assert admin.get(CPU, {"type": "delta"}).context["meter"].type == "delta"


def test_it_leads_from_an_empty_range_to_the_last_sample(admin: Client) -> None:
    publish([make_sample(timestamp=datetime.fromisoformat("2026-03-01T01:30Z"))])
    found = text(admin, start="2026-02-01", end="2026-02-02")
    assert "No samples in this range" in found
    assert "start=2026-03-01T00%3A00%3A00&amp;end=2026-03-02T00%3A00%3A00" in found


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"start": "<script>"}, "The start “&lt;script&gt;” is not a time"),
        ({"start": "2026-03-02", "end": "2026-03-01"}, "must come before its end"),
        ({"range": "never"}, "There is no range “never”"),
        ({"period": "0"}, "The period must be a whole number"),
        ({"period": "1", "range": "30d"}, "more than 2,000 points"),
        ({"group": "x"}, "There is no group “x”"),
        ({"aggregate": "x"}, "There is no aggregate “x”"),
    ],
)
def test_it_answers_bad_input_with_a_sentence(
    admin: Client, params: dict[str, str], words: str
) -> None:
    publish([make_sample()])
    assert words in text(admin, **params)
    answer = admin.get(f"{CPU}all.csv", params)
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")


@pytest.mark.parametrize("name", ["resource", "project"])
def test_it_finds_nothing_for_a_name_no_database_holds(admin: Client, name: str) -> None:
    publish([make_sample()])
    assert "No samples in this range" in text(admin, **{name: "a\0b"})


def test_it_takes_a_fixed_number_of_statements_for_a_meter(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    publish([make_sample(timestamp=clock.now(), resource=f"vm-{n}") for n in range(100)])
    with django_assert_max_num_queries(8):
        text(admin, group="resource")
