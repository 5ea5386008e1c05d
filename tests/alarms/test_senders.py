"""Senders in processes of their own: several at once, and one that is killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.conf import LazySettings
from django.db.models import F

from alarms import sending
from alarms.models import Delivery
from tests import elsewhere
from tests.alarms.calls import options
from tests.alarms.owed import make_delivery, reread
from tests.receiver import receiver
from tests.waiting import until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

PROGRAM = """
import django
django.setup()
from alarms import sending
print("ready", flush=True)
input()
while sending.work_off() or not sending.settle(0):
    pass
"""


@contextmanager
def sender(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """One that begins with the next line it is sent, and ends when there is nothing to do."""
    environment = elsewhere.environment(folder, ACTION_ALLOW="127.0.0.0/8")
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**environment, "DJANGO_SETTINGS_MODULE": "telemetry_site.settings"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def begin(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_of_two_at_once_each_row_is_run_by_one(tmp_path: Path) -> None:
    with receiver() as there, receiver() as other:
        for number in range(60):
            make_delivery(there.url(), alarm_id=str(number % 20))
            make_delivery(other.url(), alarm_id=str(number % 20))
        with sender(tmp_path) as one, sender(tmp_path) as two:
            for process in (one, two):
                begin(process)
            for process in (one, two):
                assert process.wait(60) == 0
    came = [
        request.headers["x-telemetry-delivery"]
        for request in (*there.requests, *other.requests)
    ]  # fmt: skip
    assert len(came) == len(set(came)) == 120
    assert set(Delivery.objects.values_list("status", "attempts")) == {("arrived", 1)}


def test_what_a_killed_sender_had_begun_comes_again(tmp_path: Path, settings: LazySettings) -> None:
    settings.TELEMETRY = options()
    with receiver() as there:
        row = make_delivery(there.url())
        there.hanging = Event()
        with sender(tmp_path) as process:
            begin(process)
            until(lambda: there.connections == 1, "it is in the middle of a call")
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        there.hanging.set()
        until(lambda: len(there.requests) == 1, "the receiver has taken it")
        assert (reread(row).status, reread(row).attempts) == ("waiting", 1)
        assert sending.work_off() == 0  # the lease is still the dead one's
        Delivery.objects.update(lease_until=F("lease_until") - timedelta(minutes=1))
        assert sending.work_off() == 1
        assert sending.settle(30)
    headers = [request.headers for request in there.requests]
    assert [one["x-telemetry-delivery"] for one in headers] == [row.delivery_id] * 2
    assert [one["x-telemetry-attempt"] for one in headers] == ["1", "2"]
    assert reread(row).status == "arrived"
