"""A message as a queue gave it out."""

from typing import NamedTuple


class Delivery(NamedTuple):
    """The body and where it came from; `redelivered` says that somebody had it before.

    `priority` is the one that the queue's name ends with, in lower case.
    """

    body: bytes
    queue: str
    priority: str = "info"
    redelivered: bool = False
