"""What every test may use."""

from collections.abc import Iterator
from math import inf

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from events.storage import catalogue
from meters.storage import names
from telemetry_site.core.identity import tokens
from telemetry_site.core.pipeline import tally
from telemetry_site.core.publishers import outbox
from telemetry_site.core.storage import partitions
from tests import gnocchi_server, servers
from tests.bus import Corner
from tests.callers import Api
from tests.ceilometer import Access
from tests.gnocchi_server import Gnocchi
from tests.rabbit import Rabbit, running

BOUND = ("sqlite", "postgres", "process", "browser")  # marks of tests for one half of the suite


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, without a skip, what the other half of the suite proves on the other database."""
    other = "sqlite" if connection.vendor == "postgresql" else "postgres"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if any(item.get_closest_marker(mark) for mark in BOUND):
            item.user_properties.append(("bound", True))  # read by tests/tally.py


@pytest.fixture(autouse=True)
def _nothing_is_tallied(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted every few seconds is not written between the statements of a test."""
    monkeypatch.setattr(tally, "_write_at", inf)


@pytest.fixture(autouse=True)
def _fresh_store_caches() -> Iterator[None]:
    """Ids and partitions of one test mean nothing to the next: its tables are empty again."""
    yield
    names.forget()
    catalogue.forget()
    partitions.forget()
    outbox.forget()


@pytest.fixture
def api(client: Client, settings: LazySettings) -> Api:
    """A client that is believed to be whom its identity headers name."""
    settings.TELEMETRY = {**settings.TELEMETRY, "AUTH": "noauth"}
    return Api(client)


@pytest.fixture
def access(live_server: LiveServer) -> Access:
    """A running server, and an admin's token."""
    return Access(live_server.url, tokens.make(User.objects.create_superuser("root")))


@pytest.fixture(scope="session")
def rabbit() -> Iterator[Rabbit]:
    """A RabbitMQ, started for the first test that wants one."""
    with running() as started:
        yield started


@pytest.fixture
def corner(rabbit: Rabbit) -> Corner:
    """A corner of it that no other test knows."""
    return Corner(rabbit)


@pytest.fixture(scope="session")
def gnocchi_installation() -> Iterator[gnocchi_server.Installation]:
    """A Gnocchi that can be started, on a PostgreSQL of its own."""
    with (
        servers.postgres() as url,
        gnocchi_server.installed(f"{url.rpartition('/')[0]}/postgres") as made,
    ):
        yield made


@pytest.fixture(scope="session")
def gnocchi(gnocchi_installation: gnocchi_server.Installation) -> Iterator[Gnocchi]:
    """One that runs, started for the first test that wants one."""
    with gnocchi_installation.serving(servers.free_port(), workers=1) as started:
        yield started
