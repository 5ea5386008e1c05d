"""Parcels over HTTP."""

import os
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest

from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.http import HttpPublisher
from telemetry_site.core.publishers.publisher import Parcel, PublishError
from tests.receiver import Receiver, receiver
from tests.servers import free_port

ID = UUID(int=7)
RECORDS: list[Mapping[str, Any]] = [{"name": "cpu", "volume": 1.5}, {"name": "ä", "volume": None}]


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A receiver."""
    with receiver() as made:
        yield made


def send(url: str, records: list[Mapping[str, Any]] = RECORDS) -> None:
    """Send a parcel there."""
    publisher = HttpPublisher(Address(url))
    try:
        publisher.send(Parcel(ID, records))
    finally:
        publisher.close()


def test_a_parcel_is_one_list(there: Receiver) -> None:
    send(there.url(path="/in/samples?a=b&timeout=3&c=d"))
    (request,) = there.requests
    assert request.path == "/in/samples?a=b&c=d"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == str(ID)
    assert request.json() == RECORDS


def test_without_batches_each_is_a_body(there: Receiver) -> None:
    send(there.url() + "?batch=false")
    assert [one.json() for one in there.requests] == RECORDS
    assert [one.headers["idempotency-key"] for one in there.requests] == [f"{ID}-0", f"{ID}-1"]


def test_nothing_is_not_sent(there: Receiver) -> None:
    send(there.url(), [])
    assert there.requests == []


def test_only_what_events_were_made_of(there: Receiver) -> None:
    events: list[Mapping[str, Any]] = [
        {"event_type": "a", "raw": {"payload": {"x": 1}}},
        {"event_type": "b", "raw": {}},
    ]
    send(there.url() + "?raw_only=true", events)
    assert [one.json() for one in there.requests] == [[{"x": 1}]]


def test_a_user_is_told(there: Receiver) -> None:
    send(there.url(account="me:p%40ss@"))
    assert there.requests[0].headers["authorization"] == "Basic bWU6cEBzcw=="


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(302, True), (400, True), (404, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_what_is_refused_for_good(there: Receiver, status: int, permanent: bool) -> None:
    there.answers = [status]
    with pytest.raises(PublishError, match=f"answered {status}: ok") as caught:
        send(there.url(account="me:secret@"))
    assert caught.value.permanent is permanent
    assert "secret" not in str(caught.value)
    assert len(there.requests) == 1


def test_nobody_there() -> None:
    with pytest.raises(PublishError, match=r"cannot be reached: .*refused") as caught:
        send(f"http://127.0.0.1:{free_port()}/?max_retries=0")
    assert not caught.value.permanent


def test_one_that_hangs(there: Receiver) -> None:
    there.hanging = Event()
    with pytest.raises(PublishError, match=r"cannot be reached: .*timed out"):
        send(there.url() + "?timeout=0.1&max_retries=0")
    there.hanging.set()


def test_the_environment_s_proxy_is_not_asked(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    send(there.url())
    assert len(there.requests) == 1


@pytest.mark.parametrize(
    "url",
    ["http:///path", "http://h/?timeout=soon", "http://h/?verify_ssl=/no/file", "http://h:x/"],
)
def test_addresses_that_cannot_be(url: str) -> None:
    with pytest.raises(BadAddress):
        HttpPublisher(Address(url))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for 127.0.0.1 and one of a client, each its own authority."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("server", "client"):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}",
             "-addext", "subjectAltName=IP:127.0.0.1"],
            cwd=folder, check=True, capture_output=True, env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
    return folder


@pytest.fixture
def secured(certificates: Path) -> Iterator[Receiver]:
    """A receiver that wants to know who its clients are."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    context.load_verify_locations(certificates / "client.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with receiver(tls=context) as made:
        yield made


def test_certificates_of_both_ends(secured: Receiver, certificates: Path) -> None:
    known = f"verify_ssl={certificates}/server.pem"
    client = f"clientcert={certificates}/client.pem&clientkey={certificates}/client.key"
    send(f"{secured.url('https')}?{known}&{client}")
    assert secured.requests[0].json() == RECORDS
    for options in (known, client):
        with pytest.raises(PublishError):
            send(f"{secured.url('https')}?{options}&max_retries=0")
    assert len(secured.requests) == 1
