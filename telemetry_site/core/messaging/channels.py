"""Connections to a bus, and channels on them for a question or two."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from amqp.exceptions import AMQPError
from kombu import Connection

from telemetry_site.core.messaging.buses import ALTERNATIVE

HEARTBEAT = 10  # seconds; a peer that is gone is noticed after two of them
CONNECT_TIMEOUT = 4.0
ANSWER_TIMEOUT = 15  # seconds that an answer may take: after it the connection counts as lost
LOST = (AMQPError, OSError)  # what any use of a connection may raise


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of its own, closed at the end; of several addresses the first that answers.

    Raises one of LOST.
    """
    connection = connection_to(url)
    try:
        others = url.count(ALTERNATIVE)
        connection.ensure_connection(max_retries=others, reraise_as_library_errors=False)
        yield connection
    except BaseException:
        connection.collect()  # without a word, which might not be answered
        raise
    with suppress(*LOST):
        connection.close()


def connection_to(url: str, **transport: Any) -> Connection:
    """A connection that is not yet made; `transport` are more of its options."""
    # Without a name of its own, the peer is the URL's host: its certificate is for that one.
    ssl: Any = {"server_hostname": None} if url.startswith("amqps") else False
    return Connection(
        url,
        heartbeat=HEARTBEAT,
        connect_timeout=CONNECT_TIMEOUT,
        ssl=ssl,
        transport_options={
            "read_timeout": ANSWER_TIMEOUT,
            "write_timeout": ANSWER_TIMEOUT,
            **transport,
        },
    )


@contextmanager
def channel_of(connection: Connection) -> Iterator[Any]:
    """A channel for a question or two. Raises ChannelError for a refusal, which closes it."""
    channel: Any = connection.channel()
    try:
        yield channel
    finally:
        if channel.is_open:
            channel.close()
