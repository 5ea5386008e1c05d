"""The step of the worker: when it refuses, and how it starts, stops and fails."""

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery.concurrency import prefork, thread
from celery.worker import state

from telemetry_site import consumer, options
from telemetry_site.celery import app
from telemetry_site.consumer import Consumer, Notifications, wanted
from telemetry_site.core.messaging.buses import Plan, plan
from telemetry_site.core.messaging.reader import Reader
from telemetry_site.ingest import ingest
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


class Worker:
    """As much of Celery's worker as a step asks for."""

    def __init__(self, pool: Any) -> None:
        self.pool_cls = pool.TaskPool
        self.steps: list[Any] = []


@pytest.fixture
def _worker_state() -> Iterator[None]:
    yield
    state.should_stop = None


def away() -> Plan:
    return plan(options.read({"TELEMETRY_NOTIFICATION_URLS": "amqp://127.0.0.1:1/"}))


def test_the_worker_knows_the_step_and_its_option() -> None:
    assert "telemetry_site.consumer:Notifications" in app.steps["worker"]
    assert [option.name for option in app.user_options["worker"]] == ["notifications"]


def test_it_refuses_processes_that_fork(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Notifications(Worker(prefork), notifications=True)
    assert ended.value.code == 78
    assert "add -P threads" in capsys.readouterr().err


def test_it_is_no_part_of_a_worker_that_is_not_asked_to_read() -> None:
    worker = Worker(prefork)
    Notifications(worker).include(worker)
    assert worker.steps == []


def test_it_warns_where_there_is_nothing_to_read(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    worker = Worker(thread)
    step = Notifications(worker, notifications=True)
    step.include(worker)
    assert worker.steps == [step]
    step.start(worker)
    step.stop(worker)
    assert "There is nothing to read" in caplog.text
    assert wanted(options.read({})).buses == ()


def test_it_stops_within_two_seconds_while_the_bus_is_away() -> None:
    broken: list[int] = []
    made = Consumer(away(), ingest, lambda: broken.append(1))
    made.start()
    began = time.monotonic()
    made.stop()
    assert time.monotonic() - began < 2
    assert broken == []


@pytest.mark.usefixtures("_worker_state")
def test_a_reader_that_fails_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Reader) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(Reader, "run", fail)
    made = Consumer(away(), ingest, consumer._end_worker)
    made.start()
    until(lambda: state.should_stop == 1, "the worker is to end")
    made.stop()
