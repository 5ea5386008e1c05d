"""A webhook as a receiver sees it, and what its answers mean."""

import base64
import hashlib
import hmac
import logging
import re
import socket
import tracemalloc
from datetime import timedelta

import pytest

from tests.alarms.calls import failure, make_call, run
from tests.listener import Listener, listening
from tests.receiver import receiver
from tests.servers import free_port


def test_it_posts_the_body_to_the_whole_address() -> None:
    with receiver() as there:
        path = "/v1/signal/a%3Ab?Signature=x%2By%3D&Timestamp=2026-01-01T00%3A00%3A00Z"
        assert run(there.url(path=path)) == "It answered 200: ok"
    (request,) = there.requests
    assert request.path == path
    assert request.body == make_call("").body
    assert request.headers["content-type"] == "application/json"
    assert re.fullmatch("req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                        request.headers["x-openstack-request-id"])  # fmt: skip
    assert request.headers["x-telemetry-delivery"] == "d-1"
    assert request.headers["x-telemetry-attempt"] == "1"
    assert not {"authorization", "x-telemetry-signature"} & set(request.headers)


def test_an_account_becomes_basic_authentication() -> None:
    with receiver() as there:
        run(there.url(account="me:p%40ss@"))
    expected = base64.b64encode(b"me:p@ss").decode()
    assert there.requests[0].headers["authorization"] == f"Basic {expected}"


def test_it_is_signed_with_the_time() -> None:
    with receiver() as there:
        run(there.url(), ACTION_SECRET="key")
    (request,) = there.requests
    seconds = request.headers["x-telemetry-timestamp"]
    assert seconds == "1772366400"  # noon of the first of March 2026
    signed = seconds.encode() + b"." + request.body
    expected = hmac.new(b"key", signed, hashlib.sha256).hexdigest()
    assert request.headers["x-telemetry-signature"] == f"v1={expected}"


@pytest.mark.parametrize(("status", "again"), [
    (204, None), (200, None), (301, False), (307, False), (400, False), (401, False), (404, False),
    (410, False), (425, False), (408, True), (429, True), (500, True), (503, True),
])  # fmt: skip
def test_what_an_answer_means(status: int, again: bool | None) -> None:
    with receiver() as there:
        there.answers = [status]
        if again is None:
            assert run(there.url()).startswith(f"It answered {status}")
        else:
            error = failure(there.url())
            assert str(error) == f"It answered {status}: ok"
            assert error.permanent is not again
        assert there.connections == 1  # no redirect is followed


def test_nobody_there_is_worth_another_try() -> None:
    error = failure(f"http://127.0.0.1:{free_port()}/")
    assert (str(error), error.permanent) == ("It cannot be reached: Connection refused.", False)


def test_one_that_hangs_is_given_up() -> None:
    def hang(there: Listener, taken: socket.socket) -> None:
        there.over.wait(20)

    with listening(hang) as there:
        error = failure(f"http://127.0.0.1:{there.port}/", ACTION_TIMEOUT=0.3)
    assert (str(error), error.permanent) == ("It did not answer within 0.3 s.", False)


def drip(there: Listener, taken: socket.socket, head: bytes) -> None:
    """A byte now and then, each well within the time: all of them take 20 s."""
    there.write(taken, head)
    for _ in range(400):
        there.write(taken, b"x")
        there.over.wait(0.05)


def test_headers_that_drip_are_given_up() -> None:
    with listening(lambda there, taken: drip(there, taken, b"HTTP/1.1 200 OK\r\nX: ")) as there:
        error = failure(f"http://127.0.0.1:{there.port}/", ACTION_TIMEOUT=0.3)
        assert there.left.wait(5)
        assert there.written < 400
    assert (str(error), error.permanent) == ("It did not answer within 0.3 s.", False)


@pytest.mark.parametrize("head", [b"", b"Content-Length: 400\r\n"])
def test_of_a_body_that_drips_the_status_counts(head: bytes) -> None:
    start = b"HTTP/1.1 200 OK\r\n" + head + b"\r\n"
    with listening(lambda there, taken: drip(there, taken, start)) as there:
        said = run(f"http://127.0.0.1:{there.port}/", ACTION_TIMEOUT=0.3)
        assert there.left.wait(5)
        assert there.written < 400 + len(start)
    assert said.startswith("It answered 200")


def flood(there: Listener, taken: socket.socket) -> None:
    """64 MB."""
    there.write(taken, b"HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n")
    for _ in range(1024):
        there.write(taken, b"y" * 65_536)


def test_of_a_huge_answer_only_the_beginning_is_read() -> None:
    with listening(flood) as there:
        tracemalloc.start()
        said = run(f"http://127.0.0.1:{there.port}/")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert there.left.wait(5)
    assert said == "It answered 200: " + "y" * 200
    assert there.written < 16_000_000  # what the kernel takes without being read
    assert most < 2_000_000


def test_the_answer_is_kept_as_one_printable_line() -> None:
    def answer(there: Listener, taken: socket.socket) -> None:
        there.write(taken, b"HTTP/1.1 500 No\r\nContent-Length: 12\r\n\r\na\r\nb\0c\xff\x1b[1m \n")

    with listening(answer) as there:
        error = failure(f"http://127.0.0.1:{there.port}/")
    assert str(error) == "It answered 500: a b c\ufffd [1m"


def test_what_is_no_answer_is_worth_another_try() -> None:
    for said in (b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc OK\r\n\r\n"):
        with listening(lambda there, taken: there.write(taken, said)) as there:  # noqa: B023
            assert not failure(f"http://127.0.0.1:{there.port}/").permanent


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("90", timedelta(seconds=90)),
        ("Sun, 01 Mar 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("soon", timedelta(0)),
        ("-5", timedelta(0)),
        ("9" * 5000, timedelta(0)),
    ],
)
def test_it_is_told_how_long_to_wait(said: str, after: timedelta) -> None:
    head = f"HTTP/1.1 503 Busy\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n".encode()
    with listening(lambda there, taken: there.write(taken, head)) as there:
        assert failure(f"http://127.0.0.1:{there.port}/").after == after


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_proxies_of_the_environment_are_not_used(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    with receiver() as there:
        run(there.url())
    assert len(there.requests) == 1


@pytest.mark.parametrize(
    "action", ["http://*/", "http://\xff\ud800/", "http://%zz:1/", "http://u\u20ac:x@h/"]
)
def test_an_address_that_cannot_be_called_is_a_failure(action: str) -> None:
    assert failure(action).permanent


def test_nothing_secret_gets_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for said in (b"HTTP/1.1 500 No\r\nContent-Le", b"", b"HTTP/1.1 404 No\r\n\r\n"):
        with listening(lambda there, taken: there.write(taken, said)) as there:  # noqa: B023
            error = failure(f"http://s3cret:s3cret@127.0.0.1:{there.port}/?s3cret=s3cret")
        assert "s3cret" not in str(error)
    assert "s3cret" not in caplog.text
