from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.conf import LazySettings
from django.core.management import CommandError

from alarms import rounds
from alarms.models import Delivery
from meters.pipelines import publish
from telemetry_site.core import clock
from tests.alarms.made import make_alarm
from tests.commands import printed
from tests.factories import make_sample
from tests.receiver import receiver

pytestmark = pytest.mark.django_db(transaction=True)


def feed() -> None:
    publish([make_sample(80.0, clock.now() - timedelta(seconds=30))])


def test_it_runs_a_round_and_what_follows(settings: LazySettings) -> None:
    settings.TELEMETRY = {**settings.TELEMETRY, "ACTION_ALLOW": (ip_network("127.0.0.0/8"),)}
    feed()
    with receiver() as there:
        make_alarm(alarm_actions=[there.url()])
        out = printed("evaluate_alarms")
        assert there.requests[0].json()["current"] == "alarm"
    assert out.splitlines() == [
        "Alarms evaluated: 1. States changed: 1. Actions to run: 1.",
        "Actions run: 1.",
    ]
    assert Delivery.objects.get().status == "arrived"


def test_it_may_leave_actions_to_the_worker() -> None:
    feed()
    make_alarm(alarm_actions=["http://a.example/"])
    assert "Actions run" not in printed("evaluate_alarms", "--no-actions")
    assert Delivery.objects.get().status == "waiting"


def test_it_leaves_a_worker_in_peace() -> None:
    assert rounds.claim(clock.now())
    with pytest.raises(CommandError) as error:
        printed("evaluate_alarms")
    assert "try again" in str(error.value)
