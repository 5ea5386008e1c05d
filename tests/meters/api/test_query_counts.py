"""How many statements each reading route takes; tests/query_counts.json grows only on purpose."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection

from meters.pipelines import publish
from tests.callers import Api
from tests.factories import make_sample
from tests.source import ROOT
from tests.statements import sent

pytestmark = pytest.mark.django_db
WRITTEN = json.loads((ROOT / "tests" / "query_counts.json").read_text())[connection.vendor]
COUNTS = {asked: count for asked, count in WRITTEN.items() if "alarms" not in asked}


@pytest.fixture(autouse=True)
def _thirteen_years() -> Iterator[None]:
    """A sample of each of 50 resources in each of 13 years, of two units, owners and metadata.

    It is an hour after the last of them: how far a list looks back depends on it.
    """
    with time_machine.travel(datetime(2025, 3, 1, 13, tzinfo=UTC), tick=False):
        store()
        yield


def store() -> None:
    """What the above says."""
    publish(
        [
            make_sample(
                float(n),
                datetime(2013 + year, 3, 1, 12, n % 60, tzinfo=UTC),
                {"instance_type": f"m{n % 2}"},
                resource=f"vm-{n}",
                project=f"p{year % 2}",
                unit=("%", "ns")[n % 2],
            )
            for year in range(13)
            for n in range(50)
        ]
    )


@pytest.mark.parametrize("asked", COUNTS)
def test_it_takes_no_more_statements_than_written_down(api: Api, asked: str) -> None:
    path, _, filter = asked.partition(" where ")
    with sent() as statements:
        if filter:
            api.query(filter=filter)
        else:
            api.get(path)
    assert len(statements) <= COUNTS[asked], statements


def test_it_has_something_to_count(api: Api) -> None:
    found = api.get("/v2/meters/cpu_util/statistics?period=600")
    assert len(found) == 130  # ten-minute periods from noon: 5 a year, each of two units
    assert len(api.get("/v2/resources")) == 50
