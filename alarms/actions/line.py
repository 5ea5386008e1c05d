"""The connection of a call: judged when it is made, after the names are resolved, and never late.

A look-up before the connection would prove nothing: the name may lead elsewhere a moment later.
"""

import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Lock, Timer
from typing import Any, Final, Self, TypeAlias

from requests.adapters import HTTPAdapter

from alarms.actions.action import ActionError
from alarms.actions.networks import Network, may_be_called

Place: TypeAlias = tuple[int, int, int, Any]  # family, kind, protocol and numeric address

# It does not say where the name leads: that may be nobody's affair outside.
REFUSED: Final = (
    "The host has no address that actions may call; an operator can list its network in "
    "TELEMETRY_ACTION_ALLOW."
)


class Line:
    """Opens the one connection of a call, and cuts it when the time of the whole call is over.

    The timeout of a socket is no bound: it begins anew with each byte.
    """

    def __init__(self, allowed: Sequence[Network], seconds: float) -> None:
        self._allowed = allowed
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._lock = Lock()
        self._held: socket.socket | None = None
        self.is_cut = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        with self._lock:
            if self._held is not None:
                self._held.close()

    @property
    def late(self) -> ActionError:
        """What is raised when time is over."""
        return ActionError(f"It did not answer within {self._seconds:g} s.")

    def open(self, host: str, port: int) -> socket.socket:
        """A connection to the first of its allowed addresses that answers. Raises ActionError."""
        places = self._places(host, port)
        why = OSError()
        for number, place in enumerate(places):
            try:
                return self._connected(place, self._left() / (len(places) - number))
            except OSError as error:
                why = error
        raise ActionError(f"It cannot be reached: {why.strerror or why}.") from why

    def _places(self, host: str, port: int) -> list[Place]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise ActionError("The name of the host cannot be one.", permanent=True) from error
        except OSError as error:
            raise ActionError("The name of the host cannot be resolved.") from error
        places: list[Place] = [
            (family, kind, protocol, address)
            for family, kind, protocol, _, address in found
            if may_be_called(str(address[0]), self._allowed)
        ]
        if not places:
            raise ActionError(REFUSED, permanent=True)
        return places

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise self.late
        return left

    def _connected(self, place: Place, seconds: float) -> socket.socket:
        *kind, address = place
        opened = socket.socket(*kind)
        try:
            opened.settimeout(seconds)
            opened.connect(address)
            with self._lock:
                self._held = opened.dup()  # a handle of our own: TLS takes the first one over
            opened.settimeout(self._left())
        except BaseException:
            opened.close()
            raise
        return opened

    def _cut(self) -> None:
        with self._lock:
            self.is_cut = True
            if self._held is not None:
                with suppress(OSError):
                    self._held.shutdown(socket.SHUT_RDWR)


class LineAdapter(HTTPAdapter):
    """Has requests use a line for its connection."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def get_connection_with_tls_context(self, *words: Any, **named: Any) -> Any:
        """The pool that requests finds, whose connections are then made by the line."""
        pool: Any = super().get_connection_with_tls_context(*words, **named)
        pool.ConnectionCls = partial(_connection, pool.ConnectionCls, self._line)
        return pool


def _connection(kind: Callable[..., Any], line: Line, *place: Any, **options: Any) -> Any:
    """It keeps the name of the host for what it asks and for checking certificates."""
    made = kind(*place, **options)
    made._new_conn = partial(line.open, made._dns_host, made.port)
    return made
