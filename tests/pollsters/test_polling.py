"""Polling a source, from the targets to stored samples and the end of the run."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from meters import pipelines
from meters.models import StoredSample
from meters.selection import SampleQuery
from meters.storage.store import store
from pollsters import catalogue, ledger, plan, polling
from pollsters.host.pollster import HostPollster
from pollsters.ledger import LEASE, StaleRun
from pollsters.models import PollJob
from pollsters.pollster import Answer, PolledMeter, PollError, Reading, Target
from pollsters.sources import Source

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
ORIGIN = polling.Origin("node-1", "openstack")
HEAT = PolledMeter("heat", "gauge", "C", "the host", "How hot it is")
SOURCE = Source("host", 60, ("heat",))


class Stove:
    """A pollster that gives the answer, or raises the error, it is made with."""

    meters = (HEAT,)
    kind = "this machine"
    discovery = "this_machine"

    def __init__(self, answer: Answer | Exception) -> None:
        self._answer = answer

    def read(self, target: Target, wanted: Collection[str]) -> Answer:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "polling.yaml"
    path.write_text("sources: [{name: host, interval: 60, meters: [heat]}]")
    return path


def pollsters(monkeypatch: pytest.MonkeyPatch, *answers: Answer | Exception) -> None:
    monkeypatch.setattr(catalogue, "POLLSTERS", tuple(Stove(answer) for answer in answers))


def hot(volume: float = 21.5, *problems: PollError) -> Answer:
    return Answer([Reading(HEAT, volume, "oven", {"host": "node-1"})], list(problems))


def claimed(now: datetime = NOON) -> tuple[int, int]:
    ledger.sync([SOURCE], now)
    ((job_id, generation),) = ledger.claim(now)
    return job_id, generation


def test_it_makes_samples_that_carry_the_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    pollsters(monkeypatch, hot())
    (sample,) = polling.poll(SOURCE, NOON, ORIGIN).samples
    assert (sample.meter, sample.type, sample.unit, sample.volume) == ("heat", "gauge", "C", 21.5)
    assert (sample.resource, sample.project, sample.user) == ("node-1.oven", None, None)
    assert (sample.source, sample.timestamp) == ("openstack", NOON)
    assert sample.metadata == b'{"host":"node-1"}'


def test_it_derives_ids_from_source_meter_resource_and_slot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pollsters(monkeypatch, hot())
    other = Source("other", 60, ("heat",))
    polls = [(SOURCE, NOON), (SOURCE, NOON), (SOURCE, NOON + timedelta(seconds=1)), (other, NOON)]
    ids = [polling.poll(source, slot, ORIGIN).samples[0].message_id for source, slot in polls]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_it_goes_on_when_a_pollster_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = PollError("Away: https://bob:pw@host/x.")
    pollsters(monkeypatch, broken, ValueError("secret"), hot())
    polled = polling.poll(SOURCE, NOON, ORIGIN)
    assert len(polled.samples) == 1
    assert polled.error == "Away: https://host/x. node-1 could not be read: ValueError."


def test_it_tells_what_can_never_be_read_from_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = PollError("No disks.", permanent=True), PollError("x" * 400)
    pollsters(monkeypatch, hot(1, *problems))
    polled = polling.poll(SOURCE, NOON, ORIGIN)
    assert polled.unavailable == "No disks."
    assert polled.error == "x" * 299 + "…"


def test_it_says_that_no_pollster_has_the_meters_of_a_source() -> None:
    polled = polling.poll(SOURCE, NOON, ORIGIN)
    assert (polled.samples, polled.error) == ([], "There is no pollster for any of its meters.")


@pytest.mark.django_db
def test_it_stores_the_samples_and_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    pollsters(monkeypatch, hot(1, PollError("One sensor is away.")))
    assert polling.run(*claimed(), NOON + timedelta(seconds=2), plan_file, ORIGIN) == 1
    job = PollJob.objects.get()
    assert (job.last_ok, job.last_error) == (NOON + timedelta(seconds=2), "One sensor is away.")
    assert job.next_due == NOON + timedelta(seconds=60)
    assert StoredSample.objects.get().timestamp == NOON


@pytest.mark.django_db
def test_it_stores_nothing_for_a_run_that_has_been_taken_over(
    monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    pollsters(monkeypatch, hot())
    job_id, generation = claimed()
    ledger.claim(NOON + LEASE + timedelta(seconds=1))
    assert polling.run(job_id, generation, NOON, plan_file, ORIGIN) == 0
    assert StoredSample.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_it_rolls_the_samples_back_when_the_run_is_taken_over_meanwhile(
    monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    class Slow(Stove):
        def read(self, target: Target, wanted: Collection[str]) -> Answer:
            ledger.claim(NOON + LEASE + timedelta(seconds=1))
            return hot()

    monkeypatch.setattr(catalogue, "POLLSTERS", (Slow(hot()),))
    with pytest.raises(StaleRun):
        polling.run(*claimed(), NOON, plan_file, ORIGIN)
    assert StoredSample.objects.count() == 0
    assert (PollJob.objects.get().generation, PollJob.objects.get().last_ok) == (2, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ((PollError("The node is away."),), "The node is away."),
        ((Answer(),), "It has no targets that answer."),
        ((), "There is no pollster for any of its meters."),
        ((hot(float("nan")),), None),
    ],
)
def test_it_shows_why_a_poll_brought_nothing(
    monkeypatch: pytest.MonkeyPatch,
    plan_file: Path,
    answers: tuple[Answer | Exception, ...],
    error: str | None,
) -> None:
    pollsters(monkeypatch, *answers)
    job_id, generation = claimed()
    if error is None:
        monkeypatch.setattr(pipelines, "publish", broken_publish)
        error = "It failed unexpectedly: ZeroDivisionError; the log has more."
    assert polling.run(job_id, generation, NOON, plan_file, ORIGIN) == 0
    job = PollJob.objects.get()
    assert (job.last_error, job.failures) == (error, 1)
    assert job.next_due == NOON + timedelta(seconds=60)


def broken_publish(*args: object, **named: object) -> int:
    raise ZeroDivisionError


@pytest.mark.django_db
def test_it_shows_a_plan_that_went_bad(plan_file: Path) -> None:
    job_id, generation = claimed()
    plan_file.write_text("sources: [")
    polling.run(job_id, generation, NOON, plan_file, ORIGIN)
    assert "polling.yaml, line 1: " in PollJob.objects.get().last_error


@pytest.mark.django_db
def test_it_stores_a_slot_of_the_real_machine_once_however_often_it_is_polled() -> None:
    (source,) = plan.read(None)
    first = polling.poll(source, NOON, ORIGIN)
    stored = pipelines.publish(first.samples)
    again = pipelines.publish(polling.poll(source, NOON, ORIGIN).samples)
    assert (stored, again) == (len(first.samples), 0)
    kept = list(store().samples(SampleQuery()))
    table = {(row.name, row.kind, row.unit) for row in HostPollster.meters}
    assert {(s.meter, s.type, s.unit) for s in kept} <= table
    assert {s.resource.split(".")[0] for s in kept} == {"node-1"}
