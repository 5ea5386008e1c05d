"""MessagePack over UDP and TCP."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from uuid import UUID

import msgspec
import pytest

from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.datagram import TcpPublisher, UdpPublisher
from telemetry_site.core.publishers.publisher import Document, Parcel, PublishError
from tests.servers import free_port
from tests.waiting import until

RECORDS: list[Document] = [{"counter_name": "cpu", "counter_volume": 1.5}, {"counter_name": "ä"}]


def parcel(*records: Document) -> Parcel[Document]:
    """A parcel of these."""
    return Parcel(UUID(int=1), records)


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_a_datagram_for_each(family: socket.AddressFamily, host: str) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as there:
        there.bind((host, 0))
        there.settimeout(5)
        literal = f"[{host}]" if ":" in host else host
        UdpPublisher(Address(f"udp://{literal}:{there.getsockname()[1]}")).send(parcel(*RECORDS))
        assert [msgspec.msgpack.decode(there.recv(65_536)) for _ in RECORDS] == RECORDS


def test_one_that_is_too_large_is_left_out() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
        there.bind(("127.0.0.1", 0))
        there.settimeout(5)
        large = {"counter_name": "x" * 70_000}
        publisher = UdpPublisher(Address(f"udp://127.0.0.1:{there.getsockname()[1]}"))
        publisher.send(parcel(large, RECORDS[0]))
        assert msgspec.msgpack.decode(there.recv(65_536)) == RECORDS[0]


def test_nobody_there_is_no_error_of_udp() -> None:
    UdpPublisher(Address(f"udp://127.0.0.1:{free_port()}")).send(parcel(*RECORDS))


def test_a_name_that_is_not_known() -> None:
    with pytest.raises(PublishError, match="is not known"):
        UdpPublisher(Address("udp://no.such.host.invalid")).send(parcel(*RECORDS))


class Listener:
    """Takes connections one after the other, and keeps what comes over each."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.came: list[bytes] = []
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection:
                stream = b""
                while some := connection.recv(65_536):
                    stream += some
            self.came.append(stream)

    def end(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.thread.join(5)
        self.server.close()

    def messages(self) -> list[Document]:
        """All that came, each behind its length."""
        found, stream = [], b"".join(self.came)
        while stream:
            size = int.from_bytes(stream[:8], "little")
            found.append(msgspec.msgpack.decode(stream[8 : 8 + size]))
            stream = stream[8 + size :]
        return found


@pytest.fixture
def listener() -> Iterator[Listener]:
    """One that listens."""
    made = Listener()
    yield made
    made.end()


def test_lengths_and_messages_over_tcp(listener: Listener) -> None:
    publisher = TcpPublisher(Address(f"tcp://127.0.0.1:{listener.port}"))
    publisher.send(parcel(*RECORDS))
    publisher.send(parcel(RECORDS[0]))
    publisher.close()
    sender = {"publisher_id": socket.gethostname()}
    until(lambda: listener.came, "all of it came")
    listener.end()
    assert listener.messages() == [{**one, **sender} for one in (*RECORDS, RECORDS[0])]
    assert len(listener.came) == 1


def test_nobody_there_is_an_error_of_tcp() -> None:
    with pytest.raises(PublishError, match="cannot be reached") as caught:
        TcpPublisher(Address(f"tcp://127.0.0.1:{free_port()}")).send(parcel(*RECORDS))
    assert not caught.value.permanent


@pytest.mark.parametrize("url", ["udp://", "udp://:1", "udp://h:port"])
def test_addresses_that_cannot_be(url: str) -> None:
    with pytest.raises(BadAddress):
        UdpPublisher(Address(url))
