"""How many statements each route that reads alarms takes, however many alarms there are."""

import json
from string import Template

import pytest
from django.db import connection

from alarms.models import EvaluationRound
from tests.alarms.sent import created
from tests.callers import Api
from tests.factories import MOMENT
from tests.source import ROOT
from tests.statements import sent

pytestmark = pytest.mark.django_db
WRITTEN = json.loads((ROOT / "tests" / "query_counts.json").read_text())[connection.vendor]
COUNTS = {asked: count for asked, count in WRITTEN.items() if "alarms" in asked}


@pytest.fixture
def alarm_id() -> str:
    """The id of one of twenty alarms."""
    EvaluationRound.objects.create(pk=1, next_due=MOMENT, slot=MOMENT)
    return [created(name=f"a{n}").alarm_id for n in range(20)][10]


@pytest.mark.parametrize("asked", COUNTS)
def test_it_takes_no_more_statements_than_written_down(api: Api, alarm_id: str, asked: str) -> None:
    path, _, filter = asked.partition(" where ")
    path = Template(path).substitute(alarm_id=alarm_id)
    with sent() as statements:
        response = api.send("POST", path, {"filter": filter}) if filter else api.send("GET", path)
    assert response.status_code == 200
    assert len(statements) <= COUNTS[asked], statements
