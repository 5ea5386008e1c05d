"""Webhooks over TLS: who is believed, and what we show."""

import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.alarms.calls import failure, run
from tests.receiver import Receiver, receiver

NAME = "hooks.example"
VERIFY, VERIFY_OF_KILO = "aodh-alarm-ssl-verify", "ceilometer-alarm-ssl-verify"
unchecked = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, and what it signed: a server's certificate by name, another's, a client's."""
    made = tmp_path_factory.mktemp("certificates")
    certificate(made, "authority", "-addext", "basicConstraints=critical,CA:TRUE")
    for name, host in (("server", NAME), ("other", "other.example"), ("client", "client")):
        signed = ("-CA", "authority.pem", "-CAkey", "authority.key")
        certificate(made, name, *signed, "-addext", f"subjectAltName=DNS:{host}")
    return made


def certificate(folder: Path, name: str, *more: str) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-keyout", f"{name}.key", "-out", f"{name}.pem",
         "-subj", f"/CN={name}", *more],
        cwd=folder, check=True, capture_output=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    """All names lead to 127.0.0.1."""

    def resolve(host: str, port: int, **named: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@contextmanager
def secure(folder: Path, name: str = "server", *, asks: bool = False) -> Iterator[Receiver]:
    """A receiver with this certificate; one that asks wants one of its clients."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    if asks:
        context.load_verify_locations(folder / "authority.pem")
        context.verify_mode = ssl.CERT_REQUIRED
    with receiver(tls=context) as made:
        yield made


def url(there: Receiver, query: str = "") -> str:
    return f"https://{NAME}:{there.port}/in{query}"


def test_the_certificate_is_for_the_name_that_was_asked_for(folder: Path) -> None:
    with secure(folder) as there:
        run(url(there), ACTION_CA_FILE=folder / "authority.pem")
        assert there.requests[0].headers["host"] == f"{NAME}:{there.port}"


@pytest.mark.parametrize("name", ["other", "server"])
def test_what_cannot_be_verified_is_told_nothing(folder: Path, name: str) -> None:
    authority = folder / "authority.pem" if name == "other" else None
    with secure(folder, name) as there:
        error = failure(url(there), ACTION_CA_FILE=authority)
        assert (error.permanent, there.requests) == (False, [])
        assert "certificate verify failed" in str(error)


@unchecked
@pytest.mark.parametrize(
    ("usual", "query", "arrives"),
    [
        (True, f"?{VERIFY}=0", True),
        (True, f"?a=b&{VERIFY}=false&c=d", True),
        (True, f"?{VERIFY_OF_KILO}=0", True),
        (True, f"?{VERIFY}=0&{VERIFY}=1", False),
        (True, f"?{VERIFY}=0&{VERIFY_OF_KILO}=1", False),
        (False, "", True),
        (False, f"?{VERIFY}=1", False),
        (True, f"?{VERIFY}=perhaps", False),
        (False, f"?{VERIFY}=perhaps", True),
    ],
)
def test_an_address_says_whether_to_verify(
    folder: Path, usual: bool, query: str, arrives: bool
) -> None:
    with secure(folder, "other") as there:
        if arrives:
            run(url(there, query), ACTION_VERIFY_TLS=usual)
            assert there.requests[0].path == f"/in{query}"
        else:
            failure(url(there, query), ACTION_VERIFY_TLS=usual)
            assert there.requests == []


def test_we_say_who_we_are(folder: Path) -> None:
    given = {"ACTION_CA_FILE": folder / "authority.pem"}
    ours = {"ACTION_CLIENT_CERT": folder / "client.pem", "ACTION_CLIENT_KEY": folder / "client.key"}
    both = folder / "both.pem"
    both.write_bytes((folder / "client.pem").read_bytes() + (folder / "client.key").read_bytes())
    with secure(folder, asks=True) as there:
        run(url(there), **given, **ours)
        run(url(there), **given, ACTION_CLIENT_CERT=both)
        assert not failure(url(there), **given).permanent
        assert len(there.requests) == 2


def test_a_missing_certificate_of_ours_is_worth_another_try(folder: Path) -> None:
    with secure(folder) as there:
        error = failure(url(there), ACTION_CLIENT_CERT=folder / "gone.pem")
        assert not error.permanent


def test_a_handshake_that_hangs_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
        error = failure(f"https://{NAME}:{port}/", ACTION_TIMEOUT=0.3)
    assert str(error) == "It did not answer within 0.3 s."
