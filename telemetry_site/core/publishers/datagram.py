"""udp:// and tcp://: MessagePack of signed messages."""

import logging
import socket
from struct import Struct
from typing import ClassVar, Final

import msgspec

from telemetry_site.core.publishers.address import Address, BadAddress, seconds
from telemetry_site.core.publishers.publisher import MESSAGE, Document, Parcel, PublishError

PORT: Final = 4952  # the original collector's
LARGEST: Final = 65_000  # bytes of a datagram
TIMEOUT = 5.0

_encode = msgspec.msgpack.Encoder().encode
_length = Struct("<Q").pack

logger = logging.getLogger(__name__)


class UdpPublisher:
    """A datagram for each sample, at most once: whether it arrives nobody knows."""

    form: ClassVar[str] = MESSAGE

    def __init__(self, address: Address) -> None:
        self._host, self._port = _place(address)

    def send(self, parcel: Parcel[Document]) -> None:
        """See Publisher.send. Errors of sending are told to the log."""
        family, kind, protocol, where = self._resolved()
        with socket.socket(family, kind, protocol) as udp:
            for record in parcel.records:
                body = _encode(record)
                try:
                    if len(body) > LARGEST:
                        raise OSError(f"{len(body)} bytes are too many for a datagram")
                    udp.sendto(body, where)
                except OSError as error:
                    logger.warning("A sample for %s:%d is lost: %s", self._host, self._port, error)

    def close(self) -> None:
        """See Publisher.close."""

    def _resolved(
        self,
    ) -> tuple[
        socket.AddressFamily, socket.SocketKind, int, tuple[str, int] | tuple[str, int, int, int]
    ]:
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)
        except OSError as error:
            raise PublishError(f"{self._host} is not known: {error.strerror}") from error
        family, kind, protocol, _, where = found[0]
        return family, kind, protocol, where  # type: ignore[return-value]  # it is no Unix socket


class TcpPublisher:
    """The length in eight bytes, the lowest first, then the message, which names this machine."""

    form: ClassVar[str] = MESSAGE

    def __init__(self, address: Address) -> None:
        self._host, self._port = _place(address)
        self._timeout = address.option("timeout", seconds, TIMEOUT)
        self._sender = {"publisher_id": socket.gethostname()}
        self._open: socket.socket | None = None

    def send(self, parcel: Parcel[Document]) -> None:
        """See Publisher.send. TCP does not say what has arrived: after an error all is repeated."""
        bodies = [_encode({**record, **self._sender}) for record in parcel.records]
        stream = b"".join(_length(len(body)) + body for body in bodies)
        kept = self._open is not None
        try:
            self._write(stream)
        except OSError as error:
            self.close()
            if not kept:
                raise self._failed(error) from error
            try:
                self._write(stream)  # over a new connection: the other end may just have closed it
            except OSError as again:
                self.close()
                raise self._failed(again) from again

    def close(self) -> None:
        """See Publisher.close."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _write(self, stream: bytes) -> None:
        if self._open is None:
            self._open = socket.create_connection((self._host, self._port), self._timeout)
        self._open.sendall(stream)

    def _failed(self, error: OSError) -> PublishError:
        return PublishError(f"{self._host}:{self._port} cannot be reached: {error}")


def _place(address: Address) -> tuple[str, int]:
    if not address.host:
        raise BadAddress(f"{address}: a host is needed")
    return address.host, address.port or PORT
