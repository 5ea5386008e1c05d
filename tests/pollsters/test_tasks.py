"""The wake-ups, called in this process and as messages to a real worker."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from meters.models import Series, StoredSample
from pollsters import ledger, polling, tasks
from pollsters.models import PollJob
from telemetry_site.core import clock
from tests import elsewhere

Sent = list[tuple[int, int]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The ids that were sent to the broker."""
    messages: Sent = []
    monkeypatch.setattr(
        tasks.poll_source, "apply_async", lambda args, expires: messages.append(args)
    )
    return messages


@pytest.mark.django_db
def test_it_sends_what_it_claimed_only_after_the_commit(
    sent: Sent, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tasks.tick()
        assert sent == []
    assert sent == [(PollJob.objects.get().pk, 1)]


@pytest.mark.django_db(transaction=True)
def test_it_sends_nothing_at_a_doubled_tick(sent: Sent) -> None:
    tasks.tick()
    tasks.tick()
    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_it_polls_what_it_knows_while_the_plan_is_bad(
    sent: Sent, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bad = tmp_path / "polling.yaml"
    bad.write_text("sources: no")
    settings.TELEMETRY = {**settings.TELEMETRY, "POLLING_FILE": bad}
    PollJob.objects.create(source="host", interval=60, next_due=clock.now())
    tasks.tick()
    tasks.tick()
    assert len(sent) == 1
    assert caplog.text.count(f"{bad}, line 1: sources must be a list.") == 1


@pytest.mark.django_db(transaction=True)
def test_it_polls_and_stores(sent: Sent) -> None:
    tasks.tick()
    tasks.poll_source(*sent[0])
    assert PollJob.objects.get().last_ok is not None
    assert "hardware.cpu.util" in Series.objects.values_list("meter", flat=True)


@pytest.mark.django_db
def test_it_lets_a_run_that_was_taken_over_go(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stale(*args: object) -> int:
        raise ledger.StaleRun("Another run of host has taken over.")

    monkeypatch.setattr(polling, "run", stale)
    tasks.poll_source(1, 1)
    assert "Another run of host has taken over." in caplog.text


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_it_goes_from_a_tick_over_a_real_worker_to_samples(tmp_path: Path) -> None:
    environment = elsewhere.environment(tmp_path)
    with worker(environment, tmp_path / "worker.log") as log:
        send(environment, "pollsters.tasks.tick")
        wait_until(lambda: PollJob.objects.filter(last_ok__isnull=False).exists(), log)
    stored = StoredSample.objects.count()
    assert stored >= 30
    assert StoredSample.objects.values("timestamp").distinct().count() == 1


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[Path]:
    """A Celery worker as it is started in production, ended when the test is done with it."""
    options = ["-P", "threads", "-c", "2", "--without-gossip", "--without-mingle"]
    command = [sys.executable, "-m", "celery", "-A", "telemetry_site", "worker", *options]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            yield log
        finally:
            process.terminate()
            process.wait(timeout=30)


def send(environment: dict[str, str], task: str) -> None:
    command = [sys.executable, "-m", "celery", "-A", "telemetry_site", "call", task]
    subprocess.run(
        [*command, "--args", json.dumps([])], env=environment, check=True, capture_output=True
    )


def wait_until(true: Callable[[], bool], log: Path, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, log.read_text()
        Event().wait(0.1)
