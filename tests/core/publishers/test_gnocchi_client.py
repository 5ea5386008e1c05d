"""What an address of Gnocchi means, and what answers mean."""

from collections.abc import Iterator

import pytest

from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.gnocchi_client import Gnocchi, Refused, resource_path
from telemetry_site.core.publishers.publisher import PublishError
from tests.receiver import Receiver, receiver
from tests.servers import free_port


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A server that is no Gnocchi."""
    with receiver() as made:
        yield made


def post(url: str) -> None:
    """Post something, once."""
    client = Gnocchi(Address(url))
    try:
        client.post("/resource/instance", {"id": "a"})
    finally:
        client.close()


def test_the_user_of_the_address_logs_in_below_its_path(there: Receiver) -> None:
    post(there.url("gnocchi", "/metric/", "admin:s%40fe@"))
    (request,) = there.requests
    assert request.path == "/metric/v1/resource/instance"
    assert request.json() == {"id": "a"}
    assert request.headers["authorization"] == "Basic YWRtaW46c0BmZQ=="  # admin:s@fe
    assert request.headers["accept"] == "application/json"


@pytest.mark.parametrize("status", [301, 400, 401, 404, 413])
def test_what_will_never_be_taken_is_refused(there: Receiver, status: int) -> None:
    there.answers = [status]
    with pytest.raises(Refused, match=f"answered {status}: ") as raised:
        post(there.url("gnocchi", "", "admin:secret@"))
    assert (raised.value.permanent, raised.value.code) == (True, status)
    assert raised.value.unknown_resources == []
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_what_may_be_taken_later_is_not(there: Receiver, status: int) -> None:
    there.answers = [status]
    with pytest.raises(PublishError, match=f"answered {status}: ") as raised:
        post(there.url("gnocchi", ""))
    assert not raised.value.permanent


def test_nobody_there_is_no_refusal() -> None:
    with pytest.raises(PublishError, match="cannot be reached: ") as raised:
        post(f"gnocchi://127.0.0.1:{free_port()}?max_retries=0")
    assert not raised.value.permanent


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("gnocchi://", "a host must be given until Keystone is supported"),
        ("gnocchi://h?timeout=0", "option timeout cannot be '0'"),
        ("gnocchi://h?ssl=maybe", "option ssl cannot be 'maybe'"),
        ("gnocchi://h?verify_ssl=/none.pem", "option verify_ssl cannot be '/none.pem'"),
    ],
)
def test_bad_addresses_are_said(url: str, why: str) -> None:
    with pytest.raises(BadAddress, match=why):
        Gnocchi(Address(url))


def test_ids_are_quoted_in_paths() -> None:
    assert resource_path("instance", "a b?#.json") == "/resource/instance/a%20b%3F%23.json"
    assert resource_path("instance") == "/resource/instance"
