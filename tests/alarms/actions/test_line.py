"""Nothing private is called: counted at sockets that listen there."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from telemetry_site.readers import networks
from tests.alarms.calls import failure, run
from tests.listener import Listener, listening

INSIDE = (
    "127.0.0.1", "127.1", "127.000.000.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001",
    "0177.0.0.01", "0", "0.0.0.0", "localhost",  # noqa: S104
    "LOCALHOST", "localhost.", "127.0.0.2",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "①②⑦.⓪.⓪.①",
    "①②⑦。⓪。⓪。①", "u:p@127.0.0.1", "public.example@127.0.0.1", "127%2e0.0.1",
)  # fmt: skip
INSIDE_BY_IPV6 = ("[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::0001]", "[::1%25lo]")
TWO = networks("127.0.0.2/32")


def ok(there: Listener, taken: socket.socket) -> None:
    there.write(taken, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def inside() -> Iterator[Listener]:
    """Listens on all IPv4 addresses of this machine."""
    with listening(ok, "0.0.0.0") as made:  # noqa: S104 - that is the point
        yield made


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The answers that names get from now on, one after the other; the last one stays."""
    answers: list[list[str]] = []

    def resolve(host: str, port: int, *rest: Any, **named: Any) -> list[Any]:
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        kinds = [socket.AF_INET6 if ":" in one else socket.AF_INET for one in found]
        return [
            (kind, socket.SOCK_STREAM, 6, "", (one, port, 0, 0) if ":" in one else (one, port))
            for kind, one in zip(kinds, found, strict=True)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return answers


@pytest.mark.parametrize("host", INSIDE)
def test_it_never_connects_to_this_machine(inside: Listener, host: str) -> None:
    error = failure(f"http://{host}:{inside.port}/", ACTION_ALLOW=())
    assert error.permanent or "resolved" in str(error)
    assert inside.connections == 0


@pytest.mark.parametrize("host", INSIDE_BY_IPV6)
def test_nor_by_ipv6(host: str) -> None:
    with listening(ok, "::") as there:
        error = failure(f"http://{host}:{there.port}/", ACTION_ALLOW=())
        assert error.permanent or "resolved" in str(error)
        assert there.connections == 0


def test_nor_by_the_addresses_of_its_network_cards(inside: Listener) -> None:
    for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
        assert failure(f"http://{found[4][0]}:{inside.port}/", ACTION_ALLOW=()).permanent
    assert inside.connections == 0


def test_the_refusal_says_what_an_operator_can_do(inside: Listener) -> None:
    error = failure(f"http://127.0.0.1:{inside.port}/", ACTION_ALLOW=())
    assert "TELEMETRY_ACTION_ALLOW" in str(error)
    assert "127.0.0.1" not in str(error)


def test_what_is_allowed_is_called(inside: Listener) -> None:
    run(f"http://127.0.0.2:{inside.port}/", ACTION_ALLOW=TWO)
    assert failure(f"http://127.0.0.1:{inside.port}/", ACTION_ALLOW=TWO).permanent
    run(f"http://[::ffff:127.0.0.2]:{inside.port}/", ACTION_ALLOW=TWO)
    assert inside.connections == 2


def test_a_name_that_leads_elsewhere_a_moment_later_is_asked_once(
    resolver: list[list[str]],
) -> None:
    with listening(ok, "127.0.0.2") as good, listening(ok, "127.0.0.1", good.port) as inside:
        resolver[:] = [["127.0.0.2"], ["127.0.0.1"]]
        run(f"http://rebinding.example:{good.port}/", ACTION_ALLOW=TWO)
        assert len(resolver) == 1
        assert failure(f"http://rebinding.example:{good.port}/", ACTION_ALLOW=TWO).permanent
        assert (good.connections, inside.connections) == (1, 0)


def test_of_several_addresses_only_allowed_ones_are_called(resolver: list[list[str]]) -> None:
    with listening(ok, "127.0.0.2") as good, listening(ok, "127.0.0.1", good.port) as inside:
        resolver[:] = [["127.0.0.1", "::ffff:127.0.0.1", "127.0.0.2", "10.0.0.1"]]
        run(f"http://mixed.example:{good.port}/", ACTION_ALLOW=TWO)
        assert (good.connections, inside.connections) == (1, 0)


def test_where_one_address_does_not_answer_the_next_is_called(resolver: list[list[str]]) -> None:
    with listening(ok, "127.0.0.2") as good:
        resolver[:] = [["127.0.0.3", "127.0.0.2"]]
        run(f"http://several.example:{good.port}/", ACTION_ALLOW=networks("127.0.0.0/8"))
        assert good.connections == 1


def test_a_redirect_to_a_private_address_leads_nowhere() -> None:
    with listening(ok) as inside:
        head = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{inside.port}/\r\n\r\n".encode()
        with listening(lambda there, taken: there.write(taken, head), "127.0.0.2") as there:
            error = failure(f"http://127.0.0.2:{there.port}/", ACTION_ALLOW=TWO)
        assert (str(error), error.permanent) == ("It answered 302", True)
        assert inside.connections == 0


def test_a_name_that_is_not_known_may_be_tried_again() -> None:
    error = failure("http://nowhere.invalid/")
    assert (str(error), error.permanent) == ("The name of the host cannot be resolved.", False)
