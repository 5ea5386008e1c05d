"""How many alarms there may be, also where two are made at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from alarms import quotas
from alarms.models import Alarm
from telemetry_site.core.errors import Conflict, Forbidden
from tests.alarms.sent import ADMIN, COLLEAGUE, STRANGER, created

pytestmark = pytest.mark.django_db
Allow = Callable[..., None]


@pytest.fixture
def allow(settings: LazySettings) -> Allow:
    """Sets what all may have."""

    def set_(project: int = -1, user: int = -1, **more: Any) -> None:
        limits = {"ALARM_PROJECT_QUOTA": project, "ALARM_USER_QUOTA": user}
        settings.TELEMETRY = {**settings.TELEMETRY, **limits, **more}

    return set_


def test_any_number_is_allowed_unless_somebody_says_otherwise(allow: Allow) -> None:
    quotas.set_limit("p1", -1)
    for _ in range(3):
        created()
    assert (quotas.limit("p1"), quotas.limit("p2"), quotas.limit(None)) == (-1, -1, -1)
    allow(project=2)
    assert (quotas.limit("p1"), quotas.limit("p2")) == (-1, 2)
    created()


def test_a_project_may_have_so_many(allow: Allow) -> None:
    allow(project=2)
    created()
    created(COLLEAGUE)
    with pytest.raises(Forbidden) as caught:
        created()
    assert str(caught.value) == "Alarm quota exceeded for user u1 on project p1"
    created(STRANGER)
    quotas.set_limit("p1", 3)
    created()
    quotas.set_limit("p1", 0)
    quotas.forget("p1")
    with pytest.raises(Forbidden):
        created()


def test_a_quota_of_none_allows_none() -> None:
    quotas.set_limit("p1", 0)
    with pytest.raises(Forbidden):
        created()


def test_a_user_may_have_so_many_in_all_projects(allow: Allow) -> None:
    allow(user=2)
    created()
    created(ADMIN, user_id="u1", project_id="p2")
    with pytest.raises(Forbidden):
        created()
    created(COLLEAGUE)


def test_both_are_looked_at_and_of_the_owner_not_the_caller(allow: Allow) -> None:
    allow(project=5, user=1)
    created(ADMIN)
    created(ADMIN, user_id="u1", project_id="p1")
    with pytest.raises(Forbidden) as caught:
        created(ADMIN, user_id="u1", project_id="p2")
    assert str(caught.value) == "Alarm quota exceeded for user u1 on project p2"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "limits", [{"project": 3}, {"user": 3}, {"project": 3, "user": 3}, {"ALARM_UNIQUE_NAMES": True}]
)
def test_no_race_makes_one_too_many(allow: Allow, limits: dict[str, Any]) -> None:
    allow(**limits)
    start = Barrier(8)

    def make(_: int) -> bool:
        start.wait()
        try:
            created()
        except (Forbidden, Conflict):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        made = sum(threads.map(make, range(8)))
    assert made == Alarm.objects.count() == (1 if "ALARM_UNIQUE_NAMES" in limits else 3)
