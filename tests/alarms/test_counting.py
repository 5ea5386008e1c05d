import pytest

from alarms import counting
from alarms.models import EvaluationCount
from tests.alarms.made import make_alarm

pytestmark = pytest.mark.django_db


def test_it_counts_what_rounds_find() -> None:
    one, other = make_alarm(), make_alarm()
    counting.count({one.pk: "ok", other.pk: "insufficient data"})
    counting.count({one.pk: "ok", other.pk: "alarm"})
    counting.count({one.pk: "alarm"})
    rows = EvaluationCount.objects.values_list("alarm_id", "ok", "in_alarm", "insufficient_data")
    assert set(rows) == {(one.pk, 2, 1, 0), (other.pk, 0, 1, 1)}
