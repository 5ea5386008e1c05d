"""A repeated POST: answered the same and stored once, also when both come at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from meters import idempotency
from meters.ingest import from_messages
from meters.models import IdempotencyKey, StoredSample
from meters.tasks import forget_idempotency_keys
from telemetry_site.core import clock
from telemetry_site.core.errors import BadRequest, KeyReused
from telemetry_site.core.identity.caller import ADMIN, Caller
from tests.meters.posted.entries import NOW, body, entry

PATH = "/v2/meters/ap"


def post(
    posted: bytes = body(entry()),
    key: str = "k1",
    caller: Caller = ADMIN,
    path: str = PATH,
    now: datetime = NOW,
) -> bytes:
    return from_messages(posted, "ap", caller, now, key, path)


def stored() -> int:
    return StoredSample.objects.count()


@pytest.mark.django_db
def test_it_answers_the_same_and_stores_once() -> None:
    first = post()
    assert post(now=NOW + timedelta(hours=1)) == first
    assert stored() == 1


@pytest.mark.django_db
def test_it_refuses_another_body_under_the_same_key() -> None:
    post()
    with pytest.raises(KeyReused) as refused:
        post(body(entry(counter_volume=2)))
    assert str(refused.value) == "This Idempotency-Key was used before with another request body"
    assert stored() == 1


@pytest.mark.django_db
def test_a_key_belongs_to_its_caller_and_path() -> None:
    other = Caller(user="u2", project=None, roles=frozenset({"admin"}))
    answers = {post(), post(key="k2"), post(caller=other), post(path="/v2/meters/ap/statistics")}
    assert len(answers) == stored() == 4


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day() -> None:
    first = post()
    assert post(now=NOW + timedelta(hours=24)) != first
    assert post(now=NOW + timedelta(hours=24, minutes=1)) != first
    assert (stored(), IdempotencyKey.objects.count()) == (2, 1)


@pytest.mark.django_db
def test_what_is_refused_leaves_no_key() -> None:
    with pytest.raises(BadRequest):
        post(body(entry(counter_type="bad")))
    assert not IdempotencyKey.objects.exists()
    post()
    assert stored() == 1


@pytest.mark.django_db(transaction=True)
def test_what_fails_leaves_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("meters.storage.sqlite.SqliteStore.record", fail)
        broken.setattr("meters.storage.postgres.PostgresStore.record", fail)
        with pytest.raises(RuntimeError):
            post()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["", "a b", "k\n", "é", "x" * 256])
def test_it_refuses_odd_keys(key: str) -> None:
    with pytest.raises(BadRequest, match="1 to 255 printable ASCII characters"):
        idempotency.ticket(key, ADMIN, PATH, b"[]")


@pytest.mark.django_db
def test_it_takes_the_longest_key() -> None:
    assert post(key="x" * 255) == post(key="x" * 255)


@pytest.mark.django_db
def test_the_tick_forgets_only_what_is_past_its_time() -> None:
    post(now=clock.now() - timedelta(hours=25))
    post(key="young", now=clock.now() - timedelta(hours=23))
    forget_idempotency_keys()
    assert IdempotencyKey.objects.count() == 1


def in_threads(count: int, work: Callable[[], bytes]) -> list[bytes]:
    """The results of so many threads that start together, each with its own connection."""
    start = Barrier(count)

    def run(_: int) -> bytes:
        start.wait(10)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_answered_the_same() -> None:
    posted = body(*(entry(resource_id=f"r{number}") for number in range(100)))
    answers = in_threads(6, lambda: post(posted))
    assert len(set(answers)) == 1
    assert stored() == 100


@pytest.mark.django_db(transaction=True)
def test_of_two_bodies_at_once_one_is_refused() -> None:
    bodies = [body(entry(counter_volume=1)), body(entry(counter_volume=2))]

    def either() -> bytes:
        try:
            return post(bodies.pop())
        except KeyReused:
            return b"refused"

    answers = in_threads(2, either)
    assert answers.count(b"refused") == 1
    assert stored() == 1
