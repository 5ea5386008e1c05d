"""What we say about ourselves over HTTP."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.test import Client

from meters.pipelines import publish
from telemetry_site import health
from tests.factories import make_sample

PATHS = ("/healthz", "/readyz", "/metrics")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    health._up_to_date.clear()
    yield
    health._up_to_date.clear()


def refuse(*args: object) -> None:
    raise OperationalError("gone")


def test_it_is_alive_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_with_a_database_that_is_up_to_date(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_it_says_when_the_database_is_away(client: Client, path: str) -> None:
    with connection.execute_wrapper(refuse):
        answer = client.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.content == b"The database cannot be reached.\n"


@pytest.mark.django_db
def test_it_says_when_migrations_are_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'pollsters'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"migrations are not applied: run manage.py migrate." in answer.content


@pytest.mark.django_db(transaction=True)
def test_it_counts_series(client: Client) -> None:
    publish([make_sample(resource=name) for name in ("vm-1", "vm-2", "vm-3")])
    assert b"\ntelemetry_series 3.0\n" in client.get("/metrics").content


@pytest.mark.parametrize("path", PATHS)
def test_it_is_only_to_be_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
