"""What a publisher is: it takes a parcel of records somewhere else."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeAlias, TypeVar
from uuid import UUID

from telemetry_site.core.errors import TelemetryError
from telemetry_site.core.publishers.address import Address

R = TypeVar("R")

# A sample or event as an object that can be written as JSON or MessagePack: text, numbers, null,
# lists and objects, nothing else.
Document: TypeAlias = Mapping[str, Any]

# The forms of a document: as the original's own objects are written out, or as the signed message
# that it sends to its collector (counter_name, message_id, message_signature ...).
PLAIN, MESSAGE = "plain", "message"


class PublishError(TelemetryError):
    """A parcel did not get there.

    `permanent` says that it never will: the receiver has refused it. Every other is tried again.
    """

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


class Parcel(NamedTuple, Generic[R]):
    """Records that go out in one piece.

    A parcel that is sent again has the same `id`, records and order: a receiver that remembers
    the ids can drop repeats.
    """

    id: UUID
    records: Sequence[R]


class Publisher(Protocol[R]):
    """Sends parcels to one place; made from its address, which raises BadAddress.

    It is used by one thread at a time, and for many parcels; whatever it keeps open is given
    back by `close`, after which it may be used again.
    """

    def send(self, parcel: Parcel[R]) -> None:
        """Take it there, wholly; what returns has arrived. Raises PublishError."""

    def close(self) -> None:
        """Let go of connections and files."""


class DocumentPublisher(Publisher[Document], Protocol):
    """One that takes samples as well as events, as documents of the form it asks for."""

    form: ClassVar[str]


class Shaped(Generic[R]):
    """A publisher of documents, as one of the records they are made from."""

    def __init__(self, inner: Publisher[Document], document: Callable[[R], Document]) -> None:
        self._inner = inner
        self._document = document

    def send(self, parcel: Parcel[R]) -> None:
        """See Publisher.send."""
        self._inner.send(Parcel(parcel.id, list(map(self._document, parcel.records))))

    def close(self) -> None:
        """See Publisher.close."""
        self._inner.close()


Opener: TypeAlias = Callable[[Address], Publisher[R]]
